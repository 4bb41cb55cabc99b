"""A bias drawn as an extra input that is always 1: the same numbers as a bias that the neuron has by itself, at every step."""

import numpy as np
import pytest

from core.compiler.compile import compile_diagram
from core.compiler.data_spec import DataSpec
from core.diagram.diagram import Diagram
from core.diagram.records import Node
from core.model.model import Model


def own_bias() -> Diagram:
    nodes = [Node(id="x", kind="input"), Node(id="n", kind="neuron"), Node(id="loss", kind="mean_squared_error")]
    return Diagram.build(nodes, [("x", "n"), ("n", "loss")])


def drawn_bias() -> Diagram:
    nodes = [
        Node(id="x", kind="input"),
        Node(id="one", kind="constant_value"),
        Node(id="n", kind="neuron", hyperparameters={"bias": False}),
        Node(id="loss", kind="mean_squared_error"),
    ]
    return Diagram.build(nodes, [("x", "n"), ("one", "n"), ("n", "loss")])


def trained(diagram: Diagram, start: np.ndarray, shape: tuple[int, ...], dtype: str) -> tuple[list, np.ndarray]:
    """(loss and weights at every step of gradient descent, the answers after it)."""
    plan = compile_diagram(diagram, DataSpec({"x": shape}, {"loss": (*shape[:-1], 1)})).plan
    model = Model(plan, dtype=dtype)
    model.vector[...] = start
    generator = np.random.default_rng(0)
    inputs = generator.normal(size=(20, *shape)).astype(dtype)
    targets = generator.uniform(size=(20, *shape[:-1], 1)).astype(dtype)
    history = []
    for _ in range(100):
        loss, _ = model.loss_and_gradients({"x": inputs}, {"loss": targets}, training=True)
        model.vector[...] -= np.asarray(0.5, dtype) * model.gradient_vector
        history.append((loss, *model.vector.tolist()))
    return history, model.forward({"x": inputs})["n"]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("shape", [(3,), (4, 3)], ids=["row", "sequence"])
def test_both_ways_to_draw_a_bias_train_to_the_same_bits(shape: tuple[int, ...], dtype: str) -> None:
    start = np.array([0.3, -0.2, 0.7, 0.1], dtype)
    own, own_answers = trained(own_bias(), start, shape, dtype)
    drawn, drawn_answers = trained(drawn_bias(), start, shape, dtype)
    assert own[-1][0] < own[0][0]
    np.testing.assert_array_equal(drawn, own)
    np.testing.assert_array_equal(drawn_answers, own_answers)


def test_zero_inputs_still_activate() -> None:
    plan = compile_diagram(drawn_bias(), DataSpec({"x": (3,)}, {"loss": (1,)})).plan
    model = Model(plan, dtype="float64")
    model.parameters["n/weight"][...] = [[1.0, 2.0, 3.0, -0.5]]
    assert model.forward({"x": np.zeros((1, 3))})["n"][0, 0] == pytest.approx(1 / (1 + np.exp(0.5)), rel=1e-14)
