"""Radial basis functions: values by hand, far away, and in pieces."""

import numpy as np
import pytest

from core.ops import radial
from core.ops.evaluate import evaluate
from core.ops.radial import RadialBasis


def points(units: int = 5, features: int = 3, batch: int = 7) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    generator = np.random.default_rng(0)
    slope = generator.normal(size=(units, batch))
    return (
        generator.normal(size=(features, batch)),
        generator.normal(size=(units, features)),
        generator.uniform(0.5, 2, units),
        slope,
    )


def test_the_formula_sample_by_sample() -> None:
    x, centre, width, _ = points()
    output = evaluate(RadialBasis(5), x, parameters=(centre, width)).output
    for unit in range(5):
        for sample in range(7):
            away = np.linalg.norm(x[:, sample] - centre[unit])
            assert output[unit, sample] == pytest.approx(np.exp(-(away**2) / (2 * width[unit] ** 2)), rel=1e-14)


def test_at_its_centre_a_unit_answers_one_and_a_width_away_a_little_more_than_half() -> None:
    x = np.array([[1.0, 3.0], [2.0, 2.0]])
    output = evaluate(RadialBasis(1), x, parameters=(np.array([[1.0, 2.0]]), np.array([2.0]))).output
    np.testing.assert_allclose(output, [[1.0, np.exp(-0.5)]], rtol=1e-15)


def test_small_distances_between_large_numbers_keep_their_digits() -> None:
    x = np.array([[1e8 + 0.5]])
    output = evaluate(RadialBasis(1), x, parameters=(np.array([[1e8]]), np.array([1.0]))).output
    assert output[0, 0] == pytest.approx(np.exp(-0.125), rel=1e-14)


def test_far_away_nothing_is_left_and_nothing_learned() -> None:
    x = np.array([[1e200, -1e308], [0.0, 1e308]])
    parameters = (np.zeros((2, 2)), np.ones(2))
    result = evaluate(RadialBasis(2), x, parameters=parameters, output_gradient=np.ones((2, 2)))
    for array in (result.output, *result.input_gradients, *result.parameter_gradients):
        np.testing.assert_array_equal(array, 0)


def test_a_width_of_zero_is_no_number_on_the_centre_and_nothing_elsewhere() -> None:
    output = evaluate(RadialBasis(1), np.array([[0.0, 1.0]]), parameters=(np.zeros((1, 1)), np.zeros(1))).output
    np.testing.assert_array_equal(output, [[np.nan, 0.0]])


@pytest.mark.parametrize("chunk", [1, 45, 10_000])
def test_it_does_not_matter_how_many_differences_are_held_at_a_time(
    chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    x, centre, width, slope = points()
    whole = evaluate(RadialBasis(5), x, parameters=(centre, width), output_gradient=slope)
    monkeypatch.setattr(radial, "CHUNK", chunk)
    parts = evaluate(RadialBasis(5), x, parameters=(centre, width), output_gradient=slope)
    np.testing.assert_array_equal(parts.output, whole.output)
    for part, expected in zip(parts.parameter_gradients, whole.parameter_gradients):
        np.testing.assert_array_equal(part, expected)


def test_what_it_says_of_itself() -> None:
    assert RadialBasis(5).macs((3,)) == 15
    centre, width = RadialBasis(5).blocks(3, 2.0, 0.5)
    assert (centre.shape, width.shape) == ((5, 3), (5,))
    assert not any(view.regularized for block in (centre, width) for view in block.views)
    with pytest.raises(ValueError, match="one row of features"):
        RadialBasis(5).output_shape((3, 2))
