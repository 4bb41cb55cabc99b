"""Pooling: the largest, the smallest or the average value of every window.

Windows are taken one axis at a time: the largest value of a square is the largest of the largest of its lines, which needs
``kernel - 1`` comparisons per axis and not ``kernel^2``. Pictures ``(channels, height, width)`` are pooled over height and width,
sequences ``(time, features)`` over time; every channel for itself.
"""

import math
from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np

from core.ops.elementwise import at_least, at_most
from core.ops.layout import PICTURE, SEQUENCE
from core.ops.masks import bits, less_mask
from core.ops.op import Array, Binding, Bound, Call, Op, Shape
from core.ops.windows import Window, padded


@dataclass(frozen=True)
class Line:
    """Pooling along one axis: what is read and written, and the gradients, which are None where nobody needs them."""

    arrays: Binding
    window: Window
    axis: int
    source: Array
    output: Array
    downstream: Array | None
    upstream: Array | None

    def at(self, room: Array, tap: int) -> Array:
        """What value ``tap`` of the kernel meets in the padded ``room``, place by place."""
        first, stride = tap * self.window.dilation, self.window.stride
        stop = first + (self.output.shape[self.axis] - 1) * stride + 1
        return room[(*(slice(None),) * self.axis, slice(first, stop, stride))]

    def taps(self, room: Array) -> list[Array]:
        """The same for every value of the kernel."""
        return [self.at(room, tap) for tap in range(self.window.kernel)]

    def read(self, filler: float) -> tuple[tuple[Call, ...], Array]:
        """(calls that pad the source, the padded source)."""
        room, interior = padded(self.source, self.axis, (self.window,), filler)
        return () if room is self.source else (partial(np.copyto, interior, self.source),), room

    def give_back(self, fill: Callable[[list[Array], bool], list[Call]]) -> tuple[Call, ...]:
        """The backward pass: ``fill(taps of the gradient, overlapping)`` writes into them, or adds where windows overlap."""
        assert self.upstream is not None
        room, interior = padded(self.upstream, self.axis, (self.window,), 0)
        overlapping = self.window.kernel > 1 and (self.window.dilation > 1 or self.window.kernel > self.window.stride)
        covered = self.output.shape[self.axis] * self.window.kernel == room.shape[self.axis] and not overlapping
        calls: list[Call] = [] if covered else [partial(room.fill, 0)]
        calls += fill(self.taps(room), overlapping)
        if room is not self.upstream:
            calls.append(partial(np.copyto, self.upstream, interior))
        return tuple(calls)


@dataclass(frozen=True)
class Pool(Op):
    """One value for every window of ``kernel`` lines and columns (or steps).

    ``(channels, height, width)`` becomes ``(channels, places, places)``, ``(time, features)`` becomes ``(places, features)``. Raises
    ValueError for a row, for a kernel that does not fit, and for windows that would lie in the padding altogether.
    """

    reads_ones: ClassVar[bool] = False
    window: Window

    def scratch_values(self, *inputs: Shape) -> int:
        return 6 * (math.prod(inputs[0]) + math.prod(self.output_shape(*inputs)))

    def __post_init__(self) -> None:
        if isinstance(self.window.padding, int) and self.window.padding >= self.window.kernel:
            raise ValueError(
                f"A padding of {self.window.padding} would leave nothing in a window of {self.window.kernel}; "
                f"choose at most {self.window.kernel - 1}."
            )

    def output_shape(self, *inputs: Shape) -> Shape:
        (shape,) = inputs
        if len(shape) == PICTURE:
            channels, height, width = shape
            return channels, self.window.places(height, "lines"), self.window.places(width, "columns")
        if len(shape) == SEQUENCE:
            return self.window.places(shape[0], "steps"), shape[1]
        raise ValueError(f"Pooling reads pictures and sequences; received {shape}.")

    def bind(self, arrays: Binding) -> Bound:
        source = arrays.inputs[0]
        downstream, upstream = arrays.gradient_path() or (None, None)
        # Of a picture the columns come first: ties then go to the first value of a line, and to the first line.
        axes = (2, 1) if source.ndim == PICTURE + 1 else (0,)
        forward: list[Call] = []
        backward: list[Call] = []
        for axis in axes:
            output, slope = arrays.output, downstream
            if axis != axes[-1]:
                shape = (*source.shape[:axis], self.window.places(source.shape[axis]), *source.shape[axis + 1 :])
                output, slope = arrays.scratch(shape), None if upstream is None else arrays.scratch(shape)
            line = self.along(Line(arrays, self.window, axis, source, output, slope, upstream))
            forward += line.forward
            backward[:0] = line.backward
            source, upstream = output, slope
        return Bound(tuple(forward), tuple(backward))

    @abstractmethod
    def along(self, line: Line) -> Bound:
        """The same along one axis."""


