"""The memory of an update rule over an edit of the network: what still fits goes on, what is new starts afresh."""

from pathlib import Path

import numpy as np
import pytest

import core
from core.compiler.data_spec import data_spec_for
from core.datasets.registry import dataset
from core.diagram.records import OptimizerChoice
from core.model.model import Model
from core.training.optimizers import RULES, Optimizer
from core.training.optimizers.memory import without_parameters
from core.training.optimizers.places import Places
from core.training.trainer import Trainer
from tests.core.training.networks import network, settings

CIRCLE = dataset("circle", samples=60)


def bound(key: str, model: Model, **fields: float) -> Optimizer:
    choice = OptimizerChoice(key=key, learning_rate=0.01, **fields)  # type: ignore[arg-type]
    return Optimizer(choice, model.vector, model.gradient_vector, Places(model.plan.parameters, model.vector.size))


def steps(optimizer: Optimizer, model: Model, count: int, seed: int = 0) -> None:
    random = np.random.default_rng(seed)
    for _ in range(count):
        for name in sorted(model.gradients):
            model.gradients[name][...] = random.standard_normal(model.gradients[name].shape)
        for call in optimizer.calls:
            call()


@pytest.mark.parametrize("key", RULES)
def test_another_optimizer_of_the_same_network_goes_on_where_one_stopped(key: str) -> None:
    first, second = (network(CIRCLE, (5, 4), dtype="float64") for _ in range(2))
    optimizer = bound(key, first)
    steps(optimizer, first, 7)
    second.load(first.parameters)
    other = bound(key, second)
    other.take_named(optimizer.named_state())
    assert set(other.named_state()) == set(optimizer.named_state())
    for model, rule in ((first, optimizer), (second, other)):
        steps(rule, model, 5, seed=1)
    np.testing.assert_allclose(second.vector, first.vector, rtol=1e-12)


@pytest.mark.parametrize(
    "key", ["momentum", "nesterov", "adagrad", "adadelta", "rmsprop", "adam", "adamw", "nadam", "rprop"]
)
def test_an_edit_of_one_node_disturbs_no_other(key: str) -> None:
    """A layer gets other units in between: the first goes on as in a network that was left alone, the new one as in a new network."""
    before, left, edited = network(CIRCLE, (5, 4), dtype="float64"), network(CIRCLE, (5, 4), dtype="float64"), None
    edited = network(CIRCLE, (5, 6), dtype="float64")
    fresh = network(CIRCLE, (5, 6), dtype="float64")
    optimizer = bound(key, before)
    steps(optimizer, before, 7)
    left.load(before.parameters)
    edited.load(before.parameters)
    fresh.load(edited.parameters)
    rules = {}
    for name, model, state in (("left", left, True), ("edited", edited, True), ("fresh", fresh, False)):
        rules[name] = bound(key, model)
        if state:
            rules[name].take_named(optimizer.named_state())
    for _ in range(9):
        for name, model in (("left", left), ("edited", edited), ("fresh", fresh)):
            model.gradient_vector[...] = 0.3
            for call in rules[name].calls:
                call()
    for name in ("h1/weight", "h1/bias", "y/bias"):
        np.testing.assert_allclose(edited.parameters[name], left.parameters[name], rtol=1e-12)
        assert not np.allclose(edited.parameters[name], fresh.parameters[name], rtol=1e-9)
    for name in ("h2/weight", "h2/bias", "y/weight"):
        np.testing.assert_allclose(edited.parameters[name], fresh.parameters[name], rtol=1e-12)


def test_lbfgs_goes_on_with_what_is_left_of_its_pairs() -> None:
    before, edited = network(CIRCLE, (5, 4), dtype="float64"), network(CIRCLE, (5, 6), dtype="float64")
    trainer = Trainer(before, CIRCLE, settings("lbfgs", rate=0.3, batch=60, validation_fraction=0.0))
    for _ in range(6):
        trainer.step_once()
    edited.load(before.parameters)
    other = Trainer(
        edited,
        CIRCLE,
        settings("lbfgs", rate=0.3, batch=60, epochs=40, validation_fraction=0.0),
        optimizer_state=trainer.optimizer_state,
    )
    state = other.optimizer_state
    assert state["lbfgs/held"] == trainer.optimizer_state["lbfgs/held"] > 0
    assert state["lbfgs/moves/h1/weight"].any()
    assert not state["lbfgs/moves/h2/weight"].any()
    loss = other.evaluate()[0]
    list(other.events())
    assert other.evaluate()[0] < 0.9 * loss


