"""What is seen in the middle of a gesture, in a crowd of wires, and by the less common ways of the hand."""

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QDragLeaveEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton

from core.catalogue.registry import find_kind
from core.diagram import edits
from core.diagram.diagram import Diagram
from core.inspection.snapshot import Snapshot
from desktop.canvas import insertion
from desktop.canvas.cards import TOAST_SECONDS
from desktop.canvas.figures import brief, plain
from desktop.kinds.drag import kind_mime
from tests.desktop.canvas.conftest import circle_training, node
from tests.desktop.canvas.test_view import turn_wheel
from tests.drags import drag_over

SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


def shot(desk):
    return desk.view.viewport().grab().toImage()


def test_the_wire_in_hand_and_the_lit_ports_are_seen_and_gone_afterwards(small):
    before = shot(small)
    start = small.view.port_point("x2", "output")
    small.press(start)
    small.move(start + QPoint(60, 60))
    during = shot(small)
    lit = small.view.port_point("y", "input")
    assert during.pixelColor(lit) != before.pixelColor(lit)
    small.move(small.view.port_point("h1", "output"))
    small.key(Qt.Key.Key_Escape)
    assert shot(small) == before


def test_a_refused_wire_is_seen_as_refused(small):
    small.press(small.view.port_point("x1", "output"))
    small.move(small.view.port_point("h1", "input"))
    assert small.view.overlay.hints.verdict is False
    assert not shot(small).isNull()
    small.key(Qt.Key.Key_Escape)


def test_the_rubber_band_is_seen(small):
    before = shot(small)
    small.press(small.at(-60, -150))
    small.move(small.at(60, -140))
    assert shot(small) != before
    small.key(Qt.Key.Key_Escape)
    assert shot(small) == before


def test_the_wire_that_would_take_a_node_lights_up(small):
    data = kind_mime(find_kind("tanh"))
    viewport = small.view.viewport()
    drag_over(viewport, small.at(-100, -80), data)
    assert small.view.overlay.hints.target_wire is not None
    assert not shot(small).isNull()
    QApplication.sendEvent(viewport, QDragLeaveEvent())
    assert small.view.overlay.hints.target_wire is None
    assert len(small.diagram.nodes) == 5


def test_a_kind_without_inputs_does_not_go_into_a_wire(small):
    data = kind_mime(find_kind("input"))
    viewport = small.view.viewport()
    drag_over(viewport, small.at(-100, -80), data)
    assert small.view.overlay.hints.target_wire is None
    QApplication.sendEvent(viewport, QDragLeaveEvent())


def test_something_else_that_is_dragged_over_is_not_taken(small):
    text = QMimeData()
    text.setText("hello")
    assert not drag_over(small.view.viewport(), QPoint(100, 100), text)
    assert small.view.gesture is None


def crowd(count):
    """Inputs and neurons, all wired."""
    nodes = [node("x", "input", -300, 0), *(node(f"h{i}", "neuron", 0, i * 90) for i in range(count))]
    nodes += [node(f"k{i}", "neuron", 300, i * 90) for i in range(count)]
    wires = [("x", f"h{i}") for i in range(count)]
    wires += [(f"h{i}", f"k{j}") for i in range(count) for j in range(count)]
    return Diagram.build(nodes, wires, training=circle_training())


@pytest.mark.parametrize("count", [6, 17])
def test_many_wires_look_the_same_kept_and_painted_again(desk, count):
    desk.open(crowd(count))
    desk.view.fit()
    desk.view.canvas.sharpness.resting = True
    first = shot(desk)
    desk.view.canvas.wires.forget_pens()
    assert shot(desk) == first
    rng = np.random.default_rng(0)
    parameters = {f"k{i}/weight": rng.normal(size=(1, count)) for i in range(count)}
    desk.view.set_snapshot(Snapshot(parameters=parameters))
    assert shot(desk) != first


def test_a_node_dragged_over_many_wires_leaves_no_trace(desk):
    desk.open(crowd(6))
    desk.view.fit()
    desk.view.canvas.sharpness.resting = True
    desk.move(QPoint(3, 3), held=Qt.MouseButton.NoButton)
    desk.selection.set(nodes=("h3",))
    before = shot(desk)
    start = desk.middle("h3")
    desk.press(start)
    desk.move(start + QPoint(50, 30))
    QApplication.processEvents()
    desk.key(Qt.Key.Key_Escape)
    desk.release(start)
    desk.move(QPoint(3, 3), held=Qt.MouseButton.NoButton)
    assert shot(desk) == before


