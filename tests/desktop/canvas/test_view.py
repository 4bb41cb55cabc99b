"""What the view itself does: camera, wheel, keys, menus, numbers, badges, and nothing left behind."""

import gc
import weakref

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QInputDevice, QNativeGestureEvent, QPointingDevice, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.diagram import edits
from core.diagram.diagram import Diagram
from core.inspection.snapshot import Snapshot
from core.storage.project import Project
from desktop import theme
from desktop.canvas.context_menu import made_menu
from tests.desktop.canvas.conftest import circle_training, node

CONTROL = Qt.KeyboardModifier.ControlModifier


def turn_wheel(desk, point, notches, keys=Qt.KeyboardModifier.NoModifier):
    """A turn of the mouse's wheel."""
    viewport = desk.view.viewport()
    event = QWheelEvent(
        QPointF(point),
        QPointF(viewport.mapToGlobal(point)),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        keys,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(viewport, event)


def test_the_wheel_zooms_and_the_point_under_the_mouse_stays(small):
    point = QPoint(300, 200)
    before = small.view.scene_point(QPointF(point))
    turn_wheel(small, point, 2)
    assert small.view.zoom == pytest.approx(1.15**2)
    after = small.view.scene_point(QPointF(point))
    assert (after - before).manhattanLength() < 1.5


def test_the_zoom_has_ends(small):
    for _ in range(40):
        turn_wheel(small, QPoint(300, 200), 2)
    assert small.view.zoom == 6.0
    for _ in range(80):
        turn_wheel(small, QPoint(300, 200), -2)
    assert small.view.zoom == pytest.approx(0.04)


def test_the_middle_button_pans(small):
    before = small.middle("h1")
    small.drag(QPoint(400, 100), QPoint(450, 130), button=Qt.MouseButton.MiddleButton)
    assert small.middle("h1") - before == QPoint(50, 30)
    assert not small.bridge.document.can_undo


def test_space_and_drag_pans_and_a_tap_of_space_searches(small):
    before = small.middle("h1")
    QTest.keyPress(small.view, Qt.Key.Key_Space)
    small.drag(small.middle("h1"), small.middle("h1") + QPoint(20, 10))
    QTest.keyRelease(small.view, Qt.Key.Key_Space)
    assert small.middle("h1") - before == QPoint(20, 10)
    assert not small.view.search.isVisible()
    small.key(Qt.Key.Key_Space)
    assert small.view.search.isVisible()


def test_fit_shows_everything_also_after_the_view_has_become_smaller(small):
    small.run("view.fit")
    small.view.resize(500, 300)
    QApplication.processEvents()
    room = small.view.viewport().rect()
    for key in small.diagram.nodes:
        assert room.contains(small.view.node_rect(key)), key


def test_what_is_added_beyond_a_fitted_view_is_taken_in_and_a_view_of_ones_own_stays(small):
    small.run("view.fit")
    small.view.add_kind_at("dense", QPointF(600, 0))
    assert small.view.camera.sees(small.view.canvas.content_rect())
    zoom = small.view.zoom
    small.view.add_kind_at("dense", QPointF(9000, 0))
    assert small.view.zoom == zoom, "so far out nothing could be read"
    small.run("view.zoom_100")
    small.view.add_kind_at("dense", QPointF(1000, 0))
    assert small.view.zoom == pytest.approx(1.0)


def test_zooming_by_hand_ends_the_fitting(small):
    small.run("view.fit")
    small.run("view.zoom_100")
    small.view.resize(500, 300)
    QApplication.processEvents()
    assert small.view.zoom == pytest.approx(1.0)


def test_a_node_can_be_brought_to_the_middle(small):
    small.view.center_on_node("y")
    assert (small.middle("y") - small.view.viewport().rect().center()).manhattanLength() <= 2
    assert small.selection.nodes == {"y"}


def test_a_wire_is_drawn_by_keyboard_alone(small):
    small.selection.set(nodes=("h1",))
    small.key(Qt.Key.Key_W)
    assert small.view.overlay.hints.wire is not None
    small.key(Qt.Key.Key_Down)
    small.key(Qt.Key.Key_Up)
    chosen = small.view.overlay.hints.snapped
    small.key(Qt.Key.Key_Return)
    assert small.view.overlay.hints.wire is None
    (wire,) = small.diagram.outgoing("h1")
    place = small.view.canvas.nodes[wire.target[0]].port(wire.target[1])
    assert chosen == (place.x(), place.y())


def test_a_wire_by_keyboard_is_cancelled_by_escape(small):
    small.selection.set(nodes=("h1",))
    small.key(Qt.Key.Key_W)
    small.key(Qt.Key.Key_Escape)
    assert small.view.gesture is None
    assert len(small.diagram.wires) == 1


def test_upstream_downstream_and_connected(small):
    change = edits.connect(small.diagram, ("h1", "output"), ("y", "input"))
    small.bridge.apply(change, "Connect")
    small.selection.set(nodes=("h1",))
    small.run("select.upstream")
    assert small.selection.nodes == {"x1", "h1"}
    small.selection.set(nodes=("h1",))
    small.run("select.downstream")
    assert small.selection.nodes == {"h1", "y"}
    small.selection.set(nodes=("y",))
    small.run("select.connected")
    assert small.selection.nodes == {"x1", "h1", "y"}


def test_the_menu_of_a_node_holds_the_commands_that_concern_it(small):
    small.selection.set(nodes=("h1",))
    menu = made_menu(small.view)
    assert small.actions.action("edit.delete") in menu.actions()
    menu.deleteLater()


def test_errors_and_warnings_are_badges_with_their_sentence_as_tooltip(desk):
    desk.open(
        Diagram.build(
            nodes=[
                node("x", "input", -200, 0),
                node("y", "dense", 0, 0, units=3),
                node("loss", "binary_cross_entropy", 200, 0),
                node("q", "from-tomorrow", 0, 200, "Old"),
            ],
            wires=[("x", "y"), ("y", "loss")],
            training=circle_training(),
        )
    )
    items = desk.view.canvas.nodes
    messages = [message for item in items.values() for message in item.look.messages]
    assert any(message in items["loss"].toolTip() for message in items["loss"].look.messages)
    assert items["q"].look.severity == "error"
    assert items["q"].look.kind is None
    assert messages


def test_shapes_stand_on_the_wires_and_parameters_on_the_nodes(desk):
    desk.open(
        Diagram.build(
            nodes=[node("x", "input", -300, 0), node("d", "dense", 0, 0, units=8), node("e", "dense", 300, 0, units=1)],
            wires=[("x", "d"), ("d", "e")],
            training=circle_training(),
        )
    )
    wires = desk.view.canvas.wires.wires
    assert [wires[key].pill for key in ("w1", "w2")] == ["2", "8"]
    assert desk.view.canvas.nodes["d"].look.parameter_text == "24 parameters"
    desk.bridge.apply(edits.set_hyperparameter(desk.diagram, "d", "units", 4), "Set units")
    QApplication.processEvents()
    assert desk.view.canvas.wires.wires["w2"].pill == "4"
    assert desk.view.canvas.nodes["d"].look.parameter_text == "12 parameters"


def worked_example():
    """Two inputs, two hidden neurons, one output: 3.25, -0.3 and 6.5 are its sums."""
    nodes = [
        node("x1", "input", -300, -80, columns="1"),
        node("x2", "input", -300, 80, columns="2"),
        node("a1", "neuron", 0, -80, activation="relu"),
        node("a2", "neuron", 0, 80, activation="relu"),
        node("o", "neuron", 300, 0, activation="sigmoid"),
        node("loss", "binary_cross_entropy", 500, 0),
    ]
    wires = [(a, b) for b in ("a1", "a2") for a in ("x1", "x2")] + [("a1", "o"), ("a2", "o"), ("o", "loss")]
    return Diagram.build(nodes, wires, training=circle_training("article"))


WORKED_PARAMETERS = {
    "a1/weight": np.array([[1.0, 0.5]]),
    "a1/bias": np.array([2.0]),
    "a2/weight": np.array([[-0.5, 0.4]]),
    "a2/bias": np.array([0.0]),
    "o/weight": np.array([[2.0, -1.25]]),
    "o/bias": np.array([0.0]),
}
WORKED_VALUES = {"x1": [1.0], "x2": [0.5], "a1": [3.25], "a2": [0.0], "o": [0.9985]}


def test_the_worked_example_shows_every_number(desk):
    desk.open(worked_example())
    activations = {key: np.array(value) for key, value in WORKED_VALUES.items()}
    desk.view.set_snapshot(Snapshot(loss=0.0015, parameters=WORKED_PARAMETERS, activations=activations))
    items = desk.view.canvas.nodes
    assert [items[key].values.state for key in ("a1", "a2", "o")] == pytest.approx([3.25, -0.3, 6.5])
    assert all(item.values.numbers for item in items.values())
    pills = [look.pill for look in desk.view.canvas.wires.wires.values()]
    assert pills == ["+1", "+0.5", "−0.5", "+0.4", "+2", "−1.25", ""]
    assert items["loss"].values.figure == pytest.approx(0.0015)


def test_parameters_of_the_file_give_wires_their_weights_before_any_snapshot(desk):
    desk.open(worked_example(), WORKED_PARAMETERS)
    weights = {key: look.weight for key, look in desk.view.canvas.wires.wires.items()}
    assert weights["w1"] == 1.0
    assert weights["w7"] is None


def test_the_width_of_a_wire_follows_the_size_of_its_weight(desk):
    desk.open(worked_example(), WORKED_PARAMETERS)
    wires = desk.view.canvas.wires.wires
    assert wires["w5"].share > wires["w1"].share > wires["w4"].share > 0


def test_a_net_of_few_weights_shows_them_unasked_and_a_larger_one_does_not(desk):
    inputs = [node(f"x{number}", "input", -200, 80 * number, columns=str(number % 2 + 1)) for number in range(9)]
    for count, shown in ((8, True), (9, False)):
        wires = [(f"x{number}", "y") for number in range(count)]
        neuron = node("y", "neuron", 100, 0)
        desk.open(Diagram.build(nodes=[*inputs[:count], neuron], wires=wires, training=circle_training()))
        desk.view.set_snapshot(Snapshot(loss=1.0, parameters={"y/weight": np.full((1, count), 0.5)}))
        pills = {look.pill for look in desk.view.canvas.wires.wires.values()}
        assert pills == {"+0.5" if shown else ""}
        assert not desk.actions.action("view.numbers").isChecked()


@pytest.mark.usefixtures("many_weights")
def test_hovering_a_neuron_shows_the_weights_of_its_wires(small):
    small.bridge.open_project(type(small.bridge.project())(diagram=small.diagram, parameters=None), None)
    QApplication.processEvents()
    small.view.set_snapshot(Snapshot(parameters={"h1/weight": np.array([[0.7]]), "h1/bias": np.array([0.1])}))
    look = small.view.canvas.wires.wires["w1"]
    assert look.weight == pytest.approx(0.7)
    assert look.pill == ""
    small.move(small.middle("h1"), held=Qt.MouseButton.NoButton)
    assert small.view.canvas.wires.wires["w1"].pill == "+0.7"
    small.move(small.at(0, 0), held=Qt.MouseButton.NoButton)
    assert small.view.canvas.wires.wires["w1"].pill == ""


def test_pulses_run_only_while_they_should_and_the_clock_stops_with_them(small, qtbot):
    small.view.clock.stop()
    small.view.set_preview_pulses(True, 1000.0)
    assert small.view.clock.running
    qtbot.waitUntil(lambda: bool(small.view.canvas.pulses.carriers))
    small.actions.action("view.motion").setChecked(True)
    small.run("view.motion")
    assert not small.view.canvas.pulses.running
    assert not small.view.clock.running
    small.run("view.motion")
    assert small.view.canvas.pulses.running
    small.view.set_preview_pulses(False)
    assert not small.view.clock.running


def test_the_clock_stands_still_when_nothing_moves(small, qtbot):
    qtbot.waitUntil(lambda: not small.view.clock.running)
    small.run("view.zoom_in")
    assert small.view.clock.running
    qtbot.waitUntil(lambda: not small.view.clock.running)
    assert small.view.canvas.sharpness.resting


def test_tidy_is_one_step_shown_as_a_movement_that_ends_where_the_document_says(small, qtbot):
    small.run("canvas.tidy")
    assert small.bridge.document.undo_label == "Tidy"
    xs = {key: item.position[0] for key, item in small.diagram.nodes.items()}
    assert xs["x1"] < xs["h1"]
    qtbot.waitUntil(lambda: not small.view.clock.running)
    for key, record in small.diagram.nodes.items():
        assert small.view.canvas.nodes[key].pos() == QPointF(*record.position)
    small.bridge.undo()
    assert small.diagram.nodes["h1"].position == (0, -80)


def test_tidy_brings_everything_into_view(small, qtbot):
    small.view.camera.zoom_to(2.0)
    assert not small.view.camera.sees(small.view.canvas.content_rect())
    small.run("canvas.tidy")
    qtbot.waitUntil(lambda: not small.view.clock.running)
    assert small.view.camera.sees(small.view.canvas.content_rect())


def test_an_empty_canvas_starts_at_100_percent_whatever_was_seen_before(small):
    small.view.camera.zoom_to(1.7)
    small.view.camera.pan_by(QPointF(400, 300))
    small.bridge.open_project(Project(diagram=Diagram()), None)
    assert small.view.zoom == pytest.approx(1.0)
    assert small.view.middle_in_scene().manhattanLength() <= 2


def test_an_undo_while_tidy_still_moves_wins(small, qtbot):
    small.run("canvas.tidy")
    small.bridge.undo()
    qtbot.waitUntil(lambda: not small.view.clock.running)
    assert small.view.canvas.nodes["h1"].pos() == QPointF(0, -80)


def test_the_other_theme_repaints_every_picture(small):
    hub = theme.hub()
    mode = hub.mode
    hub.set_mode("dark")
    small.view.viewport().grab()
    dark = small.view.grab().toImage()
    hub.set_mode("light")
    light = small.view.grab().toImage()
    hub.set_mode(mode)
    middle = small.middle("h1")
    assert dark.pixelColor(middle) != light.pixelColor(middle)
    assert dark.pixelColor(2, 2) != light.pixelColor(2, 2)


def test_an_empty_canvas_says_what_to_do(desk):
    empty = desk.view.grab().toImage()
    desk.view.add_kind_at("dense", QPointF(-4000, 0))
    assert desk.view.grab().toImage() != empty


def test_the_canvas_has_a_name_and_counts_for_a_screen_reader(small):
    assert small.view.accessibleName() == "Canvas"
    assert small.view.accessibleDescription() == "5 nodes, 1 wire"


def test_fifty_documents_leave_no_item_behind(small):
    diagram = small.diagram
    small.open(diagram)
    count = len(small.view.canvas.items())
    gone = [weakref.ref(item) for item in small.view.canvas.nodes.values()]
    gc.disable()
    try:
        for _ in range(50):
            small.open(diagram)
    finally:
        gc.enable()
    assert len(small.view.canvas.items()) == count
    assert not [item for item in gone if item() is not None]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -3e38, 0.0])
