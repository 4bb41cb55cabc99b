"""Random diagrams: sound ones compile to plans that run, and nothing that can be drawn makes the compiler raise."""

from random import Random

from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.catalogue.registry import all_kinds, find_kind
from core.compiler.compile import Compilation, compile_diagram
from core.compiler.diagnostics import Severity
from core.compiler.plan import Plan, size
from core.diagram.diagram import Diagram
from core.diagram.rules import check, check_change
from core.model.model import Model
from core.ops.neuron_ranks import NeuronRanks
from core.ops.op import LossOp
from core.ops.time_loop import TimeLoop
from tests.properties.generator import random_net, random_scribble

WITHOUT_FIX = {"shape-mismatch", "output-size", "no-data", "loop-without-data", "growing-loop", "not-stepwise"}
"""What a person may have to mend without a button."""


def ports(key: str):
    kind = next((kind for kind in all_kinds() if kind.key == key), None)
    return None if kind is None else (kind.inputs, kind.outputs)


@given(st.integers(0, 10**9))
@settings(max_examples=300, deadline=None)
def test_a_sound_diagram_compiles_to_a_plan_that_runs(seed):
    net = random_net(seed)
    compilation = net.compiled()
    assert compilation.errors == ()
    check_plan(compilation.plan)
    assert compilation.plan.num_parameters == compilation.parameter_count
    assert compilation.plan.macs == compilation.macs
    inputs, targets = net.samples(3)
    model = net.model("float32")
    outputs = model.forward(inputs)
    for node, output in outputs.items():
        first = find_kind(net.diagram.nodes[node].kind).outputs[0].name
        assert output.shape == (3, *compilation.shapes[node, first])
    _, gradients = model.loss_and_gradients(inputs, targets)
    assert set(gradients) == set(model.parameters)


@given(st.integers(0, 10**9))
@settings(max_examples=300, deadline=None)
def test_the_plan_does_not_depend_on_the_order_of_the_records(seed):
    net = random_net(seed)
    random = Random(seed)
    nodes, wires = list(net.diagram.nodes.items()), list(net.diagram.wires.items())
    random.shuffle(nodes)
    random.shuffle(wires)
    assert compile_diagram(Diagram(nodes=dict(nodes), wires=dict(wires)), net.spec).plan == net.compiled().plan


@given(st.integers(0, 10**9))
@example(642)  # A title of white space alone began a sentence with it.
@settings(max_examples=600, deadline=None)
def test_nothing_that_can_be_drawn_makes_the_compiler_raise(seed):
    diagram, spec = random_scribble(Random(seed))
    compilation = compile_diagram(diagram, spec)
    assert compilation.ok == (not compilation.errors)
    assert {item.severity for item in compilation.warnings} <= {Severity.WARNING}
    check_diagnostics(diagram, compilation)
    if compilation.plan is not None:
        check_plan(compilation.plan)
        Model(compilation.plan)


@given(st.integers(0, 10**9))
@settings(max_examples=150, deadline=None)
def test_what_is_left_of_a_sound_diagram_is_described(seed):
    """Nodes and wires are torn out one by one; every state compiles or says what is missing, and every fix can be applied."""
    net, random = random_net(seed), Random(seed)
    diagram = net.diagram
    while diagram.nodes:
        nodes, wires = dict(diagram.nodes), dict(diagram.wires)
        if wires and random.random() < 0.7:
            del wires[random.choice(list(wires))]
        else:
            gone = random.choice(list(nodes))
            del nodes[gone]
            wires = {key: wire for key, wire in wires.items() if gone not in (wire.source[0], wire.target[0])}
        diagram = Diagram(nodes=nodes, wires=wires)
        compilation = compile_diagram(diagram, net.spec)
        assert compilation.ok == (not compilation.errors)
        check_diagnostics(diagram, compilation)


