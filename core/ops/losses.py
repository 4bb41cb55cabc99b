"""The loss functions: one number for how wrong a prediction is, and which way to push it.

Every loss is a mean, over the batch and over the outputs where there are several numbers to predict (so does PyTorch), or
over the batch where the outputs are the shares of one answer. The cross-entropies that read logits never compute the
logarithm of a probability, and are exact where sigmoid or softmax would round to 0 or 1.
"""

from abc import abstractmethod
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np

from core.ops.elementwise import at_least, at_most, sigmoid_calls
from core.ops.layout import features_axis, one_feature
from core.ops.op import Array, Binding, Bound, Call, LossOp

SMALLEST_PROBABILITY = 1e-7
"""Probabilities are held this far from 0 (and from 1) before a logarithm is taken: the worst loss of one sample is 16.1."""

FEW_CLASSES = 32
"""Up to here a row is repeated by a matrix product, which is exact, and costs less than broadcasting on a small array."""


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
        return _mean_square(arrays, error)

    def slope(self, arrays: Binding, error: Array, gradient: Array) -> tuple[Call, ...]:
        return (partial(np.multiply, error, arrays.constant(2 * self.weight / error.size), gradient),)


@dataclass(frozen=True)
class RootMeanSquaredError(ErrorLoss):
    """``L = sqrt(sum e^2 / N)``, in the units of the target; ``dL/dp = e / (N L)``, and 0 where all errors are 0."""

    def number(self, arrays: Binding, error: Array) -> tuple[Call, ...]:
        return (*_mean_square(arrays, error), partial(np.sqrt, arrays.output, arrays.output))

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
        return (partial(np.absolute, error, size), *_mean(arrays, size))

    def slope(self, arrays: Binding, error: Array, gradient: Array) -> tuple[Call, ...]:
        scale = arrays.constant(self.weight / error.size)
        return (partial(np.sign, error, gradient), partial(np.multiply, gradient, scale, gradient))


@dataclass(frozen=True)
class BinaryCrossEntropy(LossOp):
    """``L = -sum(t log p + (1 - t) log(1 - p)) / N`` for probabilities ``p``; ``dL/dp = (p - t) / (p (1 - p) N)``.

    ``p`` is held within 1e-7 and 1 - 1e-7. The gradient is that of the held value, so that a prediction stuck at 0 or 1 is still
    pushed the right way. Where a sigmoid makes ``p``, use the form that reads logits.
    """

    smooth: ClassVar[bool] = False

    def bind(self, arrays: Binding) -> Bound:
        prediction, target = arrays.inputs
        one = arrays.constant(1)
        p, q, first, second = (arrays.scratch(prediction.shape) for _ in range(4))
        low, high = arrays.constant(SMALLEST_PROBABILITY), arrays.constant(1 - SMALLEST_PROBABILITY)
        forward = (at_least(prediction, low, p), at_most(p, high, p), partial(np.subtract, one, p, q))
        measure: tuple[Call, ...] = (
            partial(np.log, p, first),
            partial(np.multiply, first, target, first),
            partial(np.log, q, second),
            partial(np.add, first, second, first),
            partial(np.multiply, second, target, second),
            partial(np.subtract, second, first, first),
            *_mean(arrays, first),
        )
        gradient = arrays.input_gradients[0]
        if gradient is None:
            return Bound(forward, (), measure)
        backward = (
            partial(np.multiply, p, q, first),
            partial(np.subtract, p, target, gradient),
            partial(np.divide, gradient, first, gradient),
            partial(np.multiply, gradient, arrays.constant(self.weight / p.size), gradient),
        )
        return Bound(forward, backward, measure)


@dataclass(frozen=True)
class BinaryCrossEntropyFromLogits(LossOp):
    """``L = sum(max(z, 0) - t z + log(1 + exp(-|z|))) / N``, which is the cross-entropy of ``p = sigmoid(z)``.

    ``dL/dz = (sigmoid(z) - t) / N``: no saturation where the answer is wrong.
    """

    from_logits: ClassVar[bool] = True

    def bind(self, arrays: Binding) -> Bound:
        logits, target = arrays.inputs
        p, first, second = (arrays.scratch(logits.shape) for _ in range(3))
        measure: tuple[Call, ...] = (
            partial(np.absolute, logits, second),
            partial(np.negative, second, second),
            partial(np.exp, second, second),
            partial(np.log1p, second, second),
            partial(np.multiply, logits, target, first),
            partial(np.subtract, second, first, second),
            at_least(logits, arrays.constant(0), first),
            partial(np.add, first, second, first),
            *_mean(arrays, first),
        )
        gradient = arrays.input_gradients[0]
        if gradient is None:
            return Bound((), (), measure)
        backward: tuple[Call, ...] = (
            *sigmoid_calls(logits, p, arrays.constant(1)),
            partial(np.subtract, p, target, gradient),
            partial(np.multiply, gradient, arrays.constant(self.weight / p.size), gradient),
        )
        return Bound((), backward, measure)


