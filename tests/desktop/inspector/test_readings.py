"""What is read of a node from diagram, compilation and snapshot, also while they do not belong together."""

import numpy as np
import pytest

from core.catalogue.registry import find_kind
from core.compiler.compile import compile_diagram
from core.compiler.data_spec import data_spec_for
from core.datasets.registry import dataset
from core.diagram import edits
from core.diagram.diagram import Diagram
from core.diagram.records import Node
from core.inspection.probe import Prober
from core.inspection.snapshot import Snapshot
from core.model.model import Model
from desktop.formula.plain import plain_formula
from desktop.inspector import readings
from desktop.inspector.names import latex_name, node_title, pretty_name
from desktop.inspector.numbers_in_formula import named_formula, numeric_lines
from desktop.inspector.readings import Term

CIRCLE = dataset("circle", samples=40)
NEURON = find_kind("neuron")


def net(bias=True) -> Diagram:
    """All columns in one input, into a neuron beside a layer of three."""
    nodes = [
        Node(id="x", kind="input"),
        Node(id="h", kind="dense", title="Hidden", hyperparameters={"units": 3, "activation": "tanh"}),
        Node(id="y", kind="neuron", hyperparameters={"activation": "sigmoid", "bias": bias}),
        Node(id="loss", kind="binary_cross_entropy"),
    ]
    return Diagram.build(nodes, [("x", "h"), ("h", "y"), ("x", "y"), ("y", "loss")])


def looked_at(diagram: Diagram):
    found = compile_diagram(diagram, data_spec_for(diagram, CIRCLE))
    assert found.ok
    return found, Prober(found.plan, CIRCLE).take(Model(found.plan, seed=3))


def test_the_terms_of_a_neuron_add_up_to_what_the_model_computes():
    diagram = net()
    found, snapshot = looked_at(diagram)
    terms = readings.terms(NEURON, diagram, found, snapshot, "y", CIRCLE)
    assert [term.source for term in terms] == ["Hidden 1", "Hidden 2", "Hidden 3", *CIRCLE.feature_names]
    total = sum(term.weight * term.value for term in terms) + readings.bias(snapshot, "y")
    assert 1 / (1 + np.exp(-total)) == pytest.approx(float(snapshot.activations["y"][0]), rel=1e-4)
    sums = readings.sums(NEURON, diagram, snapshot, "y")
    assert sums.sample[0] == pytest.approx(total, rel=1e-4)
    assert 1 / (1 + np.exp(-sums.batch[0])) == pytest.approx(snapshot.batch_activations["y"][0], rel=1e-3)


def test_each_wire_has_its_part_of_the_weights():
    diagram = net()
    found, snapshot = looked_at(diagram)
    weight = snapshot.parameters["y/weight"]
    wires = readings.weighted_wires(NEURON, diagram, "y")
    parts = [readings.wire_weights(diagram, found, snapshot, NEURON, wire) for wire in wires]
    assert [part.shape for part in parts] == [(1, 3), (1, 2)]
    np.testing.assert_array_equal(np.concatenate(parts, 1), weight)


def test_a_snapshot_of_another_network_is_not_read():
    diagram = net()
    _, snapshot = looked_at(diagram)
    fewer = diagram.apply(edits.disconnect(diagram, [diagram.incoming("y")[1].id]))
    found = compile_diagram(fewer, data_spec_for(fewer, CIRCLE))
    assert readings.terms(NEURON, fewer, found, snapshot, "y") == ()
    assert readings.sums(NEURON, fewer, snapshot, "y") is None
    more = diagram.apply(edits.set_hyperparameter(diagram, "h", "units", 9))
    found = compile_diagram(more, data_spec_for(more, CIRCLE))
    assert readings.terms(NEURON, more, found, snapshot, "y") == ()
    last = readings.weighted_wires(NEURON, more, "y")[1]
    assert readings.wire_weights(more, found, snapshot, NEURON, last).size == 0


