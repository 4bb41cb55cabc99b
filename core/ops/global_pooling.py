"""Global pooling: the largest, the smallest or the average value of a whole picture or sequence, for every channel."""

import math
from abc import abstractmethod
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np

from core.ops.layout import PICTURE, SEQUENCE, features_axis
from core.ops.op import Array, Binding, Bound, Call, Op, Shape


@dataclass(frozen=True)
class GlobalPool(Op):
    """One value for every channel. ``(channels, height, width)`` and ``(time, channels)`` become ``(channels,)``; raises ValueError for a row."""

    reads_ones: ClassVar[bool] = False

    def output_shape(self, *inputs: Shape) -> Shape:
        (shape,) = inputs
        if len(shape) not in (PICTURE, SEQUENCE):
            raise ValueError(f"Global pooling reads pictures and sequences; received {shape}.")
        return (shape[features_axis(len(shape) + 1)],)

    def bind(self, arrays: Binding) -> Bound:
        # A picture's lines lie side by side; of a sequence the steps come first.
        source, axis = _places(arrays.inputs[0])
        path = arrays.gradient_path()
        if path is None:
            return self.across(arrays, source, axis, None, None)
        return self.across(arrays, source, axis, np.expand_dims(path[0], axis), _places(path[1])[0])

    @abstractmethod
    def across(
        self, arrays: Binding, source: Array, axis: int, downstream: Array | None, upstream: Array | None
    ) -> Bound:
        """The same over one axis of ``source``, which has three; the gradients are None where nobody needs them."""


@dataclass(frozen=True)
class GlobalAverage(GlobalPool):
    """``y`` the average over all places; each takes an equal share of the gradient (Lin et al., 2014)."""

    def across(
        self, arrays: Binding, source: Array, axis: int, downstream: Array | None, upstream: Array | None
    ) -> Bound:
        share = arrays.constant(1 / source.shape[axis])
        shares = arrays.scratch(source.shape)
        forward = (
            # Divided before they are added up, so that the sum of large numbers is not infinite.
            partial(np.multiply, source, share, shares),
            partial(np.add.reduce, shares, axis, None, arrays.output),
        )
        if downstream is None or upstream is None:
            return Bound(forward)
        return Bound(forward, (partial(np.multiply, np.broadcast_to(downstream, source.shape), share, upstream),))


@dataclass(frozen=True)
class GlobalExtreme(GlobalPool):
    """``y`` the value that beats all others; the gradient goes to the first place that has it. NaN stays NaN."""

    smooth: ClassVar[bool] = False
    best: ClassVar[np.ufunc]
    """Tells which of two values beats the other."""

    @abstractmethod
    def find(self, values: Array, axis: int, out: Array) -> Call:
        """The call that writes to ``out`` at which place of ``axis`` the best value is first."""

    def across(
        self, arrays: Binding, source: Array, axis: int, downstream: Array | None, upstream: Array | None
    ) -> Bound:
        forward = (partial(self.best.reduce, source, axis, None, arrays.output),)
        if downstream is None or upstream is None:
            return Bound(forward)
        where = arrays.scratch(downstream.shape, np.intp)
        places = np.arange(source.shape[axis]).reshape(-1, *(1,) * (source.ndim - axis - 1))
        hit = arrays.scratch(source.shape, bool)
        backward: tuple[Call, ...] = (
            self.find(source, axis, where.squeeze(axis)),
            partial(np.equal, places, where, hit),
            partial(upstream.fill, 0),
            partial(np.copyto, upstream, downstream, where=hit),
        )
        return Bound(forward, backward)


@dataclass(frozen=True)
class GlobalMax(GlobalExtreme):
    """``y`` the largest value over all places."""

    best: ClassVar[np.ufunc] = np.maximum

    def find(self, values: Array, axis: int, out: Array) -> Call:
        return partial(values.argmax, axis, out)


@dataclass(frozen=True)
class GlobalMin(GlobalExtreme):
    """``y`` the smallest value over all places."""

    best: ClassVar[np.ufunc] = np.minimum

    def find(self, values: Array, axis: int, out: Array) -> Call:
        return partial(values.argmin, axis, out)


def _places(values: Array) -> tuple[Array, int]:
    """(values with all places along one axis, that axis)."""
    if values.ndim == SEQUENCE + 1:
        return values, 0
    return values.reshape(len(values), math.prod(values.shape[1:3]), -1), 1
