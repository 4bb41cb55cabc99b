"""The normal law's cumulative distribution against the standard library's error function."""

import math

import numpy as np
import pytest

from core.ops.activations import Gelu, activation_curve


def exact(z):
    return math.erfc(-z / math.sqrt(2)) / 2


@pytest.mark.parametrize("reach", [0.2, 3.0, 9.5])
def test_it_is_exact_to_rounding(reach):
    z = np.random.default_rng(7).uniform(-reach, reach, 4001)
    a, _ = activation_curve(Gelu(), z)
    expected = np.array([value * exact(value) for value in z])
    assert np.abs(a - expected).max() < 4e-16 * max(1.0, reach)


def test_no_seam_shows_between_two_centres():
    seams = (np.arange(-70, 70) + 0.5) / 8
    below, _ = activation_curve(Gelu(), np.nextafter(seams, -np.inf))
    above, _ = activation_curve(Gelu(), np.nextafter(seams, np.inf))
    assert np.abs(above - below).max() < 1e-14


def test_the_tails_are_exact_and_not_a_number_stays():
    z = np.array([-np.inf, -1e308, -11.0, 11.0, np.nan])
    with np.errstate(all="ignore"):
        a, slope = activation_curve(Gelu(), z)
    assert a[:3].tolist() == [0, 0, 0]
    assert np.abs(slope[:3]).max() < 1e-24
    assert (a[3], slope[3]) == (11, 1)
    assert np.isnan(a[4])


def test_single_precision_is_good_to_its_own_rounding():
    z = np.linspace(-6, 6, 997, dtype=np.float32)
    a, _ = activation_curve(Gelu(), z)
    assert np.abs(a - [value * exact(value) for value in z.tolist()]).max() < 1e-6
