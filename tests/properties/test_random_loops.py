"""Random networks with loops through time: they compile, know nothing of the future, and have right gradients."""

import itertools
from collections.abc import Iterator
from random import Random

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.catalogue.kind import Category, SourceKind, Task
from core.catalogue.registry import all_kinds, find_kind
from core.compiler.compile import compile_diagram
from core.compiler.data_spec import DataSpec
from core.diagram.diagram import Diagram
from core.model.model import Model
from core.ops.noise import Noise
from core.ops.time_loop import TimeLoop
from tests.gradients import trained_names
from tests.properties.generator import NetworkMaker
from tests.properties.test_random_diagrams import check_plan
from tests.properties.test_random_engine import gradient_error

STEPS, FEATURES, SAMPLES = 5, 2, 3
STEPWISE = (Category.NEURONS, Category.ACTIVATIONS, Category.JOINING)
"""Mostly kinds that work on each step of time by itself; those that do not are found out and left."""
ROUGH = 1e-6


def random_loops(seed: int) -> tuple[Diagram, DataSpec]:
    """Nodes over a sequence, and neurons that read through delays what comes after them, or before, or themselves."""
    random = Random(seed)
    maker = NetworkMaker(random)
    maker.add_source(next(kind for kind in all_kinds() if isinstance(kind, SourceKind) and kind.columns_field))
    maker.inputs["n0"] = maker.shapes["n0", "output"] = (STEPS, FEATURES)
    kinds = [kind for kind in all_kinds() if kind.category in STEPWISE]
    neuron, delay, add = find_kind("neuron"), find_kind("delay"), find_kind("add")
    for _ in range(random.randint(3, 9)):
        maker.add(random.choice([neuron, neuron, add, random.choice(kinds)]))
    sequences = [end for end, shape in maker.shapes.items() if len(shape) == 2 and shape[0] == STEPS]
    neurons = [node.id for node in maker.nodes if node.kind == neuron.key and (node.id, "output") in sequences]
    for _ in range(random.randint(1, 3)):
        maker.within = {random.choice(sequences)}
        maker.add(delay)
        if neurons:
            maker.wires.append(((maker.nodes[-1].id, "output"), (random.choice(neurons), "input")))
    maker.within = {random.choice(sequences[1:] or sequences)}
    maker.add(find_kind("mean_squared_error"))
    return maker.diagram(), DataSpec(maker.inputs, maker.targets, task=Task.REGRESSION)


def sound_model(diagram: Diagram, spec: DataSpec) -> Model | None:
    """The model with random parameters; None where an op in a loop does not work step by step."""
    compilation = compile_diagram(diagram, spec)
    if {item.code for item in compilation.errors} == {"not-stepwise"}:
        return None
    assert compilation.errors == ()
    check_plan(compilation.plan)
    model = Model(compilation.plan, dtype="float64")
    model.vector[...] = np.random.default_rng(0).normal(0, 0.5, len(model.vector))
    return model


@given(st.integers(0, 10**9))
@settings(max_examples=150, deadline=None)
def test_a_network_with_loops_compiles_and_runs(seed):
    diagram, spec = random_loops(seed)
    model = sound_model(diagram, spec)
    assume(model is not None)
    generator = np.random.default_rng(seed)
    inputs = {"n0": generator.normal(size=(SAMPLES, STEPS, FEATURES))}
    targets = {node: generator.normal(size=(SAMPLES, *shape)) for node, shape in spec.targets.items()}
    loss, gradients = model.loss_and_gradients(inputs, targets, training=True)
    assert isinstance(loss, float)
    assert set(gradients) == set(model.parameters)
    compilation = compile_diagram(diagram, spec)
    assert compilation.macs == model.plan.macs


@given(st.integers(0, 10**9))
@settings(max_examples=60, deadline=None)
def test_no_step_of_time_knows_those_after_it(seed):
    diagram, spec = random_loops(seed)
    shorter = DataSpec(
        {node: (STEPS - 2, *shape[1:]) for node, shape in spec.inputs.items()},
        {node: (STEPS - 2, *shape[1:]) for node, shape in spec.targets.items()},
    )
    model = sound_model(diagram, spec)
    assume(model is not None)
    part = compile_diagram(diagram, shorter)
    assume(part.ok)
    short_model = Model(part.plan, dtype="float64")
    assume(len(short_model.vector) == len(model.vector))
    short_model.vector[...] = model.vector
    x = np.random.default_rng(seed).normal(size=(SAMPLES, STEPS, FEATURES))
    whole, some = model.forward({"n0": x}), short_model.forward({"n0": x[:, :-2]})
    stepwise = {step.node for step in model.plan.steps if isinstance(step.op, TimeLoop)}
    for node in stepwise:
        np.testing.assert_allclose(whole[node][:, :-2], some[node], rtol=1e-9, atol=1e-12)


def differentiable() -> Iterator[tuple[Model, DataSpec, int]]:
    for seed in itertools.count():
        diagram, spec = random_loops(seed)
        model = sound_model(diagram, spec)
        if model is None or not any(isinstance(step.op, TimeLoop) for step in model.plan.steps):
            continue
        inner = [part.op for step in model.plan.steps if isinstance(step.op, TimeLoop) for part in step.op.steps]
        ops = [step.op for step in model.plan.steps] + inner
        if trained_names(model) and not any(op.surrogate or isinstance(op, Noise) for op in ops):
            yield model, spec, seed


@pytest.mark.parametrize("number", range(40))
def test_gradients_through_loops_agree_with_differences(number):
    model, spec, seed = DIFFERENTIABLE[number]
    generator = np.random.default_rng(seed)
    inputs = {"n0": generator.normal(size=(SAMPLES, STEPS, FEATURES))}
    targets = {node: generator.normal(size=(SAMPLES, *shape)) for node, shape in spec.targets.items()}
    loss, _ = model.loss_and_gradients(inputs, targets)
    if np.isfinite(loss) and abs(loss) < 1e3:
        assert gradient_error(model, inputs, targets) <= ROUGH


DIFFERENTIABLE = list(itertools.islice(differentiable(), 40))
