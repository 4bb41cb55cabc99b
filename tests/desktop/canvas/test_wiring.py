"""Wires by hand: drawn, refused in words, mended, moved, cut."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QPushButton

from core.diagram.diagram import Diagram
from tests.desktop.canvas.conftest import circle_training, node


def ends(desk):
    return {(wire.source[0], wire.target[0]) for wire in desk.diagram.wires.values()}


def test_a_wire_is_dragged_from_port_to_port_and_undone_in_one_step(small):
    small.drag(small.view.port_point("x2", "output"), small.view.port_point("h2", "input"))
    assert ends(small) == {("x1", "h1"), ("x2", "h2")}
    assert small.bridge.document.undo_label == "Connect x2 to h2"
    small.bridge.undo()
    assert ends(small) == {("x1", "h1")}


def test_a_wire_snaps_to_the_port_of_the_node_under_the_mouse(small):
    small.drag(small.view.port_point("h1", "output"), small.middle("y"))
    assert ("h1", "y") in ends(small)


def test_a_wire_can_be_drawn_backwards_from_a_free_input(small):
    small.drag(small.view.port_point("y", "input"), small.view.port_point("h2", "output"))
    assert ("h2", "y") in ends(small)


def test_while_a_wire_is_dragged_fitting_ports_are_lit_and_other_nodes_dim(small):
    start = small.view.port_point("x2", "output")
    small.press(start)
    small.move(start + QPoint(40, 0))
    lit = small.view.overlay.hints.ports
    places = {key: small.view.canvas.nodes[key].port("input") for key in ("h1", "h2", "y")}
    assert set(lit) == {(place.x(), place.y()) for place in places.values()}
    assert small.view.canvas.nodes["x1"].dimmed
    assert not small.view.canvas.nodes["h2"].dimmed
    small.key(Qt.Key.Key_Escape)
    assert not small.view.canvas.nodes["x1"].dimmed


def test_escape_cancels_a_wire_and_leaves_nothing(small):
    before, revision = small.diagram, small.bridge.document.revision
    start = small.view.port_point("x2", "output")
    small.press(start)
    small.move(small.view.port_point("h2", "input"))
    small.key(Qt.Key.Key_Escape)
    small.release(small.view.port_point("h2", "input"))
    assert small.diagram is before
    assert small.bridge.document.revision == revision
    assert small.view.overlay.hints.wire is None
    assert not small.view.reason.isVisible()


def test_a_structural_rule_is_said_in_words_at_the_mouse(small):
    start = small.view.port_point("x1", "output")
    small.press(start)
    small.move(small.view.port_point("h1", "input"))
    assert small.view.reason.isVisible()
    assert "already wired" in small.view.reason.text
    small.release(small.view.port_point("h1", "input"))
    assert len(small.diagram.wires) == 1


def test_a_shape_that_does_not_fit_is_refused_with_a_button_that_mends_it(desk):
    desk.open(
        Diagram.build(
            nodes=[node("x", "input", -250, 0, "Digits"), node("d", "dense", 100, 0, units=10)],
            training=circle_training("digits"),
        )
    )
    desk.drag(desk.view.port_point("x", "output"), desk.view.port_point("d", "input"))
    assert not desk.diagram.wires
    card = desk.view.reason
    assert card.isVisible()
    assert card.text
    buttons = [button for button in card.findChildren(QPushButton) if "Flatten" in button.text()]
    assert buttons
    buttons[0].click()
    assert len(desk.diagram.nodes) == 3
    assert len(desk.diagram.wires) == 2
    assert not card.isVisible()
    desk.bridge.undo()
    assert len(desk.diagram.nodes) == 2
    assert not desk.diagram.wires


def test_a_new_wire_replaces_the_one_at_an_input_for_one(desk):
    desk.open(
        Diagram.build(
            nodes=[
                node("x", "input", -250, -80, "a"),
                node("z", "input", -250, 80, "b"),
                node("d", "dense", 100, 0, units=2),
            ],
            wires=[("x", "d")],
            training=circle_training(),
        )
    )
    desk.drag(desk.view.port_point("z", "output"), desk.view.port_point("d", "input"))
    assert ends(desk) == {("z", "d")}


def test_the_end_of_a_wire_is_dragged_to_another_port(small):
    small.drag(small.view.port_point("h1", "input"), small.view.port_point("h2", "input"))
    assert ends(small) == {("x1", "h2")}
    assert set(small.diagram.wires) == {"w1"}


def test_the_start_of_a_selected_wire_is_dragged_to_another_port(small):
    small.selection.set(wires=("w1",))
    small.drag(small.view.port_point("x1", "output"), small.view.port_point("x2", "output"))
    assert ends(small) == {("x2", "h1")}


def test_an_end_dropped_in_the_void_deletes_the_wire_and_a_toast_undoes_that(small):
    small.drag(small.view.port_point("h1", "input"), small.at(-100, 200))
    assert not small.diagram.wires
    assert small.view.toast.isVisible()
    small.view.toast.findChild(QPushButton).click()
    assert ends(small) == {("x1", "h1")}
    assert not small.view.toast.isVisible()


def test_a_wire_dropped_in_the_void_asks_for_a_node_and_wires_it_in_one_step(small):
    small.drag(small.view.port_point("h2", "output"), small.at(100, 200))
    assert small.view.search.isVisible()
    small.view.search.field.setText("neuron")
    small.view.search.take_current()
    assert len(small.diagram.nodes) == 6
    (added,) = (target for source, target in ends(small) if source == "h2")
    assert (small.view.port_point(added, "input") - small.at(100, 200)).manhattanLength() <= 2
    small.bridge.undo()
    assert len(small.diagram.nodes) == 5
    assert ends(small) == {("x1", "h1")}


def test_ports_answer_within_24_pixels_at_any_zoom(small):
    for zoom in (0.3, 1.0, 3.0):
        small.view.camera.zoom_to(zoom)
        small.view.camera.centre(small.view.canvas.nodes["h2"].port("output"))
        port = small.view.port_point("h2", "output")
        wires = len(small.diagram.wires)
        small.press(port + QPoint(9, 9))
        small.move(port + QPoint(30, 9))
        assert small.view.overlay.hints.wire is not None, zoom
        small.key(Qt.Key.Key_Escape)
        small.release(port)
        assert len(small.diagram.wires) == wires
