"""Columns: a picture laid out so that convolution becomes one matrix product, and back.

A picture lies in memory as ``(channels, height, width, batch)``. What one value of a kernel reads on its way over it is then made
of runs of whole lines times the batch, and one copy lays these out as rows, one for each value of the kernel (Chellapilla et al.,
2006). A last row of ones meets the bias in the last column of the weights. The way back adds every row to where it came from.
"""

import math
from dataclasses import dataclass
from functools import partial
from itertools import product

import numpy as np

from core.ops.layout import SEQUENCE
from core.ops.op import Array, Binding, Call, Shape
from core.ops.windows import Window, padded, slide

HEIGHT_AXIS = 1
UNPACKED = 1_000_000
"""OpenBLAS multiplies matrices with up to so many products of two numbers as they lie, without copying them first. For the narrow
matrices of a convolution the copy is what costs: cut into pieces, they take a quarter less time, and half of it for gradients."""
SHORTEST_PIECE, LONGEST_PIECE = 64, 1024
"""Columns."""
NARROW = 1200
"""Up to so many values, the gradient of a kernel is worked out piece by piece as well."""


@dataclass(frozen=True, slots=True)
class Kernel:
    """How a kernel lies on a picture: its windows over the lines and the columns, the groups of channels, and whether it is turned.

    A kernel turned by 180 degrees meets the first value of a window with its last weight.
    """

    windows: tuple[Window, Window]
    groups: int = 1
    flipped: bool = False

    @property
    def size(self) -> tuple[int, int]:
        """Lines and columns of the kernel."""
        return self.windows[0].kernel, self.windows[1].kernel

    @property
    def is_plain(self) -> bool:
        """Whether it moves from value to value, has no gaps, and reads all channels."""
        return self.groups == 1 and all(window.stride == window.dilation == 1 for window in self.windows)

    def places(self, shape: Shape) -> tuple[int, int]:
        """Lines and columns of the result for a picture ``(channels, height, width)``. Raises ValueError where the kernel does not fit."""
        return self.windows[0].places(shape[1], "lines"), self.windows[1].places(shape[2], "columns")

    def fan_in(self, channels: int) -> int:
        """How many values one weighted sum reads."""
        return channels // self.groups * math.prod(self.size)

    def unfold(self, arrays: Binding, picture: Array, ones: bool) -> tuple[tuple[Call, ...], Array]:
        """(calls, rows): the calls fill ``rows (groups, fan_in, places x batch)``, below which there is a row of ones where asked for."""
        room, interior = padded(picture, HEIGHT_AXIS, self.windows, 0)
        pad = () if room is picture else (partial(np.copyto, interior, picture),)
        window = self._turned(slide(room, HEIGHT_AXIS, self.windows))
        fan_in, columns = self.fan_in(len(picture)), math.prod(window.shape[3:])
        rows = arrays.scratch((self.groups, fan_in + ones, columns))
        rows[:, fan_in:] = 1
        cells = rows[:, :fan_in].reshape(self.groups, -1, *window.shape[1:])
        return (*pad, partial(np.copyto, cells, window.reshape(cells.shape))), rows

    def fold(self, rows: Array, picture: Array) -> tuple[Call, ...]:
        """The calls that add ``rows (groups, fan_in, places x batch)`` to ``picture``, each value where it came from."""
        _, height, width, batch = picture.shape
        places = self.places(picture.shape)
        cells = self._turned(rows.reshape(len(picture), *self.size, *places, batch))
        calls: list[Call] = []
        for line, column in product(*map(range, self.size)):
            from_lines, to_lines = self.windows[0].meets(line, height)
            from_columns, to_columns = self.windows[1].meets(column, width)
            target = picture[:, to_lines, to_columns]
            if target.size:
                calls.append(partial(np.add, target, cells[:, line, column, from_lines, from_columns], target))
        return tuple(calls)

    def lengths(self, shape: Shape) -> tuple[int, int]:
        """Lines and columns of the smallest picture on which the kernel stops at the places of ``shape (channels, lines, columns)``."""
        return self.windows[0].length(shape[1]), self.windows[1].length(shape[2])

    def _turned(self, cells: Array) -> Array:
        return cells[:, ::-1, ::-1] if self.flipped else cells


def as_picture(values: Array) -> Array:
    """A view of a sequence ``(time, features, batch)`` as a picture of one column, ``(features, time, 1, batch)``; pictures stay."""
    return values.transpose(1, 0, 2)[:, :, None] if values.ndim == SEQUENCE + 1 else values


def multiply(left: Array, right: Array, out: Array) -> Call:
    """``out = left right`` for stacks of matrices ``(groups, ...)``, of which ``right`` and ``out`` have many columns."""
    if left.shape[2] == 1:
        return partial(np.multiply, left, right, out)
    length = _piece(left.shape[1] * left.shape[2], right.shape[2])
    return partial(np.matmul, left[:, None], _pieces(right, length), _pieces(out, length))


def correlate(slopes: Array, rows: Array, out: Array) -> tuple[Call, ...]:
    """``out = slopes rows^T`` for stacks of matrices: the gradient of the weights, summed over all places."""
    groups, lines, fan_in = out.shape
    length = _piece(lines * fan_in, rows.shape[2])
    if lines * fan_in <= NARROW and length < rows.shape[2]:
        parts = np.empty((groups, rows.shape[2] // length, lines, fan_in), out.dtype)
        product = partial(np.matmul, _pieces(slopes, length), _pieces(rows, length).transpose(0, 1, 3, 2), parts)
        return product, partial(np.add.reduce, parts, 1, None, out)
    if groups == 1 and fan_in >= 2 * lines:
        # Many more columns than lines take a third less time the other way round, with a copy of the small result.
        turned = np.empty((fan_in, lines), out.dtype)
        return partial(rows[0].dot, slopes[0].T, turned), partial(np.copyto, out[0], turned.T)
    return (partial(np.matmul, slopes, rows.transpose(0, 2, 1), out),)


def _piece(size: int, columns: int) -> int:
    """Into pieces of how many columns to cut a product with a matrix of so many values; all of them where no cut is even."""
    longest = min(UNPACKED // size, LONGEST_PIECE, columns)
    return next((length for length in range(longest, SHORTEST_PIECE - 1, -1) if columns % length == 0), columns)


def _pieces(matrices: Array, length: int) -> Array:
    """``(groups, lines, columns)`` as a view ``(groups, pieces, lines, length)``."""
    return matrices.reshape(*matrices.shape[:2], -1, length).transpose(0, 2, 1, 3)
