"""The two real data sets that come with the program: iris and the 8 x 8 handwritten digits.

Both are plain text files, read whole and checked against their known size; their origin and licence are in
``resources/datasets/LICENCES.md``.
"""

from functools import cache
from importlib.resources import files

import numpy as np

from core.datasets.dataset import Dataset, Scaling
from core.datasets.parts import float32, one_hot, standardising, unscaled

DIGIT_SIDE = 8
DIGIT_LEVELS = 16.0
DIGIT_ALPHABET = b"0123456789abcdefg"
"""One character for each ink level from 0 to 16."""


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
def digits() -> Dataset:
    """1,797 handwritten digits of 8 x 8 points, ink from 0 to 1 (Alpaydin and Kaynak, 1998).

    A line of the file is one picture: 64 ink levels row by row, one character each, and the digit.
    """
    raw = np.frombuffer(_text("digits.txt").encode("ascii"), np.uint8).reshape(-1, DIGIT_SIDE**2 + 2)
    levels = np.zeros(256, np.float32)
    levels[list(DIGIT_ALPHABET)] = np.arange(len(DIGIT_ALPHABET)) / DIGIT_LEVELS
    names = tuple(str(digit) for digit in range(10))
    side = range(1, DIGIT_SIDE + 1)
    return _shared(
        Dataset(
            key="digits",
            title="Handwritten digits",
            task="classes",
            inputs=levels[raw[:, : DIGIT_SIDE**2]].reshape(-1, DIGIT_SIDE, DIGIT_SIDE, 1),
            targets=one_hot(raw[:, DIGIT_SIDE**2].astype(np.intp) - ord("0"), 10),
            feature_names=tuple(f"row {row} column {column}" for row in side for column in side),
            target_names=names,
            input_scaling=Scaling(np.zeros((), np.float32), np.full((), DIGIT_LEVELS, np.float32)),
            target_scaling=unscaled(),
            feature_units=("ink, 0 to 16",) * DIGIT_SIDE**2,
            class_names=names,
            source="E. Alpaydin, C. Kaynak (1998), UCI Machine Learning Repository, CC BY 4.0",
        )
    )


def _shared(dataset: Dataset) -> Dataset:
    """The dataset with arrays that nobody can write to, since everybody gets the same ones."""
    dataset.inputs.setflags(write=False)
    dataset.targets.setflags(write=False)
    return dataset


def _text(name: str) -> str:
    return (files("resources") / "datasets" / name).read_text(encoding="utf-8")
