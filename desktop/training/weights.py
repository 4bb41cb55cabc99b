"""Weights: the parameters that the window has in hand while no run owns them, and the ones that everything began with.

An edit of the diagram makes another plan. Every parameter whose name and shape are still there goes on as it is; new ones start
fresh. Those that are no longer there are kept aside, so that undoing the edit brings them back as trained as they were.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.compiler.plan import Plan
from core.model.model import Model

FloatArray = NDArray[np.floating[Any]]


class Weights:
    """``current`` and ``initial`` hold exactly the parameters of the last plan that was adopted."""

    def __init__(self, loaded: Mapping[str, FloatArray] | None = None) -> None:
        self.current: dict[str, FloatArray] = {}
        self.initial: dict[str, FloatArray] = {}
        self._kept: dict[str, FloatArray] = _copies(loaded or {})
        self._kept_initial: dict[str, FloatArray] = dict(self._kept)

    def adopt(self, plan: Plan, seed: int) -> None:
        """Make the parameters of ``plan``: kept where name and shape fit, else initialized from ``seed``."""
        fresh = Model(plan, seed=seed).copy_parameters()
        self.keep(self.current)
        self._kept_initial.update(self.initial)
        self.current = {name: _fitting(self._kept, name, value) for name, value in fresh.items()}
        self.initial = {name: _fitting(self._kept_initial, name, value) for name, value in fresh.items()}

    def keep(self, parameters: Mapping[str, FloatArray]) -> None:
        """Take these as the latest values; what the plan does not have is put aside."""
        self._kept.update(_copies(parameters))
        for name in self.current:
            self.current[name] = _fitting(self._kept, name, self.current[name])

    def reset(self) -> None:
        """Go back to the parameters that everything began with."""
        self._kept = {}
        self.current = _copies(self.initial)

    def start_afresh(self, plan: Plan, seed: int) -> None:
        """Begin anew with parameters initialized from ``seed``."""
        self.initial = Model(plan, seed=seed).copy_parameters()
        self._kept_initial = {}
        self.reset()

    def copies(self) -> dict[str, FloatArray]:
        """The current parameters, copied."""
        return _copies(self.current)


def _copies(parameters: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    return {name: np.array(value) for name, value in parameters.items()}


def _fitting(kept: Mapping[str, FloatArray], name: str, fresh: FloatArray) -> FloatArray:
    value = kept.get(name)
    return fresh if value is None or value.shape != fresh.shape else value
