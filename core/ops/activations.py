"""The activation functions, each beside its derivative.

Without one of them between two layers, both layers together are only one. At a kink the derivative is the one from the left
(ReLU'(0) = 0, leaky ReLU'(0) = its slope); the step function's is 0 everywhere, which is why it cannot be trained.
"""

import math
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np

from core.ops.elementwise import Activation, SmoothCurve, at_least, at_most, sigmoid_calls
from core.ops.evaluate import evaluate
from core.ops.layout import features_axis, one_feature
from core.ops.normal import normal_cdf_calls
from core.ops.op import Array, Binding, Bound, Call


@dataclass(frozen=True)
class Identity(Activation):
    """``a = z``, ``da/dz = 1``: the linear activation."""

    def aliases(self, training: bool) -> bool:
        return True

    def bind(self, arrays: Binding) -> Bound:
        forward = (partial(np.copyto, arrays.output, arrays.inputs[0]),)
        path = arrays.gradient_path()
        return Bound(forward, (partial(np.copyto, path[1], path[0]),) if path else ())


@dataclass(frozen=True)
class Step(Activation):
    """``a = 1`` where ``z >= 0``, else ``0``; ``da/dz = 0`` everywhere (McCulloch and Pitts, 1943)."""

    smooth: ClassVar[bool] = False

    def bind(self, arrays: Binding) -> Bound:
        forward = (partial(np.heaviside, arrays.inputs[0], arrays.constant(1), arrays.output),)
        path = arrays.gradient_path()
        return Bound(forward, (partial(path[1].fill, 0),) if path else ())


@dataclass(frozen=True)
class Sigmoid(SmoothCurve):
    """``a = 1 / (1 + exp(-z))``, between 0 and 1; ``da/dz = a (1 - a)``, at most 1/4."""

    def curve(self, arrays: Binding, z: Array, a: Array, slope: Array) -> tuple[tuple[Call, ...], tuple[Call, ...]]:
        forward = sigmoid_calls(z, a, arrays.constant(1))
        return forward, (partial(np.multiply, a, a, slope), partial(np.subtract, a, slope, slope))


@dataclass(frozen=True)
class Tanh(SmoothCurve):
    """``a = tanh(z)``, between -1 and 1; ``da/dz = 1 - a^2``."""

    def curve(self, arrays: Binding, z: Array, a: Array, slope: Array) -> tuple[tuple[Call, ...], tuple[Call, ...]]:
        one = arrays.constant(1)
        return (partial(np.tanh, z, a),), (partial(np.multiply, a, a, slope), partial(np.subtract, one, slope, slope))


@dataclass(frozen=True)
class Relu(Activation):
    """``a = max(0, z)``; ``da/dz = 1`` where ``z > 0``, else ``0``, so ReLU'(0) = 0. NaN stays NaN.

    The sign bit of ``0 - z`` is set exactly where ``z > 0``. Shifted arithmetically over the whole word it is a mask of all ones or
    all zeros, and masking the bits of the gradient takes a fifth of the time of multiplying by a boolean. (Negating the bits
    themselves would be one call less, and wrong at -0.)
    """

    smooth: ClassVar[bool] = False

    def bind(self, arrays: Binding) -> Bound:
        z, a = arrays.inputs[0], arrays.output
        zero = arrays.constant(0)
        forward = (at_least(z, zero, a),)
        path = arrays.gradient_path()
        if path is None:
            return Bound(forward)
        downstream, upstream = path
        integer = np.dtype(f"i{a.dtype.itemsize}")
        negated = arrays.scratch(a.shape)
        mask = negated.view(integer)
        last_bit = np.array(8 * a.dtype.itemsize - 1, integer)
        backward = (
            partial(np.subtract, zero, z, negated),
            partial(np.right_shift, mask, last_bit, mask),
            partial(np.bitwise_and, downstream.view(integer), mask, upstream.view(integer)),
        )
        return Bound(forward, backward)


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
class Softplus(SmoothCurve):
    """``a = log(1 + exp(z))``, a smooth ReLU; ``da/dz = 1 / (1 + exp(-z))``."""

    def curve(self, arrays: Binding, z: Array, a: Array, slope: Array) -> tuple[tuple[Call, ...], tuple[Call, ...]]:
        return (partial(np.logaddexp, arrays.constant(0), z, a),), sigmoid_calls(z, slope, arrays.constant(1))


