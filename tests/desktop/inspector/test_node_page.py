"""One node in the inspector: its settings, its curve, its formula with numbers, its weights."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from core.catalogue.hyperparameters import fields
from core.catalogue.registry import all_kinds
from core.diagram import edits
from core.diagram.diagram import Diagram
from core.diagram.records import DatasetChoice, Node
from core.ops.activations import Relu, Tanh
from desktop.formula.plain import plain_formula
from desktop.inspector.node_page import NodePage
from desktop.inspector.unknown_page import UnknownPage
from tests.desktop.inspector.conftest import layers, neurons


@pytest.mark.parametrize("kind", all_kinds(), ids=lambda kind: kind.key)
def test_every_kind_has_a_page_with_all_its_settings(desk, kind):
    desk.open(Diagram.build([Node(id="n", kind=kind.key)]))
    desk.selection.set(nodes=["n"])
    assert isinstance(desk.page, NodePage)
    for field in fields(type(kind)):
        widget = desk.page.form.field_widget(field.name)
        assert widget.accessibleName() == field.title
        assert field.help in widget.toolTip()
    texts = [label.text() for label in desk.page.findChildren(QLabel)]
    assert kind.help in texts
    assert desk.page.formula.lines[0].latex == kind.formula
    assert not desk.page.grab().isNull()


def test_a_number_is_edited_and_undone(desk):
    desk.open(layers())
    desk.selection.set(nodes=["h"])
    field = desk.page.form.field_widget("units")
    assert field.text() == "5"
    desk.type(field, "12")
    assert desk.bridge.diagram.nodes["h"].hyperparameters["units"] == 12
    assert desk.bridge.document.undo_label == "Set units of Dense"
    desk.bridge.undo()
    assert field.text() == "5"


def test_steps_in_a_row_are_one_undo_step(desk):
    desk.open(layers())
    desk.selection.set(nodes=["h"])
    field = desk.page.form.field_widget("units")
    field.setFocus()
    for _ in range(3):
        QTest.keyClick(field, Qt.Key.Key_Up)
    assert desk.bridge.diagram.nodes["h"].hyperparameters["units"] == 8
    desk.bridge.undo()
    assert desk.bridge.diagram.nodes["h"].hyperparameters["units"] == 5


def test_what_is_refused_leaves_the_document_alone(desk):
    desk.open(layers())
    desk.selection.set(nodes=["h"])
    before = desk.bridge.diagram
    field = desk.page.form.field_widget("units")
    desk.type(field, "0")
    assert desk.bridge.diagram is before
    assert "Units must be a whole number from 1" in desk.page.form.refusal
    desk.type(field, "6")
    assert desk.page.form.refusal == ""
    assert desk.bridge.diagram.nodes["h"].hyperparameters["units"] == 6


def test_a_choice_and_a_switch_are_edited(desk):
    desk.open(neurons())
    desk.selection.set(nodes=["h1"])
    desk.page.form.field_widget("activation").choose("relu")
    desk.page.form.field_widget("bias").click()
    settings = desk.bridge.diagram.nodes["h1"].hyperparameters
    assert settings["activation"] == "relu"
    assert settings["bias"] is False


def test_a_text_setting_is_edited(desk):
    desk.open(neurons())
    desk.selection.set(nodes=["x1"])
    desk.type(desk.page.form.field_widget("columns"), "x2")
    assert desk.bridge.diagram.nodes["x1"].hyperparameters["columns"] == "x2"


def test_the_title_is_edited(desk):
    desk.open(neurons())
    desk.selection.set(nodes=["h1"])
    desk.type(desk.page.heading.field, "left edge")
    assert desk.bridge.diagram.nodes["h1"].title == "left edge"
    desk.bridge.undo()
    assert desk.page.heading.field.text() == "h1"


def test_the_small_line_counts_parameters_and_follows(desk):
    desk.open(layers())
    desk.selection.set(nodes=["h"])
    assert "15\u00a0parameters" in desk.page.heading.caption
    desk.bridge.apply(edits.set_hyperparameter(desk.bridge.diagram, "h", "units", 2), "fewer")
    QApplication.processEvents()
    assert "6\u00a0parameters" in desk.page.heading.caption


def test_the_curve_is_that_of_the_chosen_activation(desk):
    desk.open(neurons())
    desk.selection.set(nodes=["h1"])
    assert desk.page.curve.op == Tanh()
    desk.page.form.field_widget("activation").choose("relu")
    assert desk.page.curve.op == Relu()
    assert desk.page.curve.isVisibleTo(desk.panel)


def test_a_kind_without_activation_has_no_curve(desk):
    desk.open(layers())
    desk.selection.set(nodes=["x"])
    assert not desk.page.curve.isVisibleTo(desk.panel)


def test_the_sample_stands_on_the_curve_where_the_model_says(desk, qtbot):
    desk.open(layers())
    desk.selection.set(nodes=["t"])
    desk.see(qtbot)
    found = desk.controller.snapshot
    np.testing.assert_allclose(np.tanh(desk.page.curve.sample), found.activations["t"], rtol=1e-5)
    np.testing.assert_allclose(np.tanh(desk.page.curve.batch), found.batch_activations["t"], rtol=1e-5)
    desk.selection.set(nodes=["h"])
    desk.see(qtbot)
    np.testing.assert_allclose(desk.page.curve.sample, found.activations["h"], rtol=1e-4, atol=1e-6)


def test_a_neuron_shows_its_formula_with_the_numbers_of_the_sample(desk, qtbot):
    desk.open(neurons())
    desk.selection.set(nodes=["h1"])
    desk.see(qtbot)
    snapshot = desk.controller.snapshot
    w1, w2 = snapshot.parameters["h1/weight"][0]
    first, second, third = (plain_formula(line.latex) for line in desk.page.formula.lines)
    assert first == "h₁ = tanh(w₁x₁ + w₂x₂ + b)"
    assert f"{abs(w1):.2f}" in second
    assert f"{abs(w2):.2f}" in second
    result = snapshot.activations["h1"][0]
    assert third.endswith(f"= {result:.2f}".replace("-", "−")) or abs(result) < 0.1
    lines = {line.label: line.value for line in desk.page.weights.lines}
    assert lines == {
        "w₁ from x₁": pytest.approx(float(w1)),
        "w₂ from x₂": pytest.approx(float(w2)),
        "bias": pytest.approx(float(snapshot.parameters["h1/bias"][0])),
    }


def test_the_numbers_stay_in_the_formula_when_a_node_is_moved(desk, qtbot):
    desk.open(neurons())
    desk.selection.set(nodes=["h1"])
    desk.see(qtbot)
    before = desk.page.formula.lines
    assert len(before) > 1
    desk.bridge.apply(edits.move(desk.bridge.diagram, {"h1": (500.0, 20.0)}), "Move")
    QApplication.processEvents()
    assert desk.page.formula.lines == before
    desk.bridge.apply(edits.set_title(desk.bridge.diagram, "h1", "first"), "Rename")
    assert "first" in desk.page.formula.lines[0].latex


def test_an_input_offers_the_columns_of_the_data(desk):
    desk.open(neurons())
    desk.selection.set(nodes=["x2"])
    field = desk.page.form.field_widget("columns")
    assert [entry.text() for entry in field.offer_menu().actions() if entry.text()] == ["All", "x1", "x2"]
    desk.type(field, "")
    assert field.placeholderText() == "all: x1, x2"
    desk.bridge.apply(edits.set_training(desk.bridge.diagram, dataset=DatasetChoice(key="seven-segment")), "Data")
    QApplication.processEvents()
    assert field.placeholderText() == "all: a, b, c, d, e, f, g"


def test_a_column_that_is_not_there_is_said_at_the_field(desk):
    desk.open(neurons())
    desk.selection.set(nodes=["x1"])
    field = desk.page.form.field_widget("columns")
    desk.type(field, "weight")
    QApplication.processEvents()
    assert "no column 'weight'" in desk.page.form.refusal
    assert field.property("invalid")
    desk.selection.set(nodes=["x2"])
    assert desk.page.form.refusal == ""
    assert not field.property("invalid")
    desk.selection.set(nodes=["x1"])
    assert "no column 'weight'" in desk.page.form.refusal
    desk.type(field, "x2")
    QApplication.processEvents()
    assert desk.page.form.refusal == ""
    assert not field.property("invalid")


def test_the_numbers_follow_training(desk, qtbot):
    desk.open(neurons())
    desk.selection.set(nodes=["h1"])
    desk.see(qtbot)
    before = desk.page.weights.lines
    desk.controller.step()
    qtbot.waitUntil(lambda: desk.page.weights.lines != before)


def test_a_layer_shows_its_weights_as_a_picture(desk, qtbot):
    desk.open(layers())
    desk.selection.set(nodes=["h"])
    desk.see(qtbot)
    image = desk.page.images["weight"]
    np.testing.assert_array_equal(image.values, desk.controller.snapshot.parameters["h/weight"])
    assert image.isVisibleTo(desk.panel)
    value = desk.controller.snapshot.parameters["h/weight"][0, 0]
    assert f"{abs(value):.2g}"[:3] in image.value_at(2, 22)
    assert image.value_at(2, 2) == ""
    assert set(desk.page.images) == {"weight", "bias"}
    assert not desk.page.weights.lines


def test_a_setting_that_is_wrong_in_the_file_is_said_and_can_be_mended(desk):
    desk.open(Diagram.build([Node(id="h", kind="dense", hyperparameters={"units": -3})]))
    desk.selection.set(nodes=["h"])
    assert "Units is -3" in desk.page.form.refusal
    desk.type(desk.page.form.field_widget("units"), "3")
    assert desk.bridge.diagram.nodes["h"].hyperparameters["units"] == 3
    QApplication.processEvents()
    assert desk.page.form.refusal == ""


def test_a_kind_that_is_not_known_is_kept_as_it_is(desk):
    desk.open(Diagram.build([Node(id="q", kind="quantum", hyperparameters={"spin": 0.5})]))
    desk.selection.set(nodes=["q"])
    assert isinstance(desk.page, UnknownPage)
    texts = " ".join(label.text() for label in desk.page.findChildren(QLabel))
    assert "quantum" in texts
    assert "spin: 0.5" in texts
    desk.type(desk.page.heading.field, "mystery")
    assert desk.bridge.diagram.nodes["q"] == Node(
        id="q", kind="quantum", title="mystery", hyperparameters={"spin": 0.5}
    )


def test_deleting_the_node_turns_to_the_overview(desk):
    desk.open(neurons())
    desk.selection.set(nodes=["h1"])
    desk.bridge.apply(edits.delete(desk.bridge.diagram, ["h1"]), "delete")
    assert not isinstance(desk.page, NodePage)
