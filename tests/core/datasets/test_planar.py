"""The pictures in the plane look as they say, and noise is a standard deviation."""

import numpy as np
import pytest

from core.datasets.registry import dataset

PLANAR = ("blobs", "circle", "moons", "spiral")


@pytest.mark.parametrize("key", PLANAR)
def test_classes_are_equally_frequent(key: str) -> None:
    assert dataset(key, samples=101).targets.sum() == 50


@pytest.mark.parametrize("key", PLANAR)
def test_noise_is_a_standard_deviation(key: str) -> None:
    still, moved = (dataset(key, samples=20_000, noise=noise).inputs for noise in (0.0, 0.3))
    assert (moved - still).std() == pytest.approx(0.3, rel=0.02)
    assert (moved - still).mean() == pytest.approx(0.0, abs=0.01)


def test_circle_is_a_disc_in_a_ring() -> None:
    data = dataset("circle", samples=4000, noise=0.0)
    radius = np.hypot(*data.inputs.T)
    inside = data.targets[:, 0] == 1
    assert radius[inside].max() == pytest.approx(1.0, abs=0.01)
    assert radius[~inside].min() == pytest.approx(1.5, abs=0.01)
    assert radius[~inside].max() == pytest.approx(2.5, abs=0.01)
    # Even filling: half of the disc's area lies within the root of one half.
    assert (radius[inside] < np.sqrt(0.5)).mean() == pytest.approx(0.5, abs=0.03)


def test_blobs_are_around_their_centres() -> None:
    data = dataset("blobs", samples=4000)
    upper = data.targets[:, 0] == 1
    np.testing.assert_allclose(data.inputs[upper].mean(axis=0), [1, 1], atol=0.05)
    np.testing.assert_allclose(data.inputs[~upper].mean(axis=0), [-1, -1], atol=0.05)


def test_spiral_arms_are_half_a_turn_apart_and_never_meet() -> None:
    data = dataset("spiral", samples=600, noise=0.0)
    first, second = data.inputs[data.targets[:, 0] == 0], data.inputs[data.targets[:, 0] == 1]
    np.testing.assert_allclose(first, -second, atol=1e-6)
    gaps = np.linalg.norm(first[:, None] - second[None], axis=2)
    assert gaps.min() > 0.5
    assert np.hypot(*first.T).max() == pytest.approx(3.0)


def test_moons_are_half_circles() -> None:
    data = dataset("moons", samples=400, noise=0.0)
    upper = data.inputs[data.targets[:, 0] == 0]
    np.testing.assert_allclose(np.hypot(upper[:, 0] + 0.5, upper[:, 1] + 0.25), 1.0, atol=1e-6)
    assert (upper[:, 1] >= -0.25 - 1e-6).all()
