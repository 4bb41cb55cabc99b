"""Activation functions that squash any number into a fixed range, each beside its derivative.

Far from 0 they are flat, and there a gradient hardly passes: through ten layers of sigmoids less than a millionth of it is left.
"""

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np

from core.ops.elementwise import Activation, SmoothCurve, at_least, at_most, sigmoid_calls
from core.ops.op import Array, Binding, Bound, Call


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

    of_output: ClassVar[bool] = True

    def curve(self, arrays: Binding, z: Array, a: Array, slope: Array) -> tuple[tuple[Call, ...], tuple[Call, ...]]:
        forward = sigmoid_calls(z, a, arrays.constant(1))
        return forward, (partial(np.multiply, a, a, slope), partial(np.subtract, a, slope, slope))


@dataclass(frozen=True)
class HardSigmoid(Activation):
    """``a = min(max(z / 6 + 1/2, 0), 1)``: a sigmoid of three straight lines; ``da/dz = 1/6`` between -3 and 3, else ``0``.

    The line of Keras and PyTorch, from Howard et al. (2019, MobileNetV3); the first one, of Courbariaux et al. (2015), ran from -1 to 1.
    At both kinks the slope is 0, as in PyTorch.
    """

    smooth: ClassVar[bool] = False

    def bind(self, arrays: Binding) -> Bound:
        z, a = arrays.inputs[0], arrays.output
        three, sixth = arrays.constant(3), arrays.constant(1 / 6)
        forward = (
            partial(np.add, z, three, a),
            at_least(a, arrays.constant(0), a),
            at_most(a, arrays.constant(6), a),
            partial(np.multiply, a, sixth, a),
        )
        path = arrays.gradient_path()
        if path is None:
            return Bound(forward)
        downstream, upstream = path
        size, inside = arrays.scratch(z.shape), arrays.scratch(z.shape, bool)
        backward = (
            partial(np.absolute, z, size),
            partial(np.less, size, three, inside),
            partial(np.multiply, downstream, sixth, size),
            partial(upstream.fill, 0),
            partial(np.copyto, upstream, size, where=inside),
        )
        return Bound(forward, backward)


@dataclass(frozen=True)
class Tanh(SmoothCurve):
    """``a = tanh(z)``, between -1 and 1; ``da/dz = 1 - a^2``."""

    of_output: ClassVar[bool] = True

    def curve(self, arrays: Binding, z: Array, a: Array, slope: Array) -> tuple[tuple[Call, ...], tuple[Call, ...]]:
        one = arrays.constant(1)
        return (partial(np.tanh, z, a),), (partial(np.multiply, a, a, slope), partial(np.subtract, one, slope, slope))


@dataclass(frozen=True)
class Softsign(SmoothCurve):
    """``a = z / (1 + |z|)``, between -1 and 1; ``da/dz = 1 / (1 + |z|)^2`` (Bergstra et al., 2009; Elliott, 1993).

    It bends like tanh and levels out far more slowly. ``z`` is held within +-1e30, where the curve is at its ends to the last bit.
    """

    # The second derivative jumps at 0.
    smooth: ClassVar[bool] = False

    def curve(self, arrays: Binding, z: Array, a: Array, slope: Array) -> tuple[tuple[Call, ...], tuple[Call, ...]]:
        one, far = arrays.constant(1), arrays.constant(1e30)
        whole = arrays.scratch(z.shape)
        forward: tuple[Call, ...] = (
            at_least(z, -far, a),
            at_most(a, far, a),
            partial(np.absolute, a, whole),
            partial(np.add, whole, one, whole),
            partial(np.divide, a, whole, a),
        )
        return forward, (partial(np.multiply, whole, whole, slope), partial(np.reciprocal, slope, slope))
