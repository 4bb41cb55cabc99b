"""Every template opens, compiles, is drawn without overlap, and learns what it promises in the time it promises."""

import math
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from msgspec.structs import replace

import core
from core.catalogue.kind import Category, Form
from core.compiler.data_spec import data_spec_for
from core.datasets.pictures import letters
from core.datasets.tables import MEAL_PRICES
from core.diagram.records import TrainingSettings
from core.errors import ProjectFileError
from core.inspection.probe import gradient_norms
from core.templates import TemplateInfo, templates
from core.training.events import RunEnded

LEAST = {
    "single-neuron": 0.999,
    "worked-example": 1.0,
    "and": 1.0,
    "meals": 0.9999,
    "line": 0.95,
    "sine": 0.95,
    "xor": 0.99,
    "circle": 0.99,
    "three-three-one": 1.0,
    "mixed-activations": 0.97,
    "spiral": 0.97,
    "seven-segment": 1.0,
    "iris": 0.95,
    "digits": 0.97,
    "perceptron-and": 1.0,
    "perceptron-or": 1.0,
    "rbf-bumps": 0.98,
    "cnn-digits": 0.99,
    "pooling": 0.99,
    "transfer-digits": 0.95,
    "residual-20": 0.94,
    "autoencoder": 0.5,
    "denoising": 0.72,
    "variational-autoencoder": 0.45,
    "echo-rnn": 1.0,
    "echo-lstm": 1.0,
    "hand-drawn-lstm": 1.0,
    "adding-lstm": 0.98,
    "recall": 0.999,
    "timing": 0.99,
    "reber": 1.0,
    "text-gru": 0.95,
    "stock": 0.7,
    "copy-attention": 1.0,
    "letters-recall": 0.98,
}
"""Accuracy or R2 on what is held out, with the seed of the template."""

MOST = {"xor-one-neuron": 0.75, "plain-20": 0.15, "adding-rnn": 0.1}
"""The same for networks that are there to be seen failing."""

SET_BY_HAND = ("letters-recall",)
"""Templates whose weights are set and stay: the compiler says that nothing in them can learn."""

LONG = ("cnn-digits", "adding-lstm", "adding-rnn", "text-gru")
"""Templates that take more than a few seconds; they keep their promise every night, and begin well on every other run."""

ALL = pytest.mark.parametrize("info", templates(), ids=lambda info: info.key)


class Trained(NamedTuple):
    """A template after its run."""

    model: core.Model
    ended: RunEnded


def prepared(
    key: str, settings: TrainingSettings | None = None, max_steps: int | None = None
) -> tuple[core.Model, core.Trainer]:
    project = core.template(key)
    choice = project.diagram.training.dataset
    data = core.dataset(choice.key, **choice.options)
    compilation = core.compile_diagram(project.diagram, data_spec_for(project.diagram, data))
    assert compilation.plan is not None, compilation.errors
    assert {item.code for item in compilation.warnings} == ({"nothing-to-train"} if key in SET_BY_HAND else set())
    settings = settings or project.diagram.training
    model = core.Model(compilation.plan, seed=settings.seed)
    model.load(project.parameters or {})
    return model, core.Trainer(model, data, settings, max_steps=max_steps)


def trained(key: str, seed: int = 0) -> Trained:
    model, trainer = prepared(key, replace(core.template(key).diagram.training, seed=seed))
    *_, ended = trainer.events()
    assert isinstance(ended, RunEnded)
    return Trained(model, ended)


def test_the_index_lists_what_is_there() -> None:
    folder = Path(core.__file__).parent.parent / "resources" / "examples"
    files = {path.name.split(".")[0] for path in folder.glob("*.nloom*")}
    keys = [info.key for info in templates()]
    assert set(keys) == files
    assert len(keys) == len(set(keys))
    assert set(keys) == set(LEAST) | set(MOST)


