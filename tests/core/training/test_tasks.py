"""Whole runs of every sort of task: autoencoders, classes and quantities in sequences, several losses, losses that compare nothing."""

from itertools import pairwise

import numpy as np
import pytest

import core
from core.compiler.data_spec import data_spec_for
from core.datasets.dataset import Dataset, Scaling
from core.diagram.records import EarlyStoppingChoice, OptimizerChoice, TargetChoice
from core.training.events import EpochEnded, RunEnded, RunStarted
from core.training.trainer import Trainer

RANDOM = np.random.default_rng(0)


def made(inputs: np.ndarray, targets: np.ndarray, task: str) -> Dataset:
    whole = Scaling(np.zeros(()), np.ones(()))
    return Dataset(
        key="made",
        title="Made",
        task=task,
        inputs=inputs.astype(np.float32),
        targets=targets.astype(np.float32),
        feature_names=tuple(f"x{number}" for number in range(inputs.shape[-1])),
        target_names=tuple(f"y{number}" for number in range(targets.shape[-1])),
        input_scaling=whole,
        target_scaling=whole,
    )


def one_hot(numbers: np.ndarray, classes: int) -> np.ndarray:
    return np.eye(classes)[numbers]


SEQUENCES = RANDOM.standard_normal((60, 7, 3))
SIGNS = one_hot((SEQUENCES[..., 0] > 0).astype(int), 2)
ASKED = RANDOM.random((60, 7)) > 0.4
ROWS = RANDOM.standard_normal((80, 4))


def run(
    nodes: list[tuple[str, str, dict[str, object]]], data: Dataset, **fields: object
) -> tuple[core.Model, Trainer, list[object]]:
    """A chain of nodes, trained on the data."""
    diagram = core.Diagram.build(
        [core.Node(id=key, kind=kind, hyperparameters=more) for key, kind, more in nodes],
        [(first[0], second[0]) for first, second in pairwise(nodes)],
    )
    return train(diagram, data, **fields)


def train(diagram: core.Diagram, data: Dataset, **fields: object) -> tuple[core.Model, Trainer, list[object]]:
    compilation = core.compile_diagram(diagram, data_spec_for(diagram, data))
    assert compilation.plan is not None, compilation.errors
    model = core.Model(compilation.plan, seed=1)
    settings = {"optimizer": OptimizerChoice(learning_rate=0.05), "epochs": 30, "batch_size": 16, **fields}
    trainer = Trainer(model, data, core.TrainingSettings(**settings))  # type: ignore[arg-type]
    return model, trainer, list(trainer.events())


def ended(events: list[object]) -> RunEnded:
    assert isinstance(events[-1], RunEnded)
    return events[-1]


def test_an_autoencoder_is_measured_by_what_it_gives_back() -> None:
    hidden = ROWS[:, :2] @ RANDOM.standard_normal((2, 6))  # Two numbers behind six.
    data = made(hidden, one_hot(RANDOM.integers(0, 3, 80), 3), "classes")
    model, _, events = run(
        [
            ("x", "input", {}),
            ("code", "dense", {"units": 2}),
            ("y", "dense", {"units": 6}),
            ("loss", "mean_squared_error", {"compare_with": "inputs"}),
        ],
        data,
        epochs=200,
        target=TargetChoice(metric="r2", value=0.98),
    )
    assert isinstance(events[0], RunStarted)
    assert events[0].metric == "r2"
    assert ended(events).stopped == "target"
    answers = model.forward({"x": data.inputs})["y"]
    spread = np.square(data.inputs - data.inputs.mean(axis=0)).sum()
    assert 1 - np.square(answers - data.inputs).sum() / spread > 0.97


def test_a_convolutional_autoencoder_of_pictures() -> None:
    pictures = RANDOM.random((40, 4, 4, 1))
    data = made(pictures, one_hot(RANDOM.integers(0, 2, 40), 2), "classes")
    _, _, events = run(
        [
            ("x", "input", {}),
            ("h", "convolution_2d", {"channels": 3, "kernel_height": 1, "kernel_width": 1, "padding": "same"}),
            ("y", "convolution_2d", {"channels": 1, "kernel_height": 1, "kernel_width": 1, "padding": "same"}),
            ("loss", "mean_squared_error", {"compare_with": "inputs"}),
        ],
        data,
        epochs=200,
    )
    assert ended(events).metric == "r2"
    assert ended(events).metric_value > 0.9


@pytest.mark.parametrize("padded", [False, True])
def test_a_class_at_every_step_is_counted_step_by_step(padded: bool) -> None:
    targets = SIGNS * ASKED[..., np.newaxis] if padded else SIGNS
    data = made(SEQUENCES, targets, "classes")
    model, trainer, events = run(
        [
            ("x", "input", {}),
            ("y", "dense", {"units": 2}),
            ("p", "softmax", {}),
            ("loss", "categorical_cross_entropy", {}),
        ],
        data,
    )
    assert ended(events).metric == "accuracy"
    answers = model.forward({"x": data.inputs})["p"].argmax(axis=2)
    asked = targets.any(axis=2)
    right = (answers == targets.argmax(axis=2)) & asked
    held = trainer.validation_indices
    assert ended(events).metric_value == pytest.approx(right[held].sum() / asked[held].sum())
    assert ended(events).metric_value > 0.9


