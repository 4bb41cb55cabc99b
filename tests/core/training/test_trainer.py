"""The trainer: what it tells, when it stops, and that it learns."""

import math
import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from core.datasets.registry import dataset
from core.diagram.records import TargetChoice, TrainingSettings
from core.errors import TrainingError
from core.model.model import Model
from core.training.events import EpochEnded, RunEnded, RunStarted, StepsTaken, TrainingEvent
from core.training.trainer import Trainer
from tests.core.training.networks import network, rows, settings

CIRCLE = dataset("circle", samples=100)


def run(trainer: Trainer) -> tuple[list[TrainingEvent], RunEnded]:
    events = list(trainer.events())
    assert isinstance(events[0], RunStarted)
    assert isinstance(events[-1], RunEnded)
    return events, events[-1]


def test_where_nothing_is_held_out_no_validation_samples_are_told() -> None:
    events, _ = run(Trainer(network(CIRCLE), CIRCLE, settings(epochs=1, validation_fraction=0.0)))
    started = events[0]
    assert isinstance(started, RunStarted)
    assert (started.training_samples, started.validation_samples) == (100, 0)


def test_a_run_tells_its_story_in_order() -> None:
    model = network(CIRCLE)
    trainer = Trainer(model, CIRCLE, settings(epochs=7, batch=32))
    events, ended = run(trainer)
    started = events[0]
    assert started.parameters == model.plan.num_parameters == 33
    assert (started.training_samples, started.validation_samples) == (80, 20)
    assert started.steps_per_epoch == 3
    assert started.metric == ended.metric == "accuracy"
    epochs = [event for event in events if isinstance(event, EpochEnded)]
    assert [event.epoch for event in epochs] == list(range(1, 8))
    assert [event.step for event in epochs] == list(range(3, 22, 3))
    taken = [event for event in events if isinstance(event, StepsTaken)]
    assert sum(event.steps for event in taken) == ended.steps == trainer.step == 21
    assert taken[-1].step == 21
    assert all(later.step >= earlier.step for earlier, later in pairwise(taken))
    assert (ended.stopped, ended.epochs, ended.diagnosis) == ("epochs", 7, None)
    assert ended.loss_first == started.loss
    last = epochs[-1]
    assert (ended.loss_last, ended.validation_loss) == (last.loss, last.validation_loss)
    assert ended.metric_value == last.validation_metric
    assert ended.seconds > 0
    assert all(earlier.seconds < later.seconds <= ended.seconds for earlier, later in pairwise(epochs))


@pytest.mark.parametrize(
    ("key", "least"), [("circle", 0.95), ("iris", 0.95), ("sine", 0.8), ("seven-segment", 1.0), ("xor", 1.0)]
)
def test_networks_learn(key: str, least: float) -> None:
    data = dataset(key)
    trainer = Trainer(network(data, (12,)), data, settings(epochs=400 if len(data) < 20 else 60, rate=0.03))
    _, ended = run(trainer)
    assert trainer.evaluate()[2] >= least
    assert ended.loss_last < 0.5 * ended.loss_first


def test_evaluation_agrees_with_the_model() -> None:
    data = dataset("circle", samples=1500)
    model = network(data, dtype="float64")
    trainer = Trainer(model, data, settings())
    for indices, loss, metric in zip(
        (trainer.training_indices, trainer.validation_indices), trainer.evaluate()[:2], trainer.evaluate()[2:]
    ):
        inputs, targets = data.inputs[indices], data.targets[indices]
        assert loss == pytest.approx(model.loss_and_gradients({"x": inputs}, {"loss": targets})[0], rel=1e-12)
        answers = model.forward({"x": inputs}, ["y"])["y"]
        assert metric == np.mean((answers > 0.5) == (targets > 0.5))


def test_the_first_step_is_the_gradient_step() -> None:
    data = rows([[1.0, 2.0]], [[3.0]])
    model = network(data, (), dtype="float64")
    before = model.copy_parameters()
    _, gradients = model.loss_and_gradients({"x": data.inputs}, {"loss": data.targets})
    taken = Trainer(model, data, settings("sgd", 0.25)).step_once()
    assert isinstance(taken, StepsTaken)
    assert (taken.step, taken.epoch, taken.steps) == (1, 1, 1)
    for name, values in model.parameters.items():
        np.testing.assert_allclose(values, before[name] - 0.25 * gradients[name], rtol=1e-12)


def test_mean_squared_error_in_chunks_is_the_mean_over_all() -> None:
    data = dataset("sine", samples=1300)
    model = network(data)
    trainer = Trainer(model, data, settings(validation_fraction=0.0))
    answers = model.forward({"x": data.inputs}, ["y"])["y"]
    assert trainer.evaluate()[0] == pytest.approx(np.mean((answers - data.targets) ** 2), rel=1e-5)


