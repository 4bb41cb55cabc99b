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
    # In float64 even the largest float32 can be doubled; what is no number is neutral.
    clean = np.nan_to_num(np.asarray(values, np.float64), posinf=0.0, neginf=0.0)
    if share:
        return clean * 2.0 - 1.0
    sizes = np.abs(clean)
    largest = float(np.max(sizes, initial=0.0))
    if largest <= 1.0:
        return clean
    return clean / (float(np.percentile(sizes, 98.0)) or largest)
