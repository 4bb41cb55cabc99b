"""Small pieces that the generators share: scalings that change nothing, one-hot targets, and sets of points in the plane."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.datasets.dataset import Dataset, FloatArray, Scaling, step_name


def unscaled() -> Scaling:
    """The scaling of values that the network sees just as a person reads them."""
    return Scaling(np.zeros((), np.float32), np.ones((), np.float32))


def standardising(values: FloatArray) -> Scaling:
    """The scaling that gives every column mean 0 and standard deviation 1; a constant column is only moved."""
    spread = values.std(axis=0)
    return Scaling(values.mean(axis=0).astype(np.float32), np.where(spread > 0.0, spread, 1.0).astype(np.float32))


def float32(values: ArrayLike) -> FloatArray:
    """A contiguous float32 array of these values."""
    return np.ascontiguousarray(values, dtype=np.float32)


def one_hot(labels: NDArray[np.integer[Any]], classes: int) -> FloatArray:
    """(n,) class numbers -> (n, classes) with a single 1 in each row; (n, steps) -> (n, steps, classes)."""
    targets: FloatArray = np.eye(classes, dtype=np.float32)[labels]
    return targets


def step_names(steps: int, names: tuple[str, ...]) -> tuple[str, ...]:
    """What the values of a sequence are called, step by step: "a at step 1", "b at step 1", "a at step 2" ..."""
    return tuple(step_name(name, step) for step in range(1, steps + 1) for name in names)


def cell_names(rows: int, columns: int) -> tuple[str, ...]:
    """What the points of a picture are called, row by row: "row 1 column 1", "row 1 column 2" ..."""
    return tuple(f"row {row} column {column}" for row in range(1, rows + 1) for column in range(1, columns + 1))


def points(key: str, title: str, coordinates: ArrayLike, labels: ArrayLike, classes: tuple[str, str]) -> Dataset:
    """A binary task over points: (n, features) coordinates, called x1, x2 ..., with (n,) labels of 0 and 1."""
    inputs = float32(coordinates)
    return Dataset(
        key=key,
        title=title,
        task="binary",
        inputs=inputs,
        targets=float32(labels).reshape(-1, 1),
        feature_names=tuple(f"x{number}" for number in range(1, inputs.shape[1] + 1)),
        target_names=(classes[1],),
        input_scaling=unscaled(),
        target_scaling=unscaled(),
        class_names=classes,
    )
