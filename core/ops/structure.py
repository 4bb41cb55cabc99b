"""Ops that join, reshape or thin out values; nothing in them is trained.

Which axis of an array holds the features is told by ``core.ops.layout``; the batch always comes last.
"""

import math
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np

from core.ops.joins import common_shape
from core.ops.layout import features_axis
from core.ops.op import Array, Binding, Bound, Call, Op, Shape


@dataclass(frozen=True)
class InOrder(Op):
    """All values of a sample in the order in which people hold them: of a picture line by line, the channels innermost.

    With ``pictures`` it reads ``(channels, height, width)`` and has to sort the values; a row, a sequence and a picture of one channel
    lie in that order already, and nothing needs to be done.
    """

    reads_ones: ClassVar[bool] = False
    pictures: bool = False

    def aliases(self, training: bool) -> bool:
        return not self.pictures

    def bind(self, arrays: Binding) -> Bound:
        source = self._in_order(arrays.inputs[0])
        forward = (partial(np.copyto, arrays.output.reshape(source.shape), source),)
        path = arrays.gradient_path()
        if path is None:
            return Bound(forward)
        downstream, upstream = path
        return Bound(forward, (partial(np.copyto, self._in_order(upstream), downstream.reshape(source.shape)),))

    def _in_order(self, values: Array) -> Array:
        return values.transpose(1, 2, 0, 3) if self.pictures else values


@dataclass(frozen=True)
class Flatten(InOrder):
    """All values of a sample in one row."""

    def output_shape(self, *inputs: Shape) -> Shape:
        (shape,) = inputs
        return (math.prod(shape),)


@dataclass(frozen=True)
class Concatenate(Op):
    """The features of all inputs side by side, in the order of the wires.

    Raises ValueError for inputs whose other axes differ.
    """

    stepwise: ClassVar[bool] = True
    reads_ones: ClassVar[bool] = False

    def output_shape(self, *inputs: Shape) -> Shape:
        axis = features_axis(len(inputs[0]) + 1)
        others = {shape[:axis] + shape[axis + 1 :] for shape in inputs}
        if len(others) > 1 or len({len(shape) for shape in inputs}) > 1:
            raise ValueError(f"concatenate joins the features, all other axes must be equal; received {list(inputs)}.")
        joined = list(inputs[0])
        joined[axis] = sum(shape[axis] for shape in inputs)
        return tuple(joined)

    def bind(self, arrays: Binding) -> Bound:
        forward: list[Call] = []
        backward: list[Call] = []
        before = (slice(None),) * (axis := features_axis(arrays.output.ndim))
        start = 0
        for index, source in enumerate(arrays.inputs):
            place = (*before, slice(start, start + source.shape[axis]))
            forward.append(partial(np.copyto, arrays.output[place], source))
            if path := arrays.gradient_path(index):
                downstream, upstream = path
                backward.append(partial(np.copyto, upstream, downstream[place]))
            start = place[-1].stop
        return Bound(tuple(forward), tuple(backward))


@dataclass(frozen=True)
class Add(Op):
    """``y = x_1 + x_2 + ...``, ``dy/dx_i = 1``. All inputs have one shape; raises ValueError otherwise."""

    stepwise: ClassVar[bool] = True
    reads_ones: ClassVar[bool] = False

    def output_shape(self, *inputs: Shape) -> Shape:
        return common_shape(self.name, inputs)

    def bind(self, arrays: Binding) -> Bound:
        first, *others = arrays.inputs
        forward: list[Call] = [partial(np.copyto, arrays.output, first)]
        if others:
            forward = [partial(np.add, first, others[0], arrays.output)]
            forward += [partial(np.add, arrays.output, other, arrays.output) for other in others[1:]]
        paths = (arrays.gradient_path(index) for index in range(len(arrays.inputs)))
        backward = (partial(np.copyto, path[1], path[0]) for path in paths if path)
        return Bound(tuple(forward), tuple(backward))


@dataclass(frozen=True)
class Multiply(Op):
    """``y = x_1 x_2 ...`` per element, ``dy/dx_i`` the product of the others. All inputs have one shape; raises ValueError otherwise."""

    stepwise: ClassVar[bool] = True
    reads_ones: ClassVar[bool] = False

    def output_shape(self, *inputs: Shape) -> Shape:
        return common_shape(self.name, inputs)

    def bind(self, arrays: Binding) -> Bound:
        first, *others = arrays.inputs
        forward: list[Call] = [partial(np.copyto, arrays.output, first)]
        forward += [partial(np.multiply, arrays.output, other, arrays.output) for other in others]
        backward: list[Call] = []
        for index in range(len(arrays.inputs)):
            if path := arrays.gradient_path(index):
                downstream, upstream = path
                # Not the product divided by this input: that would be 0/0 where the input is 0.
                rest = arrays.inputs[:index] + arrays.inputs[index + 1 :]
                backward.append(partial(np.copyto, upstream, downstream))
                backward += [partial(np.multiply, upstream, other, upstream) for other in rest]
        return Bound(tuple(forward), tuple(backward))


@dataclass(frozen=True)
class Dropout(Op):
    """While training, a random share ``rate`` of the values is set to 0 and the others are scaled by ``1 / (1 - rate)``.

    The expected value stays the same, so that outside training the op is the identity (Srivastava et al., 2014; "inverted").
    Raises ValueError for a rate outside ``0 <= rate < 1``.
    """

    stepwise: ClassVar[bool] = True
    rate: float = 0.5

    def __post_init__(self) -> None:
        if not 0 <= self.rate < 1:
            raise ValueError(f"dropout sets a share of the values to 0, at least 0 and below 1; received {self.rate}.")

    def output_shape(self, *inputs: Shape) -> Shape:
        (shape,) = inputs
        return shape

    def aliases(self, training: bool) -> bool:
        return not training or self.rate == 0

    def bind(self, arrays: Binding) -> Bound:
        source, output = arrays.inputs[0], arrays.output
        path = arrays.gradient_path()
        if self.aliases(arrays.training):
            same: tuple[Call, ...] = (partial(np.copyto, output, source),)
            return Bound(same, (partial(np.copyto, path[1], path[0]),) if path else ())
        draw, kept = arrays.scratch(source.shape), arrays.scratch(source.shape)
        forward = (
            partial(arrays.random.random, dtype=draw.dtype, out=draw),
            partial(np.greater_equal, draw, arrays.constant(self.rate), kept),
            partial(np.multiply, kept, arrays.constant(1 / (1 - self.rate)), kept),
            partial(np.multiply, source, kept, output),
        )
        return Bound(forward, (partial(np.multiply, path[0], kept, path[1]),) if path else ())
