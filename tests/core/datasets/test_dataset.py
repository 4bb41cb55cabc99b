"""What a dataset says of itself, and what cannot be one."""

from dataclasses import replace

import numpy as np
import pytest

from core.datasets.registry import dataset
from core.errors import DatasetError


def test_samples_and_targets_go_together_and_there_are_some() -> None:
    data = dataset("circle", samples=8)
    with pytest.raises(DatasetError, match="Circle: 8 samples with 7 targets"):
        replace(data, targets=data.targets[:7])
    with pytest.raises(DatasetError, match="Circle: 0 samples with 0 targets"):
        replace(data, inputs=data.inputs[:0], targets=data.targets[:0])


@pytest.mark.parametrize("key", ["circle", "iris"])
def test_targets_of_classes_have_a_column(key: str) -> None:
    data = dataset(key)
    with pytest.raises(DatasetError, match=r"it must be \(samples, classes\)"):
        replace(data, targets=data.targets[:, 0])


def test_the_class_of_every_sample() -> None:
    circle, iris = dataset("circle", samples=8), dataset("iris")
    np.testing.assert_array_equal(circle.class_numbers, [0, 1] * 4)
    np.testing.assert_array_equal(iris.class_numbers, np.repeat([0, 1, 2], 50))


def test_a_sequence_counts_by_the_last_step_that_asks() -> None:
    circle = dataset("circle", samples=8)
    targets = np.zeros((8, 4, 3), np.float32)
    targets[:, 1, 2] = 1.0
    targets[:4, 3, 1] = 1.0
    data = replace(circle, task="classes", targets=targets)
    np.testing.assert_array_equal(data.class_numbers, [1] * 4 + [2] * 4)
    yes = replace(circle, targets=np.array([[[1.0], [0.0]]] * 4 + [[[0.0], [1.0]]] * 4))
    np.testing.assert_array_equal(yes.class_numbers, [0] * 4 + [1] * 4)


def test_columns_of_a_sequence_are_those_of_one_step() -> None:
    assert dataset("latch", samples=8).column_names == ("bit", "mark")
    assert dataset("circle", samples=8).column_names == ("x1", "x2")
    assert len(dataset("digits").column_names) == 64