def test_steps_are_bounded() -> None:
    events, ended = run(Trainer(network(CIRCLE), CIRCLE, settings(batch=32), max_steps=5))
    assert (ended.stopped, ended.steps, ended.epochs) == ("steps", 5, 1)
    assert sum(isinstance(event, EpochEnded) for event in events) == 1


def test_epochs_can_be_bounded_from_outside() -> None:
    _, ended = run(Trainer(network(CIRCLE), CIRCLE, settings(epochs=50), max_epochs=3))
    assert (ended.stopped, ended.epochs) == ("epochs", 3)


def test_stop_is_asked_after_every_step() -> None:
    asked = []

    def stop() -> bool:
        asked.append(True)
        return len(asked) >= 9

    *_, ended = Trainer(network(CIRCLE), CIRCLE, settings(), slice_seconds=1e9).events(stop)
    assert isinstance(ended, RunEnded)
    assert ended.stopped == "interrupted"
    # Asked once before the first step, and once more at the end of the first epoch.
    assert ended.steps == 7


def test_a_run_that_is_stopped_at_once_takes_no_step() -> None:
    *_, ended = Trainer(network(CIRCLE), CIRCLE, settings()).events(lambda: True)
    assert isinstance(ended, RunEnded)
    assert (ended.stopped, ended.steps) == ("interrupted", 0)


@pytest.mark.parametrize(("metric", "value"), [("accuracy", 0.9), ("validation_loss", 0.4)])
def test_a_run_stops_at_its_target(metric: str, value: float) -> None:
    target = TargetChoice(metric=metric, value=value)
    events, ended = run(Trainer(network(CIRCLE), CIRCLE, settings(epochs=500, target=target)))
    assert ended.stopped == "target"
    epochs = [event for event in events if isinstance(event, EpochEnded)]
    reached = [
        event.validation_metric >= value if metric == "accuracy" else event.validation_loss <= value for event in epochs
    ]
    assert reached == [False] * (len(epochs) - 1) + [True]


def test_a_target_for_r2_stops_a_regression() -> None:
    data = dataset("line")
    _, ended = run(Trainer(network(data, ()), data, settings(epochs=900, target=TargetChoice(metric="r2", value=0.9))))
    assert (ended.stopped, ended.metric) == ("target", "r2")
    assert ended.metric_value >= 0.9


def test_a_paused_run_takes_single_steps_and_goes_on() -> None:
    whole, parts = network(CIRCLE), network(CIRCLE)
    run(Trainer(whole, CIRCLE, settings(epochs=6)))
    trainer = Trainer(parts, CIRCLE, settings(epochs=6), slice_seconds=0.0)
    events = trainer.events()
    for _ in range(4):
        next(events)
    for _ in range(9):
        trainer.step_once()
    list(events)
    assert trainer.step == 30
    assert parts.vector.tobytes() == whole.vector.tobytes()


def test_slices_do_not_change_the_result() -> None:
    models = [network(CIRCLE, dropout=0.2) for _ in range(2)]
    for model, seconds in zip(models, (0.0, 1e9)):
        run(Trainer(model, CIRCLE, settings(epochs=5), slice_seconds=seconds))
    assert models[0].vector.tobytes() == models[1].vector.tobytes()


def test_with_no_time_a_slice_is_one_step() -> None:
    events, _ = run(Trainer(network(CIRCLE), CIRCLE, settings(epochs=2), slice_seconds=0.0))
    assert {event.steps for event in events if isinstance(event, StepsTaken)} == {1}


def test_settings_can_change_during_a_run() -> None:
    trainer = Trainer(network(CIRCLE), CIRCLE, settings(epochs=100), slice_seconds=0.0)
    events = trainer.events()
    while trainer.epoch < 1:
        next(events)
    assert trainer.step == 5
    trainer.set_batch_size(40)
    trainer.set_epochs(3)
    trainer.set_learning_rate(1e-30)
    before = trainer._model.vector.copy()
    *_, ended = events
    assert (trainer.step, trainer.epoch, ended.stopped) == (5 + 2 + 2, 3, "epochs")
    np.testing.assert_array_equal(trainer._model.vector, before)


def test_the_batch_size_changes_with_the_next_epoch() -> None:
    trainer = Trainer(network(CIRCLE), CIRCLE, settings(epochs=2), slice_seconds=0.0)
    trainer.step_once()
    trainer.set_batch_size(80)
    list(trainer.events())
    assert trainer.step == 5 + 1


def test_a_finished_trainer_goes_on_with_more_epochs() -> None:
    whole, parts = network(CIRCLE), network(CIRCLE)
    run(Trainer(whole, CIRCLE, settings(epochs=6)))
    trainer = Trainer(parts, CIRCLE, settings(epochs=2))
    run(trainer)
    assert run(trainer)[1].stopped == "epochs"
    assert trainer.step == 10
    trainer.set_epochs(6)
    _, ended = run(trainer)
    assert (ended.steps, ended.epochs) == (30, 6)
    assert parts.vector.tobytes() == whole.vector.tobytes()


