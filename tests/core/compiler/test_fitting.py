"""Findings on what does not fit: unknown kinds, settings, shapes, sizes."""

from dataclasses import replace
from itertools import pairwise

import pytest

from core.catalogue.kind import SourceKind
from core.catalogue.registry import find_kind, registered
from core.compiler.compile import compile_diagram
from core.compiler.data_spec import DataSpec
from core.compiler.diagnostics import Severity
from core.compiler.passes import check_size
from core.diagram.diagram import Diagram
from core.diagram.edits import move
from core.diagram.records import TrainingSettings, Wire
from tests.diagrams import node, pictures
from tests.findings import CLASSES, PICTURES, ROW, Gate, Sorter, chain, clicked, codes, only


def test_an_unknown_kind_is_kept_and_named():
    diagram = chain(node("x", "input"), node("q", "quantum", title="Box"), node("loss", "mean_squared_error"))
    compilation = compile_diagram(diagram, ROW)
    finding = only(compilation, "unknown-kind")
    assert "'quantum'" in finding.message
    assert "'Box'" in finding.message
    assert codes(compilation) == ["unknown-kind"]
    assert compilation.shapes == {("x", "output"): (2,)}
    assert set(clicked(diagram, finding, "Delete it").nodes) == {"x", "loss"}


def test_a_bad_hyperparameter_goes_back_to_its_default_and_the_others_stay():
    values = {"units": 0, "activation": "tanh", "colour": "red"}
    diagram = chain(node("x", "input"), node("y", "dense", **values), node("loss", "mean_squared_error"))
    finding = only(compile_diagram(diagram, ROW), "bad-hyperparameter")
    assert finding.message == "Dense: Units is 0; it must be a whole number from 1 to 4,096."
    after = clicked(diagram, finding, "Reset to default")
    assert after.nodes["y"].hyperparameters == {"activation": "tanh"}


def test_shapes_are_known_up_to_an_error():
    diagram = chain(
        node("x", "input"),
        node("a", "dense", units=5),
        node("b", "dense", units=-1),
        node("loss", "mean_squared_error"),
    )
    compilation = compile_diagram(diagram, ROW)
    assert compilation.shapes == {("x", "output"): (2,), ("a", "output"): (5,)}
    assert compilation.node_parameters == {"a": 15}
    assert codes(compilation) == ["bad-hyperparameter"]


@pytest.mark.parametrize("kind", ["dense", "neuron"])
def test_a_picture_is_flattened(kind):
    diagram = chain(node("x", "input"), node("y", kind), node("loss", "mean_squared_error"))
    spec = DataSpec({"x": (8, 8, 1)}, {"loss": (8,) if kind == "dense" else (1,)})
    finding = only(compile_diagram(diagram, spec), "shape-mismatch")
    assert "this is an 8 x 8 x 1 stack" in finding.message
    assert finding.wires == tuple(diagram.wires)[:1]
    after = clicked(diagram, finding, "Insert Flatten")
    assert compile_diagram(after, spec).ok


def test_only_the_wires_with_pictures_are_flattened():
    diagram = Diagram.build(
        [node("x", "input"), node("v", "input"), node("y", "neuron"), node("loss", "mean_squared_error")],
        [("x", "y"), ("v", "y"), ("y", "loss")],
    )
    spec = DataSpec({"x": (2, 2, 1), "v": (3,)}, {"loss": (1,)})
    after = clicked(diagram, only(compile_diagram(diagram, spec), "shape-mismatch"), "Insert Flatten")
    assert [each.kind for each in after.nodes.values()].count("flatten") == 1
    assert compile_diagram(after, spec).node_parameters["y"] == 4 + 3 + 1


def test_what_nothing_mends_is_said_without_fix():
    diagram = Diagram.build(
        [
            node("x", "input"),
            node("a", "dense", units=3),
            node("b", "dense", units=4),
            node("s", "add"),
            node("loss", "mean_squared_error"),
        ],
        [("x", "a"), ("x", "b"), ("a", "s"), ("b", "s"), ("s", "loss")],
    )
    finding = only(compile_diagram(diagram, ROW), "shape-mismatch")
    assert (
        finding.message == "Add goes through its inputs place by place, so they must have one shape; these are 3 and 4."
    )
    assert finding.fixes == ()


