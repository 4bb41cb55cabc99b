"""Ops that give values another place: under another shape, in another order, with edges cut off or added.

Sample shapes here are those of the engine: a picture is ``(channels, height, width)``, a sequence ``(time, features)``.
"""

import math
from dataclasses import dataclass
from functools import partial
from typing import ClassVar, Literal, TypeAlias

import numpy as np

from core.ops.op import Array, Binding, Bound, Call, Op, Shape

Edges: TypeAlias = tuple[tuple[int, int], ...]
"""For every axis of the sample: how many values before and after."""


@dataclass(frozen=True)
class Reshape(Op):
    """The same values in the same order under another shape. Raises ValueError where their number differs."""

    reads_ones: ClassVar[bool] = False
    shape: Shape

    def output_shape(self, *inputs: Shape) -> Shape:
        (shape,) = inputs
        if math.prod(shape) != math.prod(self.shape):
            raise ValueError(f"Reshape keeps the number of values; {shape} cannot become {self.shape}.")
        return self.shape

    def aliases(self, training: bool) -> bool:
        return True

    def bind(self, arrays: Binding) -> Bound:
        source = arrays.inputs[0]
        forward = (partial(np.copyto, arrays.output, source.reshape(arrays.output.shape)),)
        path = arrays.gradient_path()
        return Bound(forward, (partial(np.copyto, path[1], path[0].reshape(source.shape)),) if path else ())


@dataclass(frozen=True)
class Permute(Op):
    """Axis ``i`` of the output is axis ``axes[i]`` of the input. Raises ValueError where ``axes`` does not name every axis once."""

    reads_ones: ClassVar[bool] = False
    axes: tuple[int, ...]

    def output_shape(self, *inputs: Shape) -> Shape:
        (shape,) = inputs
        if sorted(self.axes) != list(range(len(shape))):
            raise ValueError(f"Permute names each of the {len(shape)} axes once; received {self.axes}.")
        return tuple(shape[axis] for axis in self.axes)

    def bind(self, arrays: Binding) -> Bound:
        order = (*self.axes, len(self.axes))
        forward = (partial(np.copyto, arrays.output, arrays.inputs[0].transpose(order)),)
        path = arrays.gradient_path()
        return Bound(forward, (partial(np.copyto, path[1].transpose(order), path[0]),) if path else ())


@dataclass(frozen=True)
class Crop(Op):
    """The values without the outermost ones. Raises ValueError where nothing would be left, or for more or fewer axes than there are."""

    reads_ones: ClassVar[bool] = False
    edges: Edges

    def output_shape(self, *inputs: Shape) -> Shape:
        (shape,) = inputs
        _check_axes("Crop", self.edges, shape)
        for length, ends in zip(shape, self.edges):
            if sum(ends) >= length:
                raise ValueError(
                    f"Crop cannot take {sum(ends)} of {length}; it has to leave something, so take at most {length - 1}."
                )
        return tuple(length - sum(ends) for length, ends in zip(shape, self.edges))

    def bind(self, arrays: Binding) -> Bound:
        inner = inner_part(self.edges, arrays.output.shape)
        forward = (partial(np.copyto, arrays.output, arrays.inputs[0][inner]),)
        path = arrays.gradient_path()
        if path is None:
            return Bound(forward)
        return Bound(forward, (partial(path[1].fill, 0), partial(np.copyto, path[1][inner], path[0])))


@dataclass(frozen=True)
class Pad(Op):
    """More values around: zeros, the outermost value again and again ("edge"), or those inside as in a mirror ("reflect").

    A mirror stands on the outermost value, which is not repeated. The gradient of a value is the sum over the places it stands at. Raises
    ValueError for more or fewer axes than there are, and for a mirror that would have to show more than there is.
    """

    reads_ones: ClassVar[bool] = False
    edges: Edges
    mode: Literal["zeros", "edge", "reflect"] = "zeros"

    def output_shape(self, *inputs: Shape) -> Shape:
        (shape,) = inputs
        _check_axes("Pad", self.edges, shape)
        for length, ends in zip(shape, self.edges):
            if self.mode == "reflect" and max(ends) >= length:
                raise ValueError(
                    f"A mirror on the edge of {length} shows at most {length - 1}, and {max(ends)} are to be added."
                )
        return tuple(length + sum(ends) for length, ends in zip(shape, self.edges))

    def bind(self, arrays: Binding) -> Bound:
        source, output = arrays.inputs[0], arrays.output
        inner = inner_part(self.edges, source.shape)
        forward: list[Call] = [] if self.mode != "zeros" else [partial(output.fill, 0)]
        forward.append(partial(np.copyto, output[inner], source))
        forward += [partial(np.copyto, outside, inside) for outside, inside in self._pairs(output, source.shape)]
        path = arrays.gradient_path()
        if path is None:
            return Bound(tuple(forward))
        room = arrays.scratch(output.shape)
        backward: list[Call] = [partial(np.copyto, room, path[0])]
        for outside, inside in reversed(self._pairs(room, source.shape)):
            if inside.shape != outside.shape:
                total = arrays.scratch(inside.shape)
                axis = next(axis for axis, length in enumerate(outside.shape) if inside.shape[axis] != length)
                backward.append(partial(np.add.reduce, outside, axis, None, total, True))
                outside = total
            backward.append(partial(np.add, inside, outside, inside))
        return Bound(tuple(forward), (*backward, partial(np.copyto, path[1], room[inner])))

    def _pairs(self, values: Array, shape: Shape) -> list[tuple[Array, Array]]:
        """(values outside, values inside that they are copies of), axis by axis; an axis shows what those before it have made."""
        found: list[tuple[Array, Array]] = []
        if self.mode == "zeros":
            return found
        for axis, (before, after) in enumerate(self.edges):
            line = np.moveaxis(values, axis, 0)
            last = before + shape[axis] - 1
            ends = []
            if before:
                ends.append((line[:before], line[2 * before : before : -1], line[before : before + 1]))
            if after:
                mirrored = line[last - 1 : last - 1 - after if last > after else None : -1]
                ends.append((line[last + 1 :], mirrored, line[last : last + 1]))
            for outside, mirror, edge in ends:
                inside = edge if self.mode == "edge" else mirror
                found.append((np.moveaxis(outside, 0, axis), np.moveaxis(inside, 0, axis)))
        return found


def inner_part(edges: Edges, inner: Shape) -> tuple[slice, ...]:
    """Where, inside these edges, values of shape ``inner`` (the batch may follow) lie."""
    return tuple(slice(before, before + length) for (before, _), length in zip(edges, inner))


def _check_axes(what: str, edges: Edges, shape: Shape) -> None:
    if len(edges) != len(shape):
        raise ValueError(f"{what} wants edges for each of the {len(shape)} axes of {shape}; received {edges}.")
