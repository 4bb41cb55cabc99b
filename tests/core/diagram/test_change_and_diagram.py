"""Change and Diagram: inverses, composition, the indexes, and refusal of what does not fit."""

import pytest

from core.diagram.change import Change, Update, change_between
from core.diagram.diagram import Diagram
from core.diagram.records import Frame, Node, Note, TrainingSettings, Wire, address
from core.errors import EditError

A, B, C = (Node(id=key, kind="k") for key in "abc")
MOVED = Node(id="a", kind="k", position=(1.0, 2.0))
WIRE = Wire(id="w1", source=("a", "output"), target=("b", "input"))


def diagram():
    return Diagram.build([A, B], [("a", "b")])


def test_build_counts_the_order_at_each_port():
    built = Diagram.build([A, B, C], [("a", "c"), ("b", "c"), (("a", "left"), ("c", "other"))])
    assert [(wire.source, wire.target, wire.order) for wire in built.incoming("c")] == [
        (("a", "output"), ("c", "input"), 0),
        (("b", "output"), ("c", "input"), 1),
        (("a", "left"), ("c", "other"), 0),
    ]
    assert [wire.id for wire in built.outgoing("a")] == ["w1", "w3"]
    assert built.incoming("nobody") == ()


def test_two_nodes_with_one_id_are_refused():
    with pytest.raises(EditError, match="Two nodes have the id 'a'"):
        Diagram.build([A, B, MOVED])


def test_every_record_has_an_address():
    settings = TrainingSettings(epochs=3)
    full = Diagram({"a": A}, {}, {"n": Note(id="n")}, {"f": Frame(id="f")}, settings)
    for record in (A, Note(id="n"), Frame(id="f"), settings):
        assert full.record(*address(record)) == record
    assert full.record("wires", "w1") is None


@pytest.mark.parametrize(
    "change",
    [
        Change(added=(C, Wire(id="w2", source=("b", "output"), target=("c", "input")))),
        Change(removed=(WIRE,)),
        Change(removed=(A, WIRE)),
        Change(updated=(Update(A, MOVED),)),
        Change(updated=(Update(WIRE, Wire(id="w1", source=("b", "output"), target=("a", "input"), order=4)),)),
        Change(updated=(Update(TrainingSettings(), TrainingSettings(seed=5)),)),
        Change(added=(Note(id="n"), Frame(id="f", nodes=("a",)))),
        Change(),
    ],
)
def test_the_inverse_leads_back(change):
    before = diagram()
    after = before.apply(change)
    assert after.apply(change.inverse()) == before
    assert after.apply(change.inverse())._incoming == before._incoming
    assert after.apply(change.inverse())._outgoing == before._outgoing
    assert change.inverse().inverse() == change
    assert not change.then(change.inverse())
    assert before == diagram()


def test_untouched_tables_and_tuples_are_shared():
    before = Diagram.build([A, B, C], [("a", "b"), ("b", "c")])
    after = before.apply(Change(updated=(Update(A, MOVED),)))
    assert after.wires is before.wires
    assert after._incoming is before._incoming
    after = before.apply(Change(removed=(before.wires["w1"],)))
    assert after.incoming("c") is before.incoming("c")
    assert after.incoming("b") == ()
    assert after.nodes is before.nodes


@pytest.mark.parametrize(
    "change",
    [
        Change(added=(A,)),
        Change(removed=(MOVED,)),
        Change(removed=(C,)),
        Change(updated=(Update(MOVED, A),)),
        Change(updated=(Update(TrainingSettings(seed=9), TrainingSettings()),)),
    ],
)
def test_a_change_that_does_not_fit_is_refused(change):
    with pytest.raises(EditError, match="not what this change expects"):
        diagram().apply(change)


def test_a_record_may_be_removed_and_added_in_one_change():
    after = diagram().apply(Change(removed=(A,), added=(MOVED,)))
    assert after.nodes["a"] == MOVED


def test_then_joins_what_touches_the_same_record():
    added, updated = Change(added=(C,)), Change(updated=(Update(C, Node(id="c", kind="other")),))
    assert added.then(updated) == Change(added=(Node(id="c", kind="other"),))
    assert updated.then(Change(removed=(Node(id="c", kind="other"),))) == Change(removed=(C,))
    twice = Change(updated=(Update(A, MOVED),)).then(Change(updated=(Update(MOVED, Node(id="a", kind="z")),)))
    assert twice == Change(updated=(Update(A, Node(id="a", kind="z")),))
    with pytest.raises(EditError, match="nodes c"):
        added.then(Change(removed=(Node(id="c", kind="other"),)))


def test_change_between_leaves_out_what_is_equal():
    assert not change_between([(A, A), (None, None)])
    assert change_between([(None, A), (B, None), (A, MOVED)]) == Change(
        added=(A,), removed=(B,), updated=(Update(A, MOVED),)
    )


def test_diagrams_are_compared_by_content_and_cannot_be_keys():
    assert diagram() == diagram()
    assert diagram() != Diagram()
    assert diagram() != "a diagram"
    with pytest.raises(TypeError):
        hash(diagram())