@given(st.integers(0, 10**9))
@settings(max_examples=60, deadline=None)
def test_clicking_fixes_ends_in_a_network_that_trains(seed):
    """From a torn diagram, always the first fix of the first error: after a while no error with a fix is left."""
    net, random = random_net(seed), Random(seed)
    wires = {key: wire for key, wire in net.diagram.wires.items() if random.random() < 0.7}
    diagram = Diagram(nodes=dict(net.diagram.nodes), wires=wires)
    for _ in range(100):
        errors = compile_diagram(diagram, net.spec).errors
        fix = next((fix for error in errors for fix in error.fixes), None)
        if fix is None:
            break
        diagram = diagram.apply(fix.change)
    assert fix is None, fix.title
    assert {error.code for error in errors} <= WITHOUT_FIX, errors


def check_diagnostics(diagram: Diagram, compilation: Compilation) -> None:
    """Sentences for people about things that exist, and fixes that the document would accept."""
    sound = check(diagram, ports) is None
    for item in compilation.diagnostics:
        assert item.message[:1].strip()
        assert item.message.endswith((".", "?"))
        assert set(item.nodes) <= set(diagram.nodes)
        assert set(item.wires) <= set(diagram.wires)
        for fix in item.fixes:
            assert fix.title
            assert fix.change
            after = diagram.apply(fix.change)
            assert after.apply(fix.change.inverse()) == diagram
            if sound:
                assert check_change(after, fix.change, ports) is None


def check_plan(plan: Plan) -> None:
    """Every slot is written once before it is read, blocks lie side by side, and gradients go where they are needed."""
    targets = {binding.target_slot for binding in plan.losses if binding.target_slot is not None}
    written = {binding.slot for binding in plan.inputs} | targets
    offset = 0
    for planned in plan.parameters:
        assert planned.offset == offset
        offset += size(planned.block.shape)
    used = []
    for step in plan.steps:
        assert set(step.inputs) <= written
        assert step.output not in written
        written.add(step.output)
        used += step.parameters
        assert plan.slots[step.output].shape == step.op.output_shape(*(plan.slots[slot].shape for slot in step.inputs))
    assert used == list(range(len(plan.parameters)))
    assert written == {slot.index for slot in plan.slots} == set(range(len(plan.slots)))
    for loss in plan.losses:
        step = plan.steps[loss.step]
        assert isinstance(step.op, LossOp)
        assert loss.target_slot == (step.inputs[1] if step.op.has_target else None)
        assert step.op.weight == loss.weight
    assert set(plan.predictions) <= set(plan.outputs)
    marked, needing = {slot.index for slot in plan.slots if slot.needs_gradient}, needing_gradient(plan)
    assert needing <= marked
    if not any(isinstance(step.op, NeuronRanks) for step in plan.steps):  # These keep the marks that there were before.
        assert marked == needing


def needing_gradient(plan: Plan) -> set[int]:
    """By brute force: the slots from which a loss is reached, and which a parameter reaches."""
    after = {slot.index: {slot.index} for slot in plan.slots}
    for step in reversed(plan.steps):
        for slot in step.inputs:
            after[slot] |= after[step.output]
    losses = {plan.steps[loss.step].output for loss in plan.losses}
    sums = [step.output for step in plan.steps if step.parameters]
    reached = set().union(*(after[slot] for slot in sums)) if sums else set()
    targets = {loss.target_slot for loss in plan.losses}
    return {slot for slot in reached if after[slot] & losses} - losses - targets


def test_random_networks_use_the_whole_catalogue():
    used = {node.kind for seed in range(200) for node in random_net(seed).diagram.nodes.values()}
    assert used == {kind.key for kind in all_kinds()}


def test_some_have_loops_and_some_are_wired_neuron_by_neuron():
    plans = [random_net(seed).compiled().plan for seed in range(120)]
    for op, count in ((TimeLoop, 25), (NeuronRanks, 20)):
        assert sum(any(isinstance(step.op, op) for step in plan.steps) for plan in plans) > count
