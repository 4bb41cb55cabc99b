"""What compiled diagrams compute: different drawings of one network give the same numbers."""

import math

import numpy as np
import pytest

from core.compiler.compile import compile_diagram
from core.compiler.data_spec import DataSpec
from core.diagram.diagram import Diagram
from core.model.model import Model
from tests.diagrams import branches, node

X = np.random.default_rng(0).normal(size=(9, 3))


def model_of(diagram: Diagram, spec: DataSpec) -> Model:
    plan = compile_diagram(diagram, spec).plan
    assert plan is not None
    return Model(plan, dtype="float64")


def scores(
    last: list, wires: list, loss: str, logits: np.ndarray, targets: np.ndarray
) -> tuple[float, np.ndarray, np.ndarray]:
    """Loss, prediction, and the gradient by the input's one weight, of a network that passes ``logits`` on."""
    width = logits.shape[1]
    nodes = [node("x", "input"), node("z", "dense", units=width, bias=False), *last, node("loss", loss)]
    model = model_of(Diagram.build(nodes, [("x", "z"), *wires]), DataSpec({"x": (width,)}, {"loss": (width,)}))
    model.parameters["z/weight"][:] = np.eye(width)
    loss_value, gradients = model.loss_and_gradients({"x": logits}, {"loss": targets})
    return loss_value, model.forward({"x": logits})["y"], gradients["z/weight"]


@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid", "linear"])
def test_a_rank_of_neurons_is_a_dense_layer(activation):
    names = ["a", "b", "c", "d"]
    spec = DataSpec({"x": (3,)}, {"loss": (4,)})
    layer = model_of(
        Diagram.build(
            [
                node("x", "input"),
                node("y", "dense", units=4, activation=activation),
                node("loss", "mean_squared_error"),
            ],
            [("x", "y"), ("y", "loss")],
        ),
        spec,
    )
    rank = model_of(
        Diagram.build(
            [
                node("x", "input"),
                *(node(name, "neuron", activation=activation) for name in names),
                node("y", "concatenate"),
                node("loss", "mean_squared_error"),
            ],
            [*(("x", name) for name in names), *((name, "y") for name in names), ("y", "loss")],
        ),
        spec,
    )
    for row, name in enumerate(names):
        rank.parameters[f"{name}/weight"][0] = layer.parameters["y/weight"][row]
        rank.parameters[f"{name}/bias"][0] = layer.parameters["y/bias"][row] = row - 1.5
    np.testing.assert_allclose(rank.forward({"x": X})["y"], layer.forward({"x": X})["y"], rtol=1e-13)
    targets = {"loss": np.ones((9, 4))}
    loss, gradients = layer.loss_and_gradients({"x": X}, targets)
    rank_loss, rank_gradients = rank.loss_and_gradients({"x": X}, targets)
    assert rank_loss == pytest.approx(loss, rel=1e-13)
    for row, name in enumerate(names):
        np.testing.assert_allclose(
            rank_gradients[f"{name}/weight"][0], gradients["y/weight"][row], rtol=1e-12, atol=1e-15
        )


def test_the_weights_of_a_neuron_are_in_the_order_of_its_wires():
    nodes = [
        node("b", "input"),
        node("a", "input"),
        node("y", "neuron", activation="linear"),
        node("loss", "mean_squared_error"),
    ]
    model = model_of(
        Diagram.build(nodes, [("b", "y"), ("a", "y"), ("y", "loss")]), DataSpec({"a": (1,), "b": (2,)}, {"loss": (1,)})
    )
    model.parameters["y/weight"][0] = [1, 10, 100]
    model.parameters["y/bias"][:] = 0.5
    outputs = model.forward({"a": np.array([[3.0]]), "b": np.array([[1.0, 2.0]])})
    assert outputs["y"][0, 0] == 1 * 1 + 10 * 2 + 100 * 3 + 0.5


@pytest.mark.parametrize(
    ("loss", "squash"), [("binary_cross_entropy", "sigmoid"), ("categorical_cross_entropy", "softmax")]
)
def test_logits_and_probabilities_give_the_same_loss_and_gradient(loss, squash):
    logits = np.random.default_rng(1).normal(size=(6, 3))
    targets = np.eye(3)[[0, 1, 2, 2, 1, 0]]
    ways = [
        scores([node("y", squash)], [("z", "y"), ("y", "loss")], loss, logits, targets),
        scores(
            [node("p", squash), node("y", "linear")], [("z", "p"), ("p", "y"), ("y", "loss")], loss, logits, targets
        ),
    ]
    for one, other in zip(*ways):
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("size", [1e3, 1e4])
def test_cross_entropy_from_logits_is_exact_where_probabilities_are_0_or_1(size):
    wires = [("z", "y"), ("y", "loss")]
    logits, targets = np.array([[size, -size]]), np.array([[0.0, 1.0]])
    loss, prediction, gradient = scores([node("y", "sigmoid")], wires, "binary_cross_entropy", logits, targets)
    assert loss == size
    np.testing.assert_array_equal(prediction, [[1.0, 0.0]])
    assert np.isfinite(gradient).all()
    loss, prediction, gradient = scores([node("y", "softmax")], wires, "categorical_cross_entropy", logits, targets)
    assert loss == 2 * size
    np.testing.assert_array_equal(prediction, [[1.0, 0.0]])
    assert np.isfinite(gradient).all()


def test_the_whole_loss_is_the_weighted_sum():
    diagram, spec = branches()
    model = model_of(diagram, spec)
    targets = {"yes_or_no": np.ones((9, 1)), "how_much": np.full((9, 1), 0.3)}
    outputs = model.forward({"x": X})
    cross_entropy = -np.log(outputs["squashed"]).mean()
    squares = ((outputs["y"] - 0.3) ** 2).mean()
    assert model.loss_and_gradients({"x": X}, targets)[0] == pytest.approx(
        2.0 * cross_entropy + 0.5 * squares, rel=1e-12
    )


def test_branches_compute_what_is_drawn():
    model = model_of(*branches())
    out = model.forward({"x": X})
    np.testing.assert_array_equal(out["sum"], out["first"] + out["second"])
    np.testing.assert_array_equal(out["product"], out["sum"] * out["gate"])
    np.testing.assert_array_equal(out["joined"], np.concatenate([out["product"], X], axis=1))
    np.testing.assert_allclose(out["aside"], np.log1p(np.exp(out["first"])), rtol=1e-13)


def test_a_neuron_is_the_textbook_formula():
    nodes = [node("x", "input"), node("y", "neuron"), node("loss", "mean_squared_error")]
    model = model_of(Diagram.build(nodes, [("x", "y"), ("y", "loss")]), DataSpec({"x": (3,)}, {"loss": (1,)}))
    model.parameters["y/weight"][:] = [[0.5, -1.0, 2.0]]
    model.parameters["y/bias"][:] = 0.25
    total = 0.5 * 1 - 1.0 * 2 + 2.0 * 3 + 0.25
    assert model.forward({"x": np.array([[1.0, 2.0, 3.0]])})["y"][0, 0] == pytest.approx(
        1 / (1 + math.exp(-total)), rel=1e-15
    )
