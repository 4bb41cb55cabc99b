"""Recurrence: what RNN, GRU and LSTM have in common, which is everything but one step of time.

A cell knows how to take one step and how to go back over it. Here the steps are laid out in a row, the states are held where a mask
says that there is nothing to read, and the way back leads through time (Werbos, Backpropagation through time, 1990). It goes stretch
by stretch: the slopes of many steps are computed together, and so are their shares of the weight gradients, because a call on a small
array costs more than its arithmetic; but no more steps than fit the cache, because memory is slower still.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

from core.ops.layout import SEQUENCE, aligned_zeros
from core.ops.op import Array, Binding, Bound, Call, Op, ParameterBlock, ParameterView, Shape
from core.ops.recurrent.curves import Calls

CACHED = 2**18
"""Bytes of slopes that are computed together: with what belongs to them they stay in a core's own cache until they are used."""
PRESENT = 0.5
"""A mask of at least this much means that the step is there."""


@dataclass(frozen=True)
class Recurrent(Op):
    """An op that reads a sequence ``(time, features)`` and puts out its last state ``(units,)``, or with ``sequence`` all of them.

    ``reverse`` reads from the last step to the first; the outputs stay where their steps are. Further inputs, in this order: what the
    states with the numbers ``initial`` start from, each ``(units,)``, the others start from 0; with ``masked`` a mask ``(time, 1)``: where it
    is below 0.5 the states are carried over as they were, and put out again. The mask has no gradient.
    Raises ValueError for inputs of other shapes.
    """

    units: int
    sequence: bool = False
    reverse: bool = False
    initial: tuple[int, ...] = ()
    masked: bool = False

    def output_shape(self, *inputs: Shape) -> Shape:
        if len(inputs[0]) != SEQUENCE:
            raise ValueError(f"{self.name} reads a sequence, (time, features); received {inputs[0]}.")
        time = inputs[0][0]
        expected = ((self.units,),) * len(self.initial) + ((time, 1),) * self.masked
        if inputs[1:] != expected:
            raise ValueError(f"{self.name} expects beside the sequence {expected}; received {inputs[1:]}.")
        return (time, self.units) if self.sequence else (self.units,)

    def scratch_values(self, *inputs: Shape) -> int:
        time, features = inputs[0]
        read = features + self.units
        return 2 * time * (read + 8) + 4 * self.macs(*inputs) // read

    def bind(self, arrays: Binding) -> Bound:
        cell = self.cell(Frame(self, arrays))
        forward = _forward(cell)
        return Bound(forward) if arrays.output_gradient is None else Bound(forward, _backward(cell))

    @abstractmethod
    def blocks(
        self, features: int, initializer: str, recurrent_initializer: str, prefix: str = ""
    ) -> tuple[ParameterBlock, ...]:
        """The parameters for steps of ``features`` values; the prefix goes before the name of each."""

    @abstractmethod
    def cell(self, frame: "Frame") -> "Cell":
        """One step of time of this op."""


