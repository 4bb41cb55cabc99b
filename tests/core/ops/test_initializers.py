"""Initial weights: their spread is what the formulas say, and one seed gives one network."""

import numpy as np
import pytest

from core.ops.initializers import INITIALIZERS, SCALED, initializer, with_number

SHAPE = (300, 200)
FAN_IN, FAN_OUT = 200, 300

STANDARD_DEVIATIONS = {
    "uniform": np.sqrt(1 / FAN_IN / 3),
    "normal": 0.05,
    "glorot_uniform": np.sqrt(2 / (FAN_IN + FAN_OUT)),
    "glorot_normal": np.sqrt(2 / (FAN_IN + FAN_OUT)),
    "he_uniform": np.sqrt(2 / FAN_IN),
    "he_normal": np.sqrt(2 / FAN_IN),
    "lecun_uniform": np.sqrt(1 / FAN_IN),
    "lecun_normal": np.sqrt(1 / FAN_IN),
    "orthogonal": np.sqrt(1 / max(SHAPE)),
    "identity": np.sqrt(200 / (300 * 200) * (1 - 1 / 300)),
    "zeros": 0.0,
    "ones": 0.0,
    "constant 0.25": 0.0,
    "uniform_within 0.5": 0.5 / np.sqrt(3),
}
MEANS = {"ones": 1.0, "identity": 1 / 300, "constant 0.25": 0.25}
KEYS = [*INITIALIZERS, *(key for key in STANDARD_DEVIATIONS if " " in key)]


def test_every_initializer_is_tried() -> None:
    assert {*INITIALIZERS, *SCALED} == {key.split(" ")[0] for key in STANDARD_DEVIATIONS}


@pytest.mark.parametrize("key", KEYS)
def test_spread_and_mean(key: str) -> None:
    values = initializer(key)(np.random.default_rng(0), SHAPE, FAN_IN, FAN_OUT)
    expected = STANDARD_DEVIATIONS[key]
    assert values.shape == SHAPE
    assert values.dtype == np.float64
    assert values.std() == pytest.approx(expected, rel=0.02)
    assert values.mean() == pytest.approx(MEANS.get(key, 0.0), abs=3e-3)
    if "uniform" in key:
        assert np.abs(values).max() <= expected * np.sqrt(3)


@pytest.mark.parametrize("key", KEYS)
def test_the_same_seed_gives_the_same_bits(key: str) -> None:
    first, second = (initializer(key)(np.random.default_rng(7), (3, 4), 4, 3) for _ in range(2))
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("key", KEYS)
def test_no_inputs_is_no_reason_to_divide_by_zero(key: str) -> None:
    assert initializer(key)(np.random.default_rng(0), (1, 0), 0, 0).shape == (1, 0)


@pytest.mark.parametrize("key", KEYS)
def test_biases_and_kernels_are_shapes_too(key: str) -> None:
    for shape in ((5,), (4, 3, 3, 3)):
        assert initializer(key)(np.random.default_rng(0), shape, 3, 4).shape == shape


@pytest.mark.parametrize("shape", [(5, 5), (3, 7), (7, 3), (4, 2, 3, 3), (1, 6), (6,)])
def test_orthogonal_rows_or_columns_are_orthogonal_and_of_length_one(shape: tuple[int, ...]) -> None:
    matrix = initializer("orthogonal")(np.random.default_rng(1), shape, 1, 1).reshape(shape[0], -1)
    if len(matrix) > matrix.shape[1]:
        matrix = matrix.T
    np.testing.assert_allclose(matrix @ matrix.T, np.eye(len(matrix)), atol=1e-14)


def test_orthogonal_matrices_are_drawn_without_a_lean() -> None:
    """Without the correction of the signs the first element would always have the same one."""
    draws = [initializer("orthogonal")(np.random.default_rng(seed), (3, 3), 3, 3) for seed in range(200)]
    np.testing.assert_allclose(np.mean(draws, axis=0), 0, atol=0.15)


def test_identity_passes_values_on() -> None:
    draw = initializer("identity")
    generator = np.random.default_rng(0)
    np.testing.assert_array_equal(draw(generator, (2, 3), 3, 2), [[1, 0, 0], [0, 1, 0]])
    np.testing.assert_array_equal(draw(generator, (3,), 1, 1), [1, 1, 1])
    kernel = draw(generator, (2, 2, 3, 3), 18, 18)
    assert kernel.sum() == 2
    assert kernel[0, 0, 1, 1] == kernel[1, 1, 1, 1] == 1


def test_a_number_keeps_every_digit_in_the_key() -> None:
    key = with_number("constant", 1 / 3)
    assert (initializer(key)(np.random.default_rng(0), (2,), 1, 1) == 1 / 3).all()
    with pytest.raises(KeyError):
        initializer("no_such_initializer")
