"""Weights: the parameters that the window has in hand while no run owns them, and the ones that everything began with.

An edit of the diagram makes another plan. Every parameter whose name and shape are still there goes on as it is; new ones start
fresh. Those that are no longer there are put aside, so that undoing the edit brings them back as trained as they were.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.compiler.plan import Plan
from core.model.model import Model

FloatArray = NDArray[np.floating[Any]]

MOST_KEPT = 8_000_000
"""Numbers that are put aside at most; the oldest go first."""


class Weights:
    """``current`` and ``initial`` hold exactly the parameters of the last plan that was adopted."""

    def __init__(self, loaded: Mapping[str, FloatArray] | None = None) -> None:
        self.current: dict[str, FloatArray] = {}
        self.initial: dict[str, FloatArray] = {}
        self._aside, self._initial_aside = Attic(), Attic()
        self._aside.put(loaded or {})
        self._initial_aside.put(loaded or {})

    def adopt(self, plan: Plan, seed: int) -> None:
        """Make the parameters of ``plan``: kept where name and shape fit, else initialized from ``seed``."""
        fresh = Model(plan, seed=seed).copy_parameters()
        self._aside.put(self.current)
        self._initial_aside.put(self.initial)
        self.current = self._aside.fitted(fresh)
        self.initial = self._initial_aside.fitted(fresh)

    def keep(self, parameters: Mapping[str, FloatArray]) -> None:
        """Take these as the latest values; what the present plan does not have is put aside."""
        self._aside.put(parameters)
        self.current = self._aside.fitted(self.current)

    def reset(self) -> None:
        """Go back to the parameters that everything began with."""
        self._aside = Attic()
        self.current = _copies(self.initial)

    def start_afresh(self, plan: Plan, seed: int) -> None:
        """Begin anew with parameters initialized from ``seed``."""
        self.initial = Model(plan, seed=seed).copy_parameters()
        self._initial_aside = Attic()
        self.reset()

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