def test_values_of_a_diverged_network_are_painted_without_a_word(desk, value):
    desk.open(worked_example())
    activations = {key: np.full(1, value, np.float32) for key in WORKED_VALUES}
    responses = {key: np.full((8, 8), value, np.float32) for key in WORKED_VALUES}
    parameters = {key: np.full_like(array, value) for key, array in WORKED_PARAMETERS.items()}
    desk.view.set_snapshot(Snapshot(loss=value, parameters=parameters, activations=activations, responses=responses))
    assert not desk.view.viewport().grab().isNull()


def test_values_of_another_size_than_the_diagram_now_has_are_painted_too(desk):
    desk.open(
        Diagram.build(
            nodes=[
                node("x", "input", -300, 0),
                node("f", "flatten", -100, 0),
                node("d", "dense", 100, 0, units=10, activation="softmax"),
                node("l", "categorical_cross_entropy", 300, 0),
            ],
            wires=[("x", "f"), ("f", "d"), ("d", "l")],
            training=circle_training("digits"),
        )
    )
    for size in (3, 10, 200):
        activations = {"x": np.ones((4, 5, 2)), "f": np.ones(size), "d": np.linspace(0, 1, size)}
        desk.view.set_snapshot(Snapshot(activations=activations))
        assert not desk.view.viewport().grab().isNull()


