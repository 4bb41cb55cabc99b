"""The document: steps, merging, marks, the clean state, and what listeners hear."""

import pytest

from core.diagram import edits
from core.diagram.change import Change
from core.diagram.diagram import Diagram
from core.diagram.document import DiagramDocument
from core.diagram.records import Node
from core.errors import EditError


@pytest.fixture
def document():
    return DiagramDocument(Diagram.build([Node(id="a", kind="k"), Node(id="b", kind="k")], [("a", "b")]))


def move(document, x, merge_key=None):
    document.apply(edits.move(document.diagram, {"a": (x, 0.0)}), f"move to {x:g}", merge_key)


def x_of(document):
    return document.diagram.nodes["a"].position[0]


def test_a_new_document_is_empty_and_clean():
    document = DiagramDocument()
    assert document.diagram == Diagram()
    assert document.is_clean
    assert not document.can_undo
    assert not document.can_redo
    assert (document.undo_label, document.redo_label, document.revision) == ("", "", 0)
    assert document.undo() is None
    assert document.redo() is None


def test_undo_and_redo_walk_through_the_steps(document):
    first = document.diagram
    move(document, 1.0)
    move(document, 2.0)
    last = document.diagram
    assert document.undo_label == "move to 2"
    change = document.undo()
    assert change.updated[0].after.position == (1.0, 0.0)
    assert document.redo_label == "move to 2"
    assert document.undo_label == "move to 1"
    document.undo()
    assert document.diagram == first
    assert not document.can_undo
    document.redo()
    assert document.redo().updated[0].after.position == (2.0, 0.0)
    assert document.diagram == last
    assert document.revision == 6


def test_an_edit_forgets_what_could_be_redone(document):
    move(document, 1.0)
    document.undo()
    assert document.can_redo
    move(document, 3.0)
    assert not document.can_redo


def test_an_empty_change_is_no_step_and_keeps_the_redo(document):
    move(document, 1.0)
    document.undo()
    document.apply(Change(), "nothing")
    assert document.can_redo
    assert document.revision == 2


def test_what_breaks_a_rule_is_refused_and_changes_nothing(document):
    before, heard = document.diagram, []
    document.subscribe(heard.append)
    with pytest.raises(EditError, match="itself"):
        document.apply(edits.connect(document.diagram, ("a", "output"), ("a", "input")), "connect")
    with pytest.raises(EditError, match="not what this change expects"):
        document.apply(Change(removed=(Node(id="nobody", kind="k"),)), "remove")
    assert document.diagram is before
    assert not heard
    assert not document.can_undo
    assert document.is_clean


def test_the_same_merge_key_makes_one_step(document):
    move(document, 1.0, "drag")
    move(document, 2.0, "drag")
    move(document, 3.0, "drag")
    assert document.undo_label == "move to 3"
    document.undo()
    assert x_of(document) == 0.0
    assert not document.can_undo
    document.redo()
    assert x_of(document) == 3.0


def test_other_keys_and_no_key_do_not_merge(document):
    move(document, 1.0, "drag")
    move(document, 2.0, "nudge")
    move(document, 3.0)
    move(document, 4.0)
    for x in (3.0, 2.0, 1.0, 0.0):
        document.undo()
        assert x_of(document) == x


def test_nothing_merges_across_undo_redo_save_or_mark(document):
    move(document, 1.0, "drag")
    move(document, 2.0)
    document.undo()
    move(document, 3.0, "drag")
    document.undo()
    assert x_of(document) == 1.0
    document.redo()
    move(document, 4.0, "drag")
    document.undo()
    assert x_of(document) == 3.0
    move(document, 5.0, "drag")
    document.mark_clean()
    move(document, 6.0, "drag")
    document.undo()
    assert x_of(document) == 5.0
    assert document.is_clean
    move(document, 7.0, "drag")
    document.mark()
    move(document, 8.0, "drag")
    document.undo()
    assert x_of(document) == 7.0


def test_merging_back_to_the_start_leaves_no_step(document):
    move(document, 1.0, "drag")
    assert not document.is_clean
    move(document, 0.0, "drag")
    assert not document.can_undo
    assert document.is_clean


def test_clean_follows_undo_and_redo(document):
    move(document, 1.0)
    document.mark_clean()
    assert document.is_clean
    move(document, 2.0)
    assert not document.is_clean
    document.undo()
    assert document.is_clean
    document.undo()
    assert not document.is_clean
    document.redo()
    assert document.is_clean


def test_a_change_made_during_a_save_leaves_the_document_dirty(document):
    move(document, 1.0)
    saved = document.state
    move(document, 2.0)
    document.mark_clean(saved)
    assert not document.is_clean
    document.undo()
    assert document.is_clean


