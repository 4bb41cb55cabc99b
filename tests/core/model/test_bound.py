"""Bound steps against a slow interpreter of the same plan, on plans of every form."""

import sys
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from core.compiler.plan import Plan
from core.errors import ModelError
from core.model.model import Model
from core.ops import losses
from core.ops.activations import Elu, Gelu, Identity, LeakyRelu, Relu, Sigmoid, Silu, Softmax, Softplus, Tanh
from core.ops.layout import batch_first, outside
from core.ops.linear import Linear
from core.ops.op import Array, LossOp
from core.ops.structure import Add, Concatenate, Dropout, Flatten, Multiply
from tests.gradients import KINKED, SMOOTH, assert_right, model_errors
from tests.plans import PlanBuilder
from tests.reference import interpret

Arrays = dict[str, Array]


def random_plan(seed: int) -> Plan:
    """A few values joined at random, with several readers, ops that share memory, and two losses."""
    generator = np.random.default_rng(seed)
    build = PlanBuilder()
    values = [build.input("x", (3,)), build.input("image", (2, 2, 2))]
    values[1] = build.apply(Flatten(), "flat", values[1])
    ops = (Tanh(), Sigmoid(), Softplus(), Gelu(), Silu(), Softmax(), Identity(), Relu(), LeakyRelu(), Elu())
    for number in range(12):
        node = f"n{number}"
        source = values[generator.integers(len(values))]
        kind = generator.integers(4)
        if kind == 0:
            values.append(build.linear(node, source, int(generator.integers(1, 4)), bool(generator.integers(2))))
        elif kind == 1:
            values.append(build.apply(ops[generator.integers(len(ops))], node, source))
        elif kind == 2:
            values.append(build.apply(Concatenate(), node, source, values[generator.integers(len(values))]))
        else:
            others = [value for value in values if build.slots[value].shape == build.slots[source].shape]
            joining = (Add(), Multiply())[generator.integers(2)]
            values.append(build.apply(joining, node, source, others[generator.integers(len(others))]))
    build.loss("first", losses.MeanSquaredError(weight=0.5), build.linear("y", values[-1], 2))
    logits = build.linear("z", values[-2], 3)
    build.loss(
        "second", losses.CategoricalCrossEntropyFromLogits(weight=2.0), logits, build.apply(Softmax(), "p", logits)
    )
    return build.plan()


def some_data(plan: Plan, samples: int = 5, seed: int = 0, dtype: Any = np.float64) -> tuple[Arrays, Arrays]:
    generator = np.random.default_rng(seed)
    inputs = {
        binding.node: generator.standard_normal((samples, *outside(plan.slots[binding.slot].shape))).astype(dtype)
        for binding in plan.inputs
    }
    targets = {
        loss.node: generator.uniform(0.1, 0.9, (samples, *outside(plan.slots[loss.target_slot].shape))).astype(dtype)
        for loss in plan.losses
    }
    return inputs, targets


