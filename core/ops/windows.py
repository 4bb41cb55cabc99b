"""Windows: where a kernel stops along one axis, and which value it reads at each stop.

Convolution, transposed convolution and pooling all slide a kernel over lines and columns, or over the steps of a sequence.
What they share is this arithmetic of one axis, which is small, full of plus-ones, and therefore in one place.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.lib.stride_tricks import as_strided

from core.ops.op import Array

Padding: TypeAlias = Literal["same", "valid"] | int | tuple[int, int]
"""Values added at each end: a number or two, none ("valid"), or what makes ``ceil(length / stride)`` stops ("same"; if odd, one more at the end)."""


@dataclass(frozen=True, slots=True)
class Window:
    """A kernel of ``kernel`` values, ``dilation`` apart, that moves ``stride`` values at a time over an axis with ``padding`` at its ends.

    Raises ValueError for a kernel, stride or dilation below 1 or a padding below 0.
    """

    kernel: int
    stride: int = 1
    padding: Padding = 0
    dilation: int = 1

    def __post_init__(self) -> None:
        if min(self.kernel, self.stride, self.dilation) < 1:
            raise ValueError(
                "A kernel has at least 1 value and moves at least 1 further; "
                f"received kernel {self.kernel}, stride {self.stride}, dilation {self.dilation}."
            )
        if isinstance(self.padding, int) and self.padding < 0:
            raise ValueError(f'Padding adds 0 values or more, or is "same" or "valid"; received {self.padding}.')

    @property
    def span(self) -> int:
        """From the first value that the kernel reads to the last, both counted."""
        return self.dilation * (self.kernel - 1) + 1

    def pads(self, length: int) -> tuple[int, int]:
        """How many values are added before and after an axis of this length."""
        if isinstance(self.padding, tuple):
            return self.padding
        if isinstance(self.padding, int):
            return self.padding, self.padding
        if self.padding == "valid":
            return 0, 0
        stops = -(-length // self.stride)
        total = max((stops - 1) * self.stride + self.span - length, 0)
        return total // 2, total - total // 2

    def places(self, length: int, unit: str = "values") -> int:
        """At how many places the kernel stops. Raises ValueError where it is longer than the padded axis of ``length`` of this unit."""
        room = length + sum(self.pads(length))
        if self.span > room:
            gaps = f", with its gaps {self.span}," if self.dilation > 1 else ""
            edges = f" with the padding {room}" if room > length else ""
            dilation = ", less dilation" if self.dilation > 1 else ""
            raise ValueError(
                f"A window of {self.kernel} {unit}{gaps} does not fit into {length}{edges}; "
                f"choose a smaller one{dilation} or more padding."
            )
        return (room - self.span) // self.stride + 1

    def length(self, places: int) -> int:
        """The shortest axis on which the kernel stops at so many places. Raises ValueError where the padding would leave nothing of it."""
        if self.padding == "same":
            return places * self.stride
        length = (places - 1) * self.stride + self.span - sum(self.pads(1))
        if length < 1:
            raise ValueError(
                f"A padding of {self.padding} cuts off all of the {length + sum(self.pads(1))} values that come out; choose a smaller one."
            )
        return length

    def meets(self, tap: int, length: int) -> tuple[slice, slice]:
        """(places, values): the places at which value ``tap`` of the kernel lies on the axis itself, not its padding, and those values."""
        first = tap * self.dilation - self.pads(length)[0]
        start = max(0, -(first // self.stride)) if first < 0 else 0
        stop = max(start, min(self.places(length), (length - 1 - first) // self.stride + 1))
        low = start * self.stride + first
        return slice(start, stop), slice(
            low, low + (stop - start - 1) * self.stride + 1 if stop > start else low, self.stride
        )


def slide(values: Array, first_axis: int, windows: tuple[Window, ...]) -> Array:
    """A view of padded ``values`` in which each of the axes from ``first_axis`` becomes two: first all kernel axes, then all axes of places.

    ``(C, H, W, batch)`` with two windows becomes ``(C, kernel_height, kernel_width, places_h, places_w, batch)``.
    """
    axes = range(first_axis, first_axis + len(windows))
    lengths = [values.shape[axis] for axis in axes]
    places = [(length - window.span) // window.stride + 1 for length, window in zip(lengths, windows)]
    steps = [values.strides[axis] for axis in axes]
    shape = (*(window.kernel for window in windows), *places)
    strides = (
        *(step * window.dilation for step, window in zip(steps, windows)),
        *(step * window.stride for step, window in zip(steps, windows)),
    )
    after = first_axis + len(windows)
    view: Array = as_strided(
        values,
        (*values.shape[:first_axis], *shape, *values.shape[after:]),
        (*values.strides[:first_axis], *strides, *values.strides[after:]),
    )
    return view


def padded(values: Array, first_axis: int, windows: tuple[Window, ...], filler: float) -> tuple[Array, Array]:
    """(array, interior): room for ``values`` with ``filler`` around, and the part that ``values`` are to be copied into.

    Without any padding both are ``values`` itself, and nothing needs to be copied.
    """
    ends = [(0, 0)] * values.ndim
    for axis, window in enumerate(windows, first_axis):
        ends[axis] = window.pads(values.shape[axis])
    if not any(map(any, ends)):
        return values, values
    shape = tuple(length + before + after for length, (before, after) in zip(values.shape, ends))
    room = np.full(shape, filler, values.dtype)
    return room, room[tuple(slice(before, before + length) for length, (before, _) in zip(values.shape, ends))]
