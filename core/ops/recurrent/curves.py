"""The curves inside recurrent cells: those whose slope is known from their own value alone.

A cell computes its curves in place and keeps only the results, so what bends a weighted sum must be one of these.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

import numpy as np

from core.ops.activations import Identity, Relu, Sigmoid, Tanh
from core.ops.elementwise import Activation, at_least
from core.ops.op import Array, Binding, Call

Calls: TypeAlias = tuple[Call, ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """``apply(arrays, z, a)`` gives the calls that write ``a = f(z)``, where both may be one array; ``slope(arrays, a, out)`` those of ``da/dz``."""

    apply: Callable[[Binding, Array, Array], Calls]
    slope: Callable[[Binding, Array, Array], Calls]


def _same(arrays: Binding, z: Array, a: Array) -> Calls:
    return () if z is a else (partial(np.copyto, a, z),)


def _slope_of_one(arrays: Binding, a: Array, out: Array) -> Calls:
    return (partial(out.fill, 1),)


def _tanh(arrays: Binding, z: Array, a: Array) -> Calls:
    return Tanh().curve(arrays, z, a, a)[0]


def _tanh_slope(arrays: Binding, a: Array, out: Array) -> Calls:
    return Tanh().curve(arrays, a, a, out)[1]


def _sigmoid(arrays: Binding, z: Array, a: Array) -> Calls:
    return Sigmoid().curve(arrays, z, a, a)[0]


def _sigmoid_slope(arrays: Binding, a: Array, out: Array) -> Calls:
    return Sigmoid().curve(arrays, a, a, out)[1]


def _relu(arrays: Binding, z: Array, a: Array) -> Calls:
    return (at_least(z, arrays.constant(0), a),)


def _relu_slope(arrays: Binding, a: Array, out: Array) -> Calls:
    return (partial(np.greater, a, arrays.constant(0), out),)


CURVES: dict[type[Activation], Curve] = {
    Tanh: Curve(_tanh, _tanh_slope),
    Sigmoid: Curve(_sigmoid, _sigmoid_slope),
    Relu: Curve(_relu, _relu_slope),
    Identity: Curve(_same, _slope_of_one),
}
"""The curves by the activation that they are."""
