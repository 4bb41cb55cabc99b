"""What an update rule remembers from step to step: vectors as long as the parameters, and how old each parameter's memory is.

The memory of a parameter can begin later than that of others: where a node was added to a network in training, or was let go
after it had been frozen. Rules that correct for their age (Adam) then do so parameter by parameter, as PyTorch's do.
Outside, an array has the name ``rule/quantity/node/parameter`` and the shape of the parameter, in the units of the rule's paper.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.training.calls import FloatArray
from core.training.optimizers.places import Place, Places

COUNT = "count"
"""The number of steps that the oldest part of a memory is made of."""
Coefficients: TypeAlias = Callable[..., None]
"""Called with the age of a memory, from 1, and 0-d arrays for the numbers that a rule needs for it."""


@dataclass(frozen=True, slots=True)
class _Quantity:
    """``values`` times ``unit`` is what is told outside; a fresh memory holds ``start``."""

    values: FloatArray
    start: float
    unit: float

    @property
    def rows(self) -> FloatArray:
        """The vectors that it is made of."""
        return self.values.reshape(-1, self.values.shape[-1])


class Memory:
    """The memory of one rule, by name; ``rule`` is the rule's key."""

    def __init__(self, rule: str, places: Places, dtype: Any) -> None:
        self._rule = rule
        self._places = places
        self._dtype = np.dtype(dtype)
        self._quantities: dict[str, _Quantity] = {}
        self._numbers: dict[str, FloatArray] = {}
        self._births = np.zeros(len(places))
        self._moving = np.ones(len(places), bool)

    # For rules.

    def vector(self, name: str, *, start: float = 0.0, unit: float = 1.0, rows: tuple[int, ...] = ()) -> FloatArray:
        """A vector, or ``rows`` of them, that lasts; the same name gives the same array."""
        if name not in self._quantities:
            values = np.zeros((*rows, self._places.size), self._dtype)
            if start:  # Zeros that nobody has touched yet take no memory.
                values[...] = start
            self._quantities[name] = _Quantity(values, start, unit)
        return self._quantities[name].values

    def number(self, name: str) -> FloatArray:
        """A 0-d array in float64 that lasts; 0 at first."""
        return self._numbers.setdefault(name, np.zeros(()))

    def by_age(self, coefficients: Coefficients, count: int) -> tuple[Callable[[], None], tuple[FloatArray, ...]]:
        """``count`` arrays of coefficients, and the call that works them out anew: once before each step.

        They are 0-d where all memories are equally old, and vectors where they are not.
        """
        births = np.unique(self._births[self._moving])
        if len(births) <= 1:
            return self._one_age(coefficients, count, float(births.sum()))
        return self._several_ages(coefficients, count, births)

    def _one_age(
        self, coefficients: Coefficients, count: int, birth: float
    ) -> tuple[Callable[[], None], tuple[FloatArray, ...]]:
        steps = self.number(COUNT)
        cells = tuple(np.zeros((), self._dtype) for _ in range(count))

        def prepare() -> None:
            steps[()] += 1.0
            coefficients(float(steps) - birth, *cells)

        return prepare, cells

    def _several_ages(
        self, coefficients: Coefficients, count: int, births: NDArray[Any]
    ) -> tuple[Callable[[], None], tuple[FloatArray, ...]]:
        steps = self.number(COUNT)
        # What is frozen has no age; it is handed the coefficients of the oldest.
        row = self._places.spread(np.where(self._moving, np.searchsorted(births, self._births), 0), rest=0)
        table = np.zeros((count, len(births)), self._dtype)
        by_birth = [(birth, [table[line, number, ...] for line in range(count)]) for number, birth in enumerate(births)]
        cells = tuple(np.zeros(self._places.size, self._dtype) for _ in range(count))

        def prepare() -> None:
            steps[()] += 1.0
            for birth, entries in by_birth:
                coefficients(float(steps) - birth, *entries)
            for values, cell in zip(table, cells):
                values.take(row, out=cell, mode="clip")

        return prepare, cells

    # For the optimizer.

    def set_moving(self, moving: NDArray[np.bool_]) -> None:
        """Say which parameters move. What stays remembers nothing, and starts afresh when it is let go."""
        # The age of what begins to move is counted from now.
        self._births[moving & ~self._moving] = self._numbers.get(COUNT, 0.0)
        self._moving = moving.copy()
        for quantity in self._quantities.values():
            for place, moves in zip(self._places, moving):
                if not moves:
                    for row in quantity.rows:
                        place.of(row)[...] = quantity.start

    def forget(self) -> None:
        """Be as new."""
        for quantity in self._quantities.values():
            quantity.values[...] = quantity.start
        for number in self._numbers.values():
            number[()] = 0.0
        self._births[:] = 0.0

    def state(self) -> dict[str, FloatArray]:
        """A copy of everything, in the units of this memory."""
        return {name: values.copy() for name, values in self._all()}

    def load(self, state: Mapping[str, FloatArray]) -> None:
        """Be again what a copy was of; names and shapes that do not match are left alone."""
        for name, values in self._all():
            if name in state and np.shape(state[name]) == values.shape:
                values[...] = state[name]

    def named(self) -> dict[str, FloatArray]:
        """A copy of everything, by the names and in the units that hold outside."""
        found: dict[str, FloatArray] = {}
        for name, quantity in self._quantities.items():
            for place in self._places:
                rows = np.array([place.of(row) for row in quantity.rows]) * self._dtype.type(quantity.unit)
                found[f"{self._rule}/{name}/{place.name}"] = rows if quantity.values.ndim > 1 else rows[0]
        for name, number in self._numbers.items():
            if name == COUNT:
                ages = np.where(self._moving, number - self._births, 0.0)
                found |= {f"{self._rule}/{name}/{place.name}": np.array(age) for place, age in zip(self._places, ages)}
            else:
                found[f"{self._rule}/{name}"] = number.copy()
        return found

    def take_named(self, state: Mapping[str, FloatArray]) -> None:
        """Go on from what ``named`` told, parameter by parameter; one whose memory is incomplete or does not fit starts afresh."""
        self.forget()
        fits = np.array([moves and self._fits(state, place) for place, moves in zip(self._places, self._moving)], bool)
        fitting = [place for place, does in zip(self._places, fits) if does]
        for name, quantity in self._quantities.items():
            for place in fitting:
                told = state[f"{self._rule}/{name}/{place.name}"] / self._dtype.type(quantity.unit)
                for row, values in zip(quantity.rows, told if quantity.values.ndim > 1 else told[np.newaxis]):
                    place.of(row)[...] = values
        for name, number in self._numbers.items():
            if name == COUNT:
                ages = np.zeros(len(self._places))
                ages[fits] = [float(state[f"{self._rule}/{name}/{place.name}"]) for place in fitting]
                number[()] = ages.max(initial=0.0)
                self._births[:] = number - ages
            elif fitting:
                number[()] = _finite(state.get(f"{self._rule}/{name}"))

    def _fits(self, state: Mapping[str, FloatArray], place: Place) -> bool:
        """Whether all of the memory of a parameter is in ``state``."""
        shape = place.of(np.empty(self._places.size, np.bool_)).shape
        shapes = {name: (*quantity.values.shape[:-1], *shape) for name, quantity in self._quantities.items()}
        if COUNT in self._numbers:
            shapes[COUNT] = ()
        found = {name: state.get(f"{self._rule}/{name}/{place.name}") for name in shapes}
        return all(
            values is not None and np.shape(values) == shapes[name] and bool(np.isfinite(values).all())
            for name, values in found.items()
        )

    def _all(self) -> Iterator[tuple[str, FloatArray]]:
        yield from ((name, quantity.values) for name, quantity in self._quantities.items())
        yield from self._numbers.items()


def without_parameters(state: Mapping[str, FloatArray], names: Collection[str]) -> dict[str, FloatArray]:
    """A named memory without what belongs to these parameters (``node/parameter``)."""
    return {name: values for name, values in state.items() if "/".join(name.split("/")[2:]) not in names}


def _finite(number: FloatArray | None) -> float:
    return float(number) if number is not None and np.shape(number) == () and np.isfinite(number) else 0.0
