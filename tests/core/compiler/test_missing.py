"""Findings on what a diagram lacks: data, inputs, losses, wires; and on what is there in vain."""

import pytest

from core.catalogue.hyperparameters import parse
from core.catalogue.kind import Task
from core.catalogue.registry import find_kind, registered
from core.compiler.compile import compile_diagram
from core.compiler.data_spec import DataSpec
from core.compiler.diagnostics import Severity
from core.compiler.passes import reach
from core.diagram.diagram import Diagram
from tests.diagrams import branches, hand_wired, node, pictures
from tests.findings import ROW, Gate, chain, clicked, codes, only


def test_a_sound_diagram_has_no_findings():
    for diagram, spec in (pictures(), hand_wired()):
        assert compile_diagram(diagram, spec).diagnostics == ()


def test_severities_go_where_they_belong():
    compilation = compile_diagram(chain(node("x", "input"), node("h", "dense")), ROW)
    assert all(item.severity is Severity.ERROR for item in compilation.errors)
    assert not compilation.ok
    assert compilation.plan is None
    diagram, spec = branches()
    compilation = compile_diagram(diagram, spec)
    assert [item.code for item in compilation.warnings] == ["unreachable"]
    assert compilation.ok


def test_an_empty_canvas_wants_an_input_and_a_loss():
    compilation = compile_diagram(Diagram(), ROW)
    assert codes(compilation) == ["no-input", "no-loss"]
    after = clicked(Diagram(), only(compilation, "no-input"), "Add Input")
    assert [each.kind for each in after.nodes.values()] == ["input"]


def test_an_input_is_added_before_what_has_none():
    diagram = chain(node("h", "dense", units=1), node("loss", "mean_squared_error"))
    after = clicked(diagram, only(compile_diagram(diagram, ROW), "no-input"), "Add Input")
    added = next(key for key in after.nodes if key not in diagram.nodes)
    assert after.nodes[added].position[0] < diagram.nodes["h"].position[0]
    assert compile_diagram(after, DataSpec({added: (2,)}, ROW.targets)).diagnostics == ()


@pytest.mark.parametrize(
    ("task", "title"),
    [
        (Task.REGRESSION, "Mean squared error"),
        (Task.BINARY, "Binary cross-entropy"),
        (Task.CLASSES, "Categorical cross-entropy"),
        (None, "Mean squared error"),
    ],
)
def test_the_loss_that_suits_the_task_is_added_behind_the_last_node(task, title):
    diagram = chain(node("x", "input"), node("h", "dense", units=4), node("y", "dense", units=1, activation="sigmoid"))
    finding = only(compile_diagram(diagram, DataSpec({"x": (2,)}, task=task)), "no-loss")
    assert finding.nodes == ("y",)
    after = clicked(diagram, finding, f"Add {title}")
    added = next(key for key in after.nodes if key not in diagram.nodes)
    assert after.nodes[added].position[0] > diagram.nodes["y"].position[0]
    assert [wire.source for wire in after.incoming(added)] == [("y", "output")]
    assert compile_diagram(after, DataSpec({"x": (2,)}, {added: (1,)})).ok


def test_the_loss_is_wired_to_an_input_only_where_there_is_nothing_else():
    alone = Diagram.build([node("x", "input")])
    after = clicked(alone, only(compile_diagram(alone, ROW), "no-loss"), "Add Mean squared error")
    assert len(after.wires) == 1
    two = Diagram.build([node("h", "dense"), node("x", "input", position=(900, 0))])
    after = clicked(two, only(compile_diagram(two, ROW), "no-loss"), "Add Mean squared error")
    assert [wire.source[0] for wire in after.wires.values()] == ["h"]


def test_a_loss_is_added_without_wire_where_no_output_is_free():
    diagram = Diagram.build([node("a", "relu"), node("b", "relu")], [("a", "b"), ("b", "a")])
    after = clicked(diagram, only(compile_diagram(diagram, ROW), "no-loss"), "Add Mean squared error")
    assert len(after.nodes) == 3
    assert len(after.wires) == 2


def test_without_data_there_is_one_sentence():
    diagram, _ = pictures()
    compilation = compile_diagram(diagram, None)
    assert codes(compilation) == ["no-data"]
    assert compilation.shapes == {}


def test_data_for_another_diagram_is_named():
    diagram, spec = pictures()
    assert only(compile_diagram(diagram, DataSpec({}, spec.targets)), "no-data").nodes == ("picture",)
    assert only(compile_diagram(diagram, DataSpec(spec.inputs, {})), "no-data").nodes == ("loss",)


