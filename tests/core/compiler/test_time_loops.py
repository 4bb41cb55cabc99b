"""Loops through delays, from the drawing to the gradients."""

import numpy as np
import pytest

from core.catalogue.registry import find_kind, registered
from core.compiler.compile import compile_diagram
from core.compiler.data_spec import DataSpec
from core.diagram.diagram import Diagram
from core.model.model import Model
from core.ops.delay import Delay
from core.ops.time_loop import TimeLoop
from tests.diagrams import node
from tests.findings import Gate, chain, clicked, codes, only
from tests.gradients import KINKED, SMOOTH, assert_right, model_errors
from tests.loops import LOOPS, STEPS, drawn, one_neuron, run_node_by_node, samples, shuffled, two_loops


def model_of(drawing) -> Model:
    compilation = compile_diagram(*drawing)
    assert compilation.ok, [item.message for item in compilation.errors]
    return shuffled(Model(compilation.plan, dtype="float64"))


@pytest.mark.parametrize("name", LOOPS)
def test_every_node_in_a_loop_puts_out_what_the_drawing_says(name):
    diagram, spec = LOOPS[name]()
    model = model_of((diagram, spec))
    inputs, _ = samples(spec)
    outputs = model.forward(inputs)
    expected = run_node_by_node(diagram, model, inputs["x"])
    assert outputs.keys() == expected.keys() == {key for key in diagram.nodes if key != "loss"}
    for key, values in outputs.items():
        np.testing.assert_allclose(values, expected[key], rtol=1e-12, atol=1e-14, err_msg=key)


@pytest.mark.parametrize("name", LOOPS)
def test_gradients_through_time_agree_with_differences(name):
    diagram, spec = LOOPS[name]()
    tolerance = KINKED if name == "two_loops" else SMOOTH
    assert_right(model_errors(model_of((diagram, spec)), *samples(spec)), tolerance)


@pytest.mark.parametrize("name", LOOPS)
def test_a_training_step_does_the_same_with_fewer_calls(name):
    diagram, spec = LOOPS[name]()
    model = model_of((diagram, spec))
    inputs, targets = samples(spec)
    everything = model.loss_and_gradients(inputs, targets)
    needed = model.loss_and_gradients(inputs, targets, training=True)
    assert everything[0] == needed[0]
    for key, gradient in everything[1].items():
        np.testing.assert_array_equal(gradient, needed[1][key])
    assert len(model.bound(3).forward_calls) < len(model.bound(3, training=False).forward_calls)


def test_only_what_can_reach_itself_runs_step_by_step():
    plan = compile_diagram(*LOOPS["a_layer"]()).plan
    (loop,) = [step for step in plan.steps if isinstance(step.op, TimeLoop)]
    assert [step.name for step in loop.op.steps] == ["d", "c", "h", "h"]
    assert [step.node for step in plan.steps if not isinstance(step.op, TimeLoop)].count("before") == 2


def test_the_op_of_a_node_in_a_loop_is_told():
    ops = compile_diagram(*LOOPS["several_delays"]()).plan.node_ops
    expected = dict.fromkeys(("fast", "slow", "slower"), "delay")
    expected |= {"a": "tanh", "b": "sigmoid", "aside": "softplus", "y": "linear"}
    assert {key: op.name for key, op in ops.items() if key != "loss"} == expected


def test_each_loop_is_a_step_of_its_own_and_a_delay_between_them_is_a_shift():
    plan = compile_diagram(*two_loops()).plan
    assert sum(isinstance(step.op, TimeLoop) for step in plan.steps) == 2
    assert {step.node for step in plan.steps if isinstance(step.op, Delay)} == {"da", "between", "db"}


def test_a_delay_outside_of_loops_is_a_shift():
    diagram, spec = drawn([node("d", "delay", steps=2, initial=3.0), node("y", "dense", units=1)], "x-d d-y y-loss")
    model = model_of((diagram, spec))
    inputs, targets = samples(spec)
    outputs = model.forward(inputs)
    assert (outputs["d"][:, :2] == 3).all()
    np.testing.assert_array_equal(outputs["d"][:, 2:], inputs["x"][:, :-2])
    assert_right(model_errors(model, inputs, targets), SMOOTH)