def test_a_shape_error_off_the_way_to_a_loss_does_not_keep_it_from_training():
    diagram = chain(
        node("x", "input"), node("row", "flatten"), node("y", "dense", units=10), node("loss", "mean_squared_error")
    )
    aside = node("aside", "dense")
    wires = {**diagram.wires, "w9": Wire(id="w9", source=("x", "output"), target=("aside", "input"))}
    compilation = compile_diagram(Diagram(nodes={**diagram.nodes, "aside": aside}, wires=wires), PICTURES)
    assert compilation.ok
    assert only(compilation, "shape-mismatch").severity is Severity.WARNING


def test_a_kind_can_propose_settings_that_mend_a_shape():
    with registered(Gate()):
        diagram = Diagram.build(
            [node("x", "input"), node("g", "gate", strict=True), node("loss", "mean_squared_error")],
            [("x", "g"), ("x", ("g", "opening")), ("g", "loss")],
        )
        spec = DataSpec({"x": (2,)}, {"loss": (2,)})
        finding = only(compile_diagram(diagram, spec), "too-strict")
        after = clicked(diagram, finding, "Be lenient")
        assert compile_diagram(after, spec).ok


def test_the_number_of_units_is_set_to_the_number_of_classes():
    diagram = chain(
        node("x", "input"), node("h", "dense", activation="relu"), node("y", "dense", units=8, activation="softmax"),
        node("loss", "categorical_cross_entropy"),
    )  # fmt: skip
    finding = only(compile_diagram(diagram, CLASSES), "output-size")
    assert finding.message == "Categorical cross-entropy gets 8 values to compare, and Iris has 3 classes."
    assert finding.nodes == ("y", "loss")
    after = clicked(diagram, finding, "Set units to 3")
    assert after.nodes["y"].hyperparameters == {"units": 3, "activation": "softmax"}
    assert compile_diagram(after, CLASSES).diagnostics == ()


def test_the_layer_that_decides_may_stand_further_back():
    diagram = chain(
        node("x", "input"), node("y", "dense", units=8), node("d", "dropout"), node("s", "softmax"),
        node("loss", "categorical_cross_entropy"),
    )  # fmt: skip
    after = clicked(diagram, only(compile_diagram(diagram, CLASSES), "output-size"), "Set units to 3")
    assert after.nodes["y"].hyperparameters["units"] == 3
    assert compile_diagram(after, CLASSES).ok


@pytest.mark.parametrize("kinds", [["neuron"], ["sigmoid"], ["concatenate"], []])
def test_where_nothing_can_be_set_a_layer_is_inserted(kinds):
    nodes = [node("x", "input"), *(node(kind, kind) for kind in kinds), node("loss", "mean_squared_error")]
    diagram = chain(*nodes)
    finding = only(compile_diagram(diagram, CLASSES), "output-size")
    after = clicked(diagram, finding, "Insert Dense with 3 units")
    assert compile_diagram(after, CLASSES).ok


def test_a_layer_that_others_read_too_keeps_its_size():
    diagram = Diagram.build(
        [
            node("x", "input"),
            node("h", "dense", units=8),
            node("loss", "mean_squared_error"),
            node("loss2", "mean_squared_error"),
        ],
        [("x", "h"), ("h", "loss"), ("h", "loss2")],
    )
    spec = DataSpec({"x": (2,)}, {"loss": (3,), "loss2": (8,)})
    finding = only(compile_diagram(diagram, spec), "output-size")
    assert [fix.title for fix in finding.fixes] == ["Insert Dense with 3 units"]


def test_a_size_beyond_the_range_is_not_offered():
    spec = DataSpec({"x": (2,)}, {"loss": (5000,)})
    diagram = chain(node("x", "input"), node("y", "dense"), node("loss", "mean_squared_error"))
    finding = only(compile_diagram(diagram, spec), "output-size")
    assert (
        finding.message == "Mean squared error gets 8 values to compare, and each target of the data is 5,000 values."
    )
    assert finding.fixes == ()


