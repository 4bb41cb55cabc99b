"""Ops that bring values of their own, fixed or drawn at random; what is drawn differs from step to step and from sample to sample.

Outside training the random ones put out their mean, so that the same question always has the same answer.
"""

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np

from core.ops.joins import common_shape
from core.ops.op import Array, Binding, Bound, Call, Op, Shape


@dataclass(frozen=True)
class Constant(Op):
    """``y = value`` in every place of a row of ``size`` values; it reads nothing."""

    value: float = 1.0
    size: int = 1
    reads_ones: ClassVar[bool] = False

    def output_shape(self, *inputs: Shape) -> Shape:
        return (self.size,)

    def bind(self, arrays: Binding) -> Bound:
        return Bound((partial(arrays.output.fill, self.value),))


@dataclass(frozen=True)
class Noise(Op):
    """``y = mean + spread r`` in a row of ``size`` values, ``r`` standard normal or, with ``even``, uniform from -1 to 1; it reads nothing.

    Drawn anew for every sample of every training step, and outside training ``y = mean``, unless ``always``.
    """

    size: int = 1
    mean: float = 0.0
    spread: float = 1.0
    even: bool = False
    always: bool = False
    reads_ones: ClassVar[bool] = False

    def output_shape(self, *inputs: Shape) -> Shape:
        return (self.size,)

    def bind(self, arrays: Binding) -> Bound:
        if not (arrays.training or self.always):
            return Bound((partial(arrays.output.fill, self.mean),))
        output, low = arrays.output, self.mean - self.spread
        scale, shift = (2 * self.spread, low) if self.even else (self.spread, self.mean)
        draw = _uniform(arrays, output) if self.even else _normal(arrays, output)
        return Bound(
            (
                draw,
                partial(np.multiply, output, arrays.constant(scale), output),
                partial(np.add, output, arrays.constant(shift), output),
            )
        )


@dataclass(frozen=True)
class GaussianNoise(Op):
    """``y = x + deviation r`` with ``r`` standard normal while training, else ``y = x``; ``dy/dx = 1`` (Bishop, 1995).

    Raises ValueError for a deviation below 0.
    """

    deviation: float = 0.1

    def __post_init__(self) -> None:
        if not self.deviation >= 0:
            raise ValueError(f"noise has a standard deviation of at least 0; received {self.deviation}.")

    def output_shape(self, *inputs: Shape) -> Shape:
        (shape,) = inputs
        return shape

    def aliases(self, training: bool) -> bool:
        return not training or self.deviation == 0

    def bind(self, arrays: Binding) -> Bound:
        source, output = arrays.inputs[0], arrays.output
        forward: tuple[Call, ...] = (partial(np.copyto, output, source),)
        if not self.aliases(arrays.training):
            forward = (
                _normal(arrays, output),
                partial(np.multiply, output, arrays.constant(self.deviation), output),
                partial(np.add, output, source, output),
            )
        path = arrays.gradient_path()
        return Bound(forward, (partial(np.copyto, path[1], path[0]),) if path else ())


@dataclass(frozen=True)
class Sample(Op):
    """``y = m + exp(v / 2) r`` with ``r`` standard normal while training, else ``y = m`` (Kingma and Welling, 2014, sec. 2.4).

    ``dy/dm = 1`` and ``dy/dv = (y - m) / 2``, so that mean ``m`` and logarithm of the variance ``v`` learn through the draw. Raises
    ValueError for inputs of two shapes.
    """

    reads_ones: ClassVar[bool] = False

    def output_shape(self, *inputs: Shape) -> Shape:
        return common_shape(self.name, inputs)

    def bind(self, arrays: Binding) -> Bound:
        mean, log_variance = arrays.inputs
        output = arrays.output
        by_mean, by_log_variance = arrays.gradient_path(0), arrays.gradient_path(1)
        backward: list[Call] = [partial(np.copyto, by_mean[1], by_mean[0])] if by_mean else []
        if not arrays.training:
            if by_log_variance:
                backward.append(partial(by_log_variance[1].fill, 0))
            return Bound((partial(np.copyto, output, mean),), tuple(backward))
        half, deviation, away = arrays.constant(0.5), arrays.scratch(output.shape), arrays.scratch(output.shape)
        forward: tuple[Call, ...] = (
            _normal(arrays, away),
            partial(np.multiply, log_variance, half, deviation),
            partial(np.exp, deviation, deviation),
            partial(np.multiply, away, deviation, away),
            partial(np.add, mean, away, output),
        )
        if by_log_variance:
            downstream, upstream = by_log_variance
            backward += [
                partial(np.multiply, downstream, away, upstream),
                partial(np.multiply, upstream, half, upstream),
            ]
        return Bound(forward, tuple(backward))


def _normal(arrays: Binding, out: Array) -> Call:
    return partial(arrays.random.standard_normal, dtype=out.dtype, out=out)


def _uniform(arrays: Binding, out: Array) -> Call:
    return partial(arrays.random.random, dtype=out.dtype, out=out)