def assert_agrees_with_interpreter(plan: Plan) -> None:
    model = Model(plan, seed=1, dtype="float64")
    inputs, targets = some_data(plan)
    expected = interpret(plan, model.vector, inputs, targets)
    loss, _ = model.loss_and_gradients(inputs, targets)
    assert loss == pytest.approx(expected.loss, rel=1e-13)
    flat = [gradient.ravel() for gradient in expected.block_gradients]
    np.testing.assert_allclose(model.gradient_vector, np.concatenate([*flat, []]), rtol=1e-11, atol=1e-13)
    for node, output in model.forward(inputs).items():
        np.testing.assert_allclose(output, batch_first(expected.values[plan.outputs[node]]), rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize("seed", range(60))
def test_random_plans_agree_with_the_interpreter(seed: int) -> None:
    assert_agrees_with_interpreter(random_plan(seed))


@pytest.mark.parametrize("seed", range(6))
def test_a_training_step_agrees_with_all_steps(seed: int) -> None:
    plan = random_plan(seed)
    model = Model(plan, seed=1, dtype="float64")
    inputs, targets = some_data(plan)
    everything = model.loss_and_gradients(inputs, targets)
    needed = model.loss_and_gradients(inputs, targets, training=True)
    assert everything[0] == needed[0]
    for name, gradient in everything[1].items():
        np.testing.assert_array_equal(gradient, needed[1][name])
    assert len(model.bound(5).forward_calls) < len(model.bound(5, training=False).forward_calls)


def several_readers(build: PlanBuilder) -> None:
    hidden = build.apply(Tanh(), "h", build.linear("h", build.input("x", (2,)), 3))
    square = build.apply(Multiply(), "square", hidden, hidden)
    joined = build.apply(Concatenate(), "c", hidden, square, hidden)
    build.loss("loss", losses.MeanSquaredError(), build.linear("y", build.apply(Add(), "sum", joined, joined), 1))


def several_readers_through_shared_memory(build: PlanBuilder) -> None:
    first = build.linear("h", build.input("x", (6,)), 4)
    alias = build.apply(Identity(), "same", build.apply(Flatten(), "flat", first))
    joined = build.apply(Add(), "sum", first, alias, build.apply(Tanh(), "t", alias))
    build.loss("loss", losses.RootMeanSquaredError(), build.apply(Identity(), "y", joined))


def shared_weights(build: PlanBuilder) -> None:
    source = build.input("x", (3,))
    block = build.block("w", Linear(3).block(3, "glorot_normal"))
    once = build.apply(Tanh(), "a", build.apply(Linear(3), "a", source, blocks=(block,)))
    twice = build.apply(Tanh(), "b", build.apply(Linear(3), "b", once, blocks=(block,)))
    thrice = build.apply(Linear(3), "c", twice, blocks=(block,))
    build.loss("loss", losses.MeanSquaredError(), thrice)


def image_through_joining(build: PlanBuilder) -> None:
    image = build.input("x", (2, 2, 1))
    doubled = build.apply(Concatenate(), "two", image, image)
    flat = build.apply(Flatten(), "flat", build.apply(Softmax(), "s", doubled))
    build.loss("loss", losses.BinaryCrossEntropy(), build.apply(Sigmoid(), "y", build.linear("y", flat, 2)))


def nothing_to_learn(build: PlanBuilder) -> None:
    build.loss("loss", losses.MeanSquaredError(), build.apply(Tanh(), "y", build.input("x", (2,))))


def a_branch_that_no_loss_sees(build: PlanBuilder) -> None:
    hidden = build.apply(Tanh(), "h", build.linear("h", build.input("x", (2,)), 3))
    build.apply(Sigmoid(), "aside", build.linear("aside", hidden, 2))
    build.loss("loss", losses.BinaryCrossEntropyFromLogits(), build.linear("y", hidden, 1))


FORMS = (
    several_readers,
    several_readers_through_shared_memory,
    shared_weights,
    image_through_joining,
    nothing_to_learn,
    a_branch_that_no_loss_sees,
)


def plan_of(form: Callable[[PlanBuilder], None]) -> Plan:
    build = PlanBuilder()
    form(build)
    return build.plan()


@pytest.mark.parametrize("form", FORMS)
def test_awkward_forms_agree_with_the_interpreter_and_with_differences(form: Callable[[PlanBuilder], None]) -> None:
    plan = plan_of(form)
    assert_agrees_with_interpreter(plan)
    assert_right(model_errors(Model(plan, seed=2, dtype="float64"), *some_data(plan)), SMOOTH)


LOSSES = (
    losses.MeanSquaredError(),
    losses.RootMeanSquaredError(),
    losses.MeanAbsoluteError(),
    losses.BinaryCrossEntropy(),
    losses.BinaryCrossEntropyFromLogits(),
    losses.CategoricalCrossEntropy(),
    losses.CategoricalCrossEntropyFromLogits(),
)


@pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.name)
def test_every_loss_at_the_end_of_a_network(loss: LossOp) -> None:
    build = PlanBuilder()
    hidden = build.apply(Tanh(), "h", build.linear("h", build.input("x", (3,)), 4))
    output = build.linear("y", hidden, 3)
    build.loss("loss", loss, output if loss.from_logits else build.apply(Softmax(), "y", output))
    plan = build.plan()
    assert_right(
        model_errors(Model(plan, dtype="float64"), *some_data(plan, seed=4)), SMOOTH if loss.smooth else KINKED
    )


@pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.name)
def test_every_loss_on_values_that_nothing_can_change(loss: LossOp) -> None:
    build = PlanBuilder()
    build.loss("loss", loss, build.apply(Softmax(), "y", build.input("x", (3,))))
    step = Model(build.plan()).bound(4)
    step.forward()
    assert step.loss >= 0
    assert step.backward_calls == ()


def test_the_gradient_of_an_input_is_there_when_the_plan_asks_for_it() -> None:
    build = PlanBuilder()
    build.loss("loss", losses.MeanSquaredError(), build.linear("y", build.input("x", (2,), needs_gradient=True), 1))
    without = PlanBuilder()
    without.loss("loss", losses.MeanSquaredError(), without.linear("y", without.input("x", (2,)), 1))
    counts = [len(Model(made.plan()).bound(3).backward_calls) for made in (build, without)]
    assert counts == [3, 2]


def test_ops_that_only_hand_on_their_input_cost_nothing() -> None:
    build = PlanBuilder()
    flat = build.apply(Flatten(), "flat", build.input("x", (2, 2)))
    hidden = build.apply(Dropout(0.5), "drop", build.apply(Identity(), "same", flat))
    build.loss("loss", losses.MeanSquaredError(), build.linear("y", hidden, 1))
    model = Model(build.plan())
    assert len(model.bound(3, training=False).forward_calls) == 2
    assert len(model.bound(3, training=True).forward_calls) == 6
    assert np.shares_memory(model.bound(3, training=False).outputs["drop"], model.bound(3, training=False).inputs["x"])


