"""An LSTM solves what a simple recurrent network cannot, and the reach of their gradients says why."""

from dataclasses import replace

import numpy as np
import pytest

from core.datasets.memory import adding
from core.datasets.reber import draw_strings, embedded_reber
from tests.experiments.memory import SEEDS, TASKS, Run, compare, decay, run, strings_in


@pytest.mark.nightly
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("key", TASKS)
def test_the_lstm_solves_it_from_nine_of_ten_seeds_and_the_rnn_does_not(key: str) -> None:
    runs = compare(TASKS[key], SEEDS)
    assert sum(each.solved for each in runs["lstm"]) >= 9
    assert sum(each.solved for each in runs["rnn"]) == 0
    kept, lost = (decay(runs[cell], 1)[-1] for cell in ("lstm", "rnn"))
    assert kept > 0.01
    assert lost < 0.001


def test_the_lstm_solves_a_shorter_adding_problem_from_one_seed() -> None:
    task = replace(TASKS["adding"], draw=lambda seed: adding(4000, 30, seed), steps=1000)
    found = run(task, "lstm", 0)
    assert found.solved
    assert found.figure < 0.02
    assert found.norms[1].shape == (30,)
    assert found.norms[1].min() > 0.01 * found.norms[1][-1]


def test_an_untrained_network_breaks_the_grammar() -> None:
    found = run(TASKS["reber"], "rnn", 0, steps=1)
    assert found.figure < 0.1
    assert not found.solved


def test_the_strings_of_a_dataset_are_known_again() -> None:
    assert strings_in(embedded_reber(100, 40, 3)) == set(draw_strings(100, 40, np.random.default_rng(3)))


def test_the_decay_counts_back_from_the_last_step_with_a_gradient() -> None:
    norms = np.array([0.5, 1.0, 2.0, 0.0])
    runs = [Run(0.0, True, 0.0, 1, (norms, factor * norms)) for factor in (1.0, 3.0, 4.0)]
    np.testing.assert_array_equal(decay(runs, 1), [1.0, 0.5, 0.25])