def test_two_fingers_on_a_touchpad_pan(small):
    touchpad = QPointingDevice(
        "touchpad",
        7,
        QInputDevice.DeviceType.TouchPad,
        QPointingDevice.PointerType.Finger,
        QInputDevice.Capability.Position | QInputDevice.Capability.Scroll,
        2,
        0,
    )
    before, point = small.middle("h1"), QPoint(300, 200)
    event = QWheelEvent(
        QPointF(point),
        QPointF(small.view.viewport().mapToGlobal(point)),
        QPoint(13, -21),
        QPoint(26, -42),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
        Qt.MouseEventSource.MouseEventNotSynthesized,
        touchpad,
    )
    QApplication.sendEvent(small.view.viewport(), event)
    assert small.view.zoom == pytest.approx(1.0)
    assert small.middle("h1") - before == QPoint(13, -21)


def test_a_pinch_on_a_touchpad_zooms_at_the_fingers(small):
    point = QPointF(300, 200)
    before = small.view.scene_point(point)
    event = QNativeGestureEvent(
        Qt.NativeGestureType.ZoomNativeGesture,
        QPointingDevice.primaryPointingDevice(),
        2,
        point,
        point,
        QPointF(small.view.viewport().mapToGlobal(point.toPoint())),
        0.5,
        QPointF(),
    )
    QApplication.sendEvent(small.view.viewport(), event)
    assert small.view.zoom == pytest.approx(1.5)
    assert (small.view.scene_point(point) - before).manhattanLength() < 1.5