def test_a_self_connection_of_fixed_weight_stays_fixed():
    diagram, spec = drawn(
        [
            node("in", "neuron", activation="linear"),
            node("self", "neuron", activation="linear", bias=False, frozen=True),
            node("sum", "add"),
            node("d", "delay"),
        ],
        "x-in in-sum self-sum sum-d d-self sum-loss",
    )
    compilation = compile_diagram(diagram, spec)
    model = Model(compilation.plan, dtype="float64")
    model.parameters["self/weight"][...] = 1.0
    inputs, _ = samples(spec)
    outputs = model.forward(inputs)
    np.testing.assert_allclose(outputs["sum"], np.cumsum(outputs["in"], axis=1), rtol=1e-12)
    assert {block.node: block.rate for block in compilation.plan.parameters} == {"in": 1.0, "self": 0.0}


def test_counts_are_those_of_the_nodes():
    compilation = compile_diagram(*LOOPS["a_layer"]())
    assert compilation.node_parameters == {"before": 12, "h": 50, "y": 12}
    assert compilation.node_macs == {"before": STEPS * 8, "h": STEPS * 45, "y": STEPS * 10}
    assert compilation.macs == compilation.plan.macs
    assert compilation.plan.num_parameters == compilation.parameter_count


def test_a_loop_is_opened_by_a_delay_at_the_click_of_a_button():
    nodes = [node("a", "neuron", position=(200, 0)), node("b", "neuron", position=(400, 0))]
    diagram, spec = drawn(nodes, "x-a a-b b-a b-loss")
    finding = only(compile_diagram(diagram, spec), "loop")
    after = clicked(diagram, finding, "Insert Delay")
    assert compile_diagram(after, spec).ok
    assert [each.kind for each in after.nodes.values()].count("delay") == 1


def test_a_loop_without_a_delay_is_reported_beside_one_with():
    nodes = [*(node(key, "neuron") for key in "abce"), node("d", "delay")]
    diagram, spec = drawn(nodes, "x-a d-a a-d a-b b-c c-b b-e e-loss")
    compilation = compile_diagram(diagram, spec)
    assert set(only(compilation, "loop").nodes) == {"b", "c"}
    assert compilation.shapes["a", "output"] == (STEPS, 1)
    assert ("b", "output") not in compilation.shapes


def test_a_wire_around_the_delay_closes_the_loop_again():
    diagram, spec = one_neuron()
    nodes = {**diagram.nodes, "e": node("e", "neuron")}
    ends = [(wire.source, wire.target) for wire in diagram.wires.values()]
    ends += [(("h", "output"), ("e", "input")), (("e", "output"), ("h", "input"))]
    compilation = compile_diagram(Diagram.build(list(nodes.values()), ends), spec)
    assert set(only(compilation, "loop").nodes) == {"h", "e"}


@pytest.mark.parametrize("sequence", [True, False])
def test_a_delay_on_rows_asks_for_a_sequence(sequence):
    diagram = chain(node("x", "input"), node("d", "delay"), node("y", "neuron"), node("loss", "mean_squared_error"))
    spec = DataSpec({"x": (5, 1) if sequence else (5,)}, {"loss": (5, 1)})
    compilation = compile_diagram(diagram, spec)
    assert compilation.ok == sequence
    if not sequence:
        finding = only(compilation, "shape-mismatch")
        assert finding.message == (
            "A Delay looks back in time, so it needs a sequence (steps of time, values), and this is a row of 5 values."
        )
        assert compile_diagram(clicked(diagram, finding, "Insert Sequence"), spec).ok


