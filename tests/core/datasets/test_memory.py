"""Tasks that ask for memory ask for what was really shown, and where it was shown."""

import numpy as np
import pytest

from core.datasets.registry import dataset


def test_the_echo_is_the_marked_symbol() -> None:
    data = dataset("echo", samples=400, lag=7)
    assert data.inputs.shape == (400, 8, 5)
    assert data.feature_names[:6] == (
        "a at step 1",
        "b at step 1",
        "c at step 1",
        "d at step 1",
        "marked at step 1",
        "a at step 2",
    )
    np.testing.assert_array_equal(data.inputs[..., -1], np.eye(8)[[0]].repeat(400, axis=0))
    np.testing.assert_array_equal(data.inputs[:, 0, :4], data.targets)
    np.testing.assert_array_equal(data.inputs[..., :4].sum(axis=2), 1.0)
    # What follows says nothing about it: each symbol agrees with the marked one in a quarter of the sequences.
    agreeing = (data.inputs[:, 1:, :4] * data.targets[:, None]).sum(axis=2).mean()
    assert agreeing == pytest.approx(0.25, abs=0.03)


def test_the_latch_keeps_the_last_marked_bit() -> None:
    data = dataset("latch", samples=300, length=15)
    assert (data.inputs[:, 1:, 1]).mean() == pytest.approx(0.2, abs=0.02)
    for (bits, marks), targets in zip(data.inputs.transpose(0, 2, 1), data.targets[..., 0]):
        assert marks[0] == 1.0
        kept = 0.0
        for bit, mark, target in zip(bits, marks, targets):
            kept = bit if mark else kept
            assert target == (kept > 0)
    assert set(np.unique(data.inputs[..., 0])) == {-1.0, 1.0}


def test_the_clock_rings_after_as_many_steps_as_it_was_set_to() -> None:
    data = dataset("timing", samples=500, length=20)
    np.testing.assert_array_equal(data.inputs[..., 0].sum(axis=1), 1.0)
    start = data.inputs[..., 0].argmax(axis=1)
    wait = np.round(data.inputs[..., 1].max(axis=1) * 10).astype(int)
    assert set(wait) == set(range(1, 11))
    np.testing.assert_array_equal(data.inputs[np.arange(500), start, 1] * 10, wait)
    np.testing.assert_array_equal(data.targets[..., 0], np.arange(20) >= (start + wait)[:, None])
    assert data.targets[:, -1].all()


def test_two_marked_numbers_are_added() -> None:
    data = dataset("adding", samples=4000, length=11)
    numbers, marks = data.inputs[..., 0], data.inputs[..., 1]
    assert set(np.unique(marks)) == {0.0, 1.0}
    np.testing.assert_array_equal(marks[:, :5].sum(axis=1), 1.0)
    np.testing.assert_array_equal(marks[:, 5:].sum(axis=1), 1.0)
    assert (marks.sum(axis=0) > 0).all()
    np.testing.assert_allclose(data.targets[:, 0], (numbers * marks).sum(axis=1), atol=1e-6)
    assert np.square(data.targets - 1.0).mean() == pytest.approx(1 / 6, rel=0.05)


def test_hidden_symbols_are_recalled_in_their_order() -> None:
    data = dataset("recall", samples=300, length=12)
    symbols = data.inputs.argmax(axis=2)
    np.testing.assert_array_equal(data.inputs.sum(axis=2), 1.0)
    for row, targets in zip(symbols.tolist(), data.targets):
        assert [symbol for symbol in row if symbol < 4] == targets[-2:].argmax(axis=1).tolist()
        assert row[-2:] == [8, 9]
    assert not data.targets[:, :-2].any()
    shown = (symbols < 4)[:, :-2].any(axis=0)
    assert shown.all(), "a symbol may stand at any place before the prompts"


@pytest.mark.parametrize("pause", [0, 5])
def test_the_whole_sequence_is_copied_after_a_pause(pause: int) -> None:
    data = dataset("copy", samples=50, length=6, pause=pause)
    assert data.input_shape == (12 + pause, 9)
    np.testing.assert_array_equal(data.targets[:, -6:], data.inputs[:, :6, :-1])
    np.testing.assert_array_equal(data.inputs[:, :6, :-1].sum(axis=2), 1.0)
    assert not data.inputs[:, 6:, :-1].any()
    assert not data.targets[:, :-6].any()
    np.testing.assert_array_equal(data.inputs[..., -1], [[0.0] * (6 + pause) + [1.0] * 6] * 50)