def test_pulses_are_seen_and_leave_no_trace(small, qtbot):
    before = shot(small)
    small.view.set_preview_pulses(True, 100.0)
    qtbot.waitUntil(lambda: len(small.view.canvas.pulses.carriers) == 1)
    qtbot.waitUntil(lambda: shot(small) != before)
    small.view.set_preview_pulses(False)
    assert shot(small) == before


def test_control_and_shift_change_what_the_wheel_does(small):
    middle = small.middle("h1")
    turn_wheel(small, QPoint(300, 200), 1, SHIFT)
    assert small.middle("h1").x() == middle.x() + 60
    assert small.view.zoom == pytest.approx(1.0)
    turn_wheel(small, QPoint(300, 200), 1, CONTROL)
    assert small.view.zoom == pytest.approx(1.15)


def test_escape_gives_the_view_back_after_a_pan(small):
    before = small.middle("h1")
    small.press(QPoint(400, 300), button=Qt.MouseButton.MiddleButton)
    small.move(QPoint(460, 320), held=Qt.MouseButton.MiddleButton)
    assert small.middle("h1") != before
    small.key(Qt.Key.Key_Escape)
    assert small.middle("h1") == before


def test_a_kind_from_the_palette_comes_to_stand_beside_the_selection(small):
    small.selection.set(nodes=("h1",))
    key = small.view.adding.beside_selection("dense")
    assert small.diagram.nodes[key].position[0] > small.diagram.nodes["h1"].position[0] + 60
    assert small.selection.nodes == {key}
    small.selection.clear()
    other = small.view.adding.beside_selection("dense")
    items = small.view.canvas.nodes
    assert small.view.viewport().rect().contains(small.middle(other))
    assert items[other].x() == pytest.approx(0, abs=1)
    assert not any(items[other].body.intersects(item.body) for key, item in items.items() if key != other)


def test_the_right_button_searches_on_empty_canvas_and_offers_commands_elsewhere(small, monkeypatch):
    def ask(point):
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, point, small.view.viewport().mapToGlobal(point))
        QApplication.sendEvent(small.view.viewport(), event)

    ask(small.at(100, 250))
    assert small.view.search.isVisible()
    small.view.search.dismiss()
    opened = []
    monkeypatch.setattr(QMenu, "popup", lambda menu, place: opened.append(menu))
    ask(small.middle("h2"))
    assert small.selection.nodes == {"h2"}
    (menu,) = opened
    assert small.actions.action("edit.delete") in menu.actions()
    menu.deleteLater()
    assert not small.view.search.isVisible()


def test_enter_edits_the_selected_note(desk):
    change, key = edits.add_note(desk.diagram, "Old", (0.0, 0.0))
    desk.bridge.apply(change, "Add note")
    desk.selection.set(notes=(key,))
    desk.key(Qt.Key.Key_Return)
    assert desk.view.note_editor.isVisible()
    desk.view.note_editor.setPlainText("New")
    desk.view.note_editor.clearFocus()
    assert desk.diagram.notes[key].text == "New"
    desk.bridge.undo()
    assert desk.diagram.notes[key].text == "Old"


@pytest.mark.usefixtures("many_weights")
def test_all_numbers_can_be_switched_on_and_off(small):
    values = {key: np.array([0.25]) for key in small.diagram.nodes}
    small.view.set_snapshot(Snapshot(activations=values, parameters={"h1/weight": np.array([[0.7]])}))
    assert not small.view.canvas.nodes["h2"].values.numbers
    small.run("view.numbers")
    assert all(item.values.numbers for item in small.view.canvas.nodes.values())
    assert small.view.canvas.wires.wires["w1"].pill == "+0.7"
    small.run("view.numbers")
    assert not small.view.canvas.nodes["h2"].values.numbers
    assert small.view.canvas.wires.wires["w1"].pill == ""


def test_no_snapshot_takes_all_values_away(small):
    before = shot(small)
    small.view.set_snapshot(Snapshot(activations={key: np.array([0.9]) for key in small.diagram.nodes}))
    assert shot(small) != before
    small.view.set_snapshot(None)
    assert shot(small) == before


def test_maps_of_channels_and_pictures_are_painted(desk):
    desk.open(
        Diagram.build(
            nodes=[node("x", "input", 0, 0), node("a", "tanh", 300, 0)],
            wires=[("x", "a")],
            training=circle_training("digits"),
        )
    )
    before = shot(desk)
    rng = np.random.default_rng(0)
    desk.view.set_snapshot(Snapshot(activations={"x": rng.normal(size=(8, 8, 1)), "a": rng.normal(size=(8, 8, 1))}))
    assert shot(desk) != before


def test_the_toast_goes_by_itself(small):
    small.view.toast.show_text("Deleted nothing")
    assert small.view.toast.isVisible()
    assert small.view.toast.tick(TOAST_SECONDS / 2)
    assert not small.view.toast.tick(TOAST_SECONDS)
    assert not small.view.toast.isVisible()
    small.view.toast.dismiss()


