"""The bundled sets are the known ones, and come quickly."""

import numpy as np
import pytest

from core.datasets import bundled
from core.datasets.dataset import Dataset, Scaling
from core.datasets.registry import dataset
from core.errors import DatasetError


def test_digits_are_those_of_scikit_learn() -> None:
    known = pytest.importorskip("sklearn.datasets").load_digits()
    data = dataset("digits")
    np.testing.assert_array_equal(data.inputs[..., 0] * 16, known.images)
    np.testing.assert_array_equal(data.targets.argmax(axis=1), known.target)
    np.testing.assert_array_equal(data.input_scaling.undo(data.inputs)[..., 0], known.images)


def test_iris_is_that_of_scikit_learn() -> None:
    known = pytest.importorskip("sklearn.datasets").load_iris()
    data = dataset("iris")
    np.testing.assert_allclose(data.input_scaling.undo(data.inputs), known.data, atol=1e-5)
    np.testing.assert_array_equal(data.targets.argmax(axis=1), known.target)
    assert data.class_names == ("setosa", "versicolor", "virginica")
    assert data.feature_units == ("cm",) * 4


def test_iris_is_standardised() -> None:
    inputs = dataset("iris").inputs
    np.testing.assert_allclose(inputs.mean(axis=0), 0.0, atol=1e-5)
    np.testing.assert_allclose(inputs.std(axis=0), 1.0, atol=1e-5)


def test_digits_are_all_there() -> None:
    assert len(bundled.digits()) == 1797


def test_some_digits_are_numbered_from_the_first() -> None:
    every, some = dataset("digits"), dataset("digits", first=5, last=9)
    wanted = every.class_numbers >= 5
    assert some.class_names == ("5", "6", "7", "8", "9")
    np.testing.assert_array_equal(some.inputs, every.inputs[wanted])
    np.testing.assert_array_equal(some.class_numbers + 5, every.class_numbers[wanted])


def test_noisy_digits_are_to_become_clean() -> None:
    clean, noisy, still = (
        dataset("digits").inputs,
        dataset("noisy-digits", noise=0.25),
        dataset("noisy-digits", noise=0.0),
    )
    np.testing.assert_array_equal(noisy.targets, clean)
    np.testing.assert_array_equal(still.inputs, clean)
    assert (noisy.inputs - clean).std() == pytest.approx(0.25, rel=0.01)


@pytest.mark.parametrize("key", ["iris", "digits"])
def test_nobody_can_spoil_what_all_share(key: str) -> None:
    data = dataset(key)
    assert data is dataset(key)
    for array in (data.inputs, data.targets):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_a_dataset_needs_as_many_targets_as_samples() -> None:
    scaling = Scaling(np.zeros(()), np.ones(()))
    with pytest.raises(DatasetError, match="Odd: 3 samples with 2 targets"):
        Dataset("odd", "Odd", "regression", np.zeros((3, 1)), np.zeros((2, 1)), ("x",), ("y",), scaling, scaling)