def test_a_picture_before_a_loss_is_flattened():
    diagram = chain(node("x", "input"), node("loss", "mean_squared_error"))
    finding = only(compile_diagram(diagram, DataSpec({"x": (2, 2, 1)}, {"loss": (4,)})), "output-size")
    assert "gets a 2 x 2 x 1 stack" in finding.message
    after = clicked(diagram, finding, "Insert Flatten")
    assert compile_diagram(after, DataSpec({"x": (2, 2, 1)}, {"loss": (4,)})).ok


def test_targets_that_are_pictures_are_described():
    diagram = chain(node("x", "input"), node("y", "dense"), node("loss", "mean_squared_error"))
    finding = only(compile_diagram(diagram, DataSpec({"x": (2,)}, {"loss": (2, 2, 1)})), "output-size")
    assert finding.message.endswith("each target of the data is a 2 x 2 x 1 stack.")
    assert finding.fixes == ()


def test_a_row_that_is_compared_with_a_picture_is_laid_out_as_one():
    spec = DataSpec({"x": (2, 2, 1)}, {"loss": (2, 2, 1)})
    diagram = chain(
        node("x", "input"), node("f", "flatten"), node("y", "dense", units=4), node("loss", "mean_squared_error")
    )
    after = clicked(diagram, only(compile_diagram(diagram, spec), "output-size"), "Insert Reshape")
    assert compile_diagram(after, spec).ok


def test_a_network_beyond_what_a_project_holds_names_its_largest_node(monkeypatch):
    monkeypatch.setattr(check_size, "MAX_PARAMETERS", 2409)
    diagram, spec = pictures()
    finding = only(compile_diagram(diagram, spec), "too-large")
    assert "2,410 parameters" in finding.message
    assert finding.nodes == ("hidden",)
    monkeypatch.setattr(check_size, "MAX_PARAMETERS", 2410)
    assert compile_diagram(diagram, spec).ok


