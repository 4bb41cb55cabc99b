"""Convolutions and pools that training computes as one: where, and that nobody who looks can tell."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from core.compiler.compile import compile_diagram
from core.compiler.data_spec import DataSpec
from core.compiler.plan import Plan
from core.diagram.diagram import Diagram
from core.diagram.records import Node
from core.model.model import Model
from core.ops.convolution_pool import ConvolutionPool
from core.ops.op import Shape

CONVOLUTION = {"channels": 4, "activation": "relu"}
Layer = tuple[str, dict[str, Any]]


def network(*layers: Layer, shape: Shape = (6, 6, 1), wires: tuple[tuple[str, str], ...] = ()) -> Plan:
    """A chain of nodes n0, n1 ... from the data to one value and a loss, with more wires."""
    nodes = [Node(id="x", kind="input")]
    nodes += [Node(id=f"n{index}", kind=key, hyperparameters=values) for index, (key, values) in enumerate(layers)]
    nodes += [Node(id="row", kind="flatten"), Node(id="y", kind="dense", hyperparameters={"units": 1})]
    nodes += [Node(id="loss", kind="mean_squared_error")]
    chain = [(first.id, second.id) for first, second in pairwise(nodes)]
    compilation = compile_diagram(Diagram.build(nodes, [*chain, *wires]), DataSpec({"x": shape}, {"loss": (1,)}))
    assert compilation.plan is not None, [item.message for item in compilation.errors]
    return compilation.plan


def fused(plan: Plan) -> list[tuple[str, str]]:
    """(op without training, op in training) of every step that differs."""
    return [
        (plan.steps[index].op.name, type(step.op.activation).__name__)
        for index, step in plan.in_training.items()
        if isinstance(step.op, ConvolutionPool)
    ]


def test_a_pool_after_a_convolution_becomes_part_of_it() -> None:
    plan = network(
        ("convolution_2d", CONVOLUTION), ("max_pool", {}), ("convolution_2d", {"channels": 2}), ("min_pool", {})
    )
    assert fused(plan) == [("max_pool", "Relu"), ("min_pool", "Identity")]
    (index, step), _ = plan.in_training.items()
    assert step.output == plan.steps[index].output
    assert step.inputs == plan.steps[0].inputs
    assert step.parameters == plan.steps[0].parameters
    assert [plan.first_of(node) for node in ("x", "n0", "n1", "n2", "n3")] == ["x", "n0", "n0", "n2", "n2"]


def test_an_activation_may_be_a_node_of_its_own() -> None:
    plan = network(("convolution_2d", {"channels": 2}), ("tanh", {}), ("max_pool", {}))
    assert fused(plan) == [("max_pool", "Tanh")]


@pytest.mark.parametrize(
    "layers",
    [
        [("convolution_2d", CONVOLUTION), ("average_pool", {})],
        [("convolution_2d", CONVOLUTION), ("max_pool", {"size": 3})],
        [("convolution_2d", CONVOLUTION), ("max_pool", {"stride": 1})],
        [("convolution_2d", CONVOLUTION), ("max_pool", {"padding": "number", "padding_size": 1})],
        [("convolution_2d", {"channels": 2, "activation": "gelu"}), ("max_pool", {})],
        [("convolution_2d", CONVOLUTION), ("relu", {}), ("max_pool", {})],
        [("max_pool", {})],
        [("relu", {}), ("max_pool", {})],
        [("convolution_2d", CONVOLUTION), ("crop", {}), ("max_pool", {})],
    ],
    ids=lambda layers: " ".join(f"{key} {values}" for key, values in layers),
)
def test_other_pools_stay_what_they_are(layers: list[Layer]) -> None:
    assert fused(network(*layers)) == []


def test_a_pool_of_a_sequence_stays_what_it_is() -> None:
    assert fused(network(("convolution_1d", {"channels": 2}), ("max_pool", {}), shape=(6, 2))) == []


def test_an_odd_edge_that_padding_would_fill_keeps_the_pool_apart() -> None:
    layers: tuple[Layer, ...] = (("convolution_2d", CONVOLUTION), ("max_pool", {"padding": "same"}))
    assert fused(network(*layers, shape=(6, 6, 1))) == [("max_pool", "Relu")]
    assert fused(network(*layers, shape=(5, 6, 1))) == []
    assert fused(network(*layers, shape=(6, 5, 1))) == []


@pytest.mark.parametrize("watched", ["n0", "n1"])
def test_what_somebody_else_reads_is_not_swallowed(watched: str) -> None:
    nodes = [
        Node(id="x", kind="input"),
        Node(id="n0", kind="convolution_2d", hyperparameters={"channels": 2}),
        Node(id="n1", kind="relu"),
        Node(id="n2", kind="max_pool"),
        Node(id="both", kind="concatenate"),
        Node(id="row", kind="flatten"),
        Node(id="aside", kind="flatten"),
        Node(id="y", kind="dense", hyperparameters={"units": 1}),
        Node(id="loss", kind="mean_squared_error"),
    ]
    wires = [
        ("x", "n0"),
        ("n0", "n1"),
        ("n1", "n2"),
        ("n2", "row"),
        (watched, "aside"),
        ("row", "both"),
        ("aside", "both"),
    ]
    wires += [("both", "y"), ("y", "loss")]
    compilation = compile_diagram(Diagram.build(nodes, wires), DataSpec({"x": (4, 4, 1)}, {"loss": (1,)}))
    assert compilation.plan is not None
    assert fused(compilation.plan) == []


def test_there_is_nothing_to_fuse_without_a_plan() -> None:
    assert compile_diagram(Diagram.build([Node(id="p", kind="max_pool")], []), DataSpec({}, {})).plan is None


@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-12), ("float32", 1e-5)])
@pytest.mark.parametrize("channels", [3, 40])
def test_training_has_the_gradients_that_looking_has(channels: int, dtype: str, tolerance: float) -> None:
    second = {"channels": channels, "activation": "tanh", "padding": "valid"}
    plan = network(
        ("convolution_2d", CONVOLUTION),
        ("max_pool", {}),
        ("convolution_2d", second),
        ("min_pool", {}),
        shape=(13, 12, 3),
    )
    model = Model(plan, seed=2, dtype=dtype)
    generator = np.random.default_rng(1)
    inputs, targets = {"x": generator.standard_normal((9, 13, 12, 3))}, {"loss": generator.standard_normal((9, 1))}
    loss, gradients = model.loss_and_gradients(inputs, targets)
    trained_loss, trained = model.loss_and_gradients(inputs, targets, training=True)
    assert trained_loss == pytest.approx(loss, rel=tolerance)
    for name, gradient in gradients.items():
        scale = max(1.0, float(np.abs(gradient).max()))
        np.testing.assert_allclose(trained[name], gradient, rtol=tolerance, atol=tolerance * scale)


def test_whoever_looks_sees_the_map_before_the_pool() -> None:
    model = Model(network(("convolution_2d", CONVOLUTION), ("max_pool", {})), seed=1)
    pictures = np.random.default_rng(0).standard_normal((3, 6, 6, 1))
    outputs = model.forward({"x": pictures})
    assert outputs["n0"].shape == (3, 6, 6, 4)
    pooled = outputs["n0"].reshape(3, 3, 2, 3, 2, 4).max((2, 4))
    np.testing.assert_array_equal(outputs["n1"], pooled)
    assert set(model.bound(3, training=True).outputs) == {"x", "n1", "row", "y"}
