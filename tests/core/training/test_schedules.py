"""Schedules by hand, in a run, and what they refuse."""

import re

import numpy as np
import pytest

from core.datasets.registry import dataset
from core.diagram.records import OptimizerChoice, ScheduleChoice
from core.errors import TrainingError
from core.training.events import EpochEnded, StepsTaken
from core.training.schedules import LEAST_SHARE, SCHEDULES, check_schedule, share
from core.training.trainer import Trainer
from tests.core.training.networks import network, settings

CIRCLE = dataset("circle", samples=100)


@pytest.mark.parametrize("key", SCHEDULES)
@pytest.mark.parametrize(("epochs", "per_epoch"), [(1, 1), (1, 3), (2, 1), (10, 25)])
@pytest.mark.parametrize("warmup", [0.0, 0.5, 30.0])
def test_a_share_is_always_a_part(key: str, epochs: int, per_epoch: int, warmup: float) -> None:
    choice = ScheduleChoice(key=key, warmup=warmup, every=1)
    # One epoch more than planned: a person may take single steps beyond the end.
    shares = [share(choice, step / per_epoch, epochs, per_epoch) for step in range((epochs + 1) * per_epoch)]
    assert all(LEAST_SHARE <= value <= 1.0 for value in shares)


def test_the_rate_drops_when_epochs_are_over() -> None:
    choice = ScheduleChoice(key="step", factor=0.1, every=2)
    for per_epoch in (1, 3, 7, 49):
        shares = [share(choice, step / per_epoch, 6, per_epoch) for step in range(6 * per_epoch)]
        expected = np.repeat([1.0, 1.0, 0.1, 0.1, 0.01, 0.01], per_epoch)
        np.testing.assert_allclose(shares, expected)


def test_a_warm_up_takes_even_steps() -> None:
    choice = ScheduleChoice(warmup=0.5)
    assert [share(choice, step / 8, 2, 8) for step in range(6)] == [0.25, 0.5, 0.75, 1.0, 1.0, 1.0]


def test_a_cycle_is_highest_after_three_tenths() -> None:
    shares = [share(ScheduleChoice(key="one_cycle"), step / 10, 10, 10) for step in range(100)]
    assert np.argmax(shares) == 29
    assert shares[0] == pytest.approx(1 / 25)
    assert shares[-1] == pytest.approx(1 / 250_000)


def rates(trainer: Trainer) -> list[float]:
    return [event.learning_rate for event in trainer.events() if isinstance(event, StepsTaken)]


def test_a_run_tells_the_rate_of_every_step() -> None:
    choice = ScheduleChoice(key="cosine", final=0.1)
    run = settings(rate=0.05, batch=40, epochs=5, schedule=choice)
    trainer = Trainer(network(CIRCLE, dtype="float64"), CIRCLE, run, slice_seconds=0.0)
    expected = [0.05 * share(choice, step / 2, 5, 2) for step in range(10)]
    events = list(trainer.events())
    np.testing.assert_allclose([e.learning_rate for e in events if isinstance(e, StepsTaken)], expected)
    np.testing.assert_allclose([e.learning_rate for e in events if isinstance(e, EpochEnded)], expected[1::2])


@pytest.mark.parametrize("key", ["sgd", "adam", "rprop", "lbfgs", "adamw"])
def test_the_rate_of_a_schedule_is_what_the_step_takes(key: str) -> None:
    """A run whose rate is set by hand before every step gives the same bits."""
    choice = ScheduleChoice(key="exponential", factor=0.25, every=1)
    batches = {"batch": 40, "epochs": 3, "optimizer": key, "validation_fraction": 0.2}
    scheduled = network(CIRCLE, dtype="float64")
    list(Trainer(scheduled, CIRCLE, settings(rate=0.05, schedule=choice, **batches)).events())  # type: ignore[arg-type]
    by_hand = network(CIRCLE, dtype="float64")
    trainer = Trainer(by_hand, CIRCLE, settings(rate=0.05, **batches))  # type: ignore[arg-type]
    for step in range(6):
        trainer.set_learning_rate(0.05 * share(choice, step / 2, 3, 2))
        trainer.step_once()
    np.testing.assert_array_equal(by_hand.vector, scheduled.vector)


