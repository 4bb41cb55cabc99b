"""Softmax over features or over positions: what adds up to 1, and where there are no positions."""

import numpy as np
import pytest

from core.compiler.compile import compile_diagram
from core.compiler.data_spec import DataSpec
from core.diagram.diagram import Diagram
from core.diagram.records import Node
from core.model.model import Model
from core.ops.activations import PositionSoftmax
from core.ops.losses import CategoricalCrossEntropy, CategoricalCrossEntropyFromLogits


def network(axis: str) -> Diagram:
    nodes = [
        Node(id="x", kind="input"),
        Node(id="shares", kind="softmax", hyperparameters={"axis": axis}),
        Node(id="loss", kind="categorical_cross_entropy"),
    ]
    return Diagram.build(nodes, [("x", "shares"), ("shares", "loss")])


@pytest.mark.parametrize("shape", [(5, 3), (4, 5, 3)], ids=["sequence", "picture"])
@pytest.mark.parametrize("axis", ["features", "positions"])
def test_what_adds_up_to_one(axis: str, shape: tuple[int, ...]) -> None:
    plan = compile_diagram(network(axis), DataSpec({"x": shape}, {"loss": shape})).plan
    samples = np.random.default_rng(0).normal(0, 3, (6, *shape))
    shares = Model(plan, dtype="float64").forward({"x": samples})["shares"]
    axes = (-1,) if axis == "features" else tuple(range(1, len(shape)))
    np.testing.assert_allclose(shares.sum(axes), 1, rtol=1e-14)
    expected = np.exp(samples) / np.exp(samples).sum(axes, keepdims=True)
    np.testing.assert_allclose(shares, expected, rtol=1e-13)


@pytest.mark.parametrize(
    ("axis", "op"),
    [("features", CategoricalCrossEntropyFromLogits), ("positions", CategoricalCrossEntropy)],
)
def test_a_loss_looks_behind_the_softmax_of_classes_alone(axis: str, op: type) -> None:
    plan = compile_diagram(network(axis), DataSpec({"x": (5, 3)}, {"loss": (5, 3)})).plan
    assert isinstance(plan.steps[-1].op, op)


def test_a_row_has_no_positions() -> None:
    spec = DataSpec({"x": (3,)}, {"loss": (3,)})
    (error,) = compile_diagram(network("positions"), spec).errors
    assert "wants a sequence or a picture, and this is a row of 3 values" in error.message
    assert compile_diagram(network("positions").apply(error.fixes[0].change), spec).ok
    with pytest.raises(ValueError, match="no positions"):
        PositionSoftmax().output_shape((3,))
