"""Losses of the error: how far predictions that are numbers lie from their targets.

They differ in what a large error counts: its square, its size, or its square near 0 and its size far out.
"""

import math
from abc import abstractmethod
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np

from core.ops.elementwise import at_least, at_most
from core.ops.loss_numbers import mean, mean_square
from core.ops.op import Array, Binding, Bound, Call, LossOp


@dataclass(frozen=True)
class ErrorLoss(LossOp):
    """A loss that depends only on the error ``e = p - t``; ``N`` is the number of values in the batch."""

    @abstractmethod
    def number(self, arrays: Binding, error: Array) -> tuple[Call, ...]:
        """The calls that write the loss, given the error."""

    @abstractmethod
    def slope(self, arrays: Binding, error: Array, gradient: Array) -> tuple[Call, ...]:
        """The calls that write the gradient, given the error."""

    def bind(self, arrays: Binding) -> Bound:
        prediction, target = arrays.inputs
        error = arrays.scratch(prediction.shape)
        gradient = arrays.input_gradients[0]
        return Bound(
            forward=(partial(np.subtract, prediction, target, error),),
            backward=() if gradient is None else self.slope(arrays, error, gradient),
            measure=self.number(arrays, error),
        )


@dataclass(frozen=True)
class MeanSquaredError(ErrorLoss):
    """``L = sum e^2 / N``, ``dL/dp = 2 e / N``."""

    def number(self, arrays: Binding, error: Array) -> tuple[Call, ...]:
        return mean_square(arrays, error)

    def slope(self, arrays: Binding, error: Array, gradient: Array) -> tuple[Call, ...]:
        return (partial(np.multiply, error, arrays.constant(2 * self.weight / error.size), gradient),)


@dataclass(frozen=True)
class RootMeanSquaredError(ErrorLoss):
    """``L = sqrt(sum e^2 / N)``, in the units of the target; ``dL/dp = e / (N L)``, and 0 where all errors are 0."""

    def number(self, arrays: Binding, error: Array) -> tuple[Call, ...]:
        return (*mean_square(arrays, error), partial(np.sqrt, arrays.output, arrays.output))

    def slope(self, arrays: Binding, error: Array, gradient: Array) -> tuple[Call, ...]:
        flat, first, second = error.reshape(-1), arrays.scratch(()), arrays.scratch(())
        # Errors whose square underflows are smaller than this floor, so that their gradient stays below the weight.
        floor = arrays.constant(float(np.sqrt(np.finfo(error.dtype).tiny)))
        return (
            partial(flat.dot, flat, first),
            partial(np.multiply, first, arrays.constant(error.size), second),
            partial(np.sqrt, second, first),
            at_least(first, floor, second),
            partial(np.divide, arrays.constant(self.weight), second, first),
            partial(np.multiply, error, first, gradient),
        )

    def merge(self, losses: Array, counts: Array) -> float:
        with np.errstate(all="ignore"):
            return float(np.sqrt(np.average(np.square(losses), weights=counts)))


@dataclass(frozen=True)
class MeanAbsoluteError(ErrorLoss):
    """``L = sum |e| / N``, ``dL/dp = sign(e) / N``, which is 0 where the error is 0."""

    smooth: ClassVar[bool] = False

    def number(self, arrays: Binding, error: Array) -> tuple[Call, ...]:
        size = arrays.scratch(error.shape)
        return (partial(np.absolute, error, size), *mean(arrays, size))

    def slope(self, arrays: Binding, error: Array, gradient: Array) -> tuple[Call, ...]:
        scale = arrays.constant(self.weight / error.size)
        return (partial(np.sign, error, gradient), partial(np.multiply, gradient, scale, gradient))


@dataclass(frozen=True)
class Huber(ErrorLoss):
    """``L = sum h(e) / N``, ``h(e) = e^2 / 2`` where ``|e| <= delta``, else ``delta (|e| - delta / 2)`` (Huber, 1964).

    ``dL/dp = e / N``, held within ``+-delta / N``: a square near 0 and straight lines outside. Raises ValueError for a delta that is not
    above 0.
    """

    delta: float = 1.0
    # The derivative has corners where the lines begin.
    smooth: ClassVar[bool] = False

    def __post_init__(self) -> None:
        if not self.delta > 0:
            raise ValueError(f"Huber's loss is a square up to an error of delta, above 0; received {self.delta}.")

    def number(self, arrays: Binding, error: Array) -> tuple[Call, ...]:
        size, near, half = (arrays.scratch(error.shape) for _ in range(3))
        return (
            partial(np.absolute, error, size),
            at_most(size, arrays.constant(self.delta), near),
            # near (|e| - near / 2) is both cases at once.
            partial(np.multiply, near, arrays.constant(-0.5), half),
            partial(np.add, size, half, size),
            partial(np.multiply, size, near, size),
            *mean(arrays, size),
        )

    def slope(self, arrays: Binding, error: Array, gradient: Array) -> tuple[Call, ...]:
        delta = arrays.constant(self.delta)
        return (
            at_least(error, -delta, gradient),
            at_most(gradient, delta, gradient),
            partial(np.multiply, gradient, arrays.constant(self.weight / error.size), gradient),
        )


@dataclass(frozen=True)
class LogCosh(ErrorLoss):
    """``L = sum log(cosh e) / N``, ``dL/dp = tanh(e) / N``: like Huber's loss without corners.

    Near 0 it is computed as ``log(1 + 2 sinh(e/2)^2)``, which keeps the digits of small errors, and from ``|e| = 1`` on as
    ``|e| + log(1 + exp(-2 |e|)) - log 2``, which does not overflow.
    """

    def number(self, arrays: Binding, error: Array) -> tuple[Call, ...]:
        size, far, near = (arrays.scratch(error.shape) for _ in range(3))
        one, two, half = (arrays.constant(number) for number in (1, 2, 0.5))
        is_near = arrays.scratch(error.shape, bool)
        return (
            partial(np.absolute, error, size),
            partial(np.multiply, size, -two, far),
            partial(np.exp, far, far),
            partial(np.log1p, far, far),
            partial(np.add, far, size, far),
            partial(np.subtract, far, arrays.constant(math.log(2)), far),
            partial(np.less, size, one, is_near),
            at_most(size, one, near),
            partial(np.multiply, near, half, near),
            partial(np.sinh, near, near),
            partial(np.multiply, near, near, near),
            partial(np.multiply, near, two, near),
            partial(np.log1p, near, near),
            partial(np.copyto, far, near, where=is_near),
            *mean(arrays, far),
        )

    def slope(self, arrays: Binding, error: Array, gradient: Array) -> tuple[Call, ...]:
        scale = arrays.constant(self.weight / error.size)
        return (partial(np.tanh, error, gradient), partial(np.multiply, gradient, scale, gradient))