def test_a_quantity_at_every_step() -> None:
    data = made(SEQUENCES, SEQUENCES @ np.array([[1.0], [2.0], [-1.0]]), "regression")
    _, _, events = run(
        [("x", "input", {}), ("y", "dense", {"units": 1}), ("loss", "mean_squared_error", {})], data, epochs=100
    )
    assert ended(events).metric == "r2"
    assert ended(events).metric_value > 0.99


def two_losses(first: str, second: str) -> core.Diagram:
    """A code that is asked for the class, and for the samples."""
    settings = {"mean_squared_error": {"compare_with": "inputs"}, "categorical_cross_entropy": {}}
    answers = {"mean_squared_error": "back", "categorical_cross_entropy": "p"}
    return core.Diagram.build(
        [
            core.Node(id="x", kind="input"),
            core.Node(id="code", kind="dense", hyperparameters={"units": 4, "activation": "tanh"}),
            core.Node(id="y", kind="dense", hyperparameters={"units": 2}),
            core.Node(id="p", kind="softmax"),
            core.Node(id="back", kind="dense", hyperparameters={"units": 4}),
            core.Node(id="l1", kind=first, hyperparameters=settings[first]),
            core.Node(id="l2", kind=second, hyperparameters=settings[second]),
        ],
        [("x", "code"), ("code", "y"), ("y", "p"), ("code", "back"), (answers[first], "l1"), (answers[second], "l2")],
    )


@pytest.mark.parametrize(
    "kinds", [("mean_squared_error", "categorical_cross_entropy"), ("categorical_cross_entropy", "mean_squared_error")]
)
def test_of_several_losses_the_first_of_the_plan_gives_the_metric(kinds: tuple[str, str]) -> None:
    data = made(ROWS, one_hot((ROWS[:, 0] > 0).astype(int), 2), "classes")
    model, trainer, events = train(two_losses(*kinds), data, epochs=100)
    loss = model.plan.losses[0]
    held = trainer.validation_indices
    answers = model.forward({"x": data.inputs[held]})["back" if loss.compares_inputs else "p"]
    if loss.compares_inputs:
        wanted = data.inputs[held]
        spread = np.square(wanted - wanted.mean(axis=0)).sum()
        expected = ("r2", 1 - np.square(answers - wanted).sum() / spread)
    else:
        expected = ("accuracy", (answers.argmax(axis=1) == data.targets[held].argmax(axis=1)).mean())
    assert (ended(events).metric, ended(events).metric_value) == (expected[0], pytest.approx(expected[1], rel=1e-5))
    assert ended(events).metric_value > 0.8
    assert ended(events).loss_last < 0.5 * ended(events).loss_first


def variational(with_loss: bool) -> core.Diagram:
    nodes = [
        core.Node(id="x", kind="input"),
        core.Node(id="mean", kind="dense", hyperparameters={"units": 2}),
        core.Node(id="spread", kind="dense", hyperparameters={"units": 2}),
        core.Node(id="kl", kind="kullback_leibler"),
    ]
    wires: list[object] = [
        ("x", "mean"),
        ("x", "spread"),
        (("mean", "output"), ("kl", "mean")),
        (("spread", "output"), ("kl", "log_variance")),
    ]
    if with_loss:
        nodes += [
            core.Node(id="back", kind="dense", hyperparameters={"units": 4}),
            core.Node(id="loss", kind="mean_squared_error", hyperparameters={"compare_with": "inputs"}),
        ]
        wires += [("mean", "back"), ("back", "loss")]
    return core.Diagram.build(nodes, wires)  # type: ignore[arg-type]


def test_a_loss_that_compares_nothing_is_measured_by_itself() -> None:
    data = made(ROWS, one_hot((ROWS[:, 0] > 0).astype(int), 2), "classes")
    _, _, events = train(variational(False), data, early_stopping=EarlyStoppingChoice(patience=50))
    epochs = [event for event in events if isinstance(event, EpochEnded)]
    assert ended(events).metric == "validation_loss"
    assert all(event.validation_metric == event.validation_loss for event in epochs)
    assert epochs[-1].loss < 0.2 * ended(events).loss_first


def test_the_metric_is_that_of_the_first_loss_that_compares() -> None:
    data = made(ROWS, one_hot((ROWS[:, 0] > 0).astype(int), 2), "classes")
    _, _, events = train(variational(True), data)
    assert ended(events).metric == "r2"
    assert ended(events).loss_last < ended(events).loss_first


def test_a_target_that_the_network_is_not_measured_by_is_refused() -> None:
    data = made(ROWS, one_hot((ROWS[:, 0] > 0).astype(int), 2), "classes")
    with pytest.raises(core.TrainingError, match="this network is measured by validation_loss"):
        train(variational(False), data, target=TargetChoice(metric="accuracy", value=1.0))
