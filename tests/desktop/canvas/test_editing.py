"""Nodes by hand: dropped, moved, selected, copied, deleted, inserted, found by search; notes written."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from core.catalogue.registry import find_kind
from core.diagram.diagram import Diagram
from core.diagram.records import Frame, Note
from desktop.kinds.drag import kind_mime
from tests.desktop.canvas.conftest import circle_training, node
from tests.drags import drop_on

SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


def drop(desk, kind, point):
    """A drag from the palette onto the canvas."""
    assert drop_on(desk.view.viewport(), point, kind_mime(find_kind(kind)))


def test_a_kind_dropped_from_the_palette_becomes_a_selected_node_there(desk):
    drop(desk, "dense", desk.at(40, 60))
    (key,) = desk.diagram.nodes
    assert desk.diagram.nodes[key].kind == "dense"
    assert desk.diagram.nodes[key].position == pytest.approx((40, 60), abs=1)
    assert desk.selection.nodes == {key}


def test_a_kind_dropped_on_a_wire_goes_into_it(small):
    drop(small, "tanh", small.at(-100, -80))
    (wire,) = small.diagram.incoming("h1")
    inserted = wire.source[0]
    assert small.diagram.nodes[inserted].kind == "tanh"
    assert small.diagram.incoming(inserted)[0].source[0] == "x1"
    small.bridge.undo()
    assert len(small.diagram.nodes) == 5


def test_a_node_moved_onto_a_wire_goes_into_it_in_one_step(small):
    key = small.view.add_kind_at("tanh", QPointF(-100, 200))
    small.selection.clear()
    small.drag(small.middle(key), small.at(-100, -80))
    assert small.diagram.incoming("h1")[0].source[0] == key
    small.bridge.undo()
    assert small.diagram.incoming("h1")[0].source[0] == "x1"
    assert small.diagram.nodes[key].position == (-100, 200)


def visible_wire(desk, left, right):
    """How much of a wire is to be seen between two neighbours."""
    items = desk.view.canvas.nodes
    return items[right].body.left() - items[left].body.right()


def test_a_node_in_a_short_wire_pushes_what_comes_after_to_the_right_in_one_step(desk):
    chain = [node("a", "dense", 0), node("b", "dense", 220), node("c", "dense", 460), node("apart", "dense", 240, 300)]
    desk.open(Diagram.build(nodes=chain, wires=[("a", "b"), ("b", "c")], training=circle_training()))
    drop(desk, "tanh", desk.at(115, 4))
    (key,) = desk.selection.nodes
    assert desk.diagram.incoming("b")[0].source[0] == key
    assert visible_wire(desk, "a", key) >= 40
    assert visible_wire(desk, key, "b") >= 40
    assert visible_wire(desk, "b", "c") == pytest.approx(240 - 168)
    assert desk.diagram.nodes["apart"].position == (240, 300)
    desk.bridge.undo()
    assert desk.diagram.nodes["c"].position == (460, 0)


def test_a_node_in_a_long_wire_moves_nothing_and_stays_clear_of_both_ends(desk):
    ends = [node("a", "dense", -300), node("b", "dense", 300)]
    desk.open(Diagram.build(nodes=ends, wires=[("a", "b")], training=circle_training()))
    drop(desk, "tanh", desk.at(-190, 0))
    (key,) = desk.selection.nodes
    assert desk.diagram.nodes["b"].position == (300, 0)
    assert visible_wire(desk, "a", key) >= 40


def test_a_node_added_beside_another_lies_on_no_third_one(desk):
    desk.open(Diagram.build(nodes=[node("a", "dense"), node("b", "dense", 240, 20)], training=circle_training()))
    desk.selection.set(nodes=("a",))
    key = desk.view.adding.beside_selection("softmax")
    bodies = [item.body for item in desk.view.canvas.nodes.values()]
    assert not any(first.intersects(second) for first in bodies for second in bodies if first is not second)
    assert visible_wire(desk, "a", key) >= 40


@pytest.mark.parametrize("y", [-60, -1, 50])
def test_a_node_dropped_onto_another_steps_aside_the_shorter_way(desk, y):
    desk.open(Diagram.build(nodes=[node("a", "dense")], training=circle_training()))
    drop(desk, "dense", desk.at(20, y))
    (key,) = desk.selection.nodes
    items = desk.view.canvas.nodes
    assert not items[key].body.intersects(items["a"].body)
    assert (items[key].y() < 0) == (y < 0)
    assert items[key].x() == pytest.approx(20, abs=1)


def test_two_nodes_added_at_one_place_do_not_hide_each_other(desk):
    first = desk.view.add_kind_at("dense", QPointF(0, 0))
    second = desk.view.add_kind_at("dense", QPointF(0, 0))
    assert desk.diagram.nodes[first].position != desk.diagram.nodes[second].position


def test_dragging_moves_the_selection_as_one_undo_step(small):
    small.selection.set(nodes=("h1", "h2"))
    small.drag(small.middle("h1"), small.middle("h1") + QPoint(30, 45))
    assert small.diagram.nodes["h1"].position == pytest.approx((30, -35), abs=1)
    assert small.diagram.nodes["h2"].position == pytest.approx((30, 125), abs=1)
    small.bridge.undo()
    assert small.diagram.nodes["h1"].position == (0, -80)
    assert small.view.canvas.nodes["h2"].pos() == QPointF(0, 80)
    assert not small.bridge.document.can_undo


def test_wires_follow_a_node_that_is_dragged(small):
    start = small.middle("h1")
    small.press(start)
    small.move(start + QPoint(0, 50))
    end = small.view.canvas.wires.wires["w1"].curve.end
    assert end[1] == pytest.approx(-30, abs=1)
    small.key(Qt.Key.Key_Escape)
    small.release(start + QPoint(0, 50))
    assert small.view.canvas.wires.wires["w1"].curve.end[1] == -80
    assert not small.bridge.document.can_undo


def test_the_grid_snaps_when_it_is_on(small):
    small.run("view.snap")
    small.drag(small.middle("h2"), small.middle("h2") + QPoint(31, 17))
    x, y = small.diagram.nodes["h2"].position
    assert x % 12 == 0
    assert y % 12 == 0


def test_a_click_selects_shift_adds_and_the_void_clears(small):
    small.click(small.middle("h1"))
    assert small.selection.nodes == {"h1"}
    small.click(small.middle("h2"), SHIFT)
    assert small.selection.nodes == {"h1", "h2"}
    small.click(small.at(100, 250))
    assert not small.selection


def test_a_click_on_a_wire_selects_it(small):
    small.click(small.at(-100, -80))
    assert small.selection.wires == {"w1"}
    assert small.view.canvas.wires.wires["w1"].lit


def test_the_rubber_band_selects_adds_and_toggles(small):
    small.drag(small.at(-60, -140), small.at(60, 140))
    assert small.selection.nodes == {"h1", "h2"}
    small.drag(small.at(150, -60), small.at(260, 60), SHIFT)
    assert small.selection.nodes == {"h1", "h2", "y"}
    small.drag(small.at(-60, -140), small.at(60, -20), CONTROL)
    assert small.selection.nodes == {"h2", "y"}


def test_escape_in_a_rubber_band_gives_the_selection_back(small):
    small.selection.set(nodes=("y",))
    small.press(small.at(-60, -140))
    small.move(small.at(60, 140))
    assert small.selection.nodes == {"h1", "h2"}
    small.key(Qt.Key.Key_Escape)
    assert small.selection.nodes == {"y"}
    assert small.view.overlay.hints.band is None


def test_delete_takes_the_wires_along_and_a_toast_brings_all_back(small):
    small.selection.set(nodes=("h1",))
    small.run("edit.delete")
    assert "h1" not in small.diagram.nodes
    assert not small.diagram.wires
    assert not small.selection
    assert small.view.toast.text == "Deleted h1"
    small.view.toast.findChild(QPushButton).click()
    assert "w1" in small.diagram.wires
    assert set(small.view.canvas.wires.wires) == {"w1"}


def test_copy_and_paste_go_through_text(small):
    small.selection.set(nodes=("x1", "h1"))
    small.run("edit.copy")
    text = QGuiApplication.clipboard().text()
    assert text.startswith("{")
    assert '"neuron"' in text
    small.run("edit.paste")
    assert len(small.diagram.nodes) == 7
    assert len(small.diagram.wires) == 2
    assert len(small.selection.nodes) == 2
    assert not small.selection.nodes & {"x1", "h1"}


def test_cut_is_copy_and_delete(small):
    small.selection.set(nodes=("h1",))
    small.run("edit.cut")
    assert "h1" not in small.diagram.nodes
    small.run("edit.paste")
    assert len(small.diagram.nodes) == 5


def test_pasting_something_else_says_so(small, qtbot):
    QGuiApplication.clipboard().setText("hello")
    with qtbot.waitSignal(small.view.status_message) as caught:
        small.run("edit.paste")
    assert "clipboard" in caught.args[0]
    assert len(small.diagram.nodes) == 5


def test_duplicate_selects_the_copy(small):
    small.selection.set(nodes=("x1", "h1"))
    small.run("edit.duplicate")
    assert len(small.diagram.nodes) == 7
    assert len(small.diagram.wires) == 2


def test_select_all(small):
    small.run("edit.select_all")
    assert small.selection.nodes == set(small.diagram.nodes)
    assert small.selection.wires == {"w1"}


def test_arrows_with_control_nudge_and_merge_into_one_step(small):
    small.selection.set(nodes=("h1",))
    for _ in range(3):
        small.key(Qt.Key.Key_Right, CONTROL)
    assert small.diagram.nodes["h1"].position == (36, -80)
    small.bridge.undo()
    assert small.diagram.nodes["h1"].position == (0, -80)


def test_arrows_walk_from_node_to_node(small):
    small.selection.set(nodes=("x1",))
    small.key(Qt.Key.Key_Right)
    assert small.selection.nodes == {"h1"}
    small.key(Qt.Key.Key_Down)
    assert small.selection.nodes == {"h2"}


def test_the_search_finds_by_synonym_and_adds_at_the_place(desk):
    QTest.mouseDClick(desk.view.viewport(), Qt.MouseButton.LeftButton, pos=desk.at(50, 60))
    assert desk.view.search.isVisible()
    QTest.keyClicks(desk.view.search.field, "fully connected")
    QTest.keyClick(desk.view.search.field, Qt.Key.Key_Return)
    (added,) = desk.diagram.nodes.values()
    assert added.kind == "dense"
    assert added.position == pytest.approx((50, 60), abs=1)
    assert not desk.view.search.isVisible()


def test_tab_opens_the_search_and_escape_closes_it(desk):
    desk.key(Qt.Key.Key_Tab)
    assert desk.view.search.isVisible()
    QTest.keyClick(desk.view.search.field, Qt.Key.Key_Escape)
    assert not desk.view.search.isVisible()
    assert not desk.diagram.nodes


def test_a_note_is_written_moved_and_undone(desk):
    desk.run("canvas.add_note")
    desk.view.note_editor.setPlainText("Look here")
    QTest.keyClick(desk.view.note_editor, Qt.Key.Key_Return, CONTROL)
    (note,) = desk.diagram.notes.values()
    assert note.text == "Look here"
    place = desk.view.mapFromScene(desk.view.canvas.notes[note.id].body.center())
    desk.drag(place, place + QPoint(40, 20))
    moved = desk.diagram.notes[note.id].position
    assert moved == pytest.approx((note.position[0] + 40, note.position[1] + 20), abs=1)
    QTest.mouseDClick(desk.view.viewport(), Qt.MouseButton.LeftButton, pos=place + QPoint(40, 20))
    desk.view.note_editor.setPlainText("No")
    QTest.keyClick(desk.view.note_editor, Qt.Key.Key_Escape)
    assert desk.diagram.notes[note.id].text == "Look here"


def test_escape_keeps_what_was_written_in_a_new_note_as_one_step(desk):
    desk.run("canvas.add_note")
    QTest.keyClicks(desk.view.note_editor, "Look here")
    QTest.keyClick(desk.view.note_editor, Qt.Key.Key_Escape)
    assert [note.text for note in desk.diagram.notes.values()] == ["Look here"]
    desk.bridge.undo()
    assert not desk.diagram.notes
    assert not desk.bridge.document.can_undo


def test_a_new_note_left_empty_goes_without_a_trace(desk):
    desk.run("canvas.add_note")
    QTest.keyClick(desk.view.note_editor, Qt.Key.Key_Escape)
    assert not desk.diagram.notes
    assert not desk.bridge.document.can_undo


def test_enter_ends_a_title_and_begins_a_line_in_a_note(small):
    said = []
    small.view.status_message.connect(said.append)
    small.run("canvas.add_frame")
    assert "Enter ends" in said[-1]
    QTest.keyClicks(small.view.note_editor, "Hidden")
    QTest.keyClick(small.view.note_editor, Qt.Key.Key_Return)
    assert not small.view.note_editor.isVisible()
    assert [frame.title for frame in small.diagram.frames.values()] == ["Hidden"]
    small.bridge.undo()
    assert not small.diagram.frames
    small.run("canvas.add_note")
    assert "Ctrl+Enter" in said[-1]
    QTest.keyClicks(small.view.note_editor, "one")
    QTest.keyClick(small.view.note_editor, Qt.Key.Key_Return)
    QTest.keyClicks(small.view.note_editor, "two")
    QTest.keyClick(small.view.note_editor, Qt.Key.Key_Return, CONTROL)
    assert [note.text for note in small.diagram.notes.values()] == ["one\ntwo"]
    assert said[-1] == ""


def test_a_frame_carries_its_nodes(desk):
    diagram = Diagram(
        nodes={"a": node("a", "neuron", 60, 80)},
        frames={"f": Frame(id="f", title="Hidden", position=(0, 0), size=(200, 160), nodes=("a",))},
        notes={"n": Note(id="n", text="See a", position=(-300, 0), target="a")},
        training=circle_training(),
    )
    desk.open(diagram)
    desk.drag(desk.at(30, 12), desk.at(50, 42))
    assert desk.diagram.frames["f"].position == pytest.approx((20, 30), abs=1)
    assert desk.diagram.nodes["a"].position == pytest.approx((80, 110), abs=1)
    desk.selection.set(notes=("f", "n"))
    desk.run("edit.delete")
    assert not desk.diagram.frames
    assert not desk.diagram.notes
    assert "a" in desk.diagram.nodes


def test_the_arrow_of_a_note_reaches_its_node_also_when_that_moves(small):
    diagram = small.diagram
    note = Note(id="n", text="See h1", position=(-100, -260), target="h1")
    small.open(Diagram(nodes=dict(diagram.nodes), notes={"n": note}, training=diagram.training))
    item = small.view.canvas.notes["n"]
    body = small.view.canvas.nodes["h1"].body
    assert item.sceneBoundingRect().intersects(body.adjusted(-1, -1, 1, 1))
    small.drag(small.middle("h1"), small.middle("h1") + QPoint(200, 120))
    body = small.view.canvas.nodes["h1"].body
    assert item.sceneBoundingRect().intersects(body.adjusted(-1, -1, 1, 1))


def test_a_click_on_one_of_several_selected_nodes_selects_it_alone(small):
    small.selection.set(nodes=("h1", "h2"))
    small.click(small.middle("h1"))
    assert small.selection.nodes == {"h1"}


def test_an_undo_in_the_middle_of_a_gesture_cancels_it(small):
    key = small.view.add_kind_at("dense", QPointF(100, 200))
    place = small.middle(key)
    small.press(place)
    small.move(place + QPoint(40, 0))
    small.bridge.undo()
    assert small.view.gesture is None
    small.move(place + QPoint(60, 0))
    small.release(place + QPoint(60, 0))
    assert key not in small.diagram.nodes
    assert key not in small.view.canvas.nodes


def test_a_frame_goes_around_the_selection_and_gets_a_title(small):
    small.selection.set(nodes=("h1", "h2"))
    small.run("canvas.add_frame")
    small.view.note_editor.setPlainText("Hidden units")
    QTest.keyClick(small.view.note_editor, Qt.Key.Key_Return, CONTROL)
    (frame,) = small.diagram.frames.values()
    assert frame.title == "Hidden units"
    assert set(frame.nodes) == {"h1", "h2"}
    around = small.view.canvas.frames[frame.id].sceneBoundingRect()
    for key in frame.nodes:
        assert around.contains(small.view.canvas.nodes[key].body)