@dataclass(frozen=True)
class Gelu(SmoothCurve):
    """``a = z P(z)`` with ``P`` the normal law's cumulative distribution; ``da/dz = P(z) + z p(z)``, ``p`` its density.

    The exact form of Hendrycks and Gimpel (2016), not its approximation by tanh. Below -10 the curve is 0 to the last bit.
    """

    def curve(self, arrays: Binding, z: Array, a: Array, slope: Array) -> tuple[tuple[Call, ...], tuple[Call, ...]]:
        far, half = arrays.constant(40), arrays.constant(-0.5)
        root = arrays.constant(1 / math.sqrt(2 * math.pi))
        share, near = arrays.scratch(z.shape), arrays.scratch(z.shape)
        forward: tuple[Call, ...] = (
            *normal_cdf_calls(arrays, z, share),
            # Held at -40, so that minus infinity times 0 is 0.
            at_least(z, -far, near),
            partial(np.multiply, near, share, a),
        )
        backward = (
            at_most(near, far, near),
            partial(np.multiply, near, near, slope),
            partial(np.multiply, slope, half, slope),
            partial(np.exp, slope, slope),
            partial(np.multiply, slope, near, slope),
            partial(np.multiply, slope, root, slope),
            partial(np.add, slope, share, slope),
        )
        return forward, backward


@dataclass(frozen=True)
class Silu(SmoothCurve):
    """``a = z s``, ``s = 1 / (1 + exp(-z))``; ``da/dz = s (1 + z (1 - s))`` (swish; Elfwing et al., 2018).

    Beyond +-750 the curve is 0 or z in either precision; there ``z`` is held at +-750 where it multiplies a 0.
    """

    def curve(self, arrays: Binding, z: Array, a: Array, slope: Array) -> tuple[tuple[Call, ...], tuple[Call, ...]]:
        one, far = arrays.constant(1), arrays.constant(750)
        s = arrays.scratch(z.shape)
        forward: tuple[Call, ...] = (
            *sigmoid_calls(z, s, one),
            at_least(z, -far, a),
            partial(np.multiply, a, s, a),
        )
        rest = arrays.scratch(z.shape)
        backward = (
            at_least(z, -far, slope),
            at_most(slope, far, slope),
            partial(np.subtract, one, s, rest),
            partial(np.multiply, slope, rest, slope),
            partial(np.add, slope, one, slope),
            partial(np.multiply, slope, s, slope),
        )
        return forward, backward


@dataclass(frozen=True)
class Softmax(Activation):
    """``a_k = exp(z_k - max z) / sum_j exp(z_j - max z)`` over the features of each sample: shares that add up to 1.

    ``dL/dz_k = a_k (dL/da_k - sum_j a_j dL/da_j)``. An infinite ``z`` gives NaN.
    """

    def bind(self, arrays: Binding) -> Bound:
        z, a = arrays.inputs[0], arrays.output
        axis, row = features_axis(z.ndim), one_feature(z.shape)
        peak, total = arrays.scratch(row), arrays.scratch(row)
        forward = (
            partial(np.maximum.reduce, z, axis, None, peak, True),
            partial(np.subtract, z, peak, a),
            partial(np.exp, a, a),
            partial(np.add.reduce, a, axis, None, total, True),
            partial(np.divide, a, total, a),
        )
        path = arrays.gradient_path()
        if path is None:
            return Bound(forward)
        downstream, upstream = path
        backward = (
            partial(np.multiply, a, downstream, upstream),
            partial(np.add.reduce, upstream, axis, None, total, True),
            partial(np.subtract, downstream, total, upstream),
            partial(np.multiply, upstream, a, upstream),
        )
        return Bound(forward, backward)


def activation_curve(op: Activation, z: Array) -> tuple[Array, Array]:
    """``(a, da/dz)`` at the points ``z`` (any 1-D array), in float64, for drawing.

    Each point is one sample beside a second feature of 0, so that softmax shows its share against a 0.
    """
    points = np.zeros((2, len(z)))
    points[0] = z
    first = np.zeros_like(points)
    first[0] = 1
    result = evaluate(op, points, output_gradient=first)
    return result.output[0], result.input_gradients[0][0]
