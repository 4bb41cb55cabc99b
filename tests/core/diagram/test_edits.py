"""The verbs, each applied to a small diagram, and what they do to what hangs on it."""

import pytest

from core.diagram import edits
from core.diagram.change import Change
from core.diagram.diagram import Diagram
from core.diagram.fragment import PASTE_OFFSET
from core.diagram.ids import FreshIds, natural
from core.diagram.records import Frame, Node, Note, Wire
from core.diagram.rules import check
from core.errors import EditError


@pytest.fixture
def diagram():
    built = Diagram.build(
        [Node(id=key, kind="dense", position=(x, 0.0)) for key, x in (("a", 0.0), ("b", 10.0), ("c", 20.0))],
        [("a", "b"), ("b", "c"), ("a", "c")],
    )
    note = Note(id="note1", text="look", target="b", position=(5.0, 50.0))
    frame = Frame(id="frame1", title="part", nodes=("a", "b"), position=(-10.0, -10.0))
    return built.apply(Change(added=(note, frame)))


def after(diagram, change):
    result = diagram.apply(change)
    assert check(result) is None
    assert result.apply(change.inverse()) == diagram
    return result


def test_add_node_takes_the_first_free_number(diagram):
    change, key = edits.add_node(diagram, "dense", (3.0, 4.0), "Title", {"units": 2})
    assert key == "dense1"
    node = after(diagram, change).nodes["dense1"]
    assert node == Node(id="dense1", kind="dense", title="Title", position=(3.0, 4.0), hyperparameters={"units": 2})
    assert edits.new_node_id(diagram.apply(change), "dense") == "dense2"


def test_ids_are_made_fit():
    assert edits.new_node_id(Diagram(), "max.pool 2d/ä") == "max-pool-2d--1"
    assert edits.new_node_id(Diagram(), "") == "node1"
    assert len(edits.new_node_id(Diagram(), "k" * 200)) == 49


def test_fresh_ids_are_not_given_twice(diagram):
    ids = FreshIds(diagram)
    assert [ids.wire(), ids.wire(), ids.node("a"), ids.node("a"), ids.note(), ids.frame()] == [
        "w4",
        "w5",
        "a1",
        "a2",
        "note2",
        "frame2",
    ]
    gap = diagram.apply(edits.disconnect(diagram, ["w2"]))
    assert FreshIds(gap).wire() == "w2"


def test_natural_order():
    assert sorted(["w10", "w2", "w1", "a", "w", "w2b", "10", "9"], key=natural) == [
        "9",
        "10",
        "a",
        "w",
        "w1",
        "w2",
        "w2b",
        "w10",
    ]
    assert natural("w01") != natural("w1")


def test_connect_comes_last_at_its_port(diagram):
    change = edits.connect(diagram, ("b", "other"), ("c", "input"))
    wire = change.added[0]
    assert (wire.id, wire.order) == ("w4", 2)
    assert after(diagram, change).incoming("c")[-1] == wire


def test_connect_can_replace_wires(diagram):
    result = after(diagram, edits.connect(diagram, ("a", "left"), ("c", "input"), replacing=["w2", "w2", "w3"]))
    assert [wire.source for wire in result.incoming("c")] == [("a", "left")]


def test_disconnect(diagram):
    assert set(after(diagram, edits.disconnect(diagram, ["w1", "w3", "w1"])).wires) == {"w2"}


def test_delete_takes_wires_along_and_lets_go_of_notes_and_frames(diagram):
    result = after(diagram, edits.delete(diagram, nodes=["b"], wires=["w1"]))
    assert set(result.nodes) == {"a", "c"}
    assert set(result.wires) == {"w3"}
    assert result.notes["note1"].target is None
    assert result.frames["frame1"].nodes == ("a",)


def test_delete_leaves_alone_what_does_not_name_the_node(diagram):
    change = edits.delete(diagram, nodes=["c"])
    assert not change.updated
    assert after(diagram, change).frames["frame1"].nodes == ("a", "b")


def test_delete_of_everything_at_once(diagram):
    result = after(diagram, edits.delete(diagram, ["a", "b", "c"], ["w1"], ["note1"], ["frame1"]))
    assert result == Diagram()


def test_a_self_wire_from_an_old_file_is_deleted_once():
    loop = Wire(id="w1", source=("a", "output"), target=("a", "input"))
    assert (
        Diagram({"a": Node(id="a", kind="k")}, {"w1": loop}).apply(
            edits.delete(Diagram({"a": Node(id="a", kind="k")}, {"w1": loop}), nodes=["a"])
        )
        == Diagram()
    )


def test_move_all_sorts(diagram):
    result = after(diagram, edits.move(diagram, {"c": (1.0, 1.0)}, notes={"note1": (2.0, 2.0)}))
    assert result.nodes["c"].position == (1.0, 1.0)
    assert result.notes["note1"].position == (2.0, 2.0)
    assert not edits.move(diagram, {"a": (0.0, 0.0)})
    assert not edits.move(diagram)


def test_a_frame_carries_its_nodes_unless_they_go_elsewhere(diagram):
    result = after(diagram, edits.move(diagram, {"b": (7.0, 7.0)}, frames={"frame1": (0.0, 5.0)}))
    assert result.frames["frame1"].position == (0.0, 5.0)
    assert result.nodes["a"].position == (10.0, 15.0)
    assert result.nodes["b"].position == (7.0, 7.0)
    assert result.nodes["c"].position == (20.0, 0.0)