def test_a_clean_state_that_was_edited_away_does_not_come_back(document):
    move(document, 1.0)
    document.mark_clean()
    document.undo()
    move(document, 2.0)
    assert not document.is_clean
    document.undo()
    assert not document.is_clean


def test_bail_leaves_nothing_behind_not_even_a_lost_redo(document):
    move(document, 1.0)
    move(document, 2.0)
    document.undo()
    mark = document.mark()
    move(document, 5.0)
    move(document, 6.0)
    assert not document.can_redo
    change = document.bail(mark)
    assert change.updated[0].before.position == (6.0, 0.0)
    assert x_of(document) == 1.0
    assert document.redo_label == "move to 2"
    document.redo()
    assert x_of(document) == 2.0


def test_bail_after_an_undo_within_the_gesture_restores_the_redo(document):
    move(document, 1.0)
    document.undo()
    mark = document.mark()
    move(document, 5.0)
    document.undo()
    assert document.bail(mark) is None
    assert document.redo_label == "move to 1"


def test_bail_of_changes_that_cancel_out_makes_no_change(document):
    mark = document.mark()
    move(document, 1.0)
    move(document, 0.0)
    revision = document.revision
    assert document.bail(mark) is None
    assert document.revision == revision
    assert not document.can_undo
    assert document.is_clean


def test_squash_makes_one_step(document):
    move(document, 1.0)
    mark = document.mark()
    move(document, 2.0)
    document.apply(edits.delete(document.diagram, nodes=["b"]), "delete")
    state, after = document.state, document.diagram
    document.squash(mark, "all of it")
    assert document.state == state
    assert document.undo_label == "all of it"
    document.undo()
    assert x_of(document) == 1.0
    assert "w1" in document.diagram.wires
    assert document.undo_label == "move to 1"
    document.redo()
    assert document.diagram == after


def test_squash_of_nothing_leaves_no_step(document):
    mark = document.mark()
    document.squash(mark, "nothing")
    assert not document.can_undo
    mark = document.mark()
    move(document, 1.0)
    move(document, 0.0)
    document.mark_clean()
    document.squash(mark, "there and back")
    assert not document.can_undo
    assert document.is_clean


def test_a_step_after_a_squash_does_not_merge_into_it(document):
    mark = document.mark()
    move(document, 1.0, "drag")
    document.squash(mark, "drag")
    move(document, 2.0, "drag")
    document.undo()
    assert x_of(document) == 1.0


def test_marks_nest(document):
    outer = document.mark()
    move(document, 1.0)
    inner = document.mark()
    move(document, 2.0)
    document.bail(inner)
    assert x_of(document) == 1.0
    document.squash(outer, "outer")
    assert document.undo_label == "outer"


def test_a_mark_that_undo_went_back_beyond_does_nothing(document):
    move(document, 1.0)
    mark, other = document.mark(), document.mark()
    document.undo()
    move(document, 2.0)
    assert document.bail(mark) is None
    document.squash(other, "gone")
    assert x_of(document) == 2.0
    assert document.undo_label == "move to 2"


def test_a_mark_is_closed_once(document):
    mark = document.mark()
    document.bail(mark)
    with pytest.raises(EditError, match="no mark"):
        document.bail(mark)
    with pytest.raises(EditError, match="no mark"):
        document.squash(99, "x")


def test_marks_whose_place_is_gone_are_forgotten(document):
    for _ in range(100):
        move(document, 1.0)
        document.mark()
        document.undo()
    document.mark()
    assert len(document._history._marks) <= 2


def test_listeners_hear_every_change_until_they_leave(document):
    heard, others = [], []
    leave = document.subscribe(heard.append)
    document.subscribe(others.append)
    move(document, 1.0)
    document.undo()
    leave()
    leave()
    document.redo()
    assert [change.updated[0].after.position[0] for change in heard] == [1.0, 0.0]
    assert len(others) == 3


def test_a_listener_may_change_the_document_and_all_hear_it_in_order(document):
    order = []

    def answer(change):
        order.append(("first", change.updated[0].after.position[0]))
        if x_of(document) == 1.0:
            move(document, 2.0)

    document.subscribe(answer)
    document.subscribe(lambda change: order.append(("second", change.updated[0].after.position[0])))
    move(document, 1.0)
    assert order == [("first", 1.0), ("second", 1.0), ("first", 2.0), ("second", 2.0)]


def test_a_listener_that_fails_does_not_keep_the_news_from_the_others(document):
    heard = []

    def fail(change):
        raise ZeroDivisionError("mine")

    document.subscribe(fail)
    document.subscribe(heard.append)
    with pytest.raises(ZeroDivisionError):
        move(document, 1.0)
    assert len(heard) == 1
    assert x_of(document) == 1.0
    document._listeners.remove(fail)
    document.undo()
    assert len(heard) == 2
