"""The perceptron learns by its own rule, to the last bit, and what a single line cannot part it cannot learn."""

import numpy as np
import pytest

from core.compiler.compile import compile_diagram
from core.compiler.data_spec import DataSpec
from core.diagram.diagram import Diagram
from core.diagram.records import Node
from core.model.model import Model

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
RATE = 0.25
SPEC = DataSpec({"x": (2,)}, {"loss": (1,)})


def network(kind: str = "perceptron", loss: str = "mean_squared_error", **hyperparameters: object) -> Diagram:
    nodes = [
        Node(id="x", kind="input"),
        Node(id="p", kind=kind, hyperparameters=hyperparameters),
        Node(id="loss", kind=loss),
    ]
    return Diagram.build(nodes, [("x", "p"), ("p", "loss")])


def learn(model: Model, targets: np.ndarray, epochs: int) -> list[np.ndarray]:
    """Gradient descent with batches of 1; the weights with the bias after every step."""
    history = []
    for _ in range(epochs):
        for x, target in zip(CORNERS, targets):
            model.loss_and_gradients({"x": x[None]}, {"loss": target[None]}, training=True)
            model.vector[...] -= RATE * model.gradient_vector
            history.append(model.vector.copy())
    return history


def by_the_rule(targets: np.ndarray, epochs: int) -> list[np.ndarray]:
    """Rosenblatt's: ``w += rate (t - y) x``, with the bias as the weight of an input of 1."""
    weights, history = np.zeros(3), []
    for _ in range(epochs):
        for x, target in zip(CORNERS, targets):
            extended = np.append(x, 1.0)
            answer = float(weights @ extended >= 0)
            weights = weights + RATE * (target[0] - answer) * extended
            history.append(weights)
    return history


@pytest.mark.parametrize(
    ("targets", "learns"),
    [([0, 0, 0, 1], True), ([0, 1, 1, 1], True), ([1, 0, 0, 0], True), ([0, 1, 1, 0], False)],
    ids=["and", "or", "nor", "xor"],
)
def test_gradient_descent_is_the_perceptron_rule(targets: list[int], learns: bool) -> None:
    wanted = np.array(targets, float)[:, None]
    model = Model(compile_diagram(network(), SPEC).plan, dtype="float64")
    np.testing.assert_array_equal(learn(model, wanted, 20), by_the_rule(wanted, 20))
    answers = model.forward({"x": CORNERS})["p"]
    assert np.array_equal(answers, wanted) == learns


def test_a_plain_step_stands_still_and_the_perceptron_is_offered_in_its_place() -> None:
    wanted = np.array([0.0, 0, 0, 1])[:, None]
    drawn = network("neuron", activation="step", bias=True, initializer="uniform")
    compilation = compile_diagram(drawn, SPEC)
    model = Model(compilation.plan, dtype="float64")
    before = model.vector.copy()
    learn(model, wanted, 3)
    np.testing.assert_array_equal(model.vector, before)
    (warning,) = [item for item in compilation.warnings if item.code == "flat-slope"]
    (fix,) = [fix for fix in warning.fixes if fix.title == "Replace Neuron by Perceptron"]
    mended = drawn.apply(fix.change)
    assert mended.nodes["p"].kind == "perceptron"
    assert mended.nodes["p"].hyperparameters == {"bias": True, "initializer": "uniform"}
    again = compile_diagram(mended, SPEC)
    assert not [item for item in again.warnings if item.code == "flat-slope"]
    model = Model(again.plan, dtype="float64")
    learn(model, wanted, 30)
    np.testing.assert_array_equal(model.forward({"x": CORNERS})["p"], wanted)


def test_a_layer_of_steps_is_no_perceptron() -> None:
    compilation = compile_diagram(network("dense", activation="step", units=1), SPEC)
    (warning,) = [item for item in compilation.warnings if item.code == "flat-slope"]
    assert [fix.title for fix in warning.fixes] == ["Set activation to Sigmoid"]


def test_a_loss_that_does_not_suit_the_rule_is_replaced() -> None:
    drawn = network(loss="binary_cross_entropy")
    (warning,) = compile_diagram(drawn, SPEC).warnings
    assert warning.code == "loss-for-perceptron"
    assert warning.nodes == ("p", "loss")
    (fix,) = warning.fixes
    assert fix.title == "Replace Binary cross-entropy by Mean squared error"
    assert compile_diagram(drawn.apply(fix.change), SPEC).warnings == ()
    assert compile_diagram(network(loss="mean_absolute_error"), SPEC).warnings == ()
