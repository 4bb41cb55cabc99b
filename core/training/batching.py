"""Samples laid out for the engine: batch last, cut into batches once per epoch, so that a batch is a view.

A part of a dataset (what is learned from, or what is held out) is kept as one array per place in the plan that data go
to: every input node, and the target of every loss.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.compiler.plan import Plan
from core.datasets.dataset import Dataset
from core.errors import TrainingError
from core.model.model import BoundStep
from core.ops.layout import batch_last, outside
from core.ops.spans import side_by_side, span
from core.training.split import Indices

Array = NDArray[Any]

ROWS = 2
"""Axes of samples that are rows of features, the samples themselves included."""


@dataclass(frozen=True, slots=True)
class Part:
    """``inputs[node]`` and ``targets[node]`` have the sample shape and then the sample number as their last axis."""

    inputs: dict[str, Array]
    targets: dict[str, Array]

    def __len__(self) -> int:
        return int(self.arrays()[0].shape[-1])

    def columns(self, start: int, stop: int) -> "Part":
        """Views of the samples from ``start`` to before ``stop``."""
        return self.each(lambda array: array[..., start:stop])

    def fill(self, bound: BoundStep) -> tuple[tuple[Array, Array], ...]:
        """Pairs (place in a bound step, array of this part) to copy before the step runs; as few as their memory allows."""
        places = [(bound.targets[node], array) for node, array in self.targets.items()]
        return tuple(_joined([*places, *((bound.inputs[node], array) for node, array in self.inputs.items())]))

    def largest_input(self) -> float:
        """The largest size of any input value."""
        return max(float(np.abs(array).max()) for array in self.inputs.values())

    def arrays(self) -> tuple[Array, ...]:
        """All arrays, targets first: so lie both in the memory of a small network, and one copy brings in both."""
        return *self.targets.values(), *self.inputs.values()

    def each(self, change: Callable[..., Array]) -> "Part":
        """The same part with every array changed."""
        targets = {node: change(array) for node, array in self.targets.items()}
        return Part({node: change(array) for node, array in self.inputs.items()}, targets)


def part(plan: Plan, dataset: Dataset, indices: Indices, dtype: Any) -> Part:
    """The samples ``indices`` of a dataset, laid out for a plan.

    Raises TrainingError where the plan has no loss, or the data do not fit its inputs or its losses.
    """
    if not plan.losses:
        raise TrainingError("There is no loss to make smaller; add a loss node after the output and try again.")
    if not (np.isfinite(dataset.inputs).all() and np.isfinite(dataset.targets).all()):
        raise TrainingError(f"{dataset.title} holds a value that is no finite number; mend the data and try again.")
    inputs = {}
    for binding in plan.inputs:
        values = dataset.inputs
        if binding.columns is not None:
            values = values[..., list(binding.columns)]
        _check(f"The input {binding.node}", outside(plan.slots[binding.slot].shape), values.shape[1:], dataset)
        inputs[binding.node] = _batch_last(values[indices], dtype)
    targets = {}
    for loss in plan.losses:
        if loss.target_slot is not None:
            values = dataset.inputs if loss.compares_inputs else dataset.targets
            _check(f"The loss {loss.node}", outside(plan.slots[loss.target_slot].shape), values.shape[1:], dataset)
            targets[loss.node] = _batch_last(values[indices], dtype)
    return Part(inputs, targets)


class Blocks:
    """A part cut into batches of ``size``, and one smaller batch where the samples do not come out even.

    ``batches`` are views into arrays that ``shuffle`` writes afresh, so they stay the same from epoch to epoch.
    """

    def __init__(self, source: Part, size: int) -> None:
        full, rest = divmod(len(source), size)
        self._decks: list[_Deck] = []
        cuts = list(self._cuts(source.arrays(), size))
        numbers = (*range(full), None) if rest else range(full)
        self.batches: tuple[Part, ...] = tuple(_dealt(source, cuts, number) for number in numbers)
        self.shuffle(np.arange(len(source)))

    def shuffle(self, order: Indices) -> None:
        """Deal the samples out in this order."""
        for deck in self._decks:
            deck.deal(order)

    def _cuts(self, arrays: tuple[Array, ...], size: int) -> Iterator["Cut"]:
        """Which deck each array is in, and where; all rows of features share one, for a network may have many inputs of one column."""
        rows = [array for array in arrays if array.ndim == ROWS]
        start = 0
        shared = _Deck(np.concatenate(rows), size) if rows else None
        for array in arrays:
            deck = shared if shared is not None and array.ndim == ROWS else _Deck(array, size)
            if deck not in self._decks:
                self._decks.append(deck)
            if deck is shared:
                yield deck, slice(start, start + len(array))
                start += len(array)
            else:
                yield deck, slice(None)


class _Deck:
    """Some values of a part: sample by sample, which is how they are fastest picked up, and dealt out into batches."""

    def __init__(self, source: Array, size: int) -> None:
        self._samples = np.ascontiguousarray(np.moveaxis(source, -1, 0))
        self._mixed = np.empty_like(self._samples)
        count, rest = divmod(len(self._samples), size)
        self.blocks = np.empty((count, *source.shape[:-1], size), source.dtype)
        self.ragged = np.empty((*source.shape[:-1], rest), source.dtype)
        whole = self._mixed[: count * size].reshape(count, size, *source.shape[:-1])
        self._moves = [(self.blocks, np.moveaxis(whole, 1, -1))]
        if rest:
            self._moves.append((self.ragged, np.moveaxis(self._mixed[count * size :], 0, -1)))

    def deal(self, order: Indices) -> None:
        """Write the samples into the batches in this order."""
        # "clip" lets take write straight into its target; no index is out of range.
        self._samples.take(order, axis=0, out=self._mixed, mode="clip")
        for target, mixed in self._moves:
            np.copyto(target, mixed)


Cut: TypeAlias = tuple[_Deck, slice]
"""Some of the features in a deck."""


def _dealt(source: Part, cuts: list[Cut], number: int | None) -> Part:
    """The batch of this number; None is the ragged one."""
    arrays = iter([(deck.ragged if number is None else deck.blocks[number])[features] for deck, features in cuts])
    return source.each(lambda _: next(arrays))


def _joined(pairs: list[tuple[Array, Array]]) -> Iterator[tuple[Array, Array]]:
    """Pairs of arrays, those that lie side by side on both sides as one."""
    group: list[tuple[Array, Array]] = []
    for pair in pairs:
        if group and not all(side_by_side(two) for two in zip(group[-1], pair)):
            yield _as_one(group)
            group = []
        group.append(pair)
    yield _as_one(group)


def _as_one(group: list[tuple[Array, Array]]) -> tuple[Array, Array]:
    if len(group) == 1:
        return group[0]
    place, values = zip(*group)
    return span(place), span(values)


def _batch_last(values: Array, dtype: Any) -> Array:
    return np.ascontiguousarray(batch_last(values), dtype)


def _check(what: str, expected: tuple[int, ...], received: tuple[int, ...], dataset: Dataset) -> None:
    if tuple(expected) != tuple(received):
        wants, has = (" x ".join(map(str, shape)) or "1" for shape in (expected, received))
        raise TrainingError(
            f"{what} works on {wants} values a sample, but {dataset.title} has {has}. "
            "Compile the diagram again for this data."
        )
