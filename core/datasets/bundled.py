"""The two real data sets that come with the program: iris and the 8 x 8 handwritten digits.

Both are plain text files, read whole and checked against their known size; their origin and licence are in
``resources/datasets/LICENCES.md``.
"""

from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from core.datasets.dataset import Dataset, FloatArray, Scaling
from core.datasets.parts import cell_names, float32, one_hot, standardising, unscaled
from core.errors import DatasetError

DIGIT_SIDE = 8
DIGIT_LEVELS = 16.0
DIGIT_ALPHABET = b"0123456789abcdefg"
"""One character for each ink level from 0 to 16."""

_CELLS = cell_names(DIGIT_SIDE, DIGIT_SIDE)
_INK = Scaling(np.zeros((), np.float32), np.full((), DIGIT_LEVELS, np.float32))
_INK_UNITS = ("ink, 0 to 16",) * DIGIT_SIDE**2
_DIGITS_SOURCE = "E. Alpaydin, C. Kaynak (1998), UCI Machine Learning Repository, CC BY 4.0"


@cache
def iris() -> Dataset:
    """150 flowers of three species: four lengths in centimetres, standardised for the network (Fisher, 1936)."""
    lines = _text("iris.csv").splitlines()
    rows = [line.split(",") for line in lines[1:]]
    lengths = np.array([[float(cell) for cell in row[:-1]] for row in rows])
    species = tuple(dict.fromkeys(row[-1] for row in rows))
    scaling = standardising(lengths)
    return _shared(
        Dataset(
            key="iris",
            title="Iris",
            task="classes",
            inputs=float32(scaling.apply(lengths)),
            targets=one_hot(np.array([species.index(row[-1]) for row in rows]), len(species)),
            feature_names=tuple(lines[0].split(",")[:-1]),
            target_names=species,
            input_scaling=scaling,
            target_scaling=unscaled(),
            feature_units=("cm",) * lengths.shape[1],
            class_names=species,
            source="R. A. Fisher (1936), UCI Machine Learning Repository, CC BY 4.0",
        )
    )


@cache
def digits(first: int = 0, last: int = 9) -> Dataset:
    """1,797 handwritten digits of 8 x 8 points, ink from 0 to 1 (Alpaydin and Kaynak, 1998), or those from first to last."""
    pictures, labels = _digits(first, last)
    names = tuple(str(digit) for digit in range(first, last + 1))
    return _shared(
        Dataset(
            key="digits",
            title="Handwritten digits",
            task="classes",
            inputs=pictures,
            targets=one_hot(labels - first, len(names)),
            feature_names=_CELLS,
            target_names=names,
            input_scaling=_INK,
            target_scaling=unscaled(),
            feature_units=_INK_UNITS,
            class_names=names,
            source=_DIGITS_SOURCE,
        )
    )


def noisy_digits(noise: float, seed: int) -> Dataset:
    """The handwritten digits with scatter on every point -> the same pictures clean; both (n, 8, 8, 1), ink from 0 to 1."""
    clean, _ = _digits(0, 9)
    scatter = noise * np.random.default_rng(seed).standard_normal(clean.shape)
    return Dataset(
        key="noisy-digits",
        title="Noisy digits",
        task="regression",
        inputs=float32(clean + scatter),
        targets=clean,
        feature_names=_CELLS,
        target_names=_CELLS,
        input_scaling=_INK,
        target_scaling=_INK,
        feature_units=_INK_UNITS,
        target_units=_INK_UNITS,
        source=_DIGITS_SOURCE,
    )


def _digits(first: int, last: int) -> tuple[FloatArray, NDArray[np.intp]]:
    """Pictures (n, 8, 8, 1) and labels (n,) of the digits from first to last.

    A line of the file is one picture: 64 ink levels row by row, one character each, and the digit. Raises DatasetError where
    these are not at least two digits.
    """
    if first >= last:
        raise DatasetError(
            f"Handwritten digits: first is {first} and last is {last}; last must be the larger of the two."
        )
    raw = np.frombuffer(_text("digits.txt").encode("ascii"), np.uint8).reshape(-1, DIGIT_SIDE**2 + 2)
    levels = np.zeros(256, np.float32)
    levels[list(DIGIT_ALPHABET)] = np.arange(len(DIGIT_ALPHABET)) / DIGIT_LEVELS
    labels = raw[:, DIGIT_SIDE**2].astype(np.intp) - ord("0")
    wanted = (first <= labels) & (labels <= last)
    pictures: FloatArray = levels[raw[wanted, : DIGIT_SIDE**2]].reshape(-1, DIGIT_SIDE, DIGIT_SIDE, 1)
    return pictures, labels[wanted]


def _shared(dataset: Dataset) -> Dataset:
    """The dataset with arrays that nobody can write to, since everybody gets the same ones."""
    dataset.inputs.setflags(write=False)
    dataset.targets.setflags(write=False)
    return dataset


def _text(name: str) -> str:
    return (files("resources") / "datasets" / name).read_text(encoding="utf-8")
