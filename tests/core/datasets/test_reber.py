"""The embedded Reber grammar: its strings, what may follow, and that strings are new where they have to be."""

import numpy as np
import pytest

from core.datasets.reber import SYMBOLS, draw_strings, encode, legal_next
from core.datasets.registry import dataset
from core.errors import DatasetError

STRINGS = draw_strings(200, 30, np.random.default_rng(0))


@pytest.mark.parametrize(
    ("prefix", "legal"),
    [
        ("", "B"),
        ("B", "TP"),
        ("BT", "B"),
        ("BTB", "TP"),
        ("BTBT", "SX"),
        ("BTBTS", "SX"),
        ("BTBTSX", "XS"),
        ("BTBTSXX", "TV"),
        ("BPBPVP", "XS"),
        ("BPBPVV", "E"),
        ("BTBTXSE", "T"),
        ("BPBTXSE", "P"),
        ("BPBTXSEP", "E"),
        ("BPBTXSEPE", ""),
    ],
)
def test_what_may_follow(prefix: str, legal: str) -> None:
    assert set(legal_next(prefix)) == set(legal)


@pytest.mark.parametrize("prefix", ["T", "BE", "BTT", "BTBTXSEP", "BPBTXSET", "BTBTXSETE" + "B", "BTBQ"])
def test_what_breaks_the_grammar_is_refused(prefix: str) -> None:
    with pytest.raises(DatasetError, match=f"'{prefix}' breaks the grammar at symbol"):
        legal_next(prefix)


def test_strings_are_of_the_grammar_and_all_different() -> None:
    assert len(set(STRINGS)) == 200
    for text in STRINGS:
        assert 9 <= len(text) <= 30
        assert legal_next(text) == ""
        assert text[1] == text[-2]
    assert {text[1] for text in STRINGS} == {"T", "P"}
    assert {symbol for text in STRINGS for symbol in text} == set(SYMBOLS)


def test_unseen_strings_are_none_of_the_seen_ones() -> None:
    assert not set(draw_strings(200, 30, np.random.default_rng(0), STRINGS)) & set(STRINGS)


def test_inputs_are_the_symbols_and_targets_what_may_follow() -> None:
    inputs, targets = encode(STRINGS, 30)
    assert inputs.shape == targets.shape == (200, 29, 7)
    for text, shown, wanted in zip(STRINGS, inputs, targets):
        steps = len(text) - 1
        assert "".join(SYMBOLS[symbol] for symbol in shown[:steps].argmax(axis=1)) == text[:-1]
        for step in range(steps):
            legal = {SYMBOLS[symbol] for symbol in np.flatnonzero(wanted[step])}
            assert legal == set(legal_next(text[: step + 1]))
            assert text[step + 1] in legal
        assert not shown[steps:].any()
        assert not wanted[steps:].any()


def test_the_dataset_is_made_of_such_strings() -> None:
    data = dataset("reber", samples=200, length=30, seed=0)
    inputs, targets = encode(STRINGS, 30)
    np.testing.assert_array_equal(data.inputs, inputs)
    np.testing.assert_array_equal(data.targets, targets)


def test_the_most_samples_of_the_shortest_strings_can_be_drawn() -> None:
    assert len(dataset("reber", samples=2000, length=25)) == 2000