def test_a_loop_on_rows_asks_for_a_sequence_before_the_loop():
    diagram, _ = one_neuron()
    finding = only(compile_diagram(diagram, DataSpec({"x": (5,)}, {"loss": (5, 1)})), "shape-mismatch")
    assert finding.message.endswith("and this is a row of 1 value.")
    after = clicked(diagram, finding, "Insert Sequence")
    assert compile_diagram(after, DataSpec({"x": (5,)}, {"loss": (5, 1)})).ok


def test_a_loop_that_nothing_comes_into_has_nothing_to_run_on():
    nodes = [node("a", "neuron"), node("d", "delay"), node("y", "neuron")]
    diagram, spec = drawn(nodes, "a-d d-a a-y x-y y-loss")
    finding = only(compile_diagram(diagram, spec), "loop-without-data")
    assert finding.message == (
        "Nothing comes into the loop of Delay, a from outside, so it has no data to run on: connect an input to it."
    )
    assert set(finding.nodes) == {"a", "d"}


def test_a_loop_that_grows_never_settles():
    diagram, spec = drawn([node("c", "concatenate"), node("d", "delay"), node("y", "neuron")], "x-c d-c c-d c-y y-loss")
    finding = only(compile_diagram(diagram, spec), "growing-loop")
    assert "the loop of" in finding.message
    assert set(finding.nodes) == {"c", "d"}


def test_shapes_in_a_loop_that_do_not_fit_are_reported_once():
    nodes = [node("s", "add"), node("h", "dense", units=3), node("d", "delay"), node("y", "neuron")]
    diagram, spec = drawn(nodes, "x-s d-s s-h h-d h-y y-loss")
    compilation = compile_diagram(diagram, spec)
    finding = only(compilation, "shape-mismatch")
    assert finding.nodes == ("s",)
    assert finding.message.endswith("these are 6 x 2 and 6 x 3.")
    assert codes(compilation) == ["shape-mismatch"]


def test_a_loop_that_fits_only_once_it_is_closed():
    """Joining is judged by the wires that are known; the number of values is right after another round."""
    nodes = [node("c", "concatenate"), node("h", "dense", units=3), node("d", "delay"), node("y", "neuron")]
    compilation = compile_diagram(*drawn(nodes, "x-c d-c c-h h-d h-y y-loss"))
    assert compilation.shapes["c", "output"] == (STEPS, 5)


def test_a_kind_with_single_ports_guesses_what_comes_around():
    diagram, spec = drawn([node("s", "subtract"), node("d", "delay"), node("y", "neuron")], "x-y s-d d-y y-loss")
    ports = [port.name for port in find_kind("subtract").inputs]
    ends = [(wire.source, wire.target) for wire in diagram.wires.values()]
    ends += [(("x", "output"), ("s", ports[0])), (("d", "output"), ("s", ports[1]))]
    diagram = Diagram.build(list(diagram.nodes.values()), ends)
    model = model_of((diagram, spec))
    inputs, targets = samples(spec)
    outputs = model.forward(inputs)
    np.testing.assert_allclose(outputs["s"][:, 1:], inputs["x"][:, 1:] - outputs["s"][:, :-1])
    assert_right(model_errors(model, inputs, targets), SMOOTH)


@pytest.mark.parametrize("name", LOOPS)
def test_every_slot_is_written_once_before_it_is_read(name):
    plan = compile_diagram(*LOOPS[name]()).plan
    written = [binding.slot for binding in plan.inputs] + [loss.target_slot for loss in plan.losses]
    for step in plan.steps:
        assert set(step.inputs) <= set(written)
        written.append(step.output)
    assert sorted(written) == [slot.index for slot in plan.slots] == list(range(len(plan.slots)))
    assert plan.steps[plan.losses[0].step].node == "loss"
    assert set(plan.outputs.values()) <= set(written)


def test_two_delays_may_look_back_at_one_node():
    nodes = [node("h", "neuron", activation="tanh"), node("one", "delay"), node("two", "delay", steps=2, initial=0.4)]
    diagram, spec = drawn(nodes, "x-h one-h two-h h-one h-two h-loss")
    model = model_of((diagram, spec))
    inputs, targets = samples(spec)
    expected = run_node_by_node(diagram, model, inputs["x"])
    np.testing.assert_allclose(model.forward(inputs)["h"], expected["h"], rtol=1e-12)
    assert_right(model_errors(model, inputs, targets), SMOOTH)