@ALL
def test_a_template_says_what_it_is(info: TemplateInfo) -> None:
    assert info.title
    assert info.category
    assert info.goal.endswith(".")
    assert info.goal.count(". ") == 0, "the goal is one sentence"
    assert 0 < info.seconds <= 40
    model, _ = prepared(info.key)
    assert model.plan.num_parameters == info.parameters


@ALL
def test_nothing_overlaps(info: TemplateInfo) -> None:
    diagram = core.template(info.key).diagram
    boxes = {}
    for node in diagram.nodes.values():
        kind = core.find_kind(node.kind)
        assert kind is not None
        # Cards are up to 188 by 158, those of activations and losses narrower; a neuron has two lines of text below it.
        small = kind.category in (Category.ACTIVATIONS, Category.LOSS)
        width, height = (80, 108) if kind.form is not Form.CARD else (164 if small else 196, 160)
        x, y = node.position
        boxes[node.id] = (x - width / 2, y - height / 2, x + width / 2, y + height / 2)
    for note in diagram.notes.values():
        x, y = note.position
        boxes[note.id] = (x, y, x + note.size[0], y + note.size[1])
        assert note.target in diagram.nodes
    for (one, first), (other, second) in combinations(boxes.items(), 2):
        apart = first[2] <= second[0] or second[2] <= first[0] or first[3] <= second[1] or second[3] <= first[1]
        assert apart, f"{one} and {other} overlap"


@pytest.mark.parametrize(
    "key", [pytest.param(key, marks=[pytest.mark.nightly] if key in LONG else []) for key in (*LEAST, *MOST)]
)
def test_a_template_keeps_its_promise(key: str) -> None:
    ended = trained(key).ended
    if key in LEAST:
        assert ended.metric_value >= LEAST[key]
    else:
        assert ended.metric_value <= MOST[key]
    assert ended.stopped in ("epochs", "target", "early")


@pytest.mark.parametrize("key", LONG)
def test_a_long_template_begins_well(key: str) -> None:
    project = core.template(key)
    _, trainer = prepared(key, max_steps=100)
    *_, ended = trainer.events()
    assert isinstance(ended, RunEnded)
    assert ended.loss_last < ended.loss_first
    assert project.diagram.training.epochs > trainer.epoch


@pytest.mark.parametrize(("key", "least", "most"), [("plain-20", 0.0, 1e-6), ("residual-20", 1e-2, 10.0)])
def test_shortcuts_bring_the_gradient_to_the_first_layer(key: str, least: float, most: float) -> None:
    model, trainer = prepared(key, max_steps=1)
    list(trainer.events())
    norms = gradient_norms(model)
    assert least <= norms["h1"] / norms["h20"] <= most


def test_both_deep_networks_begin_with_the_same_layers() -> None:
    plain, _ = prepared("plain-20")
    residual, _ = prepared("residual-20")
    np.testing.assert_array_equal(plain.vector, residual.vector)


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
@pytest.mark.parametrize(
    "key",
    [
        "circle",
        "xor",
        "spiral",
        "iris",
        "seven-segment",
        "three-three-one",
        "hand-drawn-lstm",
        "copy-attention",
        "pooling",
    ],
)
def test_other_seeds_reach_the_goal_too(key: str, seed: int) -> None:
    assert trained(key, seed).ended.metric_value >= LEAST[key]


@ALL
def test_a_monstrous_learning_rate_leaves_finite_weights(info: TemplateInfo) -> None:
    settings = core.template(info.key).diagram.training
    wild = replace(settings, optimizer=replace(settings.optimizer, learning_rate=1e6), epochs=min(settings.epochs, 50))
    model, trainer = prepared(info.key, wild, max_steps=300)
    *events, ended = trainer.events()
    assert isinstance(ended, RunEnded)
    assert np.isfinite(model.vector).all()
    faults = [event for event in events if isinstance(event, core.Diverged)]
    assert [fault.diagnosis for fault in faults] == ([ended.diagnosis] if ended.stopped == "diverged" else [])
    for fault in faults:
        assert fault.node in model.plan.node_ops
        assert fault.quantity in ended.diagnosis
    assert math.isfinite(ended.loss_last)
    assert (ended.stopped == "diverged") == (ended.diagnosis is not None)


