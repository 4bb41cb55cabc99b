"""A run that goes wrong stops, says where, and keeps the last good parameters."""

import math
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
from core.model.model import Model
from core.training.divergence import plain
from core.training.events import Diverged, EpochEnded, RunEnded, StepsTaken
from core.training.trainer import Trainer
from tests.core.training.networks import network, rows, settings

LINE = dataset("line")
WRITTEN = {3.0: "3", 1e6: "1,000,000", 1e30: "1e+30"}


def diverge(model: Model, data: Dataset, **fields: object) -> tuple[Diverged, RunEnded]:
    events = list(Trainer(model, data, settings(**fields)).events())  # type: ignore[arg-type]
    found, ended = events[-2], events[-1]
    assert isinstance(found, Diverged)
    assert isinstance(ended, RunEnded)
    assert ended.stopped == "diverged"
    assert ended.diagnosis == found.diagnosis
    assert np.isfinite(model.vector).all()
    return found, ended


@pytest.mark.parametrize("rate", [3.0, 1e6, 1e30])
@pytest.mark.parametrize("optimizer", ["sgd", "momentum"])
def test_a_learning_rate_that_is_too_high(optimizer: str, rate: float) -> None:
    found, ended = diverge(network(LINE, ()), LINE, optimizer=optimizer, rate=rate)
    assert found.node in ("y", "loss")
    better = {"sgd": "0.1", "momentum": "0.01"}[optimizer]
    assert f"learning rate {WRITTEN[rate]} is too high. Try {better}." in found.diagnosis
    assert f"Step {found.step:,}: the " in found.diagnosis
    assert "times their own size" in found.diagnosis
    assert math.isfinite(ended.loss_last)


def test_the_parameters_are_the_last_that_gave_a_sound_loss() -> None:
    model, again = network(LINE, ()), network(LINE, ())
    found, _ = diverge(model, LINE, optimizer="sgd", rate=3.0)
    assert found.quantity == "loss"
    trainer = Trainer(again, LINE, settings("sgd", 3.0))
    for _ in range(found.step - 2):
        assert isinstance(trainer.step_once(), StepsTaken)
    assert again.vector.tobytes() == model.vector.tobytes()


def test_a_single_step_that_fails_is_told_as_such() -> None:
    model = network(LINE, ())
    model.vector[:] = 1.0
    trainer = Trainer(model, LINE, settings("sgd", 1e38))
    told = [trainer.step_once() for _ in range(3)]
    found = next(event for event in told if isinstance(event, Diverged))
    assert found.step <= 3
    assert np.isfinite(model.vector).all()


@pytest.mark.parametrize(("rate", "least"), [(50.0, 2), (1.6, 6)])
def test_the_fault_is_the_same_however_slices_fall(rate: float, least: int) -> None:
    faults = []
    for seconds in (0.0, 1e9):
        model = network(LINE, (4,), dropout=0.3)
        *_, found, _ = Trainer(model, LINE, settings("sgd", rate), slice_seconds=seconds).events()
        assert isinstance(found, Diverged)
        assert found.step >= least
        faults.append((found, model.vector.tobytes()))
    assert faults[0] == faults[1]


def test_parameters_that_are_no_numbers_are_named() -> None:
    model = network(LINE, (3,))
    model.parameters["h1/weight"][0] = np.nan
    events = list(Trainer(model, LINE, settings()).events())
    found = events[-2]
    assert isinstance(found, Diverged)
    assert (found.node, found.quantity, found.step) == ("h1", "output of h1", 1)


def test_a_convolution_that_training_computes_with_its_pool_is_named() -> None:
    digits = dataset("digits")
    nodes = [
        Node(id="x", kind="input"),
        Node(id="maps", kind="convolution_2d", hyperparameters={"channels": 2, "activation": "relu"}),
        Node(id="pool", kind="max_pool"),
        Node(id="row", kind="flatten"),
        Node(id="y", kind="dense", hyperparameters={"units": 10, "activation": "softmax"}),
        Node(id="loss", kind="categorical_cross_entropy"),
    ]
    diagram = Diagram.build(nodes, [(first.id, second.id) for first, second in pairwise(nodes)])
    plan = compile_diagram(diagram, data_spec_for(diagram, digits)).plan
    assert plan is not None
    assert plan.in_training
    model = Model(plan)
    model.parameters["maps/weight"][...] = 1e38
    found, _ = diverge(model, digits, optimizer="sgd", rate=0.1)
    assert (found.node, found.quantity) == ("maps", "output of maps")


