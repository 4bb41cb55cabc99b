"""Penalties, max-norm and clipping: which parameters they reach, and what they refuse."""

import re

import numpy as np
import pytest

from core.compiler.plan import PlannedBlock
from core.datasets.registry import dataset
from core.diagram.records import ClippingChoice, OptimizerChoice, RegularizationChoice
from core.errors import TrainingError
from core.model.model import Model
from core.ops.op import ParameterBlock, ParameterView
from core.training.events import EpochEnded
from core.training.optimizers import Optimizer
from core.training.optimizers.places import Places
from core.training.trainer import Trainer
from tests.core.training.networks import network, settings

CIRCLE = dataset("circle", samples=60)


def stepped(
    model: Model, gradient: float = 0.0, key: str = "sgd", rates: dict[str, float] | None = None, **more: object
) -> None:
    """One step of a network whose gradient is this everywhere."""
    places = Places(model.plan.parameters, model.vector.size)
    choice = OptimizerChoice(key=key, learning_rate=0.1)
    optimizer = Optimizer(choice, model.vector, model.gradient_vector, places, **more)  # type: ignore[arg-type]
    optimizer.set_rates(rates or {})
    model.gradient_vector[...] = gradient
    for call in optimizer.calls:
        call()


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (RegularizationChoice(l2=0.5), lambda w: w - 0.1 * 0.5 * w),
        (RegularizationChoice(l1=0.5), lambda w: w - 0.1 * 0.5 * np.sign(w)),
        (RegularizationChoice(l1=0.2, l2=0.5), lambda w: w - 0.1 * (0.5 * w + 0.2 * np.sign(w))),
    ],
    ids=["l2", "l1", "both"],
)
def test_penalties_reach_weights_and_no_biases(choice, expected) -> None:  # type: ignore[no-untyped-def]
    model = network(CIRCLE, dtype="float64")
    model.vector[...] = np.random.default_rng(0).standard_normal(model.vector.size)
    before = model.copy_parameters()
    stepped(model, regularization=choice)
    for name, values in model.parameters.items():
        wanted = expected(before[name]) if name.endswith("weight") else before[name]
        np.testing.assert_allclose(values, wanted, rtol=1e-14)


@pytest.mark.parametrize("key", ["adamw", "sgdw"])
def test_weight_decay_reaches_weights_and_no_biases(key: str) -> None:
    model = network(CIRCLE, dtype="float64")
    model.vector[...] = 1.0
    stepped(model, key=key)
    for name, values in model.parameters.items():
        np.testing.assert_allclose(values, 1.0 - 0.1 * 0.01 if name.endswith("weight") else 1.0, rtol=1e-14)


def test_max_norm_shortens_the_weights_into_each_unit_that_are_too_long() -> None:
    model = network(CIRCLE, (6,), dtype="float64")
    random = np.random.default_rng(0)
    model.vector[...] = random.standard_normal(model.vector.size)
    before = model.copy_parameters()
    stepped(model, regularization=RegularizationChoice(max_norm=1.0))
    lengths = np.linalg.norm(before["h1/weight"], axis=1, keepdims=True)
    assert (lengths > 1.0).any()
    assert (lengths < 1.0).any()
    np.testing.assert_allclose(model.parameters["h1/weight"], before["h1/weight"] / np.maximum(lengths, 1.0))
    np.testing.assert_array_equal(
        model.parameters["h1/weight"][lengths[:, 0] < 1], before["h1/weight"][lengths[:, 0] < 1]
    )
    np.testing.assert_allclose(np.linalg.norm(model.parameters["y/weight"]), 1.0)
    np.testing.assert_array_equal(model.parameters["h1/bias"], before["h1/bias"])


def test_max_norm_on_weights_of_any_layout() -> None:
    """A filter, a matrix that is kept the other way round, one number for each unit, and two matrices in one block."""

    def view(name: str, index: tuple[slice | int, ...], shape: tuple[int, ...] | None = None) -> ParameterView:
        return ParameterView(name, index, "zeros", 1, 1, shape=shape)

    filters = ParameterBlock((3, 8), (view("weight", (slice(None),), (3, 2, 2, 2)),))
    gates = ParameterBlock(
        (4, 5), (view("input", (slice(None), slice(0, 3))), view("recurrent", (slice(None), slice(3, 5))))
    )
    peephole = ParameterBlock((4,), (view("peephole", (slice(None),)),))
    places = Places((PlannedBlock("c", filters, 0), PlannedBlock("g", gates, 24), PlannedBlock("p", peephole, 44)), 48)
    parameters = 3.0 * np.random.default_rng(0).standard_normal(48)
    before = parameters.copy()
    gradients = np.zeros(48)
    choice = OptimizerChoice(key="sgd")
    optimizer = Optimizer(choice, parameters, gradients, places, RegularizationChoice(max_norm=2.0))
    for call in optimizer.calls:
        call()
    for old, new in ((place.of(before), place.of(parameters)) for place in places):
        rows = old.reshape(len(old), -1)
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        np.testing.assert_allclose(new.reshape(rows.shape), rows * np.minimum(1.0, 2.0 / lengths), rtol=1e-14)