@dataclass(frozen=True)
class CategoricalCrossEntropy(LossOp):
    """``L = -sum_k t_k log p_k``, mean over the batch, for shares ``p`` that add up to 1; ``dL/dp_k = -t_k / p_k``.

    ``p`` is held above 1e-7, and the gradient is that of the held value. Where a softmax makes ``p``, use the form that reads logits.
    """

    smooth: ClassVar[bool] = False

    def bind(self, arrays: Binding) -> Bound:
        prediction, target = arrays.inputs
        answers = prediction.size // prediction.shape[features_axis(prediction.ndim)]
        p, log_p = arrays.scratch(prediction.shape), arrays.scratch(prediction.shape)
        flat, flat_target, total = log_p.reshape(-1), target.reshape(-1), arrays.scratch(())
        forward = (at_least(prediction, arrays.constant(SMALLEST_PROBABILITY), p),)
        measure: tuple[Call, ...] = (
            partial(np.log, p, log_p),
            partial(flat.dot, flat_target, total),
            _scaled(arrays, total, -1 / answers),
        )
        gradient = arrays.input_gradients[0]
        if gradient is None:
            return Bound(forward, (), measure)
        backward = (
            partial(np.divide, target, p, gradient),
            partial(np.multiply, gradient, arrays.constant(-self.weight / answers), gradient),
        )
        return Bound(forward, backward, measure)


@dataclass(frozen=True)
class CategoricalCrossEntropyFromLogits(LossOp):
    """``L = sum_k t_k (log sum_j exp(z_j - m) - (z_k - m))``, ``m = max z``, mean over the batch: of ``p = softmax(z)``.

    ``dL/dz_k = p_k sum_j t_j - t_k``: for targets that add up to 1, the prediction less the target. An infinite logit gives NaN.
    """

    from_logits: ClassVar[bool] = True

    def bind(self, arrays: Binding) -> Bound:
        logits, target = arrays.inputs
        axis, row = features_axis(logits.ndim), one_feature(logits.shape)
        answers = logits.size // logits.shape[axis]
        few = logits.ndim == 2 and len(logits) <= FEW_CLASSES
        peak = arrays.scratch(row)
        total, mass, ratio = (arrays.scratch(logits.shape if few else row) for _ in range(3))
        shifted, powers = arrays.scratch(logits.shape), arrays.scratch(logits.shape)
        forward: tuple[Call, ...] = (
            partial(np.maximum.reduce, logits, axis, None, peak, True),
            *_less_row(logits, peak, shifted, few),
            partial(np.exp, shifted, powers),
            _sum_features(powers, total),
            _sum_features(target, mass),
        )
        gradient = arrays.input_gradients[0]
        backward: tuple[Call, ...] = ()
        if gradient is not None:
            backward = (
                partial(np.divide, mass, total, ratio),
                partial(np.multiply, powers, ratio, gradient),
                partial(np.subtract, gradient, target, gradient),
                partial(np.multiply, gradient, arrays.constant(self.weight / answers), gradient),
            )
        if few:
            total, mass = total[:1], mass[:1]
        return Bound(forward, backward, self._number(arrays, total, mass, shifted, answers))

    def _number(self, arrays: Binding, total: Array, mass: Array, shifted: Array, answers: int) -> tuple[Call, ...]:
        logarithm = arrays.scratch(total.shape)
        flat, flat_target, flat_logarithm = shifted.reshape(-1), arrays.inputs[1].reshape(-1), logarithm.reshape(-1)
        spread, explained, unexplained = (arrays.scratch(()) for _ in range(3))
        return (
            partial(np.log, total, logarithm),
            partial(flat_logarithm.dot, mass.reshape(-1), spread),
            partial(flat.dot, flat_target, explained),
            partial(np.subtract, spread, explained, unexplained),
            _scaled(arrays, unexplained, 1 / answers),
        )


def _mean(arrays: Binding, values: Array) -> tuple[Call, ...]:
    """The mean of all values into the output."""
    total = arrays.scratch(())
    return (partial(np.add.reduce, values.reshape(-1), 0, None, total), _scaled(arrays, total, 1 / values.size))


def _mean_square(arrays: Binding, values: Array) -> tuple[Call, ...]:
    """The mean of the squares of all values into the output."""
    flat, total = values.reshape(-1), arrays.scratch(())
    return (partial(flat.dot, flat, total), _scaled(arrays, total, 1 / values.size))


def _scaled(arrays: Binding, number: Array, factor: float) -> Call:
    """``factor * number`` into the output: another array, for on a single number a ufunc in place takes three times as long."""
    return partial(np.multiply, number, arrays.constant(factor), arrays.output)


def _sum_features(values: Array, out: Array) -> Call:
    """The sum over the features of each sample, in a row or, where ``out`` is as large as ``values``, in every row."""
    if values.ndim == 2:
        # A product with ones takes a quarter of the time of a reduction.
        return partial(np.ones((len(out), len(values)), values.dtype).dot, values, out)
    return partial(np.add.reduce, values, features_axis(values.ndim), None, out, True)


def _less_row(values: Array, row: Array, out: Array, few: bool) -> tuple[Call, ...]:
    """``values - row`` for every row; for few of them a product with ones repeats the row faster than broadcasting does."""
    if not few:
        return (partial(np.subtract, values, row, out),)
    return (partial(np.ones((len(values), 1), values.dtype).dot, row, out), partial(np.subtract, values, out, out))
