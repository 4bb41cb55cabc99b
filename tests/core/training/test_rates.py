"""Learning-rate factors and frozen nodes: what stays does not move, whatever the rule, and what is let go starts afresh."""

import re
from dataclasses import replace

import numpy as np
import pytest

from core.datasets.registry import dataset
from core.diagram.records import ClippingChoice, OptimizerChoice, RegularizationChoice, TrainingSettings
from core.errors import TrainingError
from core.model.model import Model
from core.training.events import Diverged
from core.training.optimizers import RULES, Optimizer
from core.training.optimizers.places import Places
from core.training.trainer import Trainer
from tests.core.training.networks import network, settings

CIRCLE = dataset("circle", samples=60)
RATES = {"lbfgs": 0.1, "adadelta": 1.0}
EVERYTHING = {
    "regularization": RegularizationChoice(l1=0.01, l2=0.01, max_norm=0.5),
    "clipping": ClippingChoice(value=0.1, norm=0.1),
}


def course(key: str, **fields: object) -> TrainingSettings:
    return settings(optimizer=key, rate=RATES.get(key, 0.01), batch=48, **fields)  # type: ignore[arg-type]


def model_with(rates: dict[str, float], hidden: tuple[int, ...] = (5, 4)) -> Model:
    """A network whose plan has these rates."""
    plain = network(CIRCLE, hidden, dtype="float64")
    blocks = tuple(replace(block, rate=rates.get(block.node, 1.0)) for block in plain.plan.parameters)
    return Model(replace(plain.plan, parameters=blocks), dtype="float64")


def moved(model: Model, start: np.ndarray) -> dict[str, bool]:
    return {node: not np.array_equal(model.vector[part], start[part]) for node, part in model.node_slices.items()}


@pytest.mark.parametrize("key", RULES)
@pytest.mark.parametrize("more", [{}, EVERYTHING], ids=["plain", "everything"])
def test_what_is_frozen_never_moves(key: str, more: dict[str, object]) -> None:
    model = model_with({"h1": 0.0})
    start = model.vector.copy()
    trainer = Trainer(model, CIRCLE, course(key, **more))
    for _ in range(4):
        trainer.step_once()
    assert moved(model, start) == {"h1": False, "h2": True, "y": True}
    trainer.set_rates({"h1": 1.0, "y": 0.0})
    start = model.vector.copy()
    for _ in range(4):
        trainer.step_once()
    assert moved(model, start) == {"h1": True, "h2": True, "y": False}


def test_a_gradient_that_is_no_number_leaves_what_is_frozen_alone() -> None:
    model = model_with({"h1": 0.0})
    places = Places(model.plan.parameters, model.vector.size)
    optimizer = Optimizer(OptimizerChoice(), model.vector, model.gradient_vector, places)
    start = model.vector.copy()
    model.gradient_vector[...] = 1.0
    model.gradient_vector[model.node_slices["h1"]] = np.nan
    for call in optimizer.calls:
        call()
    assert moved(model, start) == {"h1": False, "h2": True, "y": True}
    assert np.isfinite(model.vector).all()


@pytest.mark.parametrize("key", RULES)
def test_frozen_nodes_do_not_disturb_the_others(key: str) -> None:
    """A vector whose frozen half has enormous gradients moves like one that has no such half."""
    random = np.random.default_rng(0)
    model = model_with({"h1": 0.0})
    places = Places(model.plan.parameters, model.vector.size)
    choice = OptimizerChoice(key=key, learning_rate=RATES.get(key, 0.01))
    clipping = ClippingChoice(norm=0.5)
    whole = Optimizer(choice, model.vector, model.gradient_vector, places, clipping=clipping)
    free = np.ones(model.vector.size, bool)
    free[model.node_slices["h1"]] = False
    parameters, gradients = model.vector[free], np.empty(int(free.sum()))
    shift = model.node_slices["h1"].stop
    blocks = (replace(b, offset=b.offset - shift) for b in model.plan.parameters if b.node != "h1")
    part = Places(tuple(blocks), gradients.size)
    alone = Optimizer(choice, parameters, gradients, part, clipping=clipping)
    for _ in range(6):
        model.gradient_vector[...] = random.standard_normal(model.vector.size) + model.vector
        gradients[...] = model.gradient_vector[free]
        model.gradient_vector[~free] *= 1e9
        for call in (*whole.calls, *alone.calls):
            call()
    np.testing.assert_allclose(model.vector[free], parameters, rtol=1e-12)


@pytest.mark.parametrize("key", RULES)
def test_a_factor_multiplies_the_move_of_a_node(key: str) -> None:
    plain, slow = model_with({}), model_with({"h2": 0.25})
    start = plain.vector.copy()
    for model in (plain, slow):
        Trainer(model, CIRCLE, course(key)).step_once()
    for node, part in plain.node_slices.items():
        share = 0.25 if node == "h2" else 1.0
        np.testing.assert_allclose(
            slow.vector[part] - start[part], share * (plain.vector[part] - start[part]), rtol=1e-9, atol=1e-15
        )


