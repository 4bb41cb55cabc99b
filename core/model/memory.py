"""Memory: the arrays that a plan runs in, for one batch size.

Where an op's output is its input under another shape, or a part of it, both share memory and the op disappears. Other ops
never work in place: on small arrays a ufunc takes half as long again there, and on large ones the matrix products decide.
"""

from typing import Any

import numpy as np

from core.compiler.plan import Plan, Step, size
from core.ops.layout import value_with_ones
from core.ops.op import Array

SMALL = 4096
"""Numbers in a batch; below this a call costs more than what it copies, and above it arrays had better begin on a cache line."""


class Memory:
    """The arrays of the slots of a plan; each is allocated when it is first asked for.

    Where an op's output holds its inputs, they may live there. ``parts`` are the slots that are some rows of another.
    """

    def __init__(self, plan: Plan, steps: list[Step], batch: int, training: bool, dtype: Any) -> None:
        self.batch = batch
        self.dtype = dtype
        self._plan = plan
        self._sizes = [size(slot.shape) for slot in plan.slots]
        self._root = {slot.index: slot.index for slot in plan.slots}
        self._first_row = dict.fromkeys(self._root, 0)
        for step in steps:
            if step.op.aliases(training):
                self._root[step.output] = self._root[step.inputs[0]]
                self._first_row[step.output] = self._first_row[step.inputs[0]] + step.op.first_row
        self.parts = {
            slot: self._slice(slot) for slot, root in self._root.items() if self._sizes[slot] < self._sizes[root]
        }
        self._hosts = self._choose_hosts(steps, training)
        self._loss_slots = {plan.steps[loss.step].output for loss in plan.losses}
        self._values: dict[int, Array] = {}
        self._gradients: dict[int, Array] = {}
        self._put_target_above_input()

    def place(self, slot: int) -> int:
        return self._root[slot]

    def value(self, slot: int) -> Array:
        """The array of a slot: its sample shape + (batch,), or 0-d for the number of a loss."""
        rows = self._rows(self._root[slot])
        return rows if rows.ndim == 0 else self.shaped(rows[self._slice(slot)], slot)

    def extended(self, slot: int) -> Array:
        return self._rows(self._root[slot])[self._slice(slot, 1)]

    def gradient(self, slot: int) -> tuple[Array, Array] | None:
        root = self._root[slot]
        if not self._plan.slots[root].needs_gradient:
            return None
        if root not in self._gradients:
            self._gradients[root] = self._new_rows(root)
        rows = self._gradients[root]
        return self.shaped(rows[self._slice(slot)], slot), rows[self._slice(slot, 1)]

    def size(self, slot: int) -> int:
        """How many numbers a slot holds for each sample."""
        return self._sizes[slot]

    def is_free(self, slot: int) -> bool:
        """Whether a slot is a place of its own that can be put anywhere."""
        return self._root[slot] == slot and slot not in self._hosts

    def put(self, slot: int, rows: Array) -> None:
        """Let a free slot live in these rows, the last of which are ones where an op reads those."""
        self._values[slot] = rows

    def shaped(self, rows: Array, slot: int) -> Array:
        """Rows in the shape of a slot."""
        return rows.reshape(*self._plan.slots[slot].shape, self.batch)

    def _put_target_above_input(self) -> None:
        """Let the target of a small network lie right above its input, so that one copy brings in a batch of both."""
        sources = [binding.slot for binding in self._plan.inputs]
        targets = [loss.target_slot for loss in self._plan.losses if loss.target_slot is not None]
        slots = [*targets, *sources]
        small = sum(self._sizes[slot] for slot in slots) * self.batch <= SMALL
        rows_of_features = all(len(self._plan.slots[slot].shape) == 1 and self.is_free(slot) for slot in slots)
        if len(sources) == len(targets) == 1 and small and rows_of_features:
            first = self._sizes[targets[0]]
            rows = value_with_ones((first + self._sizes[sources[0]],), self.batch, self.dtype)[1]
            self.put(targets[0], rows[: first + 1])
            self.put(sources[0], rows[first:])

    def _choose_hosts(self, steps: list[Step], training: bool) -> dict[int, tuple[int, int]]:
        """Place -> the place that it lives in, and its first row there."""
        with_ones = {
            self._root[slot]
            for step in steps
            if step.op.reads_ones and not step.op.aliases(training)
            for slot in step.inputs
        }
        hosts: dict[int, tuple[int, int]] = {}
        for step in steps:
            for slot, (row, ones_follow) in zip(step.inputs, step.op.places):
                root = self._root[slot]
                if slot not in self.parts and root not in hosts and (ones_follow or root not in with_ones):
                    hosts[root] = step.output, row
        return hosts

    def _rows(self, root: int) -> Array:
        """The memory of a slot that is a place of its own: its rows and one of ones, or the number of a loss."""
        if root not in self._values:
            if root in self._loss_slots:
                self._values[root] = np.zeros((), self.dtype)
            elif root in self._hosts:
                host, row = self._hosts[root]
                self._values[root] = self._rows(host)[row : row + self._sizes[root] + 1]
            else:
                self._values[root] = self._new_rows(root)
        return self._values[root]

    def _new_rows(self, root: int) -> Array:
        return value_with_ones((self._sizes[root],), self.batch, self.dtype)[1]

    def _slice(self, slot: int, more: int = 0) -> slice:
        first = self._first_row[slot]
        return slice(first, first + self._sizes[slot] + more)
