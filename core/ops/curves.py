"""Curves that are neither squashing nor rectifying, each beside its derivative: waves, bells and parabolas.

They serve as activations, and as transforms of inputs: a straight line over ``z^2`` is a circle over ``z``.
"""

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np

from core.ops.elementwise import SmoothCurve, at_least, at_most
from core.ops.op import Array, Binding, Call


@dataclass(frozen=True)
class Sine(SmoothCurve):
    """``a = sin(z)``, between -1 and 1; ``da/dz = cos(z)`` (Sitzmann et al., 2020). An infinite ``z`` gives NaN: there is no limit."""

    def curve(self, arrays: Binding, z: Array, a: Array, slope: Array) -> tuple[tuple[Call, ...], tuple[Call, ...]]:
        return (partial(np.sin, z, a),), (partial(np.cos, z, slope),)


@dataclass(frozen=True)
class Gaussian(SmoothCurve):
    """``a = exp(-z^2)``, 1 at 0 and falling to 0 on both sides; ``da/dz = -2 z a``.

    ``z`` is held within +-40, where the curve is 0 to the last bit.
    """

    def curve(self, arrays: Binding, z: Array, a: Array, slope: Array) -> tuple[tuple[Call, ...], tuple[Call, ...]]:
        far, held = arrays.constant(40), arrays.scratch(z.shape)
        forward: tuple[Call, ...] = (
            at_least(z, -far, held),
            at_most(held, far, held),
            partial(np.multiply, held, held, a),
            partial(np.negative, a, a),
            partial(np.exp, a, a),
        )
        minus_two = arrays.constant(-2)
        return forward, (partial(np.multiply, held, minus_two, slope), partial(np.multiply, slope, a, slope))


@dataclass(frozen=True)
class Absolute(SmoothCurve):
    """``a = |z|``; ``da/dz = sign(z)``, which is 0 at the kink, halfway between both sides, as in PyTorch."""

    smooth: ClassVar[bool] = False

    def curve(self, arrays: Binding, z: Array, a: Array, slope: Array) -> tuple[tuple[Call, ...], tuple[Call, ...]]:
        return (partial(np.absolute, z, a),), (partial(np.sign, z, slope),)


@dataclass(frozen=True)
class Square(SmoothCurve):
    """``a = z^2``; ``da/dz = 2 z``. Beyond the square root of the largest number (1.3e154, or 1.8e19 in float32) it is infinite."""

    def curve(self, arrays: Binding, z: Array, a: Array, slope: Array) -> tuple[tuple[Call, ...], tuple[Call, ...]]:
        return (partial(np.multiply, z, z, a),), (partial(np.add, z, z, slope),)
