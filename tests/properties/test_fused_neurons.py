"""Fused neurons against the slow interpreter of the plan as it was before, on networks that were wired by hand at random."""

import itertools
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.compiler.compile import compile_diagram
from core.compiler.data_spec import DataSpec
from core.compiler.passes.fuse_neurons import fused
from core.compiler.plan import Plan
from core.diagram.diagram import Diagram
from core.model.model import Model
from core.ops.activations import Sigmoid, Tanh
from core.ops.linear import Linear
from core.ops.losses import MeanSquaredError
from core.ops.neuron_ranks import NeuronRanks
from core.ops.op import Array
from core.ops.structure import Concatenate
from tests.diagrams import DIAGRAMS, hand_wired, node, ranks, unfused
from tests.plans import PlanBuilder
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


def assert_same(diagram: Diagram, data: DataSpec) -> None:
    """The fused plan of a diagram does what the interpreter says of the plan before."""
    before, plan = unfused(diagram, data), compile_diagram(diagram, data).plan
    assert plan is not None
    assert_same_plans(before, plan, *some_data(data, 5))


def assert_same_plans(before: Plan, plan: Plan, inputs: dict[str, Array], targets: dict[str, Array]) -> None:
    assert (plan.num_parameters, plan.macs) == (before.num_parameters, before.macs)
    reference, model = Model(before, seed=3, dtype="float64"), Model(plan, seed=3, dtype="float64")
    assert set(model.parameters) == set(reference.parameters)
    for name, values in reference.parameters.items():
        np.testing.assert_array_equal(model.parameters[name], values)
        assert model.parameters[name].flags.c_contiguous or len(values) > 1
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


def test_neurons_may_share_their_weights() -> None:
    build = PlanBuilder()
    pair, single = build.input("pair", (2,)), build.input("single", (1,))
    block = build.block("w", Linear(1).block(2, "glorot_uniform"))
    first = build.apply(Tanh(), "a", build.apply(Linear(1), "a", pair, blocks=(block,)))
    joined = build.apply(Concatenate(), "join", first, single)
    second = build.apply(Sigmoid(), "b", build.apply(Linear(1), "b", joined, blocks=(block,)))
    build.loss("loss", MeanSquaredError(), build.linear("y", build.apply(Concatenate(), "both", second, first), 1))
    plan = fused(build.plan())
    assert sum(isinstance(step.op, NeuronRanks) for step in plan.steps) == 1
    inputs, targets = some_data(DataSpec({"pair": (2,), "single": (1,)}, {"loss": (1,)}), 4)
    assert_same_plans(build.plan(), plan, inputs, targets)


def chain(sizes: tuple[int, ...], kind: str) -> tuple[Diagram, DataSpec]:
    """The same network of tanh as layers or as neurons."""
    nodes, wires = [node("x", "input"), node("out", "concatenate"), node("loss", "mean_squared_error")], []
    before = ["x"]
    for rank, units in enumerate(sizes[1:]):
        names = [f"h{rank}"] if kind == "dense" else [f"h{rank}n{number}" for number in range(units)]
        settings = {"units": units} if kind == "dense" else {}
        nodes += [node(name, kind, activation="tanh", **settings) for name in names]
        wires += [(source, name) for name in names for source in before]
        before = names
    wires += [*((name, "out") for name in before), ("out", "loss")]
    return Diagram.build(nodes, wires), DataSpec({"x": sizes[:1]}, {"loss": sizes[-1:]})


def test_readers_that_need_a_row_of_ones_share_a_copy() -> None:
    nodes = [node("x", "input"), *(node(key, "neuron", activation="tanh") for key in ("a", "b"))]
    nodes += [node("left", "dense", units=2), node("right", "dense", units=2)]
    nodes += [node(f"loss {key}", "mean_squared_error") for key in ("b", "left", "right")]
    wires = [("x", "a"), ("x", "b"), ("a", "left"), ("a", "right")]
    wires += [(key, f"loss {key}") for key in ("b", "left", "right")]
    diagram = Diagram.build(nodes, wires)
    data = DataSpec({"x": (3,)}, {"loss b": (1,), "loss left": (2,), "loss right": (2,)})
    assert_same(diagram, data)
    plan = compile_diagram(diagram, data).plan
    assert plan is not None
    assert [step.op.name for step in plan.steps].count("concatenate") == 1


def test_ranks_that_are_wired_completely_cost_as_many_calls_as_layers() -> None:
    counts = []
    for kind in ("dense", "neuron"):
        plan = compile_diagram(*chain((2, 8, 8, 3), kind)).plan
        assert plan is not None
        step = Model(plan).bound(10)
        counts.append((len(step.forward_calls), len(step.backward_calls)))
    assert counts[0] == counts[1]


def test_the_parameters_of_a_rank_lie_side_by_side() -> None:
    plan = compile_diagram(*chain((2, 3, 2), "neuron")).plan
    assert plan is not None
    assert [planned.node for planned in plan.parameters] == ["h0n0", "h0n1", "h0n2", "h1n0", "h1n1"]
    assert [planned.offset for planned in plan.parameters] == [0, 3, 6, 9, 13]


@pytest.mark.parametrize(("width", "count"), [(10, 1), (4000, 0)])
def test_matrices_that_would_be_almost_empty_are_not_made(width: int, count: int) -> None:
    names = [f"h{number}" for number in range(5)]
    nodes = [node("few", "input"), node("many", "input"), node("loss", "mean_squared_error")]
    nodes += [node(name, "neuron") for name in names]
    wires = [*(("few", name) for name in names), ("many", "h0"), *itertools.pairwise(names), ("h4", "loss")]
    data = DataSpec({"few": (1,), "many": (width,)}, {"loss": (1,)})
    plan = compile_diagram(Diagram.build(nodes, wires), data).plan
    assert plan is not None
    assert sum(isinstance(step.op, NeuronRanks) for step in plan.steps) == count


def test_nodes_end_in_the_activation_of_their_neuron() -> None:
    plan = compile_diagram(*hand_wired()).plan
    assert plan is not None
    ops = {key: op.name for key, op in plan.node_ops.items()}
    assert ops == {"h1": "tanh", "h2": "tanh", "y": "sigmoid", "loss": "binary_cross_entropy_from_logits"}
    ops = {key: op.name for key, op in compile_diagram(*ranks()).plan.node_ops.items()}
    assert (ops["h2"], ops["k2"], ops["out"]) == ("relu", "neuron_ranks", "linear")


def test_rows_of_fused_neurons_share_the_memory_of_their_pool() -> None:
    plan = compile_diagram(*chain((2, 3, 2), "neuron")).plan
    assert plan is not None
    step = Model(plan).bound(4, training=False)
    first, last = step.outputs["h0n0"], step.outputs["h1n1"]
    assert first.base is last.base is step.inputs["x"].base
    assert step.outputs["out"].shape == (2, 4)
    assert step.outputs["out"].base is first.base