def test_memory_beyond_a_quarter_of_the_machine_is_refused_with_the_node_that_takes_most(monkeypatch):
    diagram, spec = pictures()
    spec = replace(spec, samples=100)
    values = {"picture": 65, "row": 65, "hidden": 2 * 33, "thinned": 33, "classes": 2 * 11, "loss": 11 + 2}
    # Beside values and gradients.
    kept = {"row": 4 * 64, "hidden": 4 * 32, "thinned": 4 * 32, "classes": 4 * 10, "loss": 10 * 10}
    # Float32 for the batch of 32 to learn from, and half as much for each of the 100 to look at.
    per_value = 4 * (32 + 100 // 2)
    needed = 44 * 2410 + per_value * (2 * sum(values.values()) + sum(kept.values()))
    compilation = compile_diagram(diagram, spec)
    assert compilation.memory == sum(compilation.node_memory.values()) == needed
    assert compilation.node_memory["classes"] == 44 * 330 + per_value * (2 * 22 + 40)
    monkeypatch.setattr(check_size, "room_for_training", lambda: needed)
    assert compile_diagram(diagram, spec).ok
    monkeypatch.setattr(check_size, "room_for_training", lambda: needed - 1)
    finding = only(compile_diagram(diagram, spec), "too-large")
    assert "takes about 0.5 MiB of memory" in finding.message
    assert finding.nodes == ("hidden",)
    monkeypatch.setattr(check_size, "room_for_training", lambda: None)
    assert compile_diagram(diagram, spec).ok


@pytest.mark.parametrize(("samples", "refused"), [(400, False), (200_000_000, True), (None, False)])
def test_a_batch_counts_up_to_the_samples_there_are(monkeypatch, samples, refused):
    monkeypatch.setattr(check_size, "room_for_training", lambda: 4 * 2**30)
    diagram, spec = pictures()
    huge = Diagram(dict(diagram.nodes), dict(diagram.wires), training=TrainingSettings(batch_size=10**9))
    compilation = compile_diagram(huge, replace(spec, samples=samples))
    assert compilation.ok is not refused
    if refused:
        assert "GiB" in only(compilation, "too-large").message


def test_shapes_that_grow_without_end_are_stopped_before_they_cannot_be_written():
    names = [f"c{number}" for number in range(19_000)]
    places = ["x", *names]
    wires = [(source, node) for index, node in enumerate(names) for source in places[max(0, index - 2) : index + 1]]
    diagram = Diagram.build(
        [node("x", "input"), *(node(name, "concatenate") for name in names), node("y", "dense"), node("l", "add")],
        [*wires, (names[-1], "y"), ("y", "l")],
    )
    compilation = compile_diagram(diagram, ROW)
    grown = [item for item in compilation.errors if item.code == "too-large"]
    assert "more than 50,000,000 values for every sample" in grown[0].message
    assert max(shape[0] for shape in compilation.shapes.values()) <= 50_000_000
    assert "Add" not in [kind for finding in grown for kind in finding.nodes]


@pytest.mark.parametrize("shape", [(0,), (-1,), (2, 0), (2.5,)])
def test_samples_without_values_are_refused(shape):
    diagram = chain(node("x", "input"), node("y", "dense", units=1), node("loss", "mean_squared_error"))
    finding = only(compile_diagram(diagram, DataSpec({"x": shape}, {"loss": (1,)})), "bad-data")
    assert "a whole number from 1" in finding.message


def test_roles_that_the_compiler_fulfils_itself_are_not_asked():
    source, loss = find_kind("input"), find_kind("mean_squared_error")
    assert isinstance(source, SourceKind)
    for call in (
        lambda: source.infer_shape(None, {}),
        lambda: source.lower(None, {}, None),
        lambda: loss.lower(None, {}, None),
    ):
        with pytest.raises(AssertionError):
            call()


def test_a_remedy_that_cannot_stand_in_a_wire_is_not_offered():
    with registered(Sorter()):
        diagram = chain(node("x", "input"), node("loss", "mean_squared_error"))
        finding = only(compile_diagram(diagram, DataSpec({"x": (2, 2, 1)}, {"loss": (4,)})), "output-size")
        assert [fix.title for fix in finding.fixes] == ["Insert Flatten"]


def test_a_node_with_two_outputs_gives_a_value_at_each():
    with registered(Sorter()):
        diagram = Diagram.build(
            [
                node("x", "input"),
                node("s", "sorter"),
                node("y", "add"),
                node("z", "neuron"),
                node("loss", "mean_squared_error"),
            ],
            [("x", "s"), ("x", ("s", "opening")), ("s", "y"), (("s", "right"), "y"), ("y", "z"), ("z", "loss")],
        )
        compilation = compile_diagram(diagram, ROW)
        assert compilation.ok
        assert compilation.shapes["s", "right"] == (2,)


def test_a_mend_leaves_wires_to_be_seen_on_both_sides():
    before = chain(node("x", "input"), node("y", "dense"), node("loss", "mean_squared_error"))
    places = {"x": (0.0, 0.0), "y": (230.0, 0.0), "loss": (460.0, 0.0)}
    diagram = before.apply(move(before, places))
    finding = next(item for item in compile_diagram(diagram, PICTURES).errors if item.fixes)
    after = clicked(diagram, finding, "Insert Flatten")
    (added,) = set(after.nodes) - set(diagram.nodes)
    across = [after.nodes[key].position[0] for key in ("x", added, "y", "loss")]
    card = 168
    assert all(right - left - card >= 40 for left, right in pairwise(across))


def test_an_added_loss_lies_on_no_other_node():
    nodes = [node("x", "input"), node("y", "dense"), node("z", "dense")]
    places = {"x": (0.0, 0.0), "y": (230.0, 0.0), "z": (470.0, 10.0)}
    before = Diagram.build(nodes, [("x", "y"), ("x", "z")], training=TrainingSettings())
    diagram = before.apply(move(before, places))
    finding = only(compile_diagram(diagram, ROW), "no-loss")
    after = clicked(diagram, finding, finding.fixes[0].title)
    (added,) = set(after.nodes) - set(diagram.nodes)
    x, y = after.nodes[added].position
    assert all(abs(x - left) > 168 or abs(y - top) > 130 for left, top in places.values())
