"""Fused neurons against the slow interpreter of the plan as it was before, on networks that were wired by hand at random."""

from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.compiler.compile import compile_diagram
from core.compiler.data_spec import DataSpec
from core.compiler.plan import Plan
from core.diagram.diagram import Diagram
from core.model.model import Model
from core.ops.neuron_ranks import NeuronRanks
from core.ops.op import Array
from tests.diagrams import DIAGRAMS, node, unfused
from tests.reference import interpret

ACTIVATIONS = ("linear", "tanh", "sigmoid", "relu", "softplus", "leaky_relu", "gelu")
BENT = ("tanh", "sigmoid", "softplus")
OTHERS = ("multiply", "add", "concatenate", "dense", "tanh", "dropout")


def hand_wired_network(seed: int) -> tuple[Diagram, DataSpec]:
    """Inputs of a few columns, many neurons that read anything before them, and now and then a node of another kind in between."""
    random = Random(seed)
    inputs = {f"x{number}": (random.randint(1, 3),) for number in range(random.randint(1, 3))}
    nodes, wires = [node(key, "input") for key in inputs], []
    widths = {key: width for key, (width,) in inputs.items()}
    for number in range(random.randint(2, 14)):
        key = f"n{number}"
        sources = random.sample(list(widths), random.randint(1, min(5, len(widths))))
        kind = "neuron" if random.random() < 0.8 else random.choice(OTHERS)
        widths[key] = 1
        if kind == "neuron":
            activation = random.choice(ACTIVATIONS if random.random() < 0.5 else BENT)
            nodes.append(node(key, kind, activation=activation, bias=random.random() < 0.8))
        elif kind == "dense":
            widths[key] = random.randint(1, 3)
            nodes.append(node(key, kind, units=widths[key], activation=random.choice(BENT)))
            sources = sources[:1]
        else:
            nodes.append(node(key, kind))
            many = kind in ("multiply", "add", "concatenate")
            sources = [source for source in sources if kind == "concatenate" or widths[source] == widths[sources[0]]]
            sources = sources if many else sources[:1]
            widths[key] = sum(widths[source] for source in sources) if kind == "concatenate" else widths[sources[0]]
        wires += [(source, key) for source in sources]
    targets = {}
    for number, key in enumerate(random.sample(list(widths)[len(inputs) :], random.randint(1, 2))):
        loss = f"loss{number}"
        kind = "mean_squared_error" if random.random() < 0.6 else "binary_cross_entropy"
        nodes.append(node(loss, kind))
        wires.append((key, loss))
        targets[loss] = (widths[key],)
    return Diagram.build(nodes, wires), DataSpec(inputs, targets)


def some_data(data: DataSpec, samples: int) -> tuple[dict[str, Array], dict[str, Array]]:
    generator = np.random.default_rng(0)
    inputs = {key: generator.standard_normal((samples, *shape)) for key, shape in data.inputs.items()}
    targets = {key: generator.uniform(0.1, 0.9, (samples, *shape)) for key, shape in data.targets.items()}
    return inputs, targets


def assert_close(actual: Any, expected: Any) -> None:
    scale = max(1.0, float(np.abs(expected).max(initial=0)))
    np.testing.assert_allclose(actual, expected, rtol=0, atol=1e-12 * scale)


def assert_same(diagram: Diagram, data: DataSpec) -> Plan:
    """The fused plan does what the interpreter says of the plan before; returns it."""
    before, plan = unfused(diagram, data), compile_diagram(diagram, data).plan
    assert plan is not None
    assert (plan.num_parameters, plan.macs) == (before.num_parameters, before.macs)
    reference, model = Model(before, seed=3, dtype="float64"), Model(plan, seed=3, dtype="float64")
    assert set(model.parameters) == set(reference.parameters)
    for name, values in reference.parameters.items():
        np.testing.assert_array_equal(model.parameters[name], values)
        assert model.parameters[name].flags.c_contiguous or len(values) > 1
    inputs, targets = some_data(data, 5)
    expected = interpret(before, reference.vector, inputs, targets)
    reference.gradient_vector[...] = np.concatenate([*(gradient.ravel() for gradient in expected.block_gradients), []])
    for key, output in model.forward(inputs).items():
        assert_close(output, np.moveaxis(expected.values[before.outputs[key]], -1, 0))
    # Twice, for what a step leaves behind must not be found by the next.
    for _ in range(2):
        loss, gradients = model.loss_and_gradients(inputs, targets)
        assert loss == pytest.approx(expected.loss, rel=1e-12)
        for name, gradient in gradients.items():
            assert_close(gradient, reference.gradients[name])
    assert_training_agrees(model, reference, inputs, targets)
    return plan


def assert_training_agrees(model: Model, reference: Model, inputs: dict[str, Array], targets: dict[str, Array]) -> None:
    """In training mode, where only what leads to a loss is run and dropout draws the same in both."""
    for one in (model, reference):
        one.initialize(5)
    loss, gradients = model.loss_and_gradients(inputs, targets, training=True)
    expected_loss, expected = reference.loss_and_gradients(inputs, targets, training=True)
    assert loss == pytest.approx(expected_loss, rel=1e-12)
    for name, gradient in gradients.items():
        assert_close(gradient, expected[name])


@given(st.integers(0, 10**9))
@settings(max_examples=150, deadline=None)
def test_fused_networks_do_what_the_interpreter_says(seed: int) -> None:
    diagram, data = hand_wired_network(seed)
    assert_same(diagram, data)


@pytest.mark.parametrize("name", ["hand_wired", "ranks"])
def test_known_diagrams_do_what_the_interpreter_says(name: str) -> None:
    assert_same(*DIAGRAMS[name]())


def test_the_networks_are_fused_at_all() -> None:
    plans = [compile_diagram(*hand_wired_network(seed)).plan for seed in range(40)]
    fused = [sum(isinstance(step.op, NeuronRanks) for step in plan.steps) for plan in plans if plan is not None]
    assert len(fused) == 40
    assert sum(count > 0 for count in fused) > 25
    assert max(fused) > 1