@pytest.mark.parametrize("seed", range(3))
def test_the_weights_are_the_prices(seed: int) -> None:
    weights = trained("meals", seed).model.parameters["price/weight"]
    np.testing.assert_allclose(weights, [MEAL_PRICES], rtol=0.01)


def test_the_worked_example_has_the_numbers_of_the_text() -> None:
    model, _ = prepared("worked-example")
    values = model.forward({"x1": np.array([[1.0]]), "x2": np.array([[0.5]])})
    found = {node: round(float(values[node][0, 0]), 4) for node in ("a1", "a2", "r1", "r2", "o", "answer")}
    assert found == {"a1": 3.25, "a2": -0.3, "r1": 3.25, "r2": 0.0, "o": 6.5, "answer": 0.9985}


def test_the_weights_of_the_recall_are_set_by_hand_and_stay() -> None:
    model = trained("letters-recall").model
    expected = 4.0 / 25.0 * (letters().T @ letters())
    np.fill_diagonal(expected, 0.0)
    for number in (1, 2, 3):
        np.testing.assert_allclose(model.parameters[f"round{number}/weight"], expected, rtol=1e-6)
    data = core.dataset("letters", seed=1)
    answers = np.sign(model.forward({"x": data.inputs}, ("round3",))["round3"])
    assert (answers == data.targets).all(axis=1).mean() > 0.97


def test_max_pooling_loses_what_min_pooling_keeps() -> None:
    model = trained("pooling").model
    data = core.dataset("bars", seed=1)
    answers = model.forward({"x": data.inputs}, ("down1", "down2"))
    right = {node: ((values > 0.5) == (data.targets > 0.5)).mean() for node, values in answers.items()}
    assert right["down1"] > 0.97
    assert right["down2"] < 0.65


def test_an_rnn_forgets_what_the_lstm_of_the_echo_keeps() -> None:
    drawn = core.template("echo-lstm").diagram
    memory = replace(drawn.nodes["memory"], kind="rnn", hyperparameters={"units": 16})
    diagram = core.Diagram.build(
        [memory if node.id == "memory" else node for node in drawn.nodes.values()],
        [(wire.source, wire.target) for wire in drawn.wires.values()],
    )
    data = core.dataset("echo", **drawn.training.dataset.options)
    plan = core.compile_diagram(diagram, data_spec_for(diagram, data)).plan
    assert plan is not None
    *_, ended = core.Trainer(core.Model(plan, seed=0), data, drawn.training).events()
    assert isinstance(ended, RunEnded)
    assert ended.metric_value < 0.5


def test_filters_of_other_digits_are_better_than_filters_drawn_at_random() -> None:
    project = core.template("transfer-digits")
    assert project.parameters is not None
    assert {name.split("/")[0] for name in project.parameters} == {"c1", "c2"}
    model, trainer = prepared("transfer-digits")
    *_, with_filters = trainer.events()
    for name, values in project.parameters.items():
        np.testing.assert_array_equal(model.parameters[name], values)
    model, trainer = prepared("transfer-digits")
    model.load({name: core.Model(model.plan, seed=1).parameters[name] for name in project.parameters})
    *_, without = trainer.events()
    assert isinstance(with_filters, RunEnded)
    assert isinstance(without, RunEnded)
    assert with_filters.metric_value > without.metric_value + 0.01


def test_templates_are_fresh_copies() -> None:
    first, second = core.template("worked-example"), core.template("worked-example")
    assert first.parameters is not None
    assert second.parameters is not None
    first.parameters["a1/weight"][...] = 0
    assert second.parameters["a1/weight"].any()


def test_an_unknown_template_is_refused() -> None:
    with pytest.raises(ProjectFileError, match=r"There is no template '\.\./xor'; choose one of single-neuron,"):
        core.template("../xor")