def test_a_factor_is_their_learning_rate_of_a_group() -> None:
    torch = pytest.importorskip("torch")
    random = np.random.default_rng(1)
    model = model_with({"h1": 0.1, "y": 3.0})
    start = model.vector.copy()
    optimizer = Optimizer(
        OptimizerChoice(key="adamw", weight_decay=0.1),
        model.vector,
        model.gradient_vector,
        Places(model.plan.parameters, model.vector.size),
    )
    places = Places(model.plan.parameters, model.vector.size)
    decayed = places.spread(places.regularized(), rest=False)
    groups = []
    for node, part in model.node_slices.items():
        for is_weight in (True, False):
            index = np.arange(part.start, part.stop)[decayed[part] == is_weight]
            weight = torch.tensor(start[index], requires_grad=True)
            rate = 0.01 * {"h1": 0.1, "y": 3.0}.get(node, 1.0)
            groups.append((index, {"params": [weight], "lr": rate, "weight_decay": 0.1 if is_weight else 0.0}))
    theirs = torch.optim.AdamW([group for _, group in groups])
    for _ in range(200):
        model.gradient_vector[...] = random.standard_normal(model.vector.size)
        for index, group in groups:
            group["params"][0].grad = torch.tensor(model.gradient_vector[index])
        theirs.step()
        for call in optimizer.calls:
            call()
    for index, group in groups:
        np.testing.assert_allclose(model.vector[index], group["params"][0].detach().numpy(), rtol=1e-10)


@pytest.mark.parametrize("key", RULES)
def test_a_node_that_is_let_go_starts_as_a_new_one_would(key: str) -> None:
    """Two nodes with the same gradients: one that slept for a while moves then as the other did at first."""
    model = model_with({"h2": 0.0})
    optimizer = Optimizer(
        OptimizerChoice(key=key, learning_rate=RATES.get(key, 0.01), weight_decay=0.0),
        model.vector,
        model.gradient_vector,
        Places(model.plan.parameters, model.vector.size),
    )
    sleeper, other = model.node_slices["h2"], model.node_slices["y"]
    first, late = [], []
    for moves, rates in ((first, {}), (late, {"h2": 1.0, "h1": 0.0})):
        optimizer.set_rates(rates)
        for _ in range(5):
            before = model.vector.copy()
            model.gradient_vector[...] = 0.5
            for call in optimizer.calls:
                call()
            moves.append((model.vector - before)[other if moves is first else sleeper][0])
    if key == "lbfgs":  # Its pairs belong to all nodes together.
        assert np.isfinite(late).all()
    else:
        np.testing.assert_allclose(late, first, rtol=1e-12)


def test_where_all_move_alike_there_is_nothing_to_pay() -> None:
    for key in ("sgd", "adam"):
        model = model_with({})
        places = Places(model.plan.parameters, model.vector.size)
        optimizer = Optimizer(OptimizerChoice(key=key), model.vector, model.gradient_vector, places)
        assert len(optimizer.calls) == {"sgd": 2, "adam": 11}[key]
        optimizer.set_rates({"h1": 0.5})
        assert len(optimizer.calls) == {"sgd": 3, "adam": 12}[key]
        optimizer.set_rates({"h1": 1.0})
        assert len(optimizer.calls) == {"sgd": 2, "adam": 11}[key]


def test_what_is_no_parameter_but_a_memory_of_an_op_is_never_moved() -> None:
    plain = network(CIRCLE, (5, 4), dtype="float64")
    blocks = tuple(
        replace(block, block=replace(block.block, trained=block.node != "h1")) for block in plain.plan.parameters
    )
    model = Model(replace(plain.plan, parameters=blocks), dtype="float64")
    start = model.vector.copy()
    trainer = Trainer(model, CIRCLE, course("adamw", **EVERYTHING))
    trainer.set_rates({"h1": 5.0})
    trainer.step_once()
    assert moved(model, start) == {"h1": False, "h2": True, "y": True}


def test_a_fault_is_looked_for_with_the_rates_that_led_to_it() -> None:
    """A run goes back to a bookmark to find a fault; one that was set before the rates changed is of no use then."""
    model = network(CIRCLE, (5, 4))
    trainer = Trainer(model, CIRCLE, course("sgd"))
    trainer.step_once()
    trainer.set_rates({"h1": 0.0})
    frozen = model.vector[model.node_slices["h1"]].copy()
    trainer.set_learning_rate(3e38)
    events = [trainer.step_once() for _ in range(5)]
    assert any(isinstance(event, Diverged) for event in events)
    np.testing.assert_array_equal(model.vector[model.node_slices["h1"]], frozen)
    assert np.isfinite(model.vector).all()


@pytest.mark.parametrize("rate", [-0.1, float("nan"), float("inf"), 2e6])
def test_factors_out_of_range_are_refused(rate: float) -> None:
    trainer = Trainer(model_with({}), CIRCLE, course("sgd"))
    with pytest.raises(TrainingError, match=re.escape("The learning-rate factor of h1 is ")):
        trainer.set_rates({"h1": rate})
