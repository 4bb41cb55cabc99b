"""What the compiler makes of sound diagrams; whole plans are compared with files in ``tests/data/plans``.

Where a plan changes on purpose, delete its file, run this test once, and read the new file before you keep it.
"""

import itertools
from pathlib import Path

import msgspec
import pytest

from core.catalogue.kind import Task
from core.compiler.compile import compile_diagram
from core.compiler.data_spec import DataSpec
from core.diagram.diagram import Diagram
from core.model.model import Model
from core.ops.activations import Sigmoid
from core.ops.losses import (
    BinaryCrossEntropy,
    BinaryCrossEntropyFromLogits,
    CategoricalCrossEntropyFromLogits,
    MeanSquaredError,
)
from core.ops.structure import Concatenate
from tests.diagrams import DIAGRAMS, branches, hand_wired, node, pictures, unfused
from tests.drawn_cells import cell_node, cell_spec, hand_drawn_lstm
from tests.loops import LOOPS

FOLDER = Path(__file__).parents[2] / "data" / "plans"


def convolution() -> tuple[Diagram, DataSpec]:
    """Pictures through a convolution, pooling and normalisation, around which a wire runs to the end."""
    diagram = Diagram.build(
        [
            node("picture", "input"),
            node("c", "convolution_2d", channels=4, activation="relu"),
            node("p", "max_pool"),
            node("n", "batch_normalisation"),
            node("flat", "flatten"),
            node("all", "flatten"),
            node("both", "concatenate"),
            node("y", "dense", units=10, activation="softmax"),
            node("loss", "categorical_cross_entropy"),
        ],
        [
            *(("picture", "c"), ("c", "p"), ("p", "n"), ("n", "flat"), ("flat", "both")),
            *(("picture", "all"), ("all", "both"), ("both", "y"), ("y", "loss")),
        ],
    )
    return diagram, DataSpec({"picture": (8, 8, 1)}, {"loss": (10,)}, task=Task.CLASSES)


PRINTED = {
    **DIAGRAMS,
    **LOOPS,
    "convolution": convolution,
    "hand_drawn_lstm": lambda: (hand_drawn_lstm(4), cell_spec(7, 3)),
    "lstm": lambda: (cell_node("lstm", 4), cell_spec(7, 3)),
}


@pytest.mark.parametrize("name", PRINTED)
def test_the_printed_plan_is_as_it_was(name):
    plan = compile_diagram(*PRINTED[name]()).plan
    file = FOLDER / f"{name}.txt"
    if not file.exists():
        file.write_text(plan.table() + "\n", encoding="utf-8")
        pytest.fail(f"{file.name} was not there and has been written: read it, and run the test again")
    assert plan.table() + "\n" == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PRINTED)
def test_rows_are_json_and_say_what_the_table_says(name):
    plan = compile_diagram(*PRINTED[name]()).plan
    rows = plan.rows()
    assert msgspec.json.decode(msgspec.json.encode(rows)) == rows
    assert all(set(row) == {"op", "node", "inputs", "output", "shape", "parameters"} for row in rows)
    assert sum(row["parameters"] for row in rows) == plan.num_parameters
    table = plan.table()
    assert all(name in table for name in Model(plan).parameters)
    assert all(f" {row['op']} " in table and f" {row['node']} " in table for row in rows)


def test_neurons_that_read_the_same_wires_share_one_row():
    steps = unfused(*hand_wired()).steps
    joins = [step for step in steps if isinstance(step.op, Concatenate)]
    assert [len(step.inputs) for step in joins] == [2, 2]
    readers = [step.node for step in steps if joins[0].output in step.inputs]
    assert readers == ["h1", "h2"]


def test_a_neuron_with_one_wire_joins_nothing():
    diagram = Diagram.build(
        [node("x", "input"), node("y", "neuron"), node("loss", "mean_squared_error")], [("x", "y"), ("y", "loss")]
    )
    plan = compile_diagram(diagram, DataSpec({"x": (3,)}, {"loss": (1,)})).plan
    assert [step.op.name for step in plan.steps] == ["linear", "sigmoid", "mean_squared_error"]


def test_wires_of_a_neuron_keep_their_order():
    diagram, spec = hand_wired()
    wires = {key: msgspec.structs.replace(wire, order=-wire.order) for key, wire in diagram.wires.items()}
    turned = Diagram(nodes=dict(diagram.nodes), wires=wires)
    slots = {binding.node: binding.slot for binding in compile_diagram(turned, spec).plan.inputs}
    plan = compile_diagram(turned, spec).plan
    assert plan.steps[0].inputs == (slots["x2"], slots["x1"])


def test_the_columns_of_an_input_are_passed_on():
    plan = compile_diagram(*hand_wired()).plan
    assert {binding.node: binding.columns for binding in plan.inputs} == {"x1": (0,), "x2": (1,)}
    assert compile_diagram(*pictures()).plan.inputs[0].columns is None


