"""Several nodes, a wire, and the network as a whole in the inspector."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QScrollArea

from core.catalogue.registry import all_kinds
from core.datasets.registry import dataset_keys
from core.diagram import edits
from core.diagram.diagram import Diagram
from core.diagram.records import (
    ClippingChoice,
    DatasetChoice,
    EarlyStoppingChoice,
    Node,
    OptimizerChoice,
    RegularizationChoice,
    ScheduleChoice,
    TargetChoice,
    TrainingSettings,
)
from core.training.optimizers import RULES
from core.training.schedules import SCHEDULES
from desktop.inspector.overview_page import OverviewPage
from desktop.inspector.panel import KEPT_PAGES
from desktop.inspector.several_page import SeveralPage
from desktop.inspector.wire_page import WirePage
from tests.desktop.inspector.conftest import layers, neurons


def texts(page) -> str:
    return " ".join(label.text() for label in page.findChildren(QLabel) if label.isVisibleTo(page))


# ------------------------------------------------------------- several nodes


def test_several_nodes_share_their_settings_and_change_in_one_step(desk):
    desk.open(neurons())
    desk.selection.set(nodes=["h1", "h2", "y"])
    assert isinstance(desk.page, SeveralPage)
    activation = desk.page.form.field_widget("activation")
    assert activation.value is None
    assert activation.placeholderText() == "several"
    activation.choose("relu")
    nodes = desk.bridge.diagram.nodes
    assert {nodes[key].hyperparameters["activation"] for key in ("h1", "h2", "y")} == {"relu"}
    assert activation.value == "relu"
    desk.bridge.undo()
    assert desk.bridge.diagram.nodes["y"].hyperparameters["activation"] == "sigmoid"


def test_nodes_of_different_kinds_show_what_they_have_in_common(desk):
    desk.open(layers())
    desk.selection.set(nodes=["h", "y", "t"])
    assert desk.page.form.declared == ()
    assert "no setting in common" in texts(desk.page)
    desk.selection.set(nodes=["h", "y"])
    assert [field.name for field in desk.page.form.declared][:2] == ["units", "activation"]
    assert "2\u00a0×\u00a0Dense" in texts(desk.page)


# ------------------------------------------------------------- a wire


def test_a_wire_into_a_neuron_shows_its_weight(desk, qtbot):
    desk.open(neurons())
    wire = next(wire for wire in desk.bridge.diagram.wires.values() if wire.source[0] == "x2")
    desk.selection.set(wires=[wire.id])
    assert isinstance(desk.page, WirePage)
    desk.see(qtbot)
    weight = desk.controller.snapshot.parameters["h1/weight"][0, 1]
    (line,) = desk.page.weights.lines
    assert (line.label, line.value) == ("weight", pytest.approx(float(weight)))
    assert "x₂ → h₁" in texts(desk.page)


def test_a_wire_into_a_layer_shows_its_matrix_and_shape(desk, qtbot):
    desk.open(layers())
    desk.selection.set(wires=["w1"])
    desk.see(qtbot)
    np.testing.assert_array_equal(desk.page.image.values, desk.controller.snapshot.parameters["h/weight"])
    assert desk.page.image.isVisibleTo(desk.panel)
    assert not desk.page.weights.lines


def test_a_wire_without_weight_says_so(desk, qtbot):
    desk.open(layers())
    desk.selection.set(wires=["w4"])
    desk.see(qtbot)
    assert "no weight of its own" in texts(desk.page)
    assert not desk.page.image.isVisibleTo(desk.panel)


def test_the_ends_of_a_wire_can_be_followed(desk):
    desk.open(neurons())
    desk.selection.set(wires=["w1"])
    source, target = desk.page.findChildren(QPushButton)
    assert (source.text(), target.text()) == ("x₁", "h₁")
    target.click()
    assert desk.selection.nodes == {"h1"}


# ------------------------------------------------------------- the network


def test_nothing_selected_shows_the_network_and_its_data(desk):
    desk.open(layers())
    assert isinstance(desk.page, OverviewPage)
    shown = texts(desk.page).replace("\u00a0", " ")
    assert "5 nodes" in shown
    assert "21 parameters" in shown
    assert "Tell the inside of a circle from the outside." in shown
    assert "400 samples" in shown
    assert "80 for validation" in shown


@pytest.mark.parametrize("info", dataset_keys(), ids=lambda info: info.key)
def test_every_dataset_can_be_chosen_and_shows_its_options(desk, info):
    desk.open(layers())
    desk.page.data.choice.choose(info.key)
    assert desk.bridge.diagram.training.dataset == DatasetChoice(key=info.key)
    QApplication.processEvents()
    assert info.goal in texts(desk.page)
    for option in info.options:
        assert desk.page.data.option_field(option.name).value == option.default


@pytest.mark.parametrize(
    ("key", "size"), [("sine", "1 input"), ("recall", "24 steps of 10 inputs"), ("digits", "8 × 8 × 1 pictures")]
)
def test_the_size_of_a_sample_is_told(desk, key, size):
    desk.open(layers())
    desk.page.data.choice.choose(key)
    QApplication.processEvents()
    assert size in texts(desk.page).replace("\u00a0", " ")


def test_an_option_of_the_data_is_edited_within_its_range(desk):
    desk.open(layers())
    noise = desk.page.data.option_field("noise")
    desk.type(noise, "0.2")
    assert desk.bridge.diagram.training.dataset.options == {"noise": 0.2}
    before = desk.bridge.diagram
    desk.type(noise, "7")
    assert desk.bridge.diagram is before
    assert "Noise must be a number from 0 to 1" in texts(desk.page)
    desk.type(desk.page.data.option_field("samples"), "50")
    assert desk.bridge.diagram.training.dataset.options == {"noise": 0.2, "samples": 50}


@pytest.mark.parametrize("key", RULES)
def test_the_fields_of_an_optimizer_are_those_it_reads(desk, key):
    desk.open(layers())
    desk.page.course.optimizer.choose(key)
    assert desk.bridge.diagram.training.optimizer.key == key
    shown = {**desk.page.course.fields, **desk.page.fine.fields}
    for name in set(OptimizerChoice.__struct_fields__) - {"key"}:
        assert shown[name].isVisibleTo(desk.panel) == (name in RULES[key].settings), name
    assert shown["batch_size"].isVisibleTo(desk.panel) != RULES[key].full_batch
    assert RULES[key].source in desk.page.course.optimizer.toolTip()


def test_a_number_that_suits_the_optimizer_goes_along_with_the_choice(desk):
    desk.open(layers())
    desk.page.course.optimizer.choose("adadelta")
    optimizer = desk.bridge.diagram.training.optimizer
    assert (optimizer.learning_rate, optimizer.epsilon) == (1.0, 1e-6)
    desk.page.course.optimizer.choose("rmsprop")
    optimizer = desk.bridge.diagram.training.optimizer
    assert (optimizer.learning_rate, optimizer.epsilon) == (0.01, 1e-8)
    desk.type(desk.page.course.fields["learning_rate"], "0.3")
    desk.page.course.optimizer.choose("adadelta")
    assert desk.bridge.diagram.training.optimizer.learning_rate == 0.3


@pytest.mark.parametrize("key", SCHEDULES)
def test_the_fields_of_a_schedule_are_those_it_reads(desk, key):
    desk.open(layers())
    desk.page.schedule.choice.choose(key)
    assert desk.bridge.diagram.training.schedule == ScheduleChoice(key=key)
    for name, field in desk.page.schedule.fields.items():
        assert field.isVisibleTo(desk.panel) == (name in SCHEDULES[key].settings)
    assert SCHEDULES[key].help in desk.page.schedule.choice.toolTip()


def test_a_schedule_is_set(desk):
    desk.open(layers())
    desk.page.schedule.choice.choose("step")
    for name, text in (("factor", "0.1"), ("every", "30"), ("warmup", "2.5")):
        desk.type(desk.page.schedule.fields[name], text)
    assert desk.bridge.diagram.training.schedule == ScheduleChoice(key="step", factor=0.1, every=30, warmup=2.5)
    desk.type(desk.page.schedule.fields["factor"], "2")
    assert desk.bridge.diagram.training.schedule.factor == 0.1
    assert "Factor must be a number above 0 to 1" in texts(desk.page)
    desk.bridge.undo()
    assert desk.page.schedule.fields["warmup"].value == 0.0


def test_a_schedule_that_nobody_knows_is_shown_as_it_is(desk):
    diagram = layers()
    desk.open(diagram.apply(edits.set_training(diagram, schedule=ScheduleChoice(key="magic"))))
    assert desk.page.schedule.choice.value == "magic"
    assert not any(field.isVisibleTo(desk.panel) for field in desk.page.schedule.fields.values())


@pytest.mark.parametrize(
    ("part", "first", "name"),
    [("regularization", RegularizationChoice(l2=0.001), "l1"), ("clipping", ClippingChoice(norm=1.0), "value")],
)
def test_what_most_networks_do_without_is_behind_a_switch(desk, part, first, name):
    desk.open(layers())
    section = getattr(desk.page, part)
    assert not any(field.isVisibleTo(desk.panel) for field in section.fields.values())
    section.switch.click()
    assert getattr(desk.bridge.diagram.training, part) == first
    assert all(field.isVisibleTo(desk.panel) for field in section.fields.values())
    desk.type(section.fields[name], "0.5")
    assert getattr(getattr(desk.bridge.diagram.training, part), name) == 0.5
    for field in section.fields.values():
        desk.type(field, "0")
    assert section.fields[name].isVisibleTo(desk.panel), "who is still typing is not interrupted"
    assert section.switch.isChecked()
    section.switch.click()
    assert not section.fields[name].isVisibleTo(desk.panel)
    assert getattr(desk.bridge.diagram.training, part) == type(first)()
    section.switch.click()
    desk.bridge.undo()
    desk.selection.set(nodes=["h"])
    desk.selection.set()
    assert not section.switch.isChecked(), "a page that is turned to begins anew"


def test_early_stopping_is_switched_on_and_set(desk):
    desk.open(layers())
    section = desk.page.early_stopping
    assert not section.fields["patience"].isVisibleTo(desk.panel)
    section.switch.click()
    assert desk.bridge.diagram.training.early_stopping == EarlyStoppingChoice()
    desk.type(section.fields["patience"], "5")
    desk.type(section.fields["min_improvement"], "0.01")
    assert section.best.isChecked()
    section.best.click()
    expected = EarlyStoppingChoice(patience=5, min_improvement=0.01, restore_best=False)
    assert desk.bridge.diagram.training.early_stopping == expected
    section.switch.click()
    assert desk.bridge.diagram.training.early_stopping is None
    assert not section.best.isVisibleTo(desk.panel)


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [("batch_size", "10", 10), ("epochs", "7", 7), ("validation_fraction", "0.5", 0.5), ("seed", "3", 3)],
)
def test_the_course_of_training_is_edited(desk, name, typed, value):
    desk.open(layers())
    desk.type(desk.page.course.fields[name], typed)
    assert getattr(desk.bridge.diagram.training, name) == value
    desk.bridge.undo()
    assert getattr(desk.bridge.diagram.training, name) != value


def test_a_target_to_stop_at_is_switched_on_and_set(desk):
    desk.open(layers())
    assert not desk.page.target.value.isVisibleTo(desk.panel)
    desk.page.target.switch.click()
    assert desk.bridge.diagram.training.target == TargetChoice(metric="accuracy", value=0.99)
    desk.type(desk.page.target.value, "0.95")
    assert desk.bridge.diagram.training.target == TargetChoice(metric="accuracy", value=0.95)
    desk.page.target.metric_choice.choose("validation_loss")
    assert desk.bridge.diagram.training.target == TargetChoice(metric="validation_loss", value=0.01)
    desk.page.target.switch.click()
    assert desk.bridge.diagram.training.target is None


def test_a_target_goes_along_with_the_data(desk, qtbot):
    """A run on numbers cannot stop at an accuracy: without this, training would not start."""
    desk.open(layers())
    desk.page.target.switch.click()
    desk.page.data.choice.choose("line")
    assert desk.bridge.diagram.training.target == TargetChoice(metric="r2", value=0.99)
    choices = [desk.page.target.metric_choice.itemData(at) for at in range(desk.page.target.metric_choice.count())]
    assert choices == ["r2", "validation_loss"]
    desk.page.target.metric_choice.choose("validation_loss")
    desk.page.data.choice.choose("xor")
    assert desk.bridge.diagram.training.target.metric == "validation_loss"
    for _ in range(3):
        desk.bridge.undo()
    assert desk.bridge.diagram.training.target == TargetChoice(metric="accuracy", value=0.99)


def test_another_document_is_read_anew(desk):
    desk.open(layers())
    desk.selection.set(nodes=["h"])
    QTest.keyClicks(desk.page.form.field_widget("units"), "77")
    desk.open(layers())
    assert desk.page.form.field_widget("units").text() == "5"


def test_what_was_typed_for_one_node_does_not_reach_another(desk):
    desk.open(neurons())
    desk.selection.set(nodes=["h1"])
    page = desk.page
    QTest.keyClicks(page.heading.field, "half a na")
    desk.selection.set(nodes=["h2"])
    assert desk.page is page
    assert page.heading.field.text() == "h2"
    QTest.keyClick(page.heading.field, Qt.Key.Key_Return)
    assert desk.bridge.diagram.nodes["h2"].title == "h2"


def test_pages_are_kept_but_not_without_end(desk):
    kinds = list(all_kinds())
    desk.open(Diagram.build([Node(id=kind.key, kind=kind.key) for kind in kinds]))
    for kind in kinds:
        desk.selection.set(nodes=[kind.key])
        assert desk.page.kind is kind
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert len(desk.panel.findChildren(QScrollArea)) == KEPT_PAGES


def test_a_note_and_a_frame_have_pages_of_their_own(desk):
    desk.open(neurons())
    change, note = edits.add_note(desk.bridge.diagram, "Why two?", (0.0, 0.0))
    desk.bridge.apply(change, "Add note")
    change, frame = edits.add_frame(desk.bridge.diagram, "Hidden", (0.0, 0.0), (200.0, 200.0), ["h1", "h2"])
    desk.bridge.apply(change, "Add frame")
    desk.selection.set(notes=[note])
    assert desk.page.text.text() == "Why two?"
    desk.bridge.apply(edits.update_note(desk.bridge.diagram, note, text="Why three?"), "Edit note")
    assert desk.page.text.text() == "Why three?"
    desk.selection.set(notes=[frame])
    assert desk.page.heading.caption == "Frame around 2 nodes"
    desk.type(desk.page.heading.field, "In the middle")
    assert desk.bridge.diagram.frames[frame].title == "In the middle"
    desk.bridge.undo()
    assert desk.page.heading.field.text() == "Hidden"
    desk.bridge.apply(edits.delete(desk.bridge.diagram, frames=[frame]), "Delete")
    assert isinstance(desk.page, OverviewPage)


def test_an_untitled_node_keeps_the_name_in_its_empty_title(desk):
    desk.open(layers())
    desk.selection.set(nodes=["t"])
    field = desk.page.heading.field
    name = field.placeholderText()
    assert name
    QTest.keyClicks(field, "q")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert (field.text(), field.placeholderText()) == ("", name)


def test_an_autoencoder_can_stop_at_what_it_gives_back_of_the_samples(desk):
    nodes = [
        Node(id="x", kind="input"),
        Node(id="y", kind="dense", hyperparameters={"units": 2}),
        Node(id="loss", kind="mean_squared_error", hyperparameters={"compare_with": "inputs"}),
    ]
    training = TrainingSettings(dataset=DatasetChoice(key="circle"))
    desk.open(Diagram.build(nodes, [("x", "y"), ("y", "loss")], training))
    desk.page.target.switch.click()
    assert desk.bridge.diagram.training.target == TargetChoice(metric="r2", value=0.99)
    choices = [desk.page.target.metric_choice.itemData(at) for at in range(desk.page.target.metric_choice.count())]
    assert choices == ["r2", "validation_loss"]