def test_the_state_of_the_optimizer_can_be_seen() -> None:
    model = network(CIRCLE)
    trainer = Trainer(model, CIRCLE, settings())
    trainer.step_once()
    state = trainer.optimizer_state
    names = {f"adam/{part}/{name}" for part in ("mean", "square", "count") for name in model.parameters}
    assert set(state) == names
    assert state["adam/count/h1/weight"] == 1
    assert state["adam/mean/h1/weight"].shape == (8, 2)


def test_a_batch_larger_than_the_data_is_the_data() -> None:
    events, _ = run(Trainer(network(CIRCLE), CIRCLE, settings(batch=10_000, epochs=2)))
    assert events[0].steps_per_epoch == 1  # type: ignore[union-attr]


def test_complete_tables_are_validated_on_what_was_learned() -> None:
    data = dataset("xor")
    trainer = Trainer(network(data), data, settings(validation_fraction=0.5))
    assert trainer.training_indices is trainer.validation_indices
    loss, validation_loss, metric, validation_metric = trainer.evaluate()
    assert (loss, metric) == (validation_loss, validation_metric)


def test_dropout_is_silent_while_measuring() -> None:
    plain, dropping = network(CIRCLE), network(CIRCLE, dropout=0.5)
    assert Trainer(plain, CIRCLE, settings()).evaluate() == Trainer(dropping, CIRCLE, settings()).evaluate()


def test_several_losses_add_up() -> None:
    from core.ops.losses import MeanAbsoluteError, MeanSquaredError
    from tests.plans import PlanBuilder

    data = dataset("line", samples=1000)
    builder = PlanBuilder()
    value = builder.linear("y", builder.input("x", (1,)), 1)
    builder.loss("squared", MeanSquaredError(weight=0.5), value)
    builder.loss("absolute", MeanAbsoluteError(weight=2.0), value)
    model = Model(builder.plan())
    trainer = Trainer(model, data, settings(validation_fraction=0.0))
    error = model.forward({"x": data.inputs}, ["y"])["y"] - data.targets
    expected = 0.5 * np.mean(error**2) + 2.0 * np.mean(np.abs(error))
    assert trainer.evaluate()[0] == pytest.approx(expected, rel=1e-5)
    whole = Trainer(model, data, settings(validation_fraction=0.0, batch=1000)).step_once()
    assert isinstance(whole, StepsTaken)
    assert whole.loss == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"batch_size": 0}, "The batch size is 0; it must be a whole number from 1 up, such as 32."),
        ({"batch_size": math.nan}, "The batch size is nan"),
        ({"epochs": math.inf}, "The number of epochs is inf"),
        ({"seed": 1.5}, "The seed is 1.5"),
        ({"batch_size": 2.5}, "The batch size is 2.5; it must be a whole number"),
        ({"epochs": 0}, "The number of epochs is 0"),
        ({"seed": -1}, "The seed is -1"),
        ({"validation_fraction": 1.0}, "The validation fraction is 1; it must be from 0 to below 1"),
        ({"validation_fraction": float("nan")}, "The validation fraction is nan"),
        ({"target": TargetChoice(metric="beauty", value=1)}, "A run cannot stop at 'beauty'; choose one of"),
        ({"target": TargetChoice(metric="r2", value=1)}, "this network is measured by accuracy"),
        ({"target": TargetChoice(metric="accuracy", value=float("nan"))}, "The target for accuracy is nan"),
    ],
)
def test_bad_settings_are_explained(fields: dict[str, object], sentence: str) -> None:
    from msgspec.structs import replace as changed

    with pytest.raises(TrainingError, match=re.escape(sentence)):
        Trainer(network(CIRCLE), CIRCLE, changed(TrainingSettings(), **fields))


def test_bad_bounds_are_explained() -> None:
    with pytest.raises(TrainingError, match="The number of steps is 0"):
        Trainer(network(CIRCLE), CIRCLE, settings(), max_steps=0)
    with pytest.raises(TrainingError, match="The number of epochs is -3"):
        Trainer(network(CIRCLE), CIRCLE, settings(), max_epochs=-3)
    trainer = Trainer(network(CIRCLE), CIRCLE, settings())
    for change, value in ((trainer.set_batch_size, 0), (trainer.set_epochs, 0), (trainer.set_learning_rate, -1)):
        with pytest.raises(TrainingError):
            change(value)


def test_a_network_without_weights_is_refused() -> None:
    from core.ops.losses import MeanSquaredError
    from tests.plans import PlanBuilder

    builder = PlanBuilder()
    builder.loss("loss", MeanSquaredError(), builder.input("x", (1,)))
    with pytest.raises(TrainingError, match="There is nothing to train: no node has weights"):
        Trainer(Model(builder.plan()), dataset("line"), settings())


def test_data_for_another_network_are_refused() -> None:
    with pytest.raises(TrainingError, match="Compile the diagram again for this data"):
        Trainer(network(CIRCLE), replace(CIRCLE, inputs=CIRCLE.inputs[:, :1]), settings())
