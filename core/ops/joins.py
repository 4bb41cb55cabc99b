"""Ops that bring values of one shape together, place by place or along their features; nothing in them is trained."""

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np

from core.ops.layout import features_axis, one_feature
from core.ops.op import Binding, Bound, Call, Op, Shape


@dataclass(frozen=True)
class Join(Op):
    """An op whose inputs all have one shape, which is that of its output; raises ValueError otherwise."""

    stepwise: ClassVar[bool] = True
    reads_ones: ClassVar[bool] = False

    def output_shape(self, *inputs: Shape) -> Shape:
        return common_shape(self.name, inputs)


@dataclass(frozen=True)
class Subtract(Join):
    """``y = x_1 - x_2``, ``dy/dx_1 = 1``, ``dy/dx_2 = -1``."""

    def bind(self, arrays: Binding) -> Bound:
        forward = (partial(np.subtract, *arrays.inputs, arrays.output),)
        backward: list[Call] = []
        if path := arrays.gradient_path(0):
            backward.append(partial(np.copyto, path[1], path[0]))
        if path := arrays.gradient_path(1):
            backward.append(partial(np.negative, *path))
        return Bound(forward, tuple(backward))


@dataclass(frozen=True)
class Divide(Join):
    """``y = x_1 / x_2``, ``dy/dx_1 = 1 / x_2``, ``dy/dx_2 = -y / x_2``.

    By the rules of IEEE 754 (and so PyTorch's): a number divided by 0 is infinite with the sign of both, 0 / 0 is NaN, and so are
    the gradients there. Nothing is added to the divisor, which would falsify every other answer.
    """

    def bind(self, arrays: Binding) -> Bound:
        dividend, divisor = arrays.inputs
        forward = (partial(np.divide, dividend, divisor, arrays.output),)
        backward: list[Call] = []
        if path := arrays.gradient_path(0):
            backward.append(partial(np.divide, path[0], divisor, path[1]))
        if path := arrays.gradient_path(1):
            downstream, upstream = path
            backward += [
                partial(np.multiply, downstream, arrays.output, upstream),
                partial(np.divide, upstream, divisor, upstream),
                partial(np.negative, upstream, upstream),
            ]
        return Bound(forward, tuple(backward))


@dataclass(frozen=True)
class Maximum(Join):
    """``y = max(x_1, x_2, ...)``; the gradient goes to the input that was the largest, of equals to the first alone.

    (PyTorch's ``maximum`` halves it between two equals; its ``max`` over an axis, like pooling here, gives it to one.) NaN wins over
    every number, and then there is no gradient.
    """

    smooth: ClassVar[bool] = False

    def bind(self, arrays: Binding) -> Bound:
        first, *others = arrays.inputs
        output = arrays.output
        forward: list[Call] = [partial(np.copyto, output, first)]
        forward += [partial(np.maximum, output, other, out=output) for other in others]
        if not any(arrays.gradient_path(index) for index in range(len(arrays.inputs))):
            return Bound(tuple(forward))
        free, largest = arrays.scratch(output.shape, bool), arrays.scratch(output.shape, bool)
        backward: list[Call] = [partial(free.fill, True)]
        for index, source in enumerate(arrays.inputs):
            backward += [partial(np.equal, source, output, largest), partial(np.logical_and, largest, free, largest)]
            if path := arrays.gradient_path(index):
                downstream, upstream = path
                backward += [partial(upstream.fill, 0), partial(np.copyto, upstream, downstream, where=largest)]
            backward.append(partial(np.greater, free, largest, free))
        return Bound(tuple(forward), tuple(backward))


@dataclass(frozen=True)
class Average(Join):
    """``y = (x_1 + x_2 + ... + x_n) / n``, ``dy/dx_i = 1 / n``."""

    def bind(self, arrays: Binding) -> Bound:
        first, *others = arrays.inputs
        output, share = arrays.output, arrays.constant(1 / len(arrays.inputs))
        # Each share by itself, so that the sum of large values does not overflow.
        forward: list[Call] = [partial(np.multiply, first, share, output)]
        part = arrays.scratch(output.shape)
        for other in others:
            forward += [partial(np.multiply, other, share, part), partial(np.add, output, part, output)]
        paths = (arrays.gradient_path(index) for index in range(len(arrays.inputs)))
        backward = (partial(np.multiply, path[0], share, path[1]) for path in paths if path)
        return Bound(tuple(forward), tuple(backward))


@dataclass(frozen=True)
class Dot(Op):
    """``y = sum_k x_1k x_2k`` over the features, so that one number is left of each row; ``dy/dx_1 = x_2``, ``dy/dx_2 = x_1``.

    A sequence keeps its steps and a picture its places. Raises ValueError for inputs of different shapes.
    """

    stepwise: ClassVar[bool] = True
    reads_ones: ClassVar[bool] = False

    def output_shape(self, *inputs: Shape) -> Shape:
        shape = common_shape(self.name, inputs)
        return one_feature((*shape, 0))[:-1]

    def bind(self, arrays: Binding) -> Bound:
        first, second = arrays.inputs
        product = arrays.scratch(first.shape)
        axis = features_axis(first.ndim)
        forward = (
            partial(np.multiply, first, second, product),
            partial(np.add.reduce, product, axis, None, arrays.output, True),
        )
        backward: list[Call] = []
        for index, other in enumerate((second, first)):
            if path := arrays.gradient_path(index):
                backward.append(partial(np.multiply, other, path[0], path[1]))
        return Bound(forward, tuple(backward))


def common_shape(name: str, shapes: tuple[Shape, ...]) -> Shape:
    """The one shape that all of these are. Raises ValueError where they differ."""
    if any(shape != shapes[0] for shape in shapes):
        raise ValueError(f"{name} needs inputs of one shape; received {list(shapes)}.")
    return shapes[0]
