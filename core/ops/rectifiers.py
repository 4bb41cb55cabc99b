"""Activation functions with a corner at 0, each beside its derivative: positive numbers pass, negative ones are held back.

At the corner the derivative is the one from the left: 0 for ReLU, the slope for the leaky ones.
"""

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np

from core.ops.elementwise import Activation, SmoothCurve, at_least, at_most
from core.ops.initializers import with_number
from core.ops.layout import features_axis
from core.ops.op import Array, Binding, Bound, Call, ParameterBlock, ParameterView, Shape

SELU_SCALE = 1.0507009873554804934193349852946
SELU_ALPHA = 1.6732632423543772848170429916717
"""The two numbers for which mean 0 and variance 1 are a fixed point (Klambauer et al., 2017, eq. 14)."""


@dataclass(frozen=True)
class Relu(SmoothCurve):
    """``a = max(0, z)``; ``da/dz = 1`` where ``z > 0``, else ``0``, so ReLU'(0) = 0. NaN stays NaN.

    The sign bit of ``0 - a`` is set exactly where ``z > 0``. Shifted arithmetically over the whole word it is a mask of all ones or
    all zeros, and masking the bits of the gradient takes a fifth of the time of multiplying by a boolean. (Negating the bits
    themselves would be one call less, and wrong at -0.)
    """

    smooth: ClassVar[bool] = False
    of_output: ClassVar[bool] = True

    def curve(self, arrays: Binding, z: Array, a: Array, slope: Array) -> tuple[tuple[Call, ...], tuple[Call, ...]]:
        zero, mask = arrays.constant(0), _bits(slope)
        last_bit = np.array(8 * a.dtype.itemsize - 1, mask.dtype)
        # An array of zeros and not one zero: with a single number this ufunc takes three times as long.
        return (at_least(z, np.zeros(z.shape, z.dtype), a),), (
            partial(np.subtract, zero, a, slope),
            partial(np.right_shift, mask, last_bit, mask),
        )

    def times_slope(self, slope: Array, gradient: Array, out: Array) -> Call:
        return partial(np.bitwise_and, _bits(gradient), _bits(slope), _bits(out))


@dataclass(frozen=True)
class LeakyRelu(Activation):
    """``a = z`` where ``z > 0``, else ``slope z``; ``da/dz = 1`` where ``z > 0``, else ``slope`` (Maas et al., 2013)."""

    slope: float = 0.01
    smooth: ClassVar[bool] = False

    def bind(self, arrays: Binding) -> Bound:
        z, a = arrays.inputs[0], arrays.output
        zero, slope = arrays.constant(0), arrays.constant(self.slope)
        positive = arrays.scratch(z.shape, bool)
        forward = (
            partial(np.greater, z, zero, positive),
            partial(np.multiply, z, slope, a),
            partial(np.copyto, a, z, where=positive),
        )
        path = arrays.gradient_path()
        if path is None:
            return Bound(forward)
        downstream, upstream = path
        backward = (
            partial(np.multiply, downstream, slope, upstream),
            partial(np.copyto, upstream, downstream, where=positive),
        )
        return Bound(forward, backward)


@dataclass(frozen=True)
class PRelu(Activation):
    """``a = z`` where ``z > 0``, else ``s z``, with a trained slope ``s``: one, or one for each feature (He et al., 2015).

    ``da/dz = 1`` where ``z > 0``, else ``s``; ``da/ds = min(z, 0)``. The block is ``slope (1,)`` or ``(features,)`` and starts at ``initial``.
    Weight decay leaves it alone, for it would pull the function towards ReLU (sec. 2.1 of the paper).
    """

    initial: float = 0.25
    each: bool = False
    smooth: ClassVar[bool] = False
    elementwise: ClassVar[bool] = False

    def blocks(self, shape: Shape) -> tuple[ParameterBlock, ...]:
        count = shape[features_axis(len(shape) + 1)] if self.each else 1
        start = with_number("constant", self.initial)
        return (ParameterBlock((count,), (ParameterView("slope", (slice(None),), start, 1, 1, regularized=False),)),)

    def bind(self, arrays: Binding) -> Bound:
        z, a = arrays.inputs[0], arrays.output
        (block,) = arrays.parameters
        axis = features_axis(z.ndim)
        slope = block.reshape(1, -1, *(1,) * (z.ndim - axis - 1)) if axis else block.reshape(-1, *(1,) * (z.ndim - 1))
        zero, positive = arrays.constant(0), arrays.scratch(z.shape, bool)
        forward = (
            partial(np.greater, z, zero, positive),
            partial(np.multiply, z, slope, a),
            partial(np.copyto, a, z, where=positive),
        )
        downstream = arrays.output_gradient
        if downstream is None:
            return Bound(forward)
        below, total = arrays.scratch(z.shape), arrays.parameter_gradients[0]
        others = tuple(index for index in range(z.ndim) if index != axis or not self.each)
        backward: list[Call] = [
            at_most(z, zero, below),
            partial(np.multiply, below, downstream, below),
            partial(np.add.reduce, below, others, None, total if self.each else total.reshape(())),
        ]
        if (upstream := arrays.input_gradients[0]) is not None:
            backward += [
                partial(np.multiply, downstream, slope, upstream),
                partial(np.copyto, upstream, downstream, where=positive),
            ]
        return Bound(forward, tuple(backward))


@dataclass(frozen=True)
class Elu(SmoothCurve):
    """``a = z`` where ``z > 0``, else ``alpha (exp(z) - 1)``; ``da/dz = 1``, else ``a + alpha`` (Clevert et al., 2016)."""

    alpha: float = 1.0
    smooth: ClassVar[bool] = False

    def curve(self, arrays: Binding, z: Array, a: Array, slope: Array) -> tuple[tuple[Call, ...], tuple[Call, ...]]:
        zero, alpha = arrays.constant(0), arrays.constant(self.alpha)
        positive = arrays.scratch(z.shape, bool)
        forward = (
            partial(np.greater, z, zero, positive),
            at_most(z, zero, a),
            partial(np.expm1, a, a),
            partial(np.multiply, a, alpha, a),
            partial(np.copyto, a, z, where=positive),
        )
        one = arrays.constant(1)
        return forward, (partial(np.add, a, alpha, slope), partial(np.copyto, slope, one, where=positive))


@dataclass(frozen=True)
class Selu(SmoothCurve):
    """``a = l z`` where ``z > 0``, else ``l alpha (exp(z) - 1)``; ``da/dz = l``, else ``a + l alpha`` (Klambauer et al., 2017).

    With ``l = 1.0507`` and ``alpha = 1.6733`` values of mean 0 and variance 1 keep both from layer to layer. The slope at 0 is ``l alpha``.
    """

    smooth: ClassVar[bool] = False

    def curve(self, arrays: Binding, z: Array, a: Array, slope: Array) -> tuple[tuple[Call, ...], tuple[Call, ...]]:
        zero, scale = arrays.constant(0), arrays.constant(SELU_SCALE)
        depth = arrays.constant(SELU_SCALE * SELU_ALPHA)
        positive = arrays.scratch(z.shape, bool)
        forward = (
            partial(np.greater, z, zero, positive),
            at_most(z, zero, a),
            partial(np.expm1, a, a),
            partial(np.multiply, a, depth, a),
            partial(np.multiply, z, scale, a, where=positive),
        )
        return forward, (partial(np.add, a, depth, slope), partial(np.copyto, slope, scale, where=positive))


def _bits(values: Array) -> Array:
    """The same memory as whole numbers."""
    return values.view(f"i{values.dtype.itemsize}")
