"""Tables that can be checked by hand are checked by hand."""

import numpy as np
import pytest

from core.datasets import tables
from core.datasets.registry import dataset


@pytest.mark.parametrize(
    ("key", "truths"),
    [("and", [0, 0, 0, 1]), ("or", [0, 1, 1, 1]), ("xor", [0, 1, 1, 0]), ("one-of-three", [0, 1, 1, 0, 1, 0, 0, 0])],
)
def test_truth_tables(key: str, truths: list[int]) -> None:
    data = dataset(key)
    width = data.input_shape[0]
    rows = [[int(digit) for digit in f"{number:0{width}b}"] for number in range(2**width)]
    assert data.inputs.tolist() == rows
    assert data.targets[:, 0].tolist() == truths
    assert data.validate_on_training


def test_scattered_tables_hold_samples_out() -> None:
    data = dataset("xor", samples=400, noise=0.1)
    assert not data.validate_on_training
    np.testing.assert_array_equal(data.targets[:, 0] == 1, (data.inputs > 0.5).sum(axis=1) == 1)


def test_curves_and_sums() -> None:
    line, sine, total = (dataset(key, noise=0.0) for key in ("line", "sine", "sum"))
    np.testing.assert_allclose(line.targets, 0.8 * line.inputs + 0.5, atol=1e-6)
    np.testing.assert_allclose(sine.targets, np.sin(sine.inputs), atol=1e-6)
    x = (bumps := dataset("bumps", noise=0.0)).inputs
    np.testing.assert_allclose(bumps.targets, np.exp(-((x + 2) ** 2)) + 0.6 * np.exp(-2 * (x - 1.5) ** 2), atol=1e-6)
    np.testing.assert_allclose(total.targets, total.inputs.sum(axis=1, keepdims=True), atol=1e-6)


def test_receipts_add_up_in_euros() -> None:
    data = dataset("meals")
    assert data.feature_names == ("burgers", "fries", "sodas")
    assert data.target_units == ("€",)
    np.testing.assert_allclose(data.targets[:, 0], data.inputs @ tables.MEAL_PRICES, rtol=1e-6)
    # Least squares finds the prices, and no constant beside them: nothing is scaled or shifted.
    with_constant = np.column_stack([data.inputs, np.ones(len(data))])
    found = np.linalg.lstsq(with_constant, data.targets[:, 0], rcond=None)[0]
    np.testing.assert_allclose(found, [*tables.MEAL_PRICES, 0.0], atol=1e-4)


def test_tips_have_the_size_asked_for() -> None:
    data = dataset("meals", samples=20_000, noise=0.5)
    assert (data.targets[:, 0] - data.inputs @ tables.MEAL_PRICES).std() == pytest.approx(0.5, rel=0.03)


def test_seven_segments() -> None:
    data = dataset("seven-segment")
    assert data.drawing == "segments"
    assert dataset("iris").drawing == ""
    assert data.targets.tolist() == np.eye(10).tolist()
    assert data.validate_on_training
    assert len({tuple(row) for row in data.inputs.tolist()}) == 10
    lit = dict(zip(data.class_names, data.inputs.astype(int).tolist()))
    assert lit["8"] == [1, 1, 1, 1, 1, 1, 1]
    assert lit["1"] == [0, 1, 1, 0, 0, 0, 0]
    assert lit["6"] == [1, 0, 1, 1, 1, 1, 1]


def test_the_worked_example_is_one_sample() -> None:
    data = dataset("article")
    assert data.inputs.tolist() == [[1.0, 0.5]]
    assert data.targets.tolist() == [[1.0]]
    assert data.validate_on_training
