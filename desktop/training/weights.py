"""Weights: the parameters that the window has in hand while no run owns them, and the ones that everything began with.

An edit of the diagram makes another plan. Every parameter whose name and shape are still there goes on as it is, and so do the
weights of every wire of a neuron that is still there; new ones start fresh. Those that are no longer there are put aside, so that
undoing the edit brings them back as trained as they were.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.compiler.plan import Plan
from core.model.model import Model
from core.model.wires import Columns, put_together, taken_apart
from core.training.optimizers.memory import without_parameters

FloatArray = NDArray[np.floating[Any]]

MOST_KEPT = 8_000_000
"""Numbers that are put aside at most; the oldest go first."""


class Weights:
    """``current`` and ``initial`` hold exactly the parameters of the last plan that was adopted.

    ``optimizer_state`` is what the update rule of the last run remembers about them; what no longer fits, the next run passes over.
    """

    def __init__(self, loaded: Mapping[str, FloatArray] | None = None) -> None:
        self.current: dict[str, FloatArray] = {}
        self.initial: dict[str, FloatArray] = {}
        self.optimizer_state: dict[str, FloatArray] = {}
        self._columns: Columns = {}
        self._loaded = dict(loaded or {})
        self._aside, self._initial_aside = Attic(), Attic()

    def adopt(self, plan: Plan, seed: int, columns: Columns | None = None) -> None:
        """Make the parameters of ``plan``: kept where name and shape fit, else initialized from ``seed``.

        ``columns`` says which wire each column of a neuron's weights belongs to.
        """
        before, after = self._columns, columns or {}
        # Nodes that have the wires they had are kept whole: a large network has many wires, and an edit touches few.
        changed = {node for node in before.keys() | after.keys() if before.get(node) != after.get(node)}
        old, new = _of(before, changed), _of(after, changed)
        # Of the weights of a neuron with other wires nothing is remembered, for one column may have become another's.
        mixed = {name for name, value in self.current.items() if value.ndim > 1 and name.rpartition("/")[0] in changed}
        self.optimizer_state = without_parameters(self.optimizer_state, mixed)
        fresh = Model(plan, seed=seed).copy_parameters()
        for attic, values in ((self._aside, self.current), (self._initial_aside, self.initial)):
            attic.put(taken_apart(self._loaded, new))
            attic.put(taken_apart(values, old))
        self.current = put_together(self._aside.fitted(taken_apart(fresh, new)), fresh, new)
        self.initial = put_together(self._initial_aside.fitted(taken_apart(fresh, new)), fresh, new)
        self._columns, self._loaded = after, {}

    def name_wires(self, columns: Columns) -> None:
        """The plan is the same, but other wires bring the same values."""
        self._columns = columns

    def keep(self, parameters: Mapping[str, FloatArray]) -> None:
        """Take these as the latest values; what the present plan does not have is put aside."""
        self._aside.put({**self.current, **parameters})
        self.current = self._aside.fitted(self.current)

    def reset(self) -> None:
        """Go back to the parameters that everything began with."""
        self._aside = Attic()
        self.optimizer_state = {}
        self.current = _copies(self.initial)

    def take_seed(self, plan: Plan, seed: int) -> None:
        """From now on ``reset`` goes back to parameters initialized from ``seed``; the current ones stay."""
        self.initial = Model(plan, seed=seed).copy_parameters()
        self._initial_aside = Attic()

    def copies(self) -> dict[str, FloatArray]:
        """The current parameters, copied."""
        return _copies(self.current)


class Attic:
    """Arrays by name and shape, as many as there is room for."""

    def __init__(self, room: int = MOST_KEPT) -> None:
        self._room = room
        self._arrays: dict[tuple[str, tuple[int, ...]], FloatArray] = {}

    def put(self, arrays: Mapping[str, FloatArray]) -> None:
        """Keep copies; an older one of the same name and shape is thrown away."""
        for name, value in arrays.items():
            self._arrays.pop((name, value.shape), None)
            self._arrays[name, value.shape] = np.array(value)
        total = sum(value.size for value in self._arrays.values())
        needed = sum(value.size for value in arrays.values())
        while total > max(self._room, needed):
            oldest = next(iter(self._arrays))
            total -= self._arrays.pop(oldest).size

    def fitted(self, wanted: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
        """What is wanted, by name and shape; the given array where there is nothing kept."""
        return {name: np.array(self._arrays.get((name, value.shape), value)) for name, value in wanted.items()}


def _copies(parameters: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    return {name: np.array(value) for name, value in parameters.items()}


def _of(columns: Columns, nodes: set[str]) -> Columns:
    return {node: wires for node, wires in columns.items() if node in nodes}
