"""What the activation functions share: shapes that stay, a slope times the gradient from above, a stable sigmoid.

An activation is a row of ufunc calls on whole arrays. Its derivative is computed into a private array and multiplied by the
gradient that arrives; where a value is infinite the formulas are arranged so that the answer is the limit, where there is one.
"""

from abc import abstractmethod
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np

from core.ops.op import Array, Binding, Bound, Call, Op, ParameterBlock, Shape

ARENA = 32768
"""Numbers whose slopes are worked out in one call for several layers; more of them would leave the cache before they are used."""


@dataclass(frozen=True)
class Activation(Op):
    """An op of one input whose output has the same shape."""

    stepwise: ClassVar[bool] = True
    elementwise: ClassVar[bool] = True
    reads_ones: ClassVar[bool] = False

    def output_shape(self, *inputs: Shape) -> Shape:
        (shape,) = inputs
        return shape

    def blocks(self, shape: Shape) -> tuple[ParameterBlock, ...]:
        """The parameters that it trains on values of this engine shape: none, except where its form is learned."""
        return ()


@dataclass(frozen=True)
class SmoothCurve(Activation):
    """An activation ``a = f(z)`` per element, which knows how to compute its slope ``da/dz``; ``of_output`` where that follows from ``a``."""

    of_output: ClassVar[bool] = False

    @abstractmethod
    def curve(self, arrays: Binding, z: Array, a: Array, slope: Array) -> tuple[tuple[Call, ...], tuple[Call, ...]]:
        """The calls that write ``a``, and those that afterwards write ``slope``."""

    def times_slope(self, slope: Array, gradient: Array, out: Array) -> Call:
        """The call that multiplies a gradient by the slope."""
        return partial(np.multiply, slope, gradient, out)

    def slope_calls(self, arrays: Binding, a: Array, slope: Array) -> tuple[Call, ...]:
        """The calls that write a slope that follows from the output ``a``."""
        return self.curve(arrays, a, a, slope)[1]

    def bind(self, arrays: Binding) -> Bound:
        slope = arrays.scratch(arrays.output.shape) if arrays.slope is None else arrays.slope
        forward, slope_calls = self.curve(arrays, arrays.inputs[0], arrays.output, slope)
        path = arrays.gradient_path()
        if path is None:
            return Bound(forward)
        times_slope = self.times_slope(slope, *path)
        return Bound(forward, (*slope_calls, times_slope) if arrays.slope is None else (times_slope,))


def at_least(z: Array, low: Array, out: Array) -> Call:
    """``out = max(z, low)``; NaN stays NaN. ``out`` by keyword: as a third argument it is deprecated for this ufunc, and slow."""
    return partial(np.maximum, z, low, out=out)


def at_most(z: Array, high: Array, out: Array) -> Call:
    """``out = min(z, high)``; NaN stays NaN."""
    return partial(np.minimum, z, high, out=out)


def sigmoid_calls(z: Array, out: Array, one: Array) -> tuple[Call, ...]:
    """``out = 1 / (1 + exp(-z))``; where ``exp`` overflows the quotient is 0, which is the right answer."""
    return (
        partial(np.negative, z, out),
        partial(np.exp, out, out),
        partial(np.add, out, one, out),
        partial(np.reciprocal, out, out),
    )