def test_the_rate_that_a_person_sets_is_the_base_of_the_schedule() -> None:
    choice = ScheduleChoice(key="step", factor=0.5, every=1)
    run = settings(rate=0.05, batch=40, epochs=4, schedule=choice)
    trainer = Trainer(network(CIRCLE, dtype="float64"), CIRCLE, run, slice_seconds=0.0)
    found = []
    for event in trainer.events():
        if isinstance(event, StepsTaken):
            found.append(event.learning_rate)
            if event.step == 3:
                trainer.set_learning_rate(0.8)
    np.testing.assert_allclose(found, [0.05, 0.05, 0.025, 0.4, 0.2, 0.2, 0.1, 0.1])


def test_a_run_that_goes_on_does_not_warm_up_again() -> None:
    choice = ScheduleChoice(key="cosine", warmup=2.0)
    whole = settings(rate=0.05, batch=40, epochs=6, schedule=choice)
    rest = settings(rate=0.05, batch=40, epochs=2, schedule=choice)
    model = network(CIRCLE, dtype="float64")
    expected = rates(Trainer(model, CIRCLE, whole, slice_seconds=0.0))
    found = rates(Trainer(model, CIRCLE, rest, slice_seconds=0.0, epochs_before=4))
    np.testing.assert_allclose(found, expected[8:])


def test_more_epochs_stretch_the_schedule() -> None:
    choice = ScheduleChoice(key="cosine")
    run = settings(rate=0.05, batch=40, epochs=2, schedule=choice)
    trainer = Trainer(network(CIRCLE, dtype="float64"), CIRCLE, run, slice_seconds=0.0)
    trainer.set_epochs(4)
    found = rates(trainer)
    assert len(found) == 8
    np.testing.assert_allclose(found[2:], [0.05 * share(choice, step / 2, 4, 2) for step in range(2, 8)])


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"key": "magic"}, "There is no schedule 'magic'; choose one of constant, step,"),
        ({"key": "step", "factor": 0.0}, "Steps: the factor is 0; it must be above 0 and at most 1"),
        ({"key": "exponential", "factor": 1.5}, "Exponential: the factor is 1.5"),
        ({"key": "step", "every": 0}, "Steps: every 0 epochs; it must be a whole number from 1 up."),
        ({"key": "step", "every": 1.5}, "Steps: every 1.5 epochs"),
        ({"key": "cosine", "final": 1.5}, "Cosine: the final share is 1.5; it must be from 0 to 1."),
        ({"warmup": -1.0}, "The warm-up is -1 epochs; it must be from 0 up"),
    ],
)
def test_bad_settings_are_explained(fields: dict[str, object], sentence: str) -> None:
    with pytest.raises(TrainingError, match=re.escape(sentence)):
        check_schedule(ScheduleChoice(**fields))  # type: ignore[arg-type]


def test_a_schedule_ignores_what_it_does_not_read() -> None:
    check_schedule(ScheduleChoice(key="one_cycle", factor=9.0, every=0, final=-1.0, warmup=-1.0))
    check_schedule(ScheduleChoice(factor=9.0, every=0, final=-1.0))


@pytest.mark.parametrize("key", SCHEDULES)
def test_every_schedule_reads_settings_that_there_are(key: str) -> None:
    fields = set(ScheduleChoice.__struct_fields__) - {"key"}
    assert set(SCHEDULES[key].settings) <= fields
    assert SCHEDULES[key].help.endswith(".")


def test_the_record_of_a_diagram_begins_with_a_rule_and_a_schedule_that_there_are() -> None:
    check_schedule(ScheduleChoice())
    assert OptimizerChoice().key == "adam"
