"""Activation functions that are a ReLU with its corner rounded off, each beside its derivative.

Their derivatives never jump, so small steps always do what the gradient promises.
"""

import math
from dataclasses import dataclass
from functools import partial

import numpy as np

from core.ops.elementwise import SmoothCurve, at_least, at_most, sigmoid_calls
from core.ops.normal import normal_cdf_calls
from core.ops.op import Array, Binding, Call


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
class Mish(SmoothCurve):
    """``a = z tanh(log(1 + exp(z)))`` (Misra, 2019).

    With ``u = exp(z)`` and ``w = u (u + 2)`` the hyperbolic tangent is ``w / (w + 2)``, so no logarithm is needed, and
    ``da/dz = w / (w + 2) + 4 z u (u + 1) / (w + 2)^2``. ``z`` is held at 20 in the exponential, where the tangent is 1 to the last bit,
    and at -750 where it multiplies a 0.
    """

    def curve(self, arrays: Binding, z: Array, a: Array, slope: Array) -> tuple[tuple[Call, ...], tuple[Call, ...]]:
        one, two, four = (arrays.constant(number) for number in (1, 2, 4))
        near, far = arrays.constant(20), arrays.constant(-750)
        u, w, share, rest = (arrays.scratch(z.shape) for _ in range(4))
        forward: tuple[Call, ...] = (
            at_most(z, near, u),
            partial(np.exp, u, u),
            partial(np.add, u, two, w),
            partial(np.multiply, w, u, w),
            partial(np.add, w, two, a),
            partial(np.divide, w, a, share),
            at_least(z, far, a),
            partial(np.multiply, a, share, a),
        )
        backward = (
            partial(np.add, w, two, rest),
            at_least(z, far, slope),
            at_most(slope, near, slope),
            partial(np.divide, slope, rest, slope),
            partial(np.divide, slope, rest, slope),
            partial(np.multiply, slope, u, slope),
            partial(np.add, u, one, rest),
            partial(np.multiply, slope, rest, slope),
            partial(np.multiply, slope, four, slope),
            partial(np.add, slope, share, slope),
        )
        return forward, backward
