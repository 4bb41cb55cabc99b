"""Softmax: numbers become shares that add up to 1, over the features of a sample or over its positions."""

from abc import abstractmethod
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np

from core.ops.elementwise import Activation
from core.ops.layout import SEQUENCE, features_axis
from core.ops.op import Binding, Bound, Shape


@dataclass(frozen=True)
class Shares(Activation):
    """``a_k = exp(z_k - max z) / sum_j exp(z_j - max z)`` over some axes of each sample: shares that add up to 1.

    ``dL/dz_k = a_k (dL/da_k - sum_j a_j dL/da_j)``. An infinite ``z`` gives NaN.
    """

    elementwise: ClassVar[bool] = False

    @abstractmethod
    def axes(self, ndim: int) -> tuple[int, ...]:
        """The axes, of an engine array with ``ndim`` of them, over which the shares add up to 1."""

    def bind(self, arrays: Binding) -> Bound:
        z, a = arrays.inputs[0], arrays.output
        axes = self.axes(z.ndim)
        row = tuple(1 if axis in axes else length for axis, length in enumerate(z.shape))
        peak, total = arrays.scratch(row), arrays.scratch(row)
        forward = (
            partial(np.maximum.reduce, z, axes, None, peak, True),
            partial(np.subtract, z, peak, a),
            partial(np.exp, a, a),
            partial(np.add.reduce, a, axes, None, total, True),
            partial(np.divide, a, total, a),
        )
        path = arrays.gradient_path()
        if path is None:
            return Bound(forward)
        downstream, upstream = path
        backward = (
            partial(np.multiply, a, downstream, upstream),
            partial(np.add.reduce, upstream, axes, None, total, True),
            partial(np.subtract, downstream, total, upstream),
            partial(np.multiply, upstream, a, upstream),
        )
        return Bound(forward, backward)


@dataclass(frozen=True)
class Softmax(Shares):
    """Shares over the features of a row, of each step of a sequence, of each place of a picture: the classes to choose from."""

    def axes(self, ndim: int) -> tuple[int, ...]:
        return (features_axis(ndim),)


@dataclass(frozen=True)
class PositionSoftmax(Shares):
    """Shares over the steps of a sequence or the places of a picture, for each feature by itself: where to look."""

    stepwise: ClassVar[bool] = False

    def axes(self, ndim: int) -> tuple[int, ...]:
        return tuple(axis for axis in range(ndim - 1) if axis != features_axis(ndim))

    def output_shape(self, *inputs: Shape) -> Shape:
        """Raises ValueError for a row of features, which has no positions."""
        if len(inputs[0]) < SEQUENCE:
            raise ValueError(f"a row of features has no positions to share out; received {inputs[0]}.")
        return super().output_shape(*inputs)
