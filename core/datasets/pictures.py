"""Small pictures that are drawn: lines of one point's width, and letters of 5 by 5 points with faults in them."""

import numpy as np

from core.datasets.dataset import Dataset, FloatArray
from core.datasets.parts import cell_names, float32, unscaled

SIDE = 8

LETTERS = {
    "A": "..#.. .#.#. #...# ##### #...#",
    "J": "##### ....# ....# #...# .###.",
    "K": "#..#. #.#.. ##... #.#.. #..#.",
    "+": "..#.. ..#.. ##### ..#.. ..#..",
}
"""Letters of nearly orthogonal patterns, so that a memory of 25 units tells them apart; no point is the same in all."""


def bars(samples: int, dark: float, noise: float, seed: int) -> Dataset:
    """Pictures of 8 x 8 points with two lines across (class 0) or two lines down (class 1), at any place.

    ``dark`` is the share of pictures with dark lines (0) on light (1); the others have light lines on dark. ``noise`` is the
    standard deviation of the scatter of every point. Lines of one picture never touch.
    """
    random = np.random.default_rng(seed)
    rows, down = np.arange(samples), np.arange(samples) % 2
    first = random.integers(0, SIDE - 2, samples)
    second = first + 2 + (random.random(samples) * (SIDE - 2 - first)).astype(np.intp)
    lines = np.zeros((samples, SIDE, SIDE))
    lines[rows, first] = lines[rows, second] = 1.0
    lines = np.where(down[:, None, None] == 1, lines.transpose(0, 2, 1), lines)
    is_dark = random.random(samples) < dark
    pictures = np.where(is_dark[:, None, None], 1.0 - lines, lines) + noise * random.standard_normal(lines.shape)
    names = ("across", "down")
    return Dataset(
        key="bars",
        title="Thin lines",
        task="binary",
        inputs=float32(pictures[..., None]),
        targets=float32(down).reshape(-1, 1),
        feature_names=cell_names(SIDE, SIDE),
        target_names=names[1:],
        input_scaling=unscaled(),
        target_scaling=unscaled(),
        class_names=names,
        source="computed",
    )


def letters() -> FloatArray:
    """(letters, 25): -1 for paper and 1 for ink, row by row."""
    return np.array([[1.0 if cell == "#" else -1.0 for cell in rows.replace(" ", "")] for rows in LETTERS.values()])


def spoilt_letters(samples: int, flips: int, seed: int) -> Dataset:
    """Letters of 5 x 5 points with ``flips`` points turned over -> the letters as they should be.

    Inputs and targets are (n, 25): -1 for paper and 1 for ink.
    """
    random = np.random.default_rng(seed)
    clean = letters()[np.arange(samples) % len(LETTERS)]
    turned = np.argsort(random.random(clean.shape), axis=1) < flips
    names = cell_names(5, 5)
    return Dataset(
        key="letters",
        title="Spoilt letters",
        task="regression",
        inputs=float32(np.where(turned, -clean, clean)),
        targets=float32(clean),
        feature_names=names,
        target_names=names,
        input_scaling=unscaled(),
        target_scaling=unscaled(),
        source="computed",
    )
