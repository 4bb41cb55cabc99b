"""Class weights: read from a text, counted, and handed to the loss."""

import numpy as np
import pytest

from core.catalogue.class_weights import weights_in
from core.catalogue.kind import ShapeError
from core.compiler.compile import compile_diagram
from core.compiler.data_spec import DataSpec
from core.diagram.diagram import Diagram
from core.diagram.records import Node
from core.model.model import Model


def diagram(loss: str, units: int, activation: str, weights: str) -> Diagram:
    nodes = [
        Node(id="x", kind="input"),
        Node(id="h", kind="dense", hyperparameters={"units": units, "activation": activation}),
        Node(id="loss", kind=loss, hyperparameters={"class_weights": weights}),
    ]
    return Diagram.build(nodes, [("x", "h"), ("h", "loss")])


@pytest.mark.parametrize(("text", "weights"), [("", ()), ("  ", ()), ("1", (1,)), (" 0.5 ,2,1e-3 ", (0.5, 2, 1e-3))])
def test_a_text_of_numbers(text: str, weights: tuple[float, ...]) -> None:
    assert weights_in(text) == weights


@pytest.mark.parametrize("text", ["a, b", "1,,2", "1, -2", "nan", "inf, 1", "1; 2", "x" * 500])
def test_a_text_that_is_no_list_of_numbers_is_refused(text: str) -> None:
    with pytest.raises(ShapeError, match="numbers from 0 with commas") as caught:
        weights_in(text)
    assert len(str(caught.value)) < 150


@pytest.mark.parametrize(
    ("loss", "units", "activation", "weights", "words"),
    [
        ("categorical_cross_entropy", 3, "softmax", "1, 2", "2 class weights and chooses from 3 classes"),
        ("categorical_cross_entropy", 3, "softmax", "much", "numbers from 0"),
        ("binary_cross_entropy", 1, "sigmoid", "1", "1 class weight and chooses from 2 classes"),
    ],
)
def test_weights_that_do_not_fit_are_an_error_with_a_fix(
    loss: str, units: int, activation: str, weights: str, words: str
) -> None:
    drawn, spec = diagram(loss, units, activation, weights), DataSpec({"x": (2,)}, {"loss": (units,)})
    (error,) = compile_diagram(drawn, spec).errors
    assert error.code == "class-weights"
    assert words in error.message
    assert compile_diagram(drawn.apply(error.fixes[0].change), spec).ok


@pytest.mark.parametrize(
    ("loss", "activation", "weights", "targets", "counts"),
    [
        ("categorical_cross_entropy", "softmax", "0.5, 3", np.eye(2)[[0, 1, 1]], [0.5, 3, 3]),
        ("binary_cross_entropy", "sigmoid", "0.5, 3", np.array([[0.0], [1], [1]]), [0.5, 3, 3]),
    ],
)
def test_each_class_counts_as_often_as_its_weight_says(
    loss: str, activation: str, weights: str, targets: np.ndarray, counts: list[float]
) -> None:
    units = targets.shape[1]
    spec = DataSpec({"x": (2,)}, {"loss": (units,)})
    plain, weighted = (
        Model(compile_diagram(diagram(loss, units, activation, text), spec).plan, seed=1, dtype="float64")
        for text in ("", weights)
    )
    inputs = np.random.default_rng(0).normal(size=(3, 2))
    alone = [plain.loss_and_gradients({"x": inputs[i : i + 1]}, {"loss": targets[i : i + 1]})[0] for i in range(3)]
    together, _ = weighted.loss_and_gradients({"x": inputs}, {"loss": targets})
    assert together == pytest.approx(np.dot(alone, counts) / 3, rel=1e-13)
