"""Resizing: more lines and columns, or more steps of time, by repeating values or by drawing lines between them."""

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np

from core.ops.layout import PICTURE, SEQUENCE
from core.ops.op import Array, Binding, Bound, Op, Shape


@dataclass(frozen=True)
class Resize(Op):
    """``factor`` times as many lines and columns of a picture, or steps of a sequence. Raises ValueError for a row and a factor below 1."""

    reads_ones: ClassVar[bool] = False
    factor: int

    def __post_init__(self) -> None:
        if self.factor < 1:
            raise ValueError(f"A value is repeated at least once; received {self.factor}.")

    def output_shape(self, *inputs: Shape) -> Shape:
        (shape,) = inputs
        if len(shape) == PICTURE:
            return shape[0], shape[1] * self.factor, shape[2] * self.factor
        if len(shape) == SEQUENCE:
            return shape[0] * self.factor, shape[1]
        raise ValueError(f"Upsampling reads pictures and sequences; received {shape}.")


@dataclass(frozen=True)
class Upsample(Resize):
    """Every value is repeated; the gradient of a value is the sum over its repetitions."""

    def bind(self, arrays: Binding) -> Bound:
        source, factor = arrays.inputs[0], self.factor
        if source.ndim == PICTURE + 1:
            channels, height, width, batch = source.shape
            single, shape = source[:, :, None, :, None], (channels, height, factor, width, factor, batch)
            axes: tuple[int, ...] = (2, 4)
        else:
            single, shape, axes = source[:, None], (len(source), factor, *source.shape[1:]), (1,)
        forward = (partial(np.copyto, arrays.output.reshape(shape), single),)
        path = arrays.gradient_path()
        if path is None:
            return Bound(forward)
        return Bound(forward, (partial(np.add.reduce, path[0].reshape(shape), axes, None, path[1]),))


@dataclass(frozen=True)
class Interpolate(Resize):
    """Values in between lie on straight lines, along the lines and then along the columns: bilinear interpolation.

    Pixels are squares, whose middles stay where they are; beyond the middle of the outermost the value stays constant. Along each axis it
    is one matrix ``y = A x``, so that ``dL/dx = A^T dL/dy``.
    """

    def bind(self, arrays: Binding) -> Bound:
        source, output = arrays.inputs[0], arrays.output
        # (lines, columns, what lies side by side), or (steps, side by side).
        along_first = _matrix(source.shape[-3], self.factor).astype(output.dtype)
        if source.ndim == SEQUENCE + 1:
            read, write = source.reshape(len(source), -1), output.reshape(len(output), -1)
            forward = (partial(np.matmul, along_first, read, write),)
            path = arrays.gradient_path()
            if path is None:
                return Bound(forward)
            slope, upstream = path[0].reshape(write.shape), path[1].reshape(read.shape)
            return Bound(forward, (partial(np.matmul, along_first.T, slope, upstream),))
        return self._bind_picture(arrays)

    def _bind_picture(self, arrays: Binding) -> Bound:
        channels, height, width, batch = arrays.inputs[0].shape
        lines, columns = (_matrix(length, self.factor).astype(arrays.output.dtype) for length in (height, width))
        high = arrays.scratch((channels, height * self.factor, width * batch))
        by_line = high.reshape(-1, width, batch)
        flat, wide = (channels, height, width * batch), (len(by_line), width * self.factor, batch)
        forward = (
            partial(np.matmul, lines, arrays.inputs[0].reshape(flat), high),
            partial(np.matmul, columns, by_line, arrays.output.reshape(wide)),
        )
        path = arrays.gradient_path()
        if path is None:
            return Bound(forward)
        room = np.empty_like(high)
        backward = (
            partial(np.matmul, columns.T, path[0].reshape(wide), room.reshape(by_line.shape)),
            partial(np.matmul, lines.T, room, path[1].reshape(flat)),
        )
        return Bound(forward, backward)

    def macs(self, *inputs: Shape) -> int:
        shape, large = inputs[0], self.output_shape(*inputs)
        if len(shape) == SEQUENCE:
            return large[0] * shape[0] * shape[1]
        return shape[0] * large[1] * shape[2] * (shape[1] + large[2])


def _matrix(length: int, factor: int) -> Array:
    """``(length * factor, length)``: the share of every value in every value in between."""
    middles = np.clip((np.arange(length * factor) + 0.5) / factor - 0.5, 0, length - 1)
    before = np.minimum(middles.astype(int), max(length - 2, 0))
    shares = np.zeros((length * factor, length))
    places = np.arange(length * factor)
    shares[places, before] = 1
    if length > 1:
        shares[places, before] -= middles - before
        shares[places, before + 1] = middles - before
    return shares