def test_set_hyperparameter_of_one_or_several_and_back_to_the_default(diagram):
    result = after(diagram, edits.set_hyperparameter(diagram, ["a", "b"], "units", 3))
    assert result.nodes["a"].hyperparameters == result.nodes["b"].hyperparameters == {"units": 3}
    assert diagram.nodes["a"].hyperparameters == {}
    result = after(result, edits.set_hyperparameter(result, "a", "units", None))
    assert result.nodes["a"].hyperparameters == {}
    assert not edits.set_hyperparameter(result, "a", "units", None)


def test_titles_kinds_and_training(diagram):
    result = after(diagram, edits.set_title(diagram, "a", "Hidden"))
    assert result.nodes["a"].title == "Hidden"
    result = after(result, edits.replace_kind(result, "a", "relu", {"slope": 1}))
    assert (result.nodes["a"].kind, result.nodes["a"].title) == ("relu", "Hidden")
    assert result.nodes["a"].hyperparameters == {"slope": 1}
    result = after(result, edits.set_training(result, epochs=7, seed=2))
    assert (result.training.epochs, result.training.seed) == (7, 2)
    assert not edits.set_training(result, epochs=7)


def test_insert_on_wire_keeps_the_place_at_the_target(diagram):
    node = Node(id="n", kind="relu", position=(15.0, 0.0))
    result = after(diagram, edits.insert_on_wire(diagram, "w2", node))
    assert result.wires["w2"] == Wire(id="w2", source=("n", "output"), target=("c", "input"), order=0)
    assert result.incoming("n")[0].source == ("b", "output")
    assert [wire.id for wire in result.incoming("c")] == ["w2", "w3"]


def test_insert_a_node_that_is_already_there(diagram):
    lone = diagram.apply(edits.disconnect(diagram, ["w1", "w2"]))
    result = after(lone, edits.insert_on_wire(lone, "w3", lone.nodes["b"], input_port="in", output_port="out"))
    assert result.incoming("b")[0].target == ("b", "in")
    assert result.wires["w3"].source == ("b", "out")


def test_reattach_either_end(diagram):
    result = after(diagram, edits.reattach(diagram, "w1", source=("c", "output")))
    assert result.wires["w1"].source == ("c", "output")
    assert [wire.id for wire in result.outgoing("c")] == ["w1"]
    result = after(diagram, edits.reattach(diagram, "w1", ("c", "left"), ("a", "input")))
    assert result.wires["w1"] == Wire(id="w1", source=("c", "left"), target=("a", "input"), order=0)
    result = after(diagram, edits.reattach(diagram, "w1", ("a", "left"), ("c", "input")))
    assert result.wires["w1"].order == 2
    assert not edits.reattach(diagram, "w1", target=("b", "input"))
    assert not edits.reattach(diagram, "w1")


def test_notes_and_frames(diagram):
    change, key = edits.add_note(diagram, "Why?", (1.0, 2.0), "a")
    result = after(diagram, change)
    assert result.notes[key] == Note(id="note2", text="Why?", position=(1.0, 2.0), target="a")
    result = after(result, edits.update_note(result, key, text="Because.", target=None))
    assert result.notes[key].text == "Because."
    change, key = edits.add_frame(result, "Head", (0.0, 0.0), (10.0, 10.0), ["c"])
    result = after(result, change)
    assert result.frames[key] == Frame(id="frame2", title="Head", size=(10.0, 10.0), nodes=("c",))
    result = after(result, edits.update_frame(result, key, title="Tail"))
    assert result.frames[key].title == "Tail"


@pytest.mark.parametrize(
    "edit",
    [
        lambda diagram: edits.delete(diagram, nodes=["x"]),
        lambda diagram: edits.disconnect(diagram, ["x"]),
        lambda diagram: edits.update_note(diagram, "x", text=""),
        lambda diagram: edits.update_frame(diagram, "x", title=""),
        lambda diagram: edits.move(diagram, {"x": (0.0, 0.0)}),
    ],
)
def test_an_unknown_id_is_refused(diagram, edit):
    with pytest.raises(EditError, match="no entry 'x'"):
        edit(diagram)


def test_copy_takes_inner_wires_only(diagram):
    fragment = edits.copy(diagram, ["a", "b"], notes=["note1"], frames=["frame1"])
    assert [wire.id for wire in fragment.wires] == ["w1"]
    assert fragment.notes[0].target == "b"
    assert fragment.frames[0].nodes == ("a", "b")
    fragment = edits.copy(diagram, ["a"], notes=["note1"], frames=["frame1"])
    assert not fragment.wires
    assert fragment.notes[0].target is None
    assert fragment.frames[0].nodes == ("a",)
    assert not edits.copy(diagram)
    assert fragment


def test_paste_gives_fresh_ids_and_an_offset(diagram):
    fragment = edits.copy(diagram, ["a", "b"], notes=["note1"], frames=["frame1"])
    change = edits.paste(diagram, fragment)
    result = after(diagram, change)
    nodes = [record for record in change.added if isinstance(record, Node)]
    assert [node.id for node in nodes] == ["dense1", "dense2"]
    assert nodes[0].position == PASTE_OFFSET
    assert result.incoming("dense2")[0].source == ("dense1", "output")
    assert result.notes["note2"].target == "dense2"
    assert result.frames["frame2"].nodes == ("dense1", "dense2")
    again = after(result, edits.paste(result, fragment))
    assert len(again.nodes) == 7


def test_paste_at_a_place_puts_the_upper_left_corner_there(diagram):
    fragment = edits.copy(diagram, ["b", "c"], notes=["note1"])
    change = edits.paste(Diagram(), fragment, at=(100.0, 200.0))
    result = after(Diagram(), change)
    assert [node.position for node in result.nodes.values()] == [(105.0, 200.0), (115.0, 200.0)]
    assert result.notes["note1"].position == (100.0, 250.0)
    assert not edits.paste(diagram, edits.Fragment(), at=(0.0, 0.0))