def test_max_norm_where_the_weights_of_a_unit_lie_apart() -> None:
    class Turned(ParameterView):
        """The weights of a layer by what they read."""

        def cut(self, block: np.ndarray) -> np.ndarray:
            return block.T

    turned = ParameterBlock((2, 3), (Turned("weight", (), "zeros", 1, 1),))
    parameters = np.array([3.0, 0.3, 0.0, 4.0, 0.4, 0.0])
    places = Places((PlannedBlock("t", turned, 0),), 6)
    choice = RegularizationChoice(max_norm=1.0)
    optimizer = Optimizer(OptimizerChoice(key="sgd"), parameters, np.zeros(6), places, choice)
    for call in optimizer.calls:
        call()
    np.testing.assert_allclose(parameters, [0.6, 0.3, 0.0, 0.8, 0.4, 0.0])


def test_what_is_frozen_may_be_as_long_as_it_is() -> None:
    model = network(CIRCLE, (6,), dtype="float64")
    model.vector[...] = 5.0
    stepped(model, rates={"h1": 0.0}, regularization=RegularizationChoice(max_norm=1.0))
    assert (model.parameters["h1/weight"] == 5.0).all()
    assert np.linalg.norm(model.parameters["y/weight"]) == pytest.approx(1.0)


def test_the_loss_that_is_told_has_no_penalty_in_it() -> None:
    losses = []
    for l2 in (0.0, 1.0):
        run = settings("sgd", rate=1e-9, batch=60, epochs=1, regularization=RegularizationChoice(l2=l2))
        trainer = Trainer(network(CIRCLE, dtype="float64"), CIRCLE, run)
        losses += [event.loss for event in trainer.events() if isinstance(event, EpochEnded)]
    assert losses[0] == pytest.approx(losses[1], rel=1e-6)


def test_clipping_leaves_the_gradient_that_is_looked_at_alone() -> None:
    model = network(CIRCLE, dtype="float64")
    before = model.vector.copy()
    stepped(model, 7.0, clipping=ClippingChoice(value=2.0))
    assert (model.gradient_vector == 7.0).all()
    np.testing.assert_allclose(model.vector, before - 0.1 * 2.0)


def test_a_gradient_that_is_no_number_is_not_hidden_by_clipping() -> None:
    model = network(CIRCLE)
    with np.errstate(all="ignore"):
        stepped(model, float("nan"), clipping=ClippingChoice(value=1.0, norm=1.0))
    assert np.isnan(model.vector).all()


@pytest.mark.parametrize("value", [-0.1, float("nan"), float("inf"), 1e300])
@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda value: {"regularization": RegularizationChoice(l1=value)}, "The L1 regularization is "),
        (lambda value: {"regularization": RegularizationChoice(l2=value)}, "The L2 regularization is "),
        (lambda value: {"regularization": RegularizationChoice(max_norm=value)}, "The max-norm regularization is "),
        (lambda value: {"clipping": ClippingChoice(value=value)}, "Gradients are clipped by value at "),
        (lambda value: {"clipping": ClippingChoice(norm=value)}, "Gradients are clipped by norm at "),
    ],
)
def test_bad_settings_are_explained(make, sentence: str, value: float) -> None:  # type: ignore[no-untyped-def]
    model = network(CIRCLE)
    with pytest.raises(TrainingError, match=re.escape(sentence)):
        stepped(model, **make(value))
    with pytest.raises(TrainingError, match=re.escape(sentence)):
        Trainer(model, CIRCLE, settings(**make(value)))


def test_an_empty_network_has_no_norms() -> None:
    empty = np.zeros(0)
    places = Places((), 0)
    choice = RegularizationChoice(l1=1.0, l2=1.0, max_norm=1.0)
    for call in Optimizer(OptimizerChoice(), empty, empty.copy(), places, choice).calls:
        call()