class Frame:
    """The arrays of a recurrent op in the order in which it reads: step 0 is the last one in time where it reads backwards."""

    def __init__(self, op: Recurrent, arrays: Binding) -> None:
        self.op, self.arrays, self.units = op, arrays, op.units
        self.time: int
        self.features: int
        self.batch: int
        self.time, self.features, self.batch = arrays.inputs[0].shape
        self.absent = np.zeros((self.time, 1, self.batch), bool) if op.masked else None

    def in_order(self, values: Array) -> Array:
        """A view of values over time in the order of reading."""
        return values[::-1] if self.op.reverse else values

    def read(self, room: Array) -> Calls:
        """Copy the sequence to where the products read it; where a step is absent 0, for even 0 times NaN is NaN."""
        calls: Calls = (partial(np.copyto, room, self.in_order(self.arrays.inputs[0])),)
        if self.absent is None:
            return calls
        return *calls, partial(np.copyto, room, self.arrays.constant(0), where=self.absent)

    def room(self, *shape: int) -> Array:
        """An array of zeros for private use."""
        return aligned_zeros((*shape, self.batch), self.arrays.output.dtype)

    def steps(self, rows: int) -> int:
        """How many steps of so many rows fit the cache."""
        size: int = rows * self.batch * self.arrays.output.itemsize
        return min(self.time, max(1, CACHED // size))

    def input_gradient(self, weights: Array, deltas: Array, start: int, stop: int) -> Calls:
        """The gradient of these steps of the sequence as one product, if anybody needs it."""
        gradient = self.arrays.input_gradients[0]
        if gradient is None:
            return ()
        return (partial(np.matmul, weights.T, deltas[: stop - start], self.in_order(gradient)[start:stop]),)

    def initial_gradient(self, state: int) -> Array | None:
        """Where the gradient of what a state starts from goes; None where nobody needs it."""
        given = self.op.initial
        return self.arrays.input_gradients[1 + given.index(state)] if state in given else None


class Cell(ABC):
    """One step of time, forward and back.

    ``states`` are what is carried from step to step, each ``(time + 1, units, batch)``, the first of them what is put out; ``carried`` are their
    gradients ``(units, batch)``, one for the step at hand. Slopes and ``deltas`` ``(stretch, rows, batch)``, the gradients by the weighted sums,
    are kept for ``stretch`` steps, those of step ``s`` at ``s % stretch``.
    """

    frame: Frame
    states: tuple[Array, ...]
    carried: tuple[Array, ...]
    deltas: Array
    stretch: int

    @abstractmethod
    def prepare(self) -> Calls:
        """What comes before the first step forward."""

    @abstractmethod
    def step(self, s: int) -> Calls:
        """Write the states at ``s + 1`` from those at ``s``."""

    @abstractmethod
    def begin(self) -> Calls:
        """What comes before the first step back."""

    @abstractmethod
    def slopes(self, start: int, stop: int) -> Calls:
        """Compute what does not depend on the gradients that arrive, for these steps; ``start`` is a multiple of ``stretch``."""

    @abstractmethod
    def back(self, s: int, arriving: Array) -> Calls:
        """Write the deltas of step ``s`` from the gradient of the first state, and turn ``carried[1:]`` into what belongs to ``s``."""

    @abstractmethod
    def through(self, s: int, arriving: Array, out: Array) -> Calls:
        """Write the gradient of the first state before step ``s`` to ``out``, which may be ``arriving``."""

    @abstractmethod
    def gradients(self, start: int, stop: int) -> Calls:
        """Write the gradients of these steps of the sequence, and add those of the parameters, which the stretch that ends last writes."""


def _forward(cell: Cell) -> Calls:
    frame, arrays = cell.frame, cell.frame.arrays
    calls: list[Call] = [
        partial(np.copyto, cell.states[state][0], start) for state, start in zip(frame.op.initial, arrays.inputs[1:])
    ]
    if frame.absent is not None:
        calls.append(partial(np.less, frame.in_order(arrays.inputs[-1]), arrays.constant(PRESENT), frame.absent))
    calls += cell.prepare()
    for s in range(frame.time):
        calls += cell.step(s)
        if frame.absent is not None:
            calls += _held(
                [state[s + 1] for state in cell.states], [state[s] for state in cell.states], frame.absent[s]
            )
    state = cell.states[0]
    if frame.op.sequence:
        return (*calls, partial(np.copyto, frame.in_order(arrays.output), state[1:]))
    return (*calls, partial(np.copyto, arrays.output, state[-1]))


def _backward(cell: Cell) -> Calls:
    frame = cell.frame
    calls: list[Call] = [*cell.begin()]
    kept = [np.empty_like(gradient) for gradient in cell.carried] if frame.absent is not None else []
    for start in reversed(range(0, frame.time, cell.stretch)):
        stop = min(start + cell.stretch, frame.time)
        calls += cell.slopes(start, stop)
        for s in reversed(range(start, stop)):
            calls += _step_back(cell, s, kept)
        calls += cell.gradients(start, stop)
    for state, gradient in list(enumerate(cell.carried))[1:]:
        if (wanted := frame.initial_gradient(state)) is not None:
            calls.append(partial(np.copyto, wanted, gradient))
    mask_gradient = frame.arrays.input_gradients[-1] if frame.op.masked else None
    if mask_gradient is not None:
        calls.append(partial(mask_gradient.fill, 0))
    return tuple(calls)


def _step_back(cell: Cell, s: int, kept: list[Array]) -> Iterator[Call]:
    """Back over step ``s``, to the gradient of the state before it, if anybody needs that; ``kept`` is room for what a mask holds."""
    frame = cell.frame
    downstream = frame.arrays.output_gradient
    assert downstream is not None
    ordered = frame.in_order(downstream) if frame.op.sequence else None
    last = s == frame.time - 1
    arriving = cell.carried[0] if not last else downstream if ordered is None else ordered[-1]
    before = cell.carried[0] if s else frame.initial_gradient(0)
    for copy, gradient in zip(kept, (arriving, *cell.carried[1:])):
        yield partial(np.copyto, copy, gradient)
    yield from cell.back(s, arriving)
    if frame.absent is not None:
        delta = cell.deltas[s % cell.stretch]
        yield partial(np.copyto, delta, frame.arrays.constant(0), where=frame.absent[s])
        yield from _held(cell.carried[1:], kept[1:], frame.absent[s])
    if before is None:
        return
    yield from cell.through(s, arriving, before)
    if frame.absent is not None:
        yield from _held([before], kept[:1], frame.absent[s])
    if s and ordered is not None:
        yield partial(np.add, before, ordered[s - 1], before)


def _held(values: "tuple[Array, ...] | list[Array]", earlier: list[Array], absent: Array) -> Calls:
    """Put the earlier values back where a step is absent."""
    return tuple(partial(np.copyto, value, old, where=absent) for value, old in zip(values, earlier))


class WeightGradient:
    """Adds up ``sum over time and batch of deltas[:, rows] read^T`` for several (rows, read, gradient), stretch by stretch.

    ``deltas`` is ``(stretch, rows, batch)``, ``read`` ``(time, columns, batch)``. Both are copied to where the batches of all steps lie side by side,
    so that each gradient is one product.
    """

    def __init__(self, frame: Frame, deltas: Array, products: tuple[tuple[slice, Array, Array], ...]) -> None:
        self._time, self._deltas, self._products = frame.time, deltas, products
        self._aside = np.empty(deltas.size, deltas.dtype)
        self._columns = [np.empty(deltas[:, 0].size * read.shape[1], deltas.dtype) for _, read, _ in products]
        self._shares = [np.empty_like(gradient) for _, _, gradient in products]

    def add(self, start: int, stop: int) -> Calls:
        """The calls for these steps; those that end with the last step write, the others add."""
        count, rows, batch = stop - start, *self._deltas.shape[1:]
        aside = self._aside[: rows * count * batch].reshape(rows, count, batch)
        calls: list[Call] = [partial(np.copyto, aside, self._deltas[:count].transpose(1, 0, 2))]
        for (part, read, gradient), room, share in zip(self._products, self._columns, self._shares):
            columns = room[: count * batch * read.shape[1]].reshape(count, batch, -1)
            long = aside[part].reshape(-1, count * batch)
            out = gradient if stop == self._time else share
            calls.append(partial(np.copyto, columns, read[start:stop].transpose(0, 2, 1)))
            calls.append(partial(long.dot, columns.reshape(count * batch, -1), out))
            if out is share:
                calls.append(partial(np.add, gradient, share, gradient))
        return tuple(calls)


class OneProductCell(Cell):
    """A cell whose weighted sums are one product with ``[x | h | 1]``, the step's input over the state before it.

    The block is ``(rows, features + units + 1)``.
    """

    def __init__(self, frame: Frame, rows: int, slopes: int) -> None:
        time, features, units = frame.time, frame.features, frame.units
        self.frame, self.rows, self.stretch = frame, rows, frame.steps(slopes)
        self.stack = frame.room(time + 1, features + units + 1)
        self.stack[:, -1] = 1
        self.output = self.stack[:, features : features + units]
        self.deltas = frame.room(self.stretch, rows)
        self.block = frame.arrays.parameters[0]
        self._recurrent = np.empty((units, rows), self.block.dtype)

    def read(self) -> Calls:
        """Copy the sequence to its rows."""
        return self.frame.read(self.stack[:-1, : self.frame.features])

    def turn(self) -> Call:
        """Copy the recurrent weights to where the steps back read them: a product with a part of a matrix copies it every time."""
        features, units = self.frame.features, self.frame.units
        return partial(np.copyto, self._recurrent, self.block[:, features : features + units].T)

    def through(self, s: int, arriving: Array, out: Array) -> Calls:
        return (partial(self._recurrent.dot, self.deltas[s % self.stretch], out),)

    def product_gradients(self, start: int, stop: int) -> Calls:
        """The gradients of the block and of the sequence."""
        weights = self.block[:, : self.frame.features]
        return *self._weight_gradient.add(start, stop), *self.frame.input_gradient(weights, self.deltas, start, stop)

    @cached_property
    def _weight_gradient(self) -> WeightGradient:
        products = ((slice(None), self.stack[:-1], self.frame.arrays.parameter_gradients[0]),)
        return WeightGradient(self.frame, self.deltas, products)


def weight_views(
    prefix: str, rows: slice, features: int, units: int, input_initializer: str, recurrent_initializer: str, bias: str
) -> tuple[ParameterView, ...]:
    """The parts of these rows of a block ``[x | h | 1]``: ``input_weight``, ``recurrent_weight`` and ``bias``."""
    state = slice(features, features + units)
    return (
        ParameterView(prefix + "input_weight", (rows, slice(0, features)), input_initializer, features, units),
        ParameterView(prefix + "recurrent_weight", (rows, state), recurrent_initializer, units, units),
        ParameterView(prefix + "bias", (rows, features + units), bias, features + units, units, regularized=False),
    )