def test_samples_without_an_axis_are_refused():
    diagram = chain(node("x", "input"), node("y", "neuron"), node("loss", "mean_squared_error"))
    finding = only(compile_diagram(diagram, DataSpec({"x": ()}, {"loss": (1,)})), "bad-data")
    assert "(samples, columns)" in finding.message


def test_a_column_that_is_not_there_can_be_given_up():
    diagram = chain(node("x", "input", columns="z"), node("y", "dense", units=1), node("loss", "mean_squared_error"))
    spec = DataSpec(ROW.inputs, ROW.targets, problems={"x": "Line has no column 'z'."})
    finding = only(compile_diagram(diagram, spec), "bad-column")
    assert finding.message == "Line has no column 'z'."
    after = clicked(diagram, finding, "Take all columns")
    assert find_kind("input").columns(parse(find_kind("input"), after.nodes["x"].hyperparameters)) == ()


def test_a_missing_wire_is_offered_from_the_nearest_free_output_on_the_left():
    diagram = Diagram.build(
        [
            node("x", "input", position=(0, 0)),
            node("far", "dense", position=(100, 300)),
            node("near", "dense", position=(200, 0), title="Hidden"),
            node("right", "dense", position=(420, 0)),
            node("y", "dense", position=(400, 0), units=1),
            node("loss", "mean_squared_error", position=(600, 0)),
        ],
        [("x", "far"), ("x", "near"), ("x", "right"), ("y", "loss")],
    )
    finding = only(compile_diagram(diagram, ROW), "missing-input")
    assert finding.nodes == ("y",)
    assert "Dense" in finding.message
    after = clicked(diagram, finding, "Connect Hidden to it")
    assert compile_diagram(after, ROW).ok


def test_a_missing_wire_may_come_from_an_input_that_is_read_already():
    diagram = Diagram.build(
        [
            node("x", "input"),
            node("a", "dense"),
            node("b", "dense"),
            node("s", "add"),
            node("loss", "mean_squared_error"),
        ],
        [("x", "a"), ("a", "s"), ("b", "s"), ("s", "loss")],
    )
    spec = DataSpec({"x": (2,)}, {"loss": (8,)})
    after = clicked(diagram, only(compile_diagram(diagram, spec), "missing-input"), "Connect Input to it")
    assert compile_diagram(after, spec).ok


def test_no_wire_is_offered_that_would_close_a_loop():
    diagram = chain(node("a", "dense"), node("b", "relu"))
    assert [fix.title for fix in only(compile_diagram(diagram, ROW), "missing-input").fixes] == []


def test_a_diamond_is_walked_once():
    diagram = Diagram.build(
        [node("a", "dense"), node("b", "relu"), node("c", "tanh"), node("s", "add")],
        [("a", "b"), ("a", "c"), ("b", "s"), ("c", "s")],
    )
    assert only(compile_diagram(diagram, ROW), "missing-input").fixes == ()


def test_a_missing_wire_names_its_port_where_there_are_several():
    with registered(Gate()):
        diagram = Diagram.build(
            [node("x", "input"), node("g", "gate"), node("loss", "mean_squared_error")], [("x", "g"), ("g", "loss")]
        )
        finding = only(compile_diagram(diagram, ROW), "missing-input")
        assert "at Opening" in finding.message
        assert [fix.title for fix in finding.fixes] == ["Connect Input to it"]


def test_a_node_that_leads_nowhere_can_be_deleted():
    diagram, spec = branches()
    finding = only(compile_diagram(diagram, spec), "unreachable")
    assert finding.nodes == ("aside",)
    after = clicked(diagram, finding, "Delete it")
    assert compile_diagram(after, spec).diagnostics == ()


def test_a_node_that_nobody_wired_is_only_a_warning():
    diagram, spec = hand_wired()
    grown = Diagram(nodes={**diagram.nodes, "new": node("new", "dense", position=(900, 0))}, wires=dict(diagram.wires))
    finding = only(compile_diagram(grown, spec), "unreachable")
    assert finding.severity is Severity.WARNING
    assert [fix.title for fix in finding.fixes][-1] == "Delete it"
    assert clicked(grown, finding, "Delete it") == diagram


def test_offers_of_wires_end_where_nobody_would_read_them(monkeypatch):
    monkeypatch.setattr(reach, "OFFERS_AT_MOST", 2)
    diagram = Diagram.build([node("x", "input"), *(node(key, "dense") for key in "abc")])
    found = [item for item in compile_diagram(diagram, ROW).errors if item.code == "missing-input"]
    assert [len(item.fixes) for item in found] == [1, 1, 0]