@pytest.mark.parametrize(
    ("last", "loss", "op"),
    [
        ([("y", "neuron", {"activation": "sigmoid"})], "binary_cross_entropy", BinaryCrossEntropyFromLogits),
        ([("y", "dense", {"units": 1, "activation": "sigmoid"})], "binary_cross_entropy", BinaryCrossEntropyFromLogits),
        ([("z", "dense", {"units": 1}), ("y", "sigmoid", {})], "binary_cross_entropy", BinaryCrossEntropyFromLogits),
        ([("y", "dense", {"units": 1, "activation": "tanh"})], "binary_cross_entropy", BinaryCrossEntropy),
        ([("z", "neuron", {}), ("y", "dropout", {})], "binary_cross_entropy", BinaryCrossEntropy),
        ([("y", "dense", {"units": 1, "activation": "softmax"})], "categorical_cross_entropy", CategoricalCrossEntropyFromLogits),
        ([("z", "dense", {"units": 1}), ("y", "softmax", {})], "categorical_cross_entropy", CategoricalCrossEntropyFromLogits),
        ([("y", "neuron", {})], "mean_squared_error", MeanSquaredError),
    ],
)  # fmt: skip
def test_cross_entropy_looks_behind_the_squashing(last, loss, op):
    chain = ["x", *(key for key, _, _ in last), "loss"]
    nodes = [node("x", "input"), *(node(key, kind, **values) for key, kind, values in last), node("loss", loss)]
    diagram = Diagram.build(nodes, itertools.pairwise(chain))
    plan = compile_diagram(diagram, DataSpec({"x": (2,)}, {"loss": (1,)})).plan
    step = plan.steps[plan.losses[0].step]
    assert type(step.op) is op
    assert plan.losses[0].prediction_slot == plan.outputs["y"]
    assert (step.inputs[0] != plan.outputs["y"]) == op.__name__.endswith("FromLogits")
    assert plan.predictions == ("y",)


def test_several_losses_keep_their_weights():
    plan = compile_diagram(*branches()).plan
    assert {loss.node: loss.weight for loss in plan.losses} == {"yes_or_no": 2.0, "how_much": 0.5}
    assert {loss.node: plan.steps[loss.step].op.weight for loss in plan.losses} == {"yes_or_no": 2.0, "how_much": 0.5}


def test_predictions_are_what_feeds_a_loss_or_nothing():
    assert set(compile_diagram(*branches()).plan.predictions) == {"y", "squashed", "aside"}


def test_a_prediction_may_be_the_input_itself():
    diagram = Diagram.build([node("x", "input"), node("loss", "mean_squared_error")], [("x", "loss")])
    compilation = compile_diagram(diagram, DataSpec({"x": (2,)}, {"loss": (2,)}))
    assert compilation.plan.predictions == ("x",)
    assert [item.code for item in compilation.warnings] == ["nothing-to-train"]


def test_gradients_go_only_where_they_are_needed():
    plan = compile_diagram(*branches()).plan
    wanted = {slot.index: slot.needs_gradient for slot in plan.slots}
    assert not wanted[plan.outputs["x"]]
    assert not wanted[plan.outputs["aside"]]
    assert not wanted[plan.outputs["squashed"]]
    assert all(wanted[plan.outputs[key]] for key in ("first", "second", "sum", "gate", "product", "joined", "y"))
    assert not any(wanted[loss.target_slot] for loss in plan.losses)


def test_what_a_loss_does_not_need_behind_the_logits_is_still_shown():
    plan = compile_diagram(*hand_wired()).plan
    assert any(isinstance(step.op, Sigmoid) and step.output == plan.outputs["y"] for step in plan.steps)


def test_counts_are_those_of_the_textbook():
    compilation = compile_diagram(*pictures())
    assert compilation.ok
    assert compilation.node_parameters["hidden"] == 64 * 32 + 32
    assert compilation.node_parameters["classes"] == 32 * 10 + 10
    assert compilation.parameter_count == 2410
    assert compilation.node_macs["hidden"] == 64 * 32
    assert compilation.macs == compilation.plan.macs == 64 * 32 + 32 * 10


def test_shapes_are_known_at_every_output():
    compilation = compile_diagram(*pictures())
    assert compilation.shapes == {
        ("picture", "output"): (8, 8, 1),
        ("row", "output"): (64,),
        ("hidden", "output"): (32,),
        ("thinned", "output"): (32,),
        ("classes", "output"): (10,),
    }


def test_a_node_without_way_to_a_loss_is_left_out_if_it_cannot_run():
    diagram, spec = pictures()
    grown = Diagram(nodes={**diagram.nodes, "idle": node("idle", "relu")}, wires=dict(diagram.wires))
    compilation = compile_diagram(grown, spec)
    assert compilation.ok
    assert "idle" not in compilation.plan.outputs
    assert [item.code for item in compilation.warnings] == ["unreachable"]


def test_ids_are_ordered_as_people_count():
    names = [f"h{number}" for number in (10, 2, 1)]
    diagram = Diagram.build(
        [
            node("x", "input"),
            *(node(name, "neuron") for name in names),
            node("y", "neuron"),
            node("loss", "mean_squared_error"),
        ],
        [*(("x", name) for name in names), *((name, "y") for name in names), ("y", "loss")],
    )
    plan = compile_diagram(diagram, DataSpec({"x": (1,)}, {"loss": (1,)}, task=Task.REGRESSION)).plan
    assert list(plan.outputs) == ["x", "h1", "h2", "h10", "y"]
