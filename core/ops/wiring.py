"""Wiring: binds steps to the arrays of numbered slots, and adds up gradients where a value or a parameter block has several readers.

Steps are bound from last to first, which is the order in which gradients are written: the first reader of a value to come
writes its share into place, the others beside it, and their shares are added at once. So no op needs to know of other readers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby
from types import MappingProxyType
from typing import Protocol

import numpy as np

from core.ops.layout import value_with_ones
from core.ops.op import Array, Binding, Bound, Call, LossOp, Op, Shape


class WiredStep(Protocol):
    """An op between slots, with its parameter blocks by index."""

    @property
    def op(self) -> Op: ...

    @property
    def inputs(self) -> tuple[int, ...]: ...

    @property
    def output(self) -> int: ...

    @property
    def parameters(self) -> tuple[int, ...]: ...


class Storage(Protocol):
    """Where the arrays of the slots are; several slots may share one place under different shapes."""

    def place(self, slot: int) -> int:
        """What tells the memory of a slot from that of others."""

    def value(self, slot: int) -> Array:
        """The array of a slot, sample shape + (batch,), or 0-d for the number of a loss."""

    def extended(self, slot: int) -> Array:
        """The same as rows, with a last row of ones."""

    def gradient(self, slot: int) -> tuple[Array, Array] | None:
        """Where the gradient of a slot adds up, and the same as rows with one more; None where nobody needs it."""


class Wiring:
    """Binds steps one after the other, and collects the calls of their backward passes in ``backward_calls``.

    ``parameters`` and ``parameter_gradients`` are the blocks that the steps number; ``written`` are the places whose gradient something
    outside has begun to write; ``parts`` says of slots that are not all of their place which rows of it they are;
    ``slopes`` are those that are worked out for several outputs at once, by output.
    """

    def __init__(
        self,
        storage: Storage,
        parameters: Sequence[Array],
        parameter_gradients: Sequence[Array],
        *,
        training: bool,
        random: np.random.Generator,
        written: Iterable[int] = (),
        parts: Mapping[int, slice] = MappingProxyType({}),
        slopes: Mapping[int, Array] = MappingProxyType({}),
    ) -> None:
        self.backward_calls: list[Call] = []
        self._storage = storage
        self._parameters = parameters
        self._parameter_gradients = parameter_gradients
        self._training = training
        self._random = random
        self._written = set(written)
        self._parts = parts
        self._slopes = slopes
        self._written_rows: dict[int, set[int]] = {}
        self._written_blocks: set[int] = set()
        self._rooms: dict[tuple[Shape, int], tuple[Array, Array]] = {}
        self._block_rooms: dict[int, Array] = {}
        self._additions: list[Call] = []

    def is_written(self, slot: int) -> bool:
        """Whether a reader bound so far writes the gradient of a slot."""
        return self._storage.place(slot) in self._written

    def is_block_written(self, index: int) -> bool:
        """The same for a parameter block."""
        return index in self._written_blocks

    def bind(self, step: WiredStep, *, backward: bool, blocks: bool = True) -> Bound:
        """The calls of a step whose readers are bound already; with ``backward``, those that lead to a gradient too.

        Without ``blocks`` nobody asks for the gradients of its parameters here.
        """
        backward = backward and (isinstance(step.op, LossOp) or self.is_written(step.output))
        self._additions = []
        bound = step.op.bind(self._with_gradients(step, blocks) if backward else self._without_gradients(step))
        self.backward_calls += [*bound.backward, *self._additions]
        return bound

    def _without_gradients(self, step: WiredStep) -> Binding:
        return self._binding(step, ((None, None),) * len(step.inputs), None, ())

    def _with_gradients(self, step: WiredStep, blocks: bool) -> Binding:
        is_loss = isinstance(step.op, LossOp)
        read = step.inputs[:1] if isinstance(step.op, LossOp) and step.op.has_target else step.inputs
        shares: list[tuple[Array, Array] | tuple[None, None]] = [self._share(slot) for slot in read]
        shares += [(None, None)] * (len(step.inputs) - len(read))
        whole = None if is_loss else self._storage.gradient(step.output)
        parameter_gradients = tuple(self._block_share(index) for index in step.parameters) if blocks else ()
        binding = self._binding(step, shares, None if whole is None else whole[0], parameter_gradients)
        rows = self._written_rows.get(self._storage.place(step.output))
        if rows is None or whole is None:
            return binding
        written = np.zeros(len(whole[0]), bool)
        written[list(rows)] = True
        return replace(binding, written=written)

    def _binding(
        self,
        step: WiredStep,
        shares: Sequence[tuple[Array, Array] | tuple[None, None]],
        output_gradient: Array | None,
        parameter_gradients: tuple[Array, ...],
    ) -> Binding:
        return Binding(
            inputs=tuple(self._storage.value(slot) for slot in step.inputs),
            extended=tuple(self._storage.extended(slot) for slot in step.inputs),
            output=self._storage.value(step.output),
            input_gradients=tuple(share[0] for share in shares),
            extended_gradients=tuple(share[1] for share in shares),
            output_gradient=output_gradient,
            parameters=tuple(self._parameters[index] for index in step.parameters),
            parameter_gradients=parameter_gradients,
            training=self._training,
            random=self._random,
            slope=self._slopes.get(step.output),
        )

    def _share(self, slot: int) -> tuple[Array, Array] | tuple[None, None]:
        """Where a reader of a slot writes its share of the gradient: into place if it is the first, else beside it."""
        whole = self._storage.gradient(slot)
        if whole is None:
            return None, None
        if slot in self._parts:
            return self._share_of_part(self._storage.place(slot), self._parts[slot], whole)
        if not self.is_written(slot):
            self._written.add(self._storage.place(slot))
            return whole
        room = self._room(whole[0])
        self._additions.append(partial(np.add, whole[0], room[0], whole[0]))
        return room

    def _share_of_part(self, place: int, part: slice, whole: tuple[Array, Array]) -> tuple[Array, Array]:
        """The same for some rows of a place, of which others may overlap with some."""
        self._written.add(place)
        written = self._written_rows.setdefault(place, set())
        rows = range(part.start, part.stop)
        fresh = written.isdisjoint(rows)
        room = whole if fresh else self._room(whole[0])
        if not fresh:
            for is_written, group in groupby(rows, written.__contains__):
                run = list(group)
                total, more = (array[run[0] - part.start : run[-1] + 1 - part.start] for array in (whole[0], room[0]))
                self._additions.append(
                    partial(np.add, total, more, total) if is_written else partial(np.copyto, total, more)
                )
        written.update(rows)
        return room

    def _block_share(self, index: int) -> Array:
        """The same for a parameter block, which several steps may share."""
        whole = self._parameter_gradients[index]
        if not self.is_block_written(index):
            self._written_blocks.add(index)
            return whole
        room = self._block_rooms.setdefault(index, np.zeros_like(whole))
        self._additions.append(partial(np.add, whole, room, whole))
        return room

    def _room(self, like: Array) -> tuple[Array, Array]:
        """A room beside: all steps use the same ones, for what is written there is added up before the next step is run."""
        key = like.shape, len(self._additions)
        if key not in self._rooms:
            self._rooms[key] = value_with_ones(like.shape[:-1], like.shape[-1], like.dtype)
        return self._rooms[key]
