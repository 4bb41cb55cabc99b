"""Samples laid out for the engine: batch last, cut into batches once per epoch, so that a batch is a view.

A part of a dataset (what is learned from, or what is held out) is kept as one array per place in the plan that data go
to: every input node, and the target of every loss.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.compiler.plan import Plan
from core.datasets.dataset import Dataset
from core.errors import TrainingError
from core.model.model import BoundStep
from core.ops.layout import batch_last, outside
from core.training.split import Indices

Array = NDArray[Any]


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
        """Pairs (place in a bound step, array of this part) to copy before the step runs."""
        places = [(bound.inputs[node], array) for node, array in self.inputs.items()]
        return (*places, *((bound.targets[node], array) for node, array in self.targets.items()))

    def largest_input(self) -> float:
        """The largest size of any input value."""
        return max(float(np.abs(array).max()) for array in self.inputs.values())

    def arrays(self) -> tuple[Array, ...]:
        """All arrays, inputs first."""
        return *self.inputs.values(), *self.targets.values()

    def each(self, change: Callable[..., Array]) -> "Part":
        """The same part with every array changed."""
        return Part(
            {node: change(array) for node, array in self.inputs.items()},
            {node: change(array) for node, array in self.targets.items()},
        )


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
        blocks = source.each(lambda array: np.empty((full, *array.shape[:-1], size), array.dtype))
        ragged = source.each(lambda array: np.empty((*array.shape[:-1], rest), array.dtype))
        whole = tuple(blocks.each(lambda block, index=index: block[index]) for index in range(full))
        self.batches: tuple[Part, ...] = (*whole, ragged) if rest else whole
        self._decks = [_Deck(*arrays) for arrays in zip(source.arrays(), blocks.arrays(), ragged.arrays())]
        self.shuffle(np.arange(len(source)))

    def shuffle(self, order: Indices) -> None:
        """Deal the samples out in this order."""
        for deck in self._decks:
            deck.deal(order)


class _Deck:
    """One array of a part: sample by sample, which is how they are fastest picked up, and dealt out into batches."""

    def __init__(self, source: Array, blocks: Array, ragged: Array) -> None:
        self._samples = np.ascontiguousarray(np.moveaxis(source, -1, 0))
        self._mixed = np.empty_like(self._samples)
        count, size = len(blocks), blocks.shape[-1]
        whole = self._mixed[: count * size].reshape(count, size, *source.shape[:-1])
        self._moves = [(blocks, np.moveaxis(whole, 1, -1))]
        if ragged.shape[-1]:
            self._moves.append((ragged, np.moveaxis(self._mixed[count * size :], 0, -1)))

    def deal(self, order: Indices) -> None:
        """Write the samples into the batches in this order."""
        # "clip" lets take write straight into its target; no index is out of range.
        self._samples.take(order, axis=0, out=self._mixed, mode="clip")
        for target, mixed in self._moves:
            np.copyto(target, mixed)


def _batch_last(values: Array, dtype: Any) -> Array:
    return np.ascontiguousarray(batch_last(values), dtype)


def _check(what: str, expected: tuple[int, ...], received: tuple[int, ...], dataset: Dataset) -> None:
    if tuple(expected) != tuple(received):
        wants, has = (" x ".join(map(str, shape)) or "1" for shape in (expected, received))
        raise TrainingError(
            f"{what} works on {wants} values a sample, but {dataset.title} has {has}. "
            "Compile the diagram again for this data."
        )
