"""Which samples are learned from, and which are held out to see whether what was learned holds."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.datasets.dataset import Dataset
from core.model.parameters import seeded_generator

Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Split:
    """Sample numbers of both parts; they are the same array where nothing is held out."""

    training: Indices
    validation: Indices

    @property
    def held_out(self) -> bool:
        """Whether validation samples are kept away from training."""
        return self.training is not self.validation


def split(dataset: Dataset, fraction: float, seed: int) -> Split:
    """Hold out ``fraction`` of the samples, drawn with ``seed``; from every class in proportion where there are classes.

    Nothing is held out from a complete table, with a fraction of 0, or where no training sample would be left.
    """
    count = len(dataset)
    wanted = round(count * fraction)
    if dataset.validate_on_training or not 0 < wanted < count:
        everything = np.arange(count)
        return Split(everything, everything)
    random = seeded_generator(seed, "split")
    held_out = np.zeros(count, bool)
    groups = _groups(dataset)
    for group, share in zip(groups, _shares([len(group) for group in groups], wanted)):
        held_out[random.permutation(group)[:share]] = True
    return Split(np.flatnonzero(~held_out), np.flatnonzero(held_out))


def _groups(dataset: Dataset) -> list[Indices]:
    if dataset.task == "regression":
        return [np.arange(len(dataset))]
    labels = dataset.class_numbers
    return [np.flatnonzero(labels == label) for label in np.unique(labels)]


def _shares(sizes: list[int], wanted: int) -> list[int]:
    """``wanted`` shared out in proportion to ``sizes``: the largest remainders get what rounding down leaves over."""
    total = sum(sizes)
    shares = [size * wanted // total for size in sizes]
    by_remainder = sorted(range(len(sizes)), key=lambda group: -(sizes[group] * wanted % total))
    for group in by_remainder[: wanted - sum(shares)]:
        shares[group] += 1
    return shares