def test_a_step_allocates_nothing() -> None:
    build = PlanBuilder()
    hidden = build.apply(Relu(), "h", build.linear("h", build.input("x", (64,)), 128))
    logits = build.linear("y", hidden, 10)
    build.loss("loss", losses.CategoricalCrossEntropyFromLogits(), logits, build.apply(Softmax(), "y", logits))
    step = Model(build.plan()).bound(32)

    def run(times: int) -> None:
        for _ in range(times):
            step.forward()
            step.backward()

    run(3)
    tracemalloc.start()
    run(3)
    before = tracemalloc.get_traced_memory()[0]
    tracemalloc.reset_peak()
    run(50)
    after, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert after - before < 2048
    # The smallest array of this network that one would notice is a row of the batch: 128 bytes; the largest is 32 KiB.
    assert peak - before < 4096


def test_a_small_network_takes_few_calls() -> None:
    """On small networks a call costs more than its arithmetic; a call more is a slower step."""
    build = PlanBuilder()
    value = build.input("x", (2,))
    for layer, units in enumerate((8, 8, 1)):
        value = build.apply(Tanh(), f"h{layer}", build.linear(f"h{layer}", value, units))
    build.loss("loss", losses.MeanSquaredError(), value)
    step = Model(build.plan()).bound(10)
    assert (len(step.forward_calls), len(step.backward_calls), len(step.losses[0].measure)) == (7, 11, 2)


def arrays_of(call: Any) -> list[Array]:
    """Every array and NumPy number that a bound call was made with."""
    owner = getattr(call.func, "__self__", None)
    given = [*call.args, *call.keywords.values(), owner]
    return [value for value in given if isinstance(value, np.ndarray | np.generic)]


@pytest.mark.parametrize("seed", range(20))
def test_no_double_precision_creeps_into_single(seed: int) -> None:
    step = Model(random_plan(seed), dtype="float32").bound(4, training=False, backward=True)
    calls = [*step.forward_calls, *step.backward_calls, *(call for loss in step.losses for call in loss.measure)]
    kinds = {array.dtype.name for call in calls for array in arrays_of(call)}
    assert "float32" in kinds
    assert kinds <= {"float32", "int32", "int64", "bool"}


def test_arrays_start_on_a_cache_line() -> None:
    step = Model(random_plan(0)).bound(3)
    arrays = [*step.inputs.values(), *step.targets.values(), *step.outputs.values()]
    assert all(array.ctypes.data % 64 == 0 for array in arrays)
    assert all(array.flags.c_contiguous for array in arrays)


@pytest.mark.parametrize("seed", range(10))
def test_another_backward_pass_gives_the_same_gradients(seed: int) -> None:
    plan = random_plan(seed)
    model = Model(plan, dtype="float64")
    model.loss_and_gradients(*some_data(plan))
    step, first = model.bound(5, training=False, backward=True), model.gradient_vector.copy()
    loss = step.loss
    step.backward()
    np.testing.assert_array_equal(model.gradient_vector, first)
    assert step.loss == loss


def test_a_network_without_a_loss_has_nothing_to_compare() -> None:
    build = PlanBuilder()
    build.linear("y", build.input("x", (2,)), 1)
    with pytest.raises(ModelError, match="add a loss"):
        Model(build.plan()).bound(2, training=False).prediction  # noqa: B018


def test_binding_many_neurons_takes_work_in_proportion() -> None:
    def calls(neurons: int) -> int:
        build = PlanBuilder()
        source = build.input("x", (4,))
        values = [build.apply(Tanh(), f"n{i}", build.linear(f"n{i}", source, 1)) for i in range(neurons)]
        build.loss("loss", losses.MeanSquaredError(), build.linear("y", build.apply(Concatenate(), "c", *values), 1))
        plan = build.plan()
        count = 0

        def counting(*_: object) -> None:
            nonlocal count
            count += 1

        sys.setprofile(counting)
        try:
            Model(plan).bound(8)
        finally:
            sys.setprofile(None)
        return count

    # Counted, not timed: a count is the same on every machine, however busy.
    assert calls(800) < 10 * calls(100)


def test_the_places_of_a_bound_step() -> None:
    plan = plan_of(a_branch_that_no_loss_sees)
    model = Model(plan)
    training, looking = model.bound(4), model.bound(4, training=False)
    assert training.inputs["x"].shape == (2, 4)
    assert training.targets["loss"].shape == (1, 4)
    assert set(training.outputs) == {"x", "h", "y"}
    assert set(looking.outputs) == {"x", "h", "y", "aside"}
    assert looking.backward_calls == ()
    assert looking.prediction is looking.predictions["loss"]
    assert (training.batch, training.training, looking.training) == (4, True, False)
