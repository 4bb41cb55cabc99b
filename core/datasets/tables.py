"""Small tables that a person can check by hand: truth tables, sums, receipts, the seven segments, the worked example."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.datasets.dataset import Dataset
from core.datasets.parts import float32, one_hot, points, unscaled
from core.errors import DatasetError

Numbers = NDArray[np.signedinteger[Any]]
Truths = NDArray[np.bool_]

MEALS = ("burgers", "fries", "sodas")
MEAL_PRICES = (4.5, 2.5, 1.8)
"""Euros for one of each; what the network has to find out from the receipts."""

SEGMENTS = ("a", "b", "c", "d", "e", "f", "g")
"""Top, upper right, lower right, bottom, lower left, upper left, middle: the usual names."""

LIT_SEGMENTS = ("abcdef", "bc", "abdeg", "abcdg", "bcfg", "acdfg", "acdefg", "abc", "abcdefg", "abcdfg")
"""Which segments are lit for the digits 0 to 9."""


def xor(samples: int, noise: float, seed: int) -> Dataset:
    """1 where exactly one of two inputs is 1."""
    return _logic("xor", "XOR", 2, lambda ones: ones == 1, samples, noise, seed)


def logical_and(samples: int, noise: float, seed: int) -> Dataset:
    """1 where both inputs are 1."""
    return _logic("and", "AND", 2, lambda ones: ones == 2, samples, noise, seed)


def logical_or(samples: int, noise: float, seed: int) -> Dataset:
    """1 where at least one of two inputs is 1."""
    return _logic("or", "OR", 2, lambda ones: ones >= 1, samples, noise, seed)


def one_of_three(samples: int, noise: float, seed: int) -> Dataset:
    """1 where exactly one of three inputs is 1."""
    return _logic("one-of-three", "One of three", 3, lambda ones: ones == 1, samples, noise, seed)


def sum_of_three(samples: int, noise: float, seed: int) -> Dataset:
    """``y = x1 + x2 + x3`` for inputs from -1 to 1: one neuron has to find three weights of 1."""
    random = np.random.default_rng(seed)
    inputs = random.uniform(-1.0, 1.0, (samples, 3))
    totals = inputs.sum(axis=1, keepdims=True) + noise * random.standard_normal((samples, 1))
    return Dataset(
        key="sum",
        title="Sum of three numbers",
        task="regression",
        inputs=float32(inputs),
        targets=float32(totals),
        feature_names=("x1", "x2", "x3"),
        target_names=("sum",),
        input_scaling=unscaled(),
        target_scaling=unscaled(),
    )


def meals(samples: int, noise: float, seed: int) -> Dataset:
    """Receipts: how many burgers, fries and sodas were bought, and what they cost together.

    Nothing is scaled, so that a weight of a linear neuron is a price in euros. ``noise`` is in euros a receipt.
    """
    random = np.random.default_rng(seed)
    counts = random.integers(0, 6, (samples, len(MEALS)))
    totals = counts @ np.array(MEAL_PRICES) + noise * random.standard_normal(samples)
    return Dataset(
        key="meals",
        title="Meal prices",
        task="regression",
        inputs=float32(counts),
        targets=float32(totals).reshape(-1, 1),
        feature_names=MEALS,
        target_names=("price",),
        input_scaling=unscaled(),
        target_scaling=unscaled(),
        feature_units=("pieces",) * len(MEALS),
        target_units=("€",),
    )


def seven_segment() -> Dataset:
    """The ten digits of a pocket calculator: which of seven segments are lit -> which digit it is."""
    lit = [[segment in digit for segment in SEGMENTS] for digit in LIT_SEGMENTS]
    names = tuple(str(digit) for digit in range(10))
    return Dataset(
        key="seven-segment",
        title="Seven-segment digits",
        task="classes",
        inputs=float32(lit),
        targets=one_hot(np.arange(10), 10),
        feature_names=SEGMENTS,
        target_names=names,
        input_scaling=unscaled(),
        target_scaling=unscaled(),
        class_names=names,
        validate_on_training=True,
        drawing="segments",
    )


def article() -> Dataset:
    """The one sample of the worked 2-2-1 example: x1 = 1, x2 = 0.5, and the answer should be 1."""
    return _complete(points("article", "Worked example", [[1.0, 0.5]], [1.0], ("no", "yes")))


def _logic(
    key: str, title: str, inputs: int, rule: Callable[[Numbers], Truths], samples: int, noise: float, seed: int
) -> Dataset:
    """The rows of a truth table in turn, each scattered around its corner; ``rule`` is told how many inputs are 1."""
    corners = np.indices((2,) * inputs).reshape(inputs, -1).T
    if samples % len(corners):
        raise DatasetError(
            f"{title}: samples is {samples}; it must be a multiple of {len(corners)}, so that every row of the table "
            "appears equally often."
        )
    table = np.tile(corners, (samples // len(corners), 1))
    scatter = noise * np.random.default_rng(seed).standard_normal(table.shape)
    dataset = points(key, title, table + scatter, rule(table.sum(axis=1)), ("false", "true"))
    return dataset if noise else _complete(dataset)


def _complete(dataset: Dataset) -> Dataset:
    """The same data, marked as a table from which nothing can be held out."""
    return replace(dataset, validate_on_training=True)
