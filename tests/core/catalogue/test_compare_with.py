"""Losses that compare with the inputs themselves, and one that compares with nothing."""

from itertools import islice

import numpy as np
import pytest

from core.catalogue.kind import LossKind
from core.catalogue.loss import WeightedLossKind
from core.catalogue.registry import all_kinds
from core.compiler.compile import compile_diagram
from core.compiler.data_spec import data_spec_for
from core.compiler.plan import Plan
from core.datasets.dataset import Dataset, Scaling
from core.diagram.diagram import Diagram
from core.diagram.records import Node
from core.model.model import Model
from core.training.trainer import Trainer

COMPARING = [kind for kind in all_kinds() if isinstance(kind, WeightedLossKind)]
INPUTS = np.eye(4)[np.random.default_rng(0).integers(0, 4, 40)]


def dataset(targets: np.ndarray) -> Dataset:
    plain, names = Scaling(np.zeros(()), np.ones(())), tuple("abcd")
    return Dataset("own", "Own", "regression", INPUTS, targets, names, names[: targets.shape[1]], plain, plain)


DATA = dataset(np.zeros((40, 1)))


def autoencoder(loss: str, activation: str, compare_with: str) -> Diagram:
    nodes = [
        Node(id="x", kind="input"),
        Node(id="code", kind="dense", hyperparameters={"units": 2, "activation": "tanh"}),
        Node(id="y", kind="dense", hyperparameters={"units": 4, "activation": activation}),
        Node(id="loss", kind=loss, hyperparameters={"compare_with": compare_with}),
    ]
    return Diagram.build(nodes, [("x", "code"), ("code", "y"), ("y", "loss")])


def variational() -> Diagram:
    nodes = [
        Node(id="x", kind="input"),
        Node(id="mean", kind="dense", hyperparameters={"units": 2}),
        Node(id="spread", kind="dense", hyperparameters={"units": 2}),
        Node(id="code", kind="latent_sample"),
        Node(id="y", kind="dense", hyperparameters={"units": 4}),
        Node(id="a_penalty", kind="kullback_leibler", hyperparameters={"weight": 0.1}),
        Node(id="loss", kind="mean_squared_error", hyperparameters={"compare_with": "inputs"}),
    ]
    wires = [("x", "mean"), ("x", "spread"), ("code", "y"), ("y", "loss")]
    wires += [("mean", (node, "mean")) for node in ("code", "a_penalty")]
    wires += [("spread", (node, "log_variance")) for node in ("code", "a_penalty")]
    return Diagram.build(nodes, wires)


def plan_of(diagram: Diagram) -> Plan:
    compilation = compile_diagram(diagram, data_spec_for(diagram, DATA))
    assert compilation.plan is not None, compilation.errors
    return compilation.plan


@pytest.mark.parametrize("kind", COMPARING, ids=lambda kind: kind.key)
def test_the_target_can_be_the_sample_itself(kind: WeightedLossKind) -> None:
    shares = "softmax" if kind.logits_of and kind.logits_of.__name__ == "Softmax" else "sigmoid"
    plan = plan_of(autoencoder(kind.key, shares, "inputs"))
    (binding,) = plan.losses
    assert binding.compares_inputs
    model = Model(plan, seed=1, dtype="float64")
    loss, gradients = model.loss_and_gradients({"x": INPUTS}, {"loss": INPUTS})
    wide = dataset(INPUTS)
    supervised = autoencoder(kind.key, shares, "targets")
    twin = Model(compile_diagram(supervised, data_spec_for(supervised, wide)).plan, seed=1, dtype="float64")
    expected, wanted = twin.loss_and_gradients({"x": INPUTS}, {"loss": INPUTS})
    assert loss == expected
    for name, gradient in gradients.items():
        np.testing.assert_array_equal(gradient, wanted[name])


@pytest.mark.parametrize("kind", COMPARING, ids=lambda kind: kind.key)
def test_a_network_learns_to_give_its_inputs_back(kind: WeightedLossKind) -> None:
    shares = "softmax" if kind.logits_of and kind.logits_of.__name__ == "Softmax" else "sigmoid"
    diagram = autoencoder(kind.key, shares, "inputs")
    model = Model(plan_of(diagram), seed=1)
    before = model.loss_and_gradients({"x": INPUTS}, {"loss": INPUTS})[0]
    for _ in islice(Trainer(model, DATA, diagram.training).events(), 200):
        pass
    assert model.loss_and_gradients({"x": INPUTS}, {"loss": INPUTS})[0] < before


def test_a_loss_without_a_target_stands_behind_those_that_have_one() -> None:
    plan = plan_of(variational())
    assert [(loss.node, loss.target_slot is None) for loss in plan.losses] == [("loss", False), ("a_penalty", True)]
    assert plan.answer == "y"
    model = Model(plan, seed=1, dtype="float64")
    total, gradients = model.loss_and_gradients({"x": INPUTS}, {"loss": INPUTS})
    outputs = model.forward({"x": INPUTS})
    mean, spread = outputs["mean"], outputs["spread"]
    penalty = np.mean(np.sum(mean**2 + np.exp(spread) - 1 - spread, axis=1)) / 2
    assert total == pytest.approx(np.mean((outputs["y"] - INPUTS) ** 2) + 0.1 * penalty, rel=1e-13)
    assert all(gradient.any() for gradient in gradients.values())


def test_a_code_needs_a_variance_for_each_mean() -> None:
    drawn = variational()
    nodes = {**drawn.nodes, "spread": Node(id="spread", kind="dense", hyperparameters={"units": 3})}
    compilation = compile_diagram(Diagram(nodes=nodes, wires=drawn.wires), data_spec_for(drawn, DATA))
    assert {error.nodes for error in compilation.errors} == {("code",), ("a_penalty",)}


def test_every_loss_is_tried() -> None:
    assert [kind.key for kind in all_kinds() if isinstance(kind, LossKind) and kind not in COMPARING] == [
        "kullback_leibler"
    ]