def test_the_memory_is_told_in_the_units_of_the_paper() -> None:
    model = network(CIRCLE, dtype="float64")
    optimizer = bound("adam", model, beta1=0.8, beta2=0.96)
    model.gradient_vector[...] = 2.0
    for call in optimizer.calls:
        call()
    state = optimizer.named_state()
    np.testing.assert_allclose(state["adam/mean/h1/weight"], 0.2 * 2.0)
    np.testing.assert_allclose(state["adam/square/h1/weight"], 0.04 * 4.0)
    other = bound("adam", model, beta1=0.5, beta2=0.5)
    other.take_named(state)
    np.testing.assert_allclose(other.named_state()["adam/mean/h1/weight"], 0.4)


@pytest.mark.parametrize(
    "change",
    [
        lambda state: {},
        lambda state: {name.replace("adam/", "nadam/"): values for name, values in state.items()},
        lambda state: {name: values for name, values in state.items() if "count" not in name},
        lambda state: {name: values for name, values in state.items() if "square" not in name},
        lambda state: {name: np.full_like(values, np.nan) for name, values in state.items()},
        lambda state: {name: np.append(values, 1.0) for name, values in state.items()},
    ],
    ids=["none", "another rule", "no count", "a half", "no numbers", "shapes"],
)
def test_what_does_not_fit_is_left_alone(change) -> None:  # type: ignore[no-untyped-def]
    first, second = network(CIRCLE, dtype="float64"), network(CIRCLE, dtype="float64")
    optimizer = bound("adam", first)
    steps(optimizer, first, 3)
    other = bound("adam", second)
    other.take_named(change(optimizer.named_state()))
    assert all(not values.any() for values in other.named_state().values())
    steps(other, second, 1)
    assert np.isfinite(second.vector).all()


@pytest.mark.parametrize("number", [np.nan, -7.0, 1e9])
def test_numbers_that_make_no_sense_do_no_harm(number: float) -> None:
    first, second = network(CIRCLE, dtype="float64"), network(CIRCLE, dtype="float64")
    optimizer = bound("lbfgs", first)
    steps(optimizer, first, 3)
    state = optimizer.named_state() | {f"lbfgs/{name}": np.array(number) for name in ("begun", "held", "next")}
    other = bound("lbfgs", second)
    other.take_named(state)
    steps(other, second, 20)
    assert np.isfinite(second.vector).all()


def test_after_a_divergence_the_memory_is_empty() -> None:
    model = network(CIRCLE)
    trainer = Trainer(model, CIRCLE, settings("momentum", rate=3e38))
    *_, ended = trainer.events()
    assert ended.stopped == "diverged"  # type: ignore[union-attr]
    assert all(not values.any() for values in trainer.optimizer_state.values())


def test_a_memory_can_be_told_to_leave_parameters_out() -> None:
    model = network(CIRCLE, dtype="float64")
    state = bound("lbfgs", model).named_state()
    left = without_parameters(state, {"h1/weight", "begun"})
    assert set(state) - set(left) == {name for name in state if name.endswith("/h1/weight")}
    assert "lbfgs/begun" in left


def test_of_a_network_that_has_nothing_in_common_nothing_is_taken() -> None:
    first = network(CIRCLE, (5,), dtype="float64")
    optimizer = bound("lbfgs", first)
    steps(optimizer, first, 3)
    state = {name: values for name, values in optimizer.named_state().items() if name.count("/") == 1}
    other = bound("lbfgs", network(CIRCLE, (5,), dtype="float64"))
    other.take_named(state)
    assert all(not values.any() for values in other.named_state().values())


@pytest.mark.parametrize("key", ["adam", "lbfgs", "rprop"])
def test_a_project_file_holds_what_an_optimizer_remembers(key: str, tmp_path: Path) -> None:
    """A run that is saved and opened again goes on like one that was never interrupted."""
    project = core.template("xor")
    data = core.dataset("xor")
    plan = core.compile_diagram(project.diagram, data_spec_for(project.diagram, data)).plan
    assert plan is not None
    run = settings(key, rate=0.02, batch=4)
    first = Model(plan, seed=3, dtype="float64")
    trainer = Trainer(first, data, run)
    for _ in range(12):
        trainer.step_once()
    saved = core.Project(project.diagram, first.copy_parameters(), trainer.optimizer_state)
    core.save_project(saved, tmp_path / "net.nloom")
    opened = core.load_project(tmp_path / "net.nloom")
    assert opened.parameters is not None
    assert set(opened.optimizer_state or {}) == set(trainer.optimizer_state)
    second = Model(plan, seed=4, dtype="float64")
    second.load(opened.parameters)
    other = Trainer(second, data, run, optimizer_state=opened.optimizer_state)
    for _ in range(6):
        trainer.step_once()
        other.step_once()
    np.testing.assert_allclose(second.vector, first.vector, rtol=1e-9)
