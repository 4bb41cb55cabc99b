"""A node's live values as the canvas shows them, cut out of a Snapshot; compared by identity, so checking is free."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class NodeValues:
    """``output`` for the probe sample, ``response`` over the plane of two inputs, ``state`` before the activation.

    ``figure`` is the loss; ``notes`` are the texts of the foot ("sample 42", "label 3"); ``numbers`` asks for figures under circles;
    ``share`` says that values run from 0 to 1 with one half as their middle, as those of a sigmoid do.
    """

    output: FloatArray | None = None
    response: FloatArray | None = None
    state: float | None = None
    figure: float | None = None
    notes: tuple[str, str] = ("", "")
    numbers: bool = False
    share: bool = False


NO_VALUES = NodeValues()


def scaled(values: FloatArray, share: bool = False) -> FloatArray:
    """Values for the diverging scale: as they are within -1..1, else divided by their 98th percentile of size.

    Shares of 0..1 are stretched to -1..1, so that one half is neutral.
    """
    if share:
        return values * 2.0 - 1.0
    sizes = np.abs(values)
    largest = float(np.max(sizes, initial=0.0))
    if not np.isfinite(largest):
        values = np.nan_to_num(values, posinf=0.0, neginf=0.0)
        sizes = np.abs(values)
        largest = float(np.max(sizes, initial=0.0))
    if largest <= 1.0:
        return values
    robust = float(np.percentile(sizes, 98.0)) or largest
    return values / robust
