"""What the prober tells of networks with several losses, of sequences, and of networks that give their inputs back."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from core.compiler.compile import compile_diagram
from core.compiler.data_spec import data_spec_for
from core.datasets.dataset import Dataset
from core.datasets.registry import dataset
from core.diagram.diagram import Diagram
from core.diagram.records import Node
from core.inspection.probe import BATCH, Prober
from core.inspection.snapshot import ProbeRequest
from core.model.model import Model

TIME = ProbeRequest(activations=False, responses=False, decision_map=False, predictions=False, time_gradients=True)


def model_of(data: Dataset, nodes: list[Node], wires: list[tuple[str, str]]) -> Model:
    diagram = Diagram.build(nodes, wires)
    compilation = compile_diagram(diagram, data_spec_for(diagram, data))
    assert compilation.plan is not None, compilation.errors
    return Model(compilation.plan)


def node(key: str, kind: str, **hyperparameters: object) -> Node:
    return Node(id=key, kind=kind, hyperparameters=hyperparameters)


@pytest.fixture(scope="module")
def circle() -> Dataset:
    return dataset("circle", seed=1)


@pytest.fixture(scope="module")
def two_losses(circle: Dataset) -> Model:
    nodes = [
        node("x", "input"),
        node("y", "dense", units=1, activation="sigmoid"),
        node("squares", "mean_squared_error"),
        node("sizes", "mean_absolute_error", weight=0.5),
    ]
    return model_of(circle, nodes, [("x", "y"), ("y", "squares"), ("y", "sizes")])


def test_several_losses_are_told_one_by_one(circle: Dataset, two_losses: Model) -> None:
    prober = Prober(two_losses.plan, circle)
    snapshot = prober.take(two_losses)
    assert set(snapshot.losses) == {"squares", "sizes"}
    assert 0 < snapshot.losses["squares"] < snapshot.losses["sizes"] < 1
    assert len(circle) > BATCH


def test_one_loss_is_known_already(circle: Dataset) -> None:
    nodes = [node("x", "input"), node("y", "dense", units=1, activation="sigmoid"), node("l", "binary_cross_entropy")]
    model = model_of(circle, nodes, [("x", "y"), ("y", "l")])
    assert Prober(model.plan, circle).take(model, TIME).losses == {}


def test_rows_have_no_gradients_through_time(circle: Dataset, two_losses: Model) -> None:
    assert Prober(two_losses.plan, circle).take(two_losses, TIME).time_gradients == {}


def test_sequences_have_a_gradient_for_every_step() -> None:
    data = dataset("adding", samples=60, length=20)
    nodes = [
        node("x", "input"),
        node("h", "rnn", units=3),
        node("y", "dense", units=1),
        node("l", "mean_squared_error"),
    ]
    model = model_of(data, nodes, [("x", "h"), ("h", "y"), ("y", "l")])
    prober = Prober(model.plan, data)
    (gradient,) = prober.take(model, TIME).time_gradients.values()
    assert gradient.shape == (data.input_shape[0],)
    assert (gradient > 0).any()
    without_loss = replace(model.plan, losses=(), steps=model.plan.steps[:-1])
    assert Prober(without_loss, data).take(Model(without_loss), TIME).time_gradients == {}


def test_an_autoencoder_is_compared_with_what_it_was_given() -> None:
    data = dataset("digits")
    nodes = [
        node("x", "input"),
        node("row", "flatten"),
        node("code", "dense", units=2),
        node("points", "dense", units=64, activation="sigmoid"),
        node("picture", "reshape", shape="8, 8, 1"),
        node("l", "mean_squared_error", compare_with="inputs"),
    ]
    keys = [one.id for one in nodes]
    model = model_of(data, nodes, list(pairwise(keys)))
    predictions = Prober(model.plan, data).take(model).predictions
    assert predictions is not None
    assert predictions.reconstructs
    assert predictions.outputs.shape == predictions.targets.shape == predictions.inputs.shape
    np.testing.assert_array_equal(predictions.targets, predictions.inputs)
    assert predictions.targets.max() == 16.0
