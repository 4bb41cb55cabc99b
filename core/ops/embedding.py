"""Embedding and one-hot: whole numbers that stand for words or classes, turned into rows of values.

The numbers arrive as floats, like everything else. They are rounded to the nearest whole number; one that is not in the
vocabulary gives a row of zeros, as if it were no word at all, so that -1 can stand for "nothing here"; what is not a finite
number gives a row of NaN. One-hot rows times a matrix would be the same as an embedding, at many times the price.
"""

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np

from core.ops.op import Array, Binding, Bound, Call, Op, ParameterBlock, ParameterView, Shape


@dataclass(frozen=True)
class WholeNumbers(Op):
    """An op that gives each of ``count`` whole numbers from 0 a row of ``width`` values.

    A single number ``(1,)`` becomes a row ``(width,)``; a row ``(n,)`` or a sequence ``(n, 1)`` becomes a sequence ``(n, width)``. There is no
    gradient by the numbers: it is 0. Raises ValueError for any other shape.
    """

    smooth: ClassVar[bool] = False
    stepwise: ClassVar[bool] = True
    reads_ones: ClassVar[bool] = False
    count: int

    @property
    def width(self) -> int:
        """How many values each number becomes."""
        return self.count

    def output_shape(self, *inputs: Shape) -> Shape:
        (shape,) = inputs
        if len(shape) != 1 and shape[1:] != (1,):
            raise ValueError(
                f"{self.name} reads single whole numbers, (n,) or (time, 1); received {shape}; take one column of it."
            )
        return (self.width,) if shape == (1,) else (shape[0], self.width)


@dataclass(frozen=True)
class OneHot(WholeNumbers):
    """``y_k = 1`` where ``k`` is the number, else 0."""

    def bind(self, arrays: Binding) -> Bound:
        source = arrays.inputs[0].reshape(-1, 1, arrays.inputs[0].shape[-1])
        output = arrays.output.reshape(len(source), self.count, -1)
        classes = np.arange(self.count, dtype=source.dtype)[:, None]
        whole, nothing, equal = (arrays.scratch(shape) for shape in (source.shape, source.shape, output.shape))
        forward = (
            partial(np.rint, source, whole),
            partial(np.equal, whole, classes, equal),
            partial(np.multiply, source, arrays.constant(0), nothing),
            partial(np.add, equal, nothing, output),
        )
        return Bound(forward, _still(arrays))


@dataclass(frozen=True)
class Embedding(WholeNumbers):
    """``y = table[number]``: one trained row of ``size`` values for each number below ``count``.

    Backward: the gradient of each row is the sum of the gradients of the places that it was copied to. The block is ``(count, size)``.
    """

    size: int = 8

    @property
    def width(self) -> int:
        return self.size

    def block(self, initializer: str) -> ParameterBlock:
        """``weight (count, size)``."""
        return ParameterBlock(
            (self.count, self.size), (ParameterView("weight", (), initializer, self.count, self.size),)
        )

    def bind(self, arrays: Binding) -> Bound:
        (table,) = arrays.parameters
        batch = arrays.inputs[0].shape[-1]
        source = arrays.inputs[0].reshape(-1, 1, batch)
        output = arrays.output.reshape(len(source), self.size, batch)
        whole, known, factor = (arrays.scratch(source.shape) for _ in range(3))
        index = arrays.scratch((len(source), batch), np.intp)
        rows = arrays.scratch((len(source), batch, self.size))
        forward: tuple[Call, ...] = (
            partial(np.rint, source, whole),
            # NaN becomes 0 here, or it would be no index at all.
            partial(np.fmax, whole, arrays.constant(0), factor),
            partial(np.fmin, factor, arrays.constant(self.count - 1), factor),
            partial(np.copyto, index, factor[:, 0], "unsafe"),
            partial(np.equal, factor, whole, known),
            partial(np.multiply, source, arrays.constant(0), factor),
            partial(np.add, factor, known, factor),
            partial(np.take, table, index, 0, rows, "clip"),
            partial(np.multiply, rows.transpose(0, 2, 1), factor, output),
        )
        if arrays.output_gradient is None:
            return Bound(forward)
        downstream = arrays.output_gradient.reshape(output.shape)
        return Bound(forward, (*self._scatter(arrays, downstream, index, known), *_still(arrays)))

    def _scatter(self, arrays: Binding, downstream: Array, index: Array, known: Array) -> tuple[Call, ...]:
        """Add the gradient of each place to the row that was copied there, element by element of the flat table."""
        gradient = arrays.parameter_gradients[0]
        columns = np.arange(self.size, dtype=np.intp)[None, :, None]
        places, values = arrays.scratch(downstream.shape, np.intp), arrays.scratch(downstream.shape)
        return (
            partial(gradient.fill, 0),
            partial(np.multiply, index[:, None, :], np.array(self.size, np.intp), places),
            partial(np.add, places, columns, places),
            partial(np.multiply, downstream, known, values),
            partial(np.add.at, gradient.reshape(-1), places.reshape(-1), values.reshape(-1)),
        )


def _still(arrays: Binding) -> tuple[Call, ...]:
    """Whole numbers have no slope."""
    path = arrays.gradient_path()
    return (partial(path[1].fill, 0),) if path else ()
