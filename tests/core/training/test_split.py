"""What is held out: as many as asked for, from every class, by the seed."""

import numpy as np
import pytest

from core.datasets.registry import dataset
from core.training.split import split


@pytest.mark.parametrize("key", ["iris", "digits", "circle", "line"])
@pytest.mark.parametrize("fraction", [0.1, 0.2, 0.5])
def test_parts_are_disjoint_and_complete(key: str, fraction: float) -> None:
    data = dataset(key)
    parts = split(data, fraction, seed=1)
    assert parts.held_out
    assert len(parts.validation) == round(fraction * len(data))
    np.testing.assert_array_equal(np.sort(np.concatenate([parts.training, parts.validation])), np.arange(len(data)))


def test_every_class_gives_its_share() -> None:
    data = dataset("digits")
    held_out = split(data, 0.2, seed=0).validation
    wanted = 0.2 * data.targets.sum(axis=0)
    assert (np.abs(data.targets[held_out].sum(axis=0) - wanted) < 1.0).all()


def test_the_seed_decides() -> None:
    data = dataset("iris")
    first, again, other = (split(data, 0.2, seed).validation for seed in (0, 0, 1))
    np.testing.assert_array_equal(first, again)
    assert set(first) != set(other)


@pytest.mark.parametrize(("key", "fraction"), [("xor", 0.5), ("seven-segment", 0.2), ("iris", 0.0), ("iris", 0.001)])
def test_nothing_is_held_out(key: str, fraction: float) -> None:
    data = dataset(key)
    parts = split(data, fraction, seed=0)
    assert not parts.held_out
    np.testing.assert_array_equal(parts.training, np.arange(len(data)))
    np.testing.assert_array_equal(parts.validation, np.arange(len(data)))


def test_one_training_sample_is_left_at_least() -> None:
    data = dataset("line", samples=8)
    assert len(split(data, 0.99, seed=0).training) == 8
    assert len(split(data, 0.9, seed=0).training) == 1
