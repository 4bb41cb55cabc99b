"""Fixed values and random ones: what is drawn, when, and how far apart."""

import numpy as np
import pytest

from core.ops.evaluate import evaluate
from core.ops.noise import Constant, GaussianNoise, Noise, Sample

MANY = 20_000


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_constant_is_the_same_for_every_sample(dtype: type) -> None:
    output = evaluate(Constant(-2.5, 3), batch=4, dtype=dtype).output
    assert output.dtype == dtype
    np.testing.assert_array_equal(output, np.full((3, 4), -2.5))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("even", [False, True])
def test_noise_has_the_mean_and_the_spread_it_says(even: bool, dtype: type) -> None:
    drawn = evaluate(Noise(2, mean=3.0, spread=0.5, even=even), training=True, batch=MANY, dtype=dtype).output
    assert drawn.dtype == dtype
    assert drawn.mean() == pytest.approx(3.0, abs=0.01)
    assert drawn.std() == pytest.approx(0.5 / np.sqrt(3) if even else 0.5, rel=0.02)
    assert abs(np.corrcoef(drawn)[0, 1]) < 0.03
    if even:
        assert drawn.min() >= 2.5
        assert drawn.max() <= 3.5


@pytest.mark.parametrize("even", [False, True])
def test_noise_is_its_mean_outside_training_unless_it_always_draws(even: bool) -> None:
    still = evaluate(Noise(2, mean=3.0, even=even), batch=5).output
    np.testing.assert_array_equal(still, 3.0)
    lively = evaluate(Noise(2, mean=3.0, even=even, always=True), batch=5).output
    assert len(np.unique(lively)) == lively.size


def test_noise_is_the_same_from_the_same_seed_and_another_from_another() -> None:
    first, again, other = (evaluate(Noise(3), training=True, batch=5, seed=seed).output for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).all()


def test_gaussian_noise_is_added_while_training_alone() -> None:
    x = np.full((2, MANY), 7.0)
    noisy = evaluate(GaussianNoise(0.25), x, training=True).output
    assert noisy.mean() == pytest.approx(7.0, abs=0.01)
    assert noisy.std() == pytest.approx(0.25, rel=0.02)
    np.testing.assert_array_equal(evaluate(GaussianNoise(0.25), x).output, x)
    np.testing.assert_array_equal(evaluate(GaussianNoise(0.0), x, training=True).output, x)


@pytest.mark.parametrize("deviation", [-0.1, float("nan")])
def test_gaussian_noise_refuses_a_deviation_below_zero(deviation: float) -> None:
    with pytest.raises(ValueError, match="at least 0"):
        GaussianNoise(deviation)


def test_a_sample_has_the_mean_and_the_variance_that_arrive() -> None:
    mean, log_variance = np.full((1, MANY), 2.0), np.full((1, MANY), np.log(9.0))
    drawn = evaluate(Sample(), mean, log_variance, training=True).output
    assert drawn.mean() == pytest.approx(2.0, abs=0.05)
    assert drawn.std() == pytest.approx(3.0, rel=0.02)


def test_outside_training_a_sample_is_its_mean_and_the_variance_learns_nothing() -> None:
    mean, log_variance, slope = (np.random.default_rng(seed).normal(size=(2, 3)) for seed in range(3))
    result = evaluate(Sample(), mean, log_variance, output_gradient=slope)
    np.testing.assert_array_equal(result.output, mean)
    np.testing.assert_array_equal(result.input_gradients[0], slope)
    np.testing.assert_array_equal(result.input_gradients[1], 0)


def test_mean_and_variance_must_go_together() -> None:
    with pytest.raises(ValueError, match="one shape"):
        Sample().output_shape((2,), (3,))