def test_fit_selection_shows_the_selection_alone(small):
    small.selection.set(nodes=("y",))
    small.run("view.fit_selection")
    assert small.view.zoom == pytest.approx(1.25)
    assert (small.middle("y") - small.view.viewport().rect().center()).manhattanLength() < 40


def test_an_edit_that_does_not_fit_is_told_and_changes_nothing(small, qtbot):
    wire = small.diagram.wires["w1"]
    stale = edits.disconnect(small.diagram, ["w1"])
    small.bridge.apply(stale, "Delete wire")
    with qtbot.waitSignal(small.view.status_message):
        assert not small.view.apply(stale, "Delete wire again")
    small.bridge.undo()
    assert small.diagram.wires["w1"] == wire


def test_arrows_without_a_selection_begin_at_the_left(small):
    small.key(Qt.Key.Key_Right)
    assert small.selection.nodes == {"x1"}


def test_space_bar_in_the_search_field_is_a_space(small):
    small.key(Qt.Key.Key_Tab)
    QTest.keyClicks(small.view.search.field, "binary cross")
    assert small.view.search.field.text() == "binary cross"
    QTest.keyClick(small.view.search.field, Qt.Key.Key_Down)
    QTest.keyClick(small.view.search.field, Qt.Key.Key_Up)
    QTest.keyClick(small.view.search.field, Qt.Key.Key_Escape)
    assert not small.view.search.isVisible()


def test_small_values_and_narrow_cells():
    assert plain(0.0004) == "0.0004"
    assert plain(0.012) == "0.012"
    assert brief(-0.938) == "−0.9"
    assert brief(12.4) == "12"
    assert brief(-0.01) == "0"
    assert brief(3.0) == "3"


def test_the_far_view_of_a_node_is_only_shape_and_colour(small):
    small.view.camera.zoom_to(0.2)
    small.view.camera.centre(QPointF(0, 0))
    small.view.canvas.sharpness.resting = True
    image = shot(small)
    again = shot(small)
    assert image == again
    assert image.pixelColor(small.middle("h1")) != image.pixelColor(3, 3)


def test_the_mend_of_a_refused_wire_is_one_key_away_and_the_keyboard_comes_back(desk):
    desk.open(
        Diagram.build(
            nodes=[node("x", "input", -250, 0, "Digits"), node("d", "dense", 100, 0, units=10)],
            training=circle_training("digits"),
        )
    )
    desk.view.activateWindow()
    desk.drag(desk.view.port_point("x", "output"), desk.view.port_point("d", "input"))
    button = desk.view.reason.findChild(QPushButton)
    assert button.hasFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert len(desk.diagram.wires) == 2
    assert desk.view.hasFocus()


def test_escape_puts_the_reason_away(small):
    small.drag(small.view.port_point("x1", "output"), small.view.port_point("h1", "input"))
    assert small.view.reason.isVisible()
    small.key(Qt.Key.Key_Escape)
    assert not small.view.reason.isVisible()


def test_the_toast_goes_with_the_next_change_because_its_undo_would_be_another(small):
    small.selection.set(nodes=("h1",))
    small.run("edit.delete")
    assert small.view.toast.isVisible()
    small.view.add_kind_at("dense", QPointF(0, 200))
    assert not small.view.toast.isVisible()


def test_a_node_over_a_wire_is_tried_once_per_wire(small, monkeypatch):
    tried = []
    original = insertion.judged
    monkeypatch.setattr(insertion, "judged", lambda *given: (tried.append(given), original(*given))[1])
    key = small.view.add_kind_at("tanh", QPointF(-100, 200))
    start = small.middle(key)
    small.press(start)
    for step in range(4):
        small.move(small.at(-100 + step, -80))
    assert len(tried) == 1
    small.key(Qt.Key.Key_Escape)


def test_what_comes_back_by_undo_is_ringed_and_lit_as_the_selection_says(small):
    small.selection.set(nodes=("h1",))
    assert small.view.canvas.wires.wires["w1"].lit
    small.bridge.apply(edits.disconnect(small.diagram, ["w1"]), "Delete wire")
    small.bridge.undo()
    assert small.view.canvas.wires.wires["w1"].lit
    small.bridge.apply(edits.delete(small.diagram, ["h1"]), "Delete")
    small.bridge.undo()
    assert not small.view.canvas.nodes["h1"].selected
    assert not small.view.canvas.wires.wires["w1"].lit
    small.selection.set(nodes=("h1",))
    assert small.view.canvas.nodes["h1"].selected
    assert small.view.canvas.wires.wires["w1"].lit