def test_the_map_shows_itself_when_not_everything_is_seen_and_leads_there(small):
    small.run("view.fit")
    assert not small.view.minimap.isVisible()
    small.view.camera.zoom_to(3.0)
    assert small.view.minimap.isVisible()
    before = small.view.middle_in_scene()
    QTest.mouseClick(small.view.minimap, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
    after = small.view.middle_in_scene()
    assert after.x() < before.x()
    assert after.y() < before.y()
    assert not small.view.minimap.grab().isNull()
    small.run("view.minimap")
    assert not small.view.minimap.isVisible()


@pytest.mark.usefixtures("many_weights")
def test_a_wire_with_two_weights_lists_them_when_it_is_lit(desk):
    desk.open(
        Diagram.build(
            nodes=[node("x", "input", -200, 0), node("h", "neuron", 0, 0)],
            wires=[("x", "h")],
            training=circle_training(),
        )
    )
    desk.view.set_snapshot(Snapshot(parameters={"h/weight": np.array([[0.5, -2.0]]), "h/bias": np.zeros(1)}))
    assert desk.view.canvas.wires.wires["w1"].pill == "2"
    desk.selection.set(nodes=("h",))
    assert desk.view.canvas.wires.wires["w1"].pill == "+0.5  −2"
    assert desk.view.canvas.nodes["x"].look.title == "Input"