def test_nothing_is_known_without_shapes_or_numbers():
    diagram = net()
    found, snapshot = looked_at(diagram)
    blank = compile_diagram(diagram, None)
    assert readings.terms(NEURON, diagram, blank, snapshot, "y") == ()
    assert readings.sums(NEURON, diagram, Snapshot(), "y") is None
    assert readings.bias(Snapshot(), "y") is None
    assert readings.weighted_wires(None, diagram, "y") == ()
    (wire,) = diagram.incoming("loss")
    assert readings.wire_weights(diagram, found, snapshot, find_kind("binary_cross_entropy"), wire).size == 0
    parameters_only = Snapshot(parameters=snapshot.parameters)
    terms = readings.terms(NEURON, diagram, found, parameters_only, "y")
    assert all(np.isnan(term.value) for term in terms)
    assert numeric_lines(r"\tanh", terms, 0.0, 0.0, 0.0) == []


def test_a_neuron_without_bias_has_none():
    diagram = net(bias=False)
    found, snapshot = looked_at(diagram)
    assert readings.bias(snapshot, "y") is None
    terms = readings.terms(NEURON, diagram, found, snapshot, "y")
    assert "b" not in plain_formula(named_formula("y", "", terms, has_bias=False)).replace("Hidden", "")


def terms_of(*weights: float) -> tuple[Term, ...]:
    return tuple(Term(f"x{number}", weight, 0.5, "w") for number, weight in enumerate(weights, start=1))


def test_the_formula_with_names_and_numbers():
    few = terms_of(1.84, -2.07)
    assert plain_formula(named_formula("h3", r"\tanh", few, True)) == "h₃ = tanh(w₁x₁ + w₂x₂ + b)"
    first, second = numeric_lines(r"\tanh", few, 0.41, 0.295, 0.287)
    assert plain_formula(first) == "= tanh(1.84·0.50 − 2.07·0.50 + 0.41)"
    assert plain_formula(second) == "= tanh(0.29) = 0.29" or plain_formula(second) == "= tanh(0.30) = 0.29"
    linear = numeric_lines("", terms_of(-1.0), -0.5, -1.0, -1.0)
    assert [plain_formula(line) for line in linear] == ["= −1.00·0.50 − 0.50", "= −1.00"]
    negative_input = numeric_lines("", (Term("x", 2.0, -3.0, "w"),), None, -6.0, -6.0)
    assert plain_formula(negative_input[0]) == "= 2.00·(−3.00)"


def test_many_terms_are_cut_with_dots():
    many = terms_of(*[1.0] * 9)
    assert plain_formula(named_formula("y", r"\sigma", many, True)) == "y = σ(w₁x₁ + w₂x₂ + … + w₉x₉ + b)"
    first, _ = numeric_lines(r"\sigma", many, 0.0, 4.5, 0.98)
    assert plain_formula(first) == "= σ(1.00·0.50 + 1.00·0.50 + … + 1.00·0.50 + 0)"


@pytest.mark.parametrize(
    ("title", "latex", "pretty"),
    [("h3", "h_{3}", "h₃"), ("x", "x", "x"), ("x₁", "x_{1}", "x₁"), ("out2", r"\mathrm{out}_{2}", "out2"),
     ("left {edge}", r"\text{left edge}", "left {edge}")],
)  # fmt: skip
def test_names_in_formulas(title, latex, pretty):
    assert latex_name(title) == latex
    assert pretty_name(title) == pretty


def test_a_node_is_called_as_on_the_canvas():
    assert node_title(Node(id="n1", kind="input", hyperparameters={"columns": "x1, x2"})) == "x1, x2"
    assert node_title(Node(id="n1", kind="input")) == "n1"
    assert node_title(Node(id="n1", kind="dense")) == "Dense"
    assert node_title(Node(id="n1", kind="dense", title="Hidden")) == "Hidden"
    assert node_title(Node(id="n1", kind="neuron", hyperparameters={"bias": 3})) == "n1"
    assert node_title(Node(id="n1", kind="no such kind")) == "n1"