def test_weights_that_are_no_matrix_learn_step_by_step():
    nodes = [node("h", "neuron", activation="linear"), node("bend", "prelu"), node("d", "delay")]
    diagram, spec = drawn(nodes, "x-h d-h h-bend bend-d bend-loss")
    assert_right(model_errors(model_of((diagram, spec)), *samples(spec)), KINKED)


def test_what_looks_at_several_steps_at_once_is_no_part_of_a_loop():
    nodes = [node("c", "concatenate"), node("r", "rnn", units=2, output="every", title="Reader"), node("d", "delay")]
    diagram, spec = drawn([*nodes, node("y", "neuron")], "x-c d-c c-r r-d r-y y-loss")
    finding = only(compile_diagram(diagram, spec), "not-stepwise")
    assert finding.message.startswith("Reader looks at several steps of time at once, so it cannot be part of a loop")
    assert finding.nodes == ("r",)


def test_delays_that_only_read_each_other_have_nothing_to_run_on():
    with registered(Gate()):
        nodes = [node("g", "gate"), node("d", "delay"), node("y", "neuron")]
        diagram, spec = drawn(nodes, "g-d d-y x-y y-loss")
        ends = [(wire.source, wire.target) for wire in diagram.wires.values()]
        ends += [(("d", "output"), ("g", "input")), (("x", "output"), ("g", "opening"))]
        compilation = compile_diagram(Diagram.build(list(diagram.nodes.values()), ends), spec)
        assert only(compilation, "loop-without-data").nodes == ("d",)


def test_a_loop_behind_an_error_stays_silent():
    diagram, spec = drawn([node("f", "dense", units=-1), *LOOP_NODES], "x-f f-h d-h h-d h-loss")
    assert codes(compile_diagram(diagram, spec)) == ["bad-hyperparameter"]


def test_a_loop_with_a_setting_that_cannot_be_stays_silent():
    diagram, spec = drawn([node("h", "neuron"), node("d", "delay", steps=0)], "x-h d-h h-d h-loss")
    assert codes(compile_diagram(diagram, spec)) == ["bad-hyperparameter"]


def test_a_loop_with_an_empty_port_is_told_of_the_port_alone():
    diagram, spec = drawn([node("s", "subtract"), *LOOP_NODES], "x-h d-h h-d h-loss")
    ends = [(wire.source, wire.target) for wire in diagram.wires.values() if wire.target != ("d", "input")]
    ends += [(("h", "output"), ("s", "minuend")), (("s", "output"), ("d", "input"))]
    compilation = compile_diagram(Diagram.build(list(diagram.nodes.values()), ends), spec)
    assert codes(compilation) == ["missing-input"]
    assert set(compilation.shapes) == {("x", "output")}


def test_a_loop_that_puts_out_too_much_is_refused_as_a_whole():
    diagram, _ = drawn([node("h", "dense", units=4096), node("s", "add"), node("d", "delay")], "x-h h-s d-s s-d s-loss")
    spec = DataSpec({"x": (20_000, 1)}, {"loss": (20_000, 4096)})
    compilation = compile_diagram(diagram, spec)
    assert {item.code for item in compilation.errors} == {"too-large"}
    nodes = [node("h", "neuron"), node("c", "concatenate"), node("w", "dense", units=4096), node("d", "delay")]
    diagram, _ = drawn(nodes, "x-h h-c d-c c-w w-d h-loss")
    compilation = compile_diagram(diagram, DataSpec({"x": (20_000, 1)}, {"loss": (20_000, 1)}))
    assert ("c", "output") not in compilation.shapes
    assert compilation.ok, "nothing needs the loop, so training can do without"


LOOP_NODES = (node("h", "neuron"), node("d", "delay"))
