"""A cell that is drawn by hand is the cell of the book: the same numbers, and the same gradients."""

import numpy as np
import pytest

from core.compiler.compile import compile_diagram
from core.diagram.diagram import Diagram
from core.model.model import Model
from tests.drawn_cells import (
    cell_node,
    cell_spec,
    drawn_weights,
    hand_drawn_lstm,
    hand_drawn_rnn,
    hand_wired_lstm_with_peepholes,
)
from tests.gradients import SMOOTH, assert_right, error, model_errors
from tests.loops import samples, shuffled

UNITS, STEPS, FEATURES = 5, 12, 3
EXACT = 1e-12

CELLS = {
    "rnn": (hand_drawn_rnn(UNITS), cell_node("rnn", UNITS)),
    "lstm": (hand_drawn_lstm(UNITS), cell_node("lstm", UNITS)),
    "lstm with peepholes": (hand_wired_lstm_with_peepholes(), cell_node("lstm", 1, peepholes=True)),
}


def both(drawing: Diagram, cell: Diagram) -> tuple[Model, Model]:
    """The two models with the same weights."""
    spec = cell_spec(STEPS, FEATURES)
    drawn, node = (Model(compile_diagram(diagram, spec).plan, dtype="float64") for diagram in (drawing, cell))
    shuffled(node)
    wanted = drawn_weights(node.parameters)
    assert set(drawn.load(wanted)) == set(drawn.parameters) == set(wanted)
    return drawn, node


@pytest.mark.parametrize("name", CELLS)
def test_a_drawn_cell_puts_out_what_the_node_does(name):
    drawn, node = both(*CELLS[name])
    inputs, _ = samples(cell_spec(STEPS, FEATURES))
    for key in ("h", "y"):
        assert error(drawn.forward(inputs)[key], node.forward(inputs)[key]) < EXACT


@pytest.mark.parametrize("name", CELLS)
def test_a_drawn_cell_has_the_gradients_of_the_node(name):
    drawn, node = both(*CELLS[name])
    inputs, targets = samples(cell_spec(STEPS, FEATURES))
    loss, computed = drawn.loss_and_gradients(inputs, targets)
    expected_loss, expected = node.loss_and_gradients(inputs, targets)
    assert loss == pytest.approx(expected_loss, rel=EXACT)
    for key, gradient in drawn_weights(expected).items():
        assert error(computed[key], gradient) < EXACT, key


def test_a_drawn_cell_has_the_right_gradients():
    drawn, _ = both(hand_drawn_lstm(2), cell_node("lstm", 2))
    assert_right(model_errors(drawn, *samples(cell_spec(STEPS, FEATURES))), SMOOTH)


def test_what_lies_inside_a_drawn_cell_can_be_looked_at():
    drawn, _ = both(*CELLS["lstm"])
    inputs, _ = samples(cell_spec(STEPS, FEATURES))
    seen = drawn.forward(inputs)
    assert set(seen) == set(CELLS["lstm"][0].nodes) - {"loss"}
    np.testing.assert_allclose(seen["h"], seen["output_gate"] * np.tanh(seen["c"]), rtol=1e-14)
    np.testing.assert_array_equal(seen["c_before"][:, 1:], seen["c"][:, :-1])
    assert not seen["c_before"][:, 0].any()
