"""Random diagrams: sound ones compile and have right gradients, and nothing that can be drawn makes the compiler raise."""

import itertools
from collections.abc import Iterable
from random import Random

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.catalogue.registry import all_kinds, find_kind
from core.compiler.compile import Compilation, compile_diagram
from core.compiler.diagnostics import Diagnostic, Severity
from core.compiler.plan import Plan, size
from core.diagram.diagram import Diagram
from core.diagram.rules import check, check_change
from core.model.model import Model
from core.ops.noise import Noise
from core.ops.op import LossOp
from tests.conformance.nets import Arrays, Net, net_around
from tests.gradients import KINKED, SMOOTH, central_differences, trained_names
from tests.properties.generator import random_network, random_scribble

LARGEST_LOSS = 1e3


def ports(key: str):
    kind = next((kind for kind in all_kinds() if kind.key == key), None)
    return None if kind is None else (kind.inputs, kind.outputs)


def random_net(seed: int) -> Net:
    return Net(*random_network(Random(seed), size=10))


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


def differentiable_seeds(count: int) -> list[int]:
    """Seeds of networks whose gradients differences can tell."""
    return list(itertools.islice(filter(is_differentiable, itertools.count()), count))


def is_differentiable(seed: int) -> bool:
    """Whether cross-entropies read shares (outside 0 to 1 the logarithm has an end, and a corner there), no gradient stands in for
    another, nothing is drawn anew each time, and the loss is a number of moderate size, not a quotient by almost 0."""
    net = random_net(seed)
    compilation = net.compiled()
    ops = [step.op for step in compilation.plan.steps]
    # Not told by its op, which may be part of a larger one by now.
    stands_in = any(node.kind == "perceptron" for node in net.diagram.nodes.values())
    if "needs-probabilities" in codes(compilation.warnings) or stands_in:
        return False
    if any(isinstance(op, Noise) and op.always for op in ops):
        return False
    return abs(differentiable_model(net, seed).loss_and_gradients(*net.samples(4, seed))[0]) < LARGEST_LOSS


def differentiable_model(net: Net, seed: int) -> Model:
    """The model with parameters off the corners: biases of 0 and the initializer "zeros" would put values exactly there."""
    model = net.model()
    generator = np.random.default_rng(seed)
    for name in sorted(trained_names(model)):
        parameter = model.parameters[name]
        parameter[...] = generator.normal(0, 0.5, parameter.shape)
    return model


def gradient_error(model: Model, inputs: Arrays, targets: Arrays) -> float:
    """The largest error of the model's gradients, over the size of the loss and of the gradients, or 1.

    The step is small, because a deep network of many kinds always has a corner somewhere near.
    """
    loss, exact = model.loss_and_gradients(inputs, targets)
    assert np.isfinite(loss)
    errors = [0.0]
    for name in trained_names(model):
        parameter = model.parameters[name]
        numeric = central_differences(lambda: model.loss_and_gradients(inputs, targets)[0], parameter, step=1e-5)
        size_of_either = np.maximum(np.abs(exact[name]), np.abs(numeric))
        errors.append(float(np.max(np.abs(exact[name] - numeric) / np.maximum(size_of_either, max(1.0, abs(loss))))))
    return max(errors)


def codes(diagnostics: Iterable[Diagnostic]) -> set[str]:
    return {item.code for item in diagnostics}


@pytest.mark.parametrize("seed", differentiable_seeds(60))
def test_gradients_of_a_whole_network_agree_with_central_differences(seed):
    net = random_net(seed)
    model = differentiable_model(net, seed)
    smooth = all(step.op.smooth for step in model.plan.steps)
    assert gradient_error(model, *net.samples(4, seed)) <= (SMOOTH if smooth else KINKED)


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
    assert {error.code for error in errors} <= {"shape-mismatch", "output-size", "no-data"}, errors


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
    assert needing_gradient(plan) == {slot.index for slot in plan.slots if slot.needs_gradient}


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
    used = {node.kind for seed in range(120) for node in random_net(seed).diagram.nodes.values()}
    assert used == {kind.key for kind in all_kinds()}


def test_a_gradient_that_is_off_by_half_a_thousandth_is_noticed(monkeypatch):
    net = net_around(all_kinds()[2], {})
    model = net.model()
    inputs, targets = net.samples(4)
    assert gradient_error(model, inputs, targets) <= SMOOTH
    exact = model.loss_and_gradients

    def wrong(*arguments):
        loss, gradients = exact(*arguments)
        return loss, {name: values * 1.0005 for name, values in gradients.items()}

    monkeypatch.setattr(model, "loss_and_gradients", wrong)
    assert gradient_error(model, inputs, targets) > 10 * KINKED
