"""Drawn pictures: lines that only one kind of pooling can see, and letters with a known number of faults."""

import numpy as np
import pytest

from core.datasets.pictures import LETTERS, letters
from core.datasets.registry import dataset


@pytest.mark.parametrize("dark", [0.0, 1.0])
def test_two_thin_lines_that_never_touch(dark: float) -> None:
    data = dataset("bars", samples=300, dark=dark, noise=0.0)
    ink = np.abs(data.inputs[..., 0] - dark)
    down = data.targets[:, 0] == 1.0
    assert down.mean() == 0.5
    across = np.where(down[:, None, None], ink.transpose(0, 2, 1), ink)
    lines = across[:, :, 0]
    np.testing.assert_array_equal(across, np.repeat(lines[:, :, None], 8, axis=2))
    np.testing.assert_array_equal(lines.sum(axis=1), 2.0)
    assert not (lines[:, 1:] * lines[:, :-1]).any()
    assert (lines.sum(axis=0) > 0).all()


def test_dark_is_a_share_of_the_pictures() -> None:
    data = dataset("bars", samples=4000, dark=0.3, noise=0.0)
    assert (data.inputs.mean(axis=(1, 2, 3)) > 0.5).mean() == pytest.approx(0.3, abs=0.03)


def test_the_largest_of_four_points_hides_dark_lines_and_the_smallest_shows_them() -> None:
    windows = dataset("bars", noise=0.0).inputs.reshape(-1, 4, 2, 4, 2)
    assert windows.max(axis=(2, 4)).std() == 0.0
    assert windows.min(axis=(2, 4)).std() > 0.4


def test_letters_have_as_many_faults_as_asked_for() -> None:
    data = dataset("letters", samples=60, flips=4)
    assert set(np.unique(data.inputs)) == {-1.0, 1.0}
    np.testing.assert_array_equal((data.inputs != data.targets).sum(axis=1), 4)
    np.testing.assert_array_equal(np.unique(data.targets, axis=0), np.unique(letters(), axis=0))
    assert len(np.unique(data.inputs, axis=0)) > len(LETTERS)
