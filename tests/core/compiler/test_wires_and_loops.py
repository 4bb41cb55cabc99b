"""Findings on wires that end where they cannot, and on wires that run in a circle."""

import pytest

from core.catalogue.registry import registered
from core.compiler.compile import compile_diagram
from core.diagram.diagram import Diagram
from core.diagram.records import Wire
from tests.diagrams import node
from tests.findings import ROW, Pause, clicked, codes, only


@pytest.mark.parametrize(
    ("source", "target", "part"),
    [
        (("nobody", "output"), ("y", "input"), "no such node"),
        (("h", "output"), ("nobody", "input"), "no such node"),
        (("h", "logits"), ("y", "input"), "no output called 'logits'"),
        (("h", "output"), ("y", "side"), "no input called 'side'"),
        (("loss", "output"), ("y", "input"), "no output called 'output'"),
        (("x", "output"), ("y", "input"), "takes one wire"),
        (("x", "output"), ("n", "input"), "two wires"),
    ],
)
def test_a_wire_that_cannot_be_is_removed(source, target, part):
    sound = Diagram.build(
        [
            node("x", "input"),
            node("h", "dense"),
            node("y", "dense", units=1),
            node("n", "neuron"),
            node("s", "add"),
            node("loss", "mean_squared_error"),
        ],
        [("x", "h"), ("h", "y"), ("x", "n"), ("y", "s"), ("n", "s"), ("s", "loss")],
    )
    wires = {**sound.wires, "w9": Wire(id="w9", source=source, target=target, order=9)}
    diagram = Diagram(nodes=dict(sound.nodes), wires=wires)
    finding = only(compile_diagram(diagram, ROW), "bad-wire")
    assert part in finding.message
    assert finding.wires == ("w9",)
    after = clicked(diagram, finding, "Remove the wire")
    assert after == sound
    assert compile_diagram(after, ROW).ok


def test_a_wire_to_an_unknown_kind_is_left_alone():
    diagram = Diagram.build([node("x", "input"), node("q", "quantum")], [(("x", "output"), ("q", "side"))])
    assert "bad-wire" not in codes(compile_diagram(diagram, ROW))


def test_a_loop_is_opened_at_the_wire_that_leads_back():
    diagram = Diagram.build(
        [
            node("x", "input"),
            node("a", "neuron", position=(200, 0)),
            node("b", "neuron", position=(400, 0), title="Echo"),
            node("loss", "mean_squared_error", position=(600, 0)),
        ],
        [("x", "a"), ("a", "b"), ("b", "a"), ("b", "loss")],
    )
    compilation = compile_diagram(diagram, ROW)
    finding = only(compilation, "loop")
    assert finding.message == "The wires run in a circle through a, Echo: each waits for the other, so none can begin."
    assert set(finding.nodes) == {"a", "b"}
    after = clicked(diagram, finding, "Remove the wire from Echo to a")
    assert compile_diagram(after, ROW).ok
    assert compilation.shapes == {("x", "output"): (2,)}


def test_a_node_that_reads_itself_is_a_loop():
    diagram = Diagram.build(
        [node("x", "input"), node("a", "neuron"), node("loss", "mean_squared_error")],
        [("x", "a"), ("a", "a"), ("a", "loss")],
    )
    finding = only(compile_diagram(diagram, ROW), "loop")
    assert "reads its own output" in finding.message
    assert compile_diagram(clicked(diagram, finding, "Remove the wire from a to a"), ROW).ok


def test_each_loop_is_reported_once_and_what_follows_it_is_not():
    diagram = Diagram.build(
        [node(key, "neuron") for key in "abcdefg"],
        [("a", "b"), ("b", "a"), ("b", "c"), ("c", "d"), ("d", "e"), ("e", "c"), ("e", "f"), ("f", "g")],
    )
    found = [set(item.nodes) for item in compile_diagram(diagram, ROW).errors if item.code == "loop"]
    assert sorted(map(sorted, found)) == [["a", "b"], ["c", "d", "e"]]


def test_a_kind_that_mends_loops_is_offered_on_the_wire_back():
    with registered(Pause()):
        diagram = Diagram.build([node("a", "neuron"), node("b", "neuron", position=(200, 0))], [("a", "b"), ("b", "a")])
        finding = only(compile_diagram(diagram, ROW), "loop")
        after = clicked(diagram, finding, "Insert Pause")
        (key,) = set(after.nodes) - set(diagram.nodes)
        assert [wire.source[0] for wire in after.incoming(key)] == ["b"]
        assert [wire.target[0] for wire in after.outgoing(key)] == ["a"]