@dataclass(frozen=True)
class ExtremePool(Pool):
    """``y`` the value of its window that beats all others; the gradient goes to the first place that has it. NaN stays NaN."""

    smooth: ClassVar[bool] = False
    filler: ClassVar[float]
    """What beats nothing."""

    @abstractmethod
    def better(self, left: Array, right: Array, out: Array) -> Call:
        """``out`` the one of both that counts."""

    @abstractmethod
    def beaten(self, left: Array, right: Array, room: Array) -> tuple[tuple[Call, ...], Array]:
        """(calls, mask of the places where ``right`` beats ``left``)."""

    def along(self, line: Line) -> Bound:
        pad, room = line.read(self.filler)
        first, *others = line.taps(room)
        forward = list(pad)
        best = [first]
        for tap in others:
            # The best so far is needed again on the way back, to see where it was beaten.
            keep = line.downstream is not None and tap is not others[-1]
            better = line.arrays.scratch(line.output.shape) if keep else line.output
            forward.append(self.better(best[-1], tap, better))
            best.append(better)
        if not others:
            forward.append(partial(np.copyto, line.output, first))
        if line.downstream is None:
            return Bound(tuple(forward))
        return Bound(tuple(forward), line.give_back(partial(self._send, line, line.downstream, best, others)))

    def _send(
        self, line: Line, downstream: Array, best: list[Array], others: list[Array], taps: list[Array], adds: bool
    ) -> list[Call]:
        """From the last value of the kernel to the first: what beat those before it takes the gradient, the rest goes on."""
        calls: list[Call] = []
        rest = downstream
        differences, taken, left = (line.arrays.scratch(downstream.shape) for _ in range(3))
        for index in reversed(range(len(others))):
            compare, mask = self.beaten(best[index], others[index], differences)
            into = taken if adds else taps[index + 1]
            remains = taps[0] if index == 0 and not adds else left
            calls += [*compare, partial(np.bitwise_and, bits(rest), mask, bits(into))]
            calls.append(partial(np.bitwise_xor, bits(rest), bits(into), bits(remains)))
            if adds:
                calls.append(partial(np.add, taps[index + 1], taken, taps[index + 1]))
            rest = remains
        if adds:
            calls.append(partial(np.add, taps[0], rest, taps[0]))
        elif not others:
            calls.append(partial(np.copyto, taps[0], rest))
        return calls


@dataclass(frozen=True)
class MaxPool(ExtremePool):
    """``y = max x`` over each window; ``dy/dx`` is 1 at the first place of the largest value, else 0."""

    filler: ClassVar[float] = -np.inf

    def better(self, left: Array, right: Array, out: Array) -> Call:
        return at_least(left, right, out)

    def beaten(self, left: Array, right: Array, room: Array) -> tuple[tuple[Call, ...], Array]:
        return less_mask(left, right, room)


@dataclass(frozen=True)
class MinPool(ExtremePool):
    """``y = min x`` over each window; ``dy/dx`` is 1 at the first place of the smallest value, else 0."""

    filler: ClassVar[float] = np.inf

    def better(self, left: Array, right: Array, out: Array) -> Call:
        return at_most(left, right, out)

    def beaten(self, left: Array, right: Array, room: Array) -> tuple[tuple[Call, ...], Array]:
        return less_mask(right, left, room)


@dataclass(frozen=True)
class AveragePool(Pool):
    """``y`` the average of the values in its window, padding not counted; each of them takes an equal share of the gradient."""

    def along(self, line: Line) -> Bound:
        pad, room = line.read(0)
        first, *others = line.taps(room)
        share = self._share(line)
        forward: list[Call] = [*pad, partial(np.multiply, first, share, line.output)]
        term = line.arrays.scratch(line.output.shape)
        for tap in others:
            forward.append(partial(np.multiply, tap, share, term))
            forward.append(partial(np.add, line.output, term, line.output))
        if line.downstream is None:
            return Bound(tuple(forward))
        scaled = partial(np.multiply, line.downstream, share, term)
        return Bound(tuple(forward), (scaled, *line.give_back(partial(self._send, term))))

    def _send(self, shares: Array, taps: list[Array], adds: bool) -> list[Call]:
        if adds:
            return [partial(np.add, tap, shares, tap) for tap in taps]
        return [partial(np.copyto, tap, shares) for tap in taps]

    def _share(self, line: Line) -> Array:
        """1 by the number of values in each window: one number, or one for each place where padding makes them differ."""
        length = line.source.shape[line.axis]
        counts = np.zeros(line.output.shape[line.axis])
        for tap in range(self.window.kernel):
            counts[self.window.meets(tap, length)[0]] += 1
        if (counts == self.window.kernel).all():
            return line.arrays.constant(1 / self.window.kernel)
        after = (1,) * (line.output.ndim - line.axis - 1)
        return (1 / counts).astype(line.output.dtype).reshape(-1, *after)