def test_a_gradient_that_overflows_is_named() -> None:
    # The error itself is still a number, the gradient of the weight (error times input) no longer.
    data = rows([[1e30]], [[0.0]])
    model = network(data, ())
    model.vector[:] = [1e-20, 0.0]
    found, _ = diverge(model, data, optimizer="sgd", rate=1e-3)
    assert (found.node, found.quantity) == ("y", "gradient of y/weight")
    assert "The inputs reach 1e+30; scale them to about 1" in found.diagnosis


def test_an_update_that_overflows_is_named() -> None:
    data = rows([[1.0]], [[0.0]])
    model = network(data, ())
    model.vector[:] = [100.0, 0.0]
    found, _ = diverge(model, data, optimizer="sgd", rate=3e38)
    assert (found.node, found.quantity) == ("y", "y/weight")
    assert "Lower the learning rate 3e+38, for example to 0.1." in found.diagnosis


def test_a_loss_that_grows_beyond_all_bounds_is_named() -> None:
    data = rows([[1.0], [2.0]], [[1.0], [2.0]])
    found, _ = diverge(network(data, ()), data, optimizer="adam", rate=1e6)
    assert (found.node, found.quantity) == ("loss", "loss")
    assert "the loss grew beyond all bounds" in found.diagnosis


def test_a_loss_that_overflows_by_itself_is_named() -> None:
    data = rows([[1.0]], [[0.0]])
    model = network(data, ())
    model.vector[:] = [3e19, 0.0]
    found, _ = diverge(model, data, optimizer="sgd")
    assert (found.node, found.quantity) == ("loss", "loss")
    np.testing.assert_array_equal(model.vector, np.array([3e19, 0.0], np.float32))


def test_a_fault_that_only_the_measurement_sees_is_told() -> None:
    # The loss of the only batch is just below what float32 can hold; the only update lifts it above.
    data = rows([[1.0], [1.0]], [[0.0], [1.5e19]])
    model = network(data, ())
    model.vector[:] = 0.0
    found, ended = diverge(model, data, optimizer="sgd", rate=0.7, batch=2, epochs=1, validation_fraction=0.0)
    assert (found.step, found.node, found.quantity) == (1, "loss", "loss")
    np.testing.assert_array_equal(model.vector, 0.0)
    assert ended.loss_last == ended.loss_first


def test_a_change_from_outside_begins_a_new_story() -> None:
    model = network(LINE, ())
    trainer = Trainer(model, LINE, settings("sgd", 0.01), slice_seconds=0.0)
    events = trainer.events()
    for _ in range(5):
        next(events)
    trainer.set_learning_rate(1e12)
    model.vector[:] = 0.5
    *_, found, _ = events
    assert isinstance(found, Diverged)
    assert "the learning rate 1e+12 is too high. Try 0.1." in found.diagnosis
    np.testing.assert_array_equal(model.vector, 0.5)


def test_a_rate_at_which_the_loss_fell_in_this_run_is_what_to_go_back_to() -> None:
    model = network(LINE, (4,))
    trainer = Trainer(model, LINE, settings("sgd", 0.03), slice_seconds=0.0)
    events = trainer.events()
    fell = 0
    while fell < 3:
        fell += isinstance(next(events), EpochEnded)
    trainer.set_learning_rate(1e6)
    *_, found, _ = events
    assert isinstance(found, Diverged)
    assert "Try 0.03." in found.diagnosis


def test_the_rate_to_try_is_a_tenth_of_the_present_one_at_most() -> None:
    data = rows([[1000.0], [2000.0]], [[1.0], [2.0]])
    found, _ = diverge(network(data, ()), data, optimizer="sgd", rate=0.1)
    assert "the learning rate 0.1 is too high. Try 0.01." in found.diagnosis


def test_who_counts_steps_from_elsewhere_says_them_in_the_diagnosis() -> None:
    found, _ = diverge(network(LINE, ()), LINE, optimizer="sgd", rate=1e6)
    assert replace(found, step=6028).diagnosis.startswith("Step 6,028: ")


@pytest.mark.parametrize(
    ("value", "text"), [(1e6, "1,000,000"), (0.01, "0.01"), (1e-5, "0.00001"), (1e30, "1e+30"), (0.1 + 1e-9, "0.1")]
)
def test_numbers_are_written_plainly(value: float, text: str) -> None:
    assert plain(value) == text
