"""Early stopping: patience, what counts as better, and the best parameters."""

import re

import numpy as np
import pytest

from core.datasets.registry import dataset
from core.diagram.records import EarlyStoppingChoice
from core.errors import TrainingError
from core.training.early_stopping import Patience, check_early_stopping
from core.training.events import EpochEnded, RunEnded
from core.training.trainer import Trainer
from tests.core.training.networks import network, settings

NOISY = dataset("circle", samples=60, noise=0.4)


def lost_after(losses: list[float], **fields: float) -> int | None:
    patience = Patience(EarlyStoppingChoice(**fields))  # type: ignore[arg-type]
    for number, loss in enumerate(losses, 1):
        patience.note_epoch(loss, np.zeros(1))
        if patience.is_lost:
            return number
    return None


def test_patience_is_lost_after_so_many_epochs_without_a_better_one() -> None:
    assert lost_after([5, 4, 4, 3, 3.5, 3, 3.1, 2], patience=3) == 7
    assert lost_after([5, 4, 4, 3, 3.5, 3, 3.1, 2], patience=4) is None


def test_a_smaller_improvement_than_asked_for_does_not_count() -> None:
    assert lost_after([1.0, 0.95, 0.91, 0.89], patience=2, min_improvement=0.1) == 3
    assert lost_after([1.0, 0.95, 0.89, 0.95], patience=2, min_improvement=0.1) is None


def test_without_settings_patience_has_no_end() -> None:
    patience = Patience(None)
    for _ in range(100):
        patience.note_epoch(1.0, np.zeros(1))
    assert not patience.is_lost


def overfitting(**fields: object) -> tuple[Trainer, np.ndarray, list[EpochEnded], list[np.ndarray], RunEnded]:
    """A large network on a few noisy points: the validation loss falls and then rises."""
    model = network(NOISY, (32, 32))
    run = settings(rate=0.02, batch=16, epochs=300, validation_fraction=0.4, **fields)
    trainer = Trainer(model, NOISY, run, slice_seconds=0.0)
    epochs, kept, ended = [], [], None
    for event in trainer.events():
        if isinstance(event, EpochEnded):
            epochs.append(event)
            kept.append(model.vector.copy())
        ended = event
    assert isinstance(ended, RunEnded)
    return trainer, model.vector, epochs, kept, ended


def test_a_run_stops_early_and_goes_back_to_its_best_epoch() -> None:
    _, vector, epochs, kept, ended = overfitting(early_stopping=EarlyStoppingChoice(patience=10))
    losses = [event.validation_loss for event in epochs]
    best = int(np.argmin(losses))
    assert ended.stopped == "early"
    assert ended.diagnosis is None
    assert len(epochs) == ended.epochs == best + 11
    assert ended.validation_loss == losses[best]
    np.testing.assert_array_equal(vector, kept[best])


def test_the_last_parameters_stay_where_nobody_wants_the_best() -> None:
    choice = EarlyStoppingChoice(patience=10, restore_best=False)
    _, vector, epochs, kept, ended = overfitting(early_stopping=choice)
    assert ended.stopped == "early"
    assert ended.validation_loss == epochs[-1].validation_loss
    np.testing.assert_array_equal(vector, kept[-1])


def test_a_run_whose_epochs_are_over_ends_with_its_best_too() -> None:
    _, _, epochs, _, ended = overfitting(early_stopping=EarlyStoppingChoice(patience=1000))
    assert ended.stopped == "epochs"
    assert ended.validation_loss == min(event.validation_loss for event in epochs) < epochs[-1].validation_loss


def test_whoever_interrupts_a_run_finds_it_as_it_was() -> None:
    model = network(NOISY, (32, 32))
    run = settings(rate=0.02, epochs=300, validation_fraction=0.4, early_stopping=EarlyStoppingChoice(patience=1000))
    trainer = Trainer(model, NOISY, run, slice_seconds=0.0)
    *_, last, ended = trainer.events(lambda: trainer.epoch >= 200)
    assert isinstance(ended, RunEnded)
    assert ended.stopped == "interrupted"
    assert ended.validation_loss == trainer.evaluate()[1]
    assert last


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"patience": 0}, "The patience is 0 epochs; it must be a whole number from 1 up."),
        ({"patience": 1.5}, "The patience is 1.5 epochs"),
        ({"min_improvement": -1.0}, "The least improvement is -1; it must be from 0 up."),
    ],
)
def test_bad_settings_are_explained(fields: dict[str, object], sentence: str) -> None:
    with pytest.raises(TrainingError, match=re.escape(sentence)):
        check_early_stopping(EarlyStoppingChoice(**fields))  # type: ignore[arg-type]
    with pytest.raises(TrainingError, match=re.escape(sentence)):
        Trainer(network(NOISY), NOISY, settings(early_stopping=EarlyStoppingChoice(**fields)))  # type: ignore[arg-type]
