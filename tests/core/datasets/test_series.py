"""Prices and texts: what is asked follows what is shown, and cannot be had for nothing."""

from itertools import pairwise

import numpy as np
import pytest

from core.datasets.registry import dataset
from core.datasets.series import rhyme


def test_prices_are_in_percent_of_today() -> None:
    data = dataset("stock", samples=2000, length=15)
    percent = data.input_scaling.undo(data.inputs)
    np.testing.assert_allclose(percent[:, -1], 0.0, atol=1e-6)
    assert (percent > -100.0).all()
    # "Tomorrow is like today" explains nothing, a line through the last days explains much but not all.
    change = data.target_scaling.undo(data.targets)
    assert abs(1.0 - np.square(change).mean() / change.var()) < 0.01
    shown = np.column_stack([percent[..., 0], np.ones(len(percent))])
    found = np.linalg.lstsq(shown, change, rcond=None)[0]
    assert 0.6 < 1.0 - np.square(change - shown @ found).mean() / change.var() < 0.8


def test_without_noise_a_price_is_a_season_on_a_trend() -> None:
    calm, wild = (dataset("stock", samples=2000, noise=noise) for noise in (0.0, 2.0))
    assert np.abs(calm.targets).max() < 1.6
    assert wild.targets.std() == pytest.approx(2.0, rel=0.1)


def test_the_rhyme_grows_verse_by_verse() -> None:
    text = rhyme()
    verses = text.split(". ")[:-1]
    assert verses[0] == "this is the house that jack built"
    assert verses[2] == "this is the rat that ate the malt that lay in the house that jack built"
    assert len(verses) == 11
    for verse, longer in pairwise(verses):
        assert longer.endswith(verse.removeprefix("this is the"))


def test_every_window_asks_for_the_character_after_it() -> None:
    data, text = dataset("text", length=12), rhyme()
    letters = [{"space": " ", "full stop": "."}.get(name, name) for name in data.class_names]
    shown = ["".join(letters[code] for code in window) for window in data.inputs.argmax(axis=2).tolist()]
    asked = "".join(letters[code] for code in data.class_numbers)
    assert shown == [text[start : start + 12] for start in range(len(text) - 12)]
    assert asked == text[12:]
