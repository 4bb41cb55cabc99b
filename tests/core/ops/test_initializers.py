"""Initial weights: their spread is what the formulas say, and one seed gives one network."""

import numpy as np
import pytest

from core.ops.initializers import INITIALIZERS

SHAPE = (300, 200)
FAN_IN, FAN_OUT = 200, 300

STANDARD_DEVIATIONS = {
    "uniform": np.sqrt(1 / FAN_IN / 3),
    "normal": np.sqrt(1 / FAN_IN),
    "glorot_uniform": np.sqrt(2 / (FAN_IN + FAN_OUT)),
    "glorot_normal": np.sqrt(2 / (FAN_IN + FAN_OUT)),
    "he_uniform": np.sqrt(2 / FAN_IN),
    "he_normal": np.sqrt(2 / FAN_IN),
    "zeros": 0.0,
    "ones": 0.0,
}


@pytest.mark.parametrize("key", INITIALIZERS)
def test_spread_and_mean(key: str) -> None:
    values = INITIALIZERS[key](np.random.default_rng(0), SHAPE, FAN_IN, FAN_OUT)
    expected = STANDARD_DEVIATIONS[key]
    assert values.shape == SHAPE
    assert values.dtype == np.float64
    assert values.std() == pytest.approx(expected, rel=0.02)
    assert values.mean() == pytest.approx(1.0 if key == "ones" else 0.0, abs=3e-3)
    if key.endswith("uniform"):
        assert np.abs(values).max() <= expected * np.sqrt(3)


@pytest.mark.parametrize("key", INITIALIZERS)
def test_the_same_seed_gives_the_same_bits(key: str) -> None:
    first, second = (INITIALIZERS[key](np.random.default_rng(7), (3, 4), 4, 3) for _ in range(2))
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("key", INITIALIZERS)
def test_no_inputs_is_no_reason_to_divide_by_zero(key: str) -> None:
    assert INITIALIZERS[key](np.random.default_rng(0), (1, 0), 0, 0).shape == (1, 0)
