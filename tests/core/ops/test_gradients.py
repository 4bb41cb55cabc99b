"""Every op's derivative against central differences; and the checker itself against derivatives made wrong on purpose."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import combinations
from typing import ClassVar

import numpy as np
import pytest

from core.ops.activations import Sigmoid, Softmax, Step
from core.ops.evaluate import evaluate
from core.ops.linear import Linear
from core.ops.losses import CategoricalCrossEntropyFromLogits
from core.ops.op import Array, Binding, Bound, LossOp, Op, Shape
from tests.core.ops.cases import BATCH, CASES, Case
from tests.gradients import assert_right, central_differences, differentiated, error, keep_off, op_errors, op_gradients


def concrete_ops(base: type[Op] = Op) -> set[type[Op]]:
    """Every op of ours that is not abstract."""
    below = {kind for child in base.__subclasses__() for kind in {child} | concrete_ops(child)}
    return {kind for kind in below if kind.__module__.startswith("core.") and not inspect.isabstract(kind)}


def test_no_op_is_missing_from_the_cases() -> None:
    assert concrete_ops() - {LossOp} == {type(case.op) for case in CASES}


TRUE_GRADIENTS = [case for case in CASES if not case.op.surrogate]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("case", TRUE_GRADIENTS, ids=str)
def test_gradients_agree_with_differences(case: Case, seed: int) -> None:
    inputs, parameters = case.points(seed)
    errors = op_errors(case.op, *inputs, parameters=parameters, training=case.training, seed=seed)
    assert len(errors) == len(differentiated(case.op, inputs)) + len(parameters)
    moved = {
        name: value for name, value in errors.items() if name not in {f"parameter {index}" for index in case.state}
    }
    assert_right(moved, case.tolerance)


SMOOTH_EVERYWHERE = [
    case
    for case in TRUE_GRADIENTS
    if len(case.shapes) == 1 and not case.parameters and not case.training
    # Where values are compared with each other, those next to each other are a kink.
    if case.op.smooth or case.op.elementwise
]


@pytest.mark.parametrize("case", SMOOTH_EVERYWHERE, ids=str)
def test_gradients_at_edge_points(case: Case) -> None:
    edges = np.array([-1e3, -745.0, -88.0, -30.0, -1.0, -1e-8, -0.0, 0.0, 1e-300, 1.0, 17.0, 30.0, 88.0, 709.0, 1e3])
    points = edges if case.op.smooth else keep_off(edges)
    repeats = int(np.prod(case.shapes[0]))
    inputs = np.stack([np.roll(points, row) for row in range(repeats)]).reshape(*case.shapes[0], len(points))
    assert_right(op_errors(case.op, inputs), case.tolerance)


@pytest.mark.parametrize("case", [case for case in CASES if "Logits" in type(case.op).__name__], ids=str)
def test_logits_of_a_thousand(case: Case) -> None:
    logits = 1e3 * np.sign(np.random.default_rng(0).standard_normal((*case.shapes[0], 5)))
    target = np.zeros_like(logits)
    target[..., 0, :] = 1
    errors = op_errors(case.op, logits + np.arange(5), target)
    assert_right(errors, case.tolerance)


@dataclass(frozen=True)
class Faulty(Op):
    """An op whose backward pass is followed by something that should not happen."""

    op: Op
    fault: Callable[[Binding], object]
    repeats: int = 1

    def output_shape(self, *inputs: Shape) -> Shape:
        return self.op.output_shape(*inputs)

    def bind(self, arrays: Binding) -> Bound:
        bound = self.op.bind(arrays)
        if arrays.output_gradient is None:
            return bound
        return Bound(bound.forward, (*bound.backward * self.repeats, partial(self.fault, arrays)), bound.measure)


@dataclass(frozen=True)
class FaultyLoss(LossOp):
    """The same for a loss."""

    op: LossOp = field(default_factory=CategoricalCrossEntropyFromLogits)
    fault: Callable[[Binding], object] = print
    repeats: int = 1

    def bind(self, arrays: Binding) -> Bound:
        bound = self.op.bind(arrays)
        return Bound(bound.forward, (*bound.backward * self.repeats, partial(self.fault, arrays)), bound.measure)


@dataclass(frozen=True)
class FaultyPenalty(FaultyLoss):
    """The same for a loss that compares nothing."""

    has_target: ClassVar[bool] = False


def planted(op: Op, fault: Callable[[Binding], object], repeats: int = 1) -> Op:
    if isinstance(op, LossOp):
        kind = FaultyLoss if op.has_target else FaultyPenalty
        return kind(weight=op.weight, op=op, fault=fault, repeats=repeats)
    return Faulty(op, fault, repeats)


def scale(factor: float, kind: str, index: int, arrays: Binding) -> None:
    gradients = arrays.input_gradients if kind == "input" else arrays.parameter_gradients
    if gradients and gradients[index] is not None:
        gradients[index][...] *= factor


def wrong(gradient: Array) -> Iterator[tuple[str, Array]]:
    """A gradient as it would be with a mistake in it; a mistake that makes no difference here is left out."""
    yield "too large", gradient * 1.0005
    yield "too small", gradient * 0.9995
    yield "against its sign", -gradient
    largest = np.unravel_index(np.abs(gradient).argmax(), gradient.shape)
    term = gradient.copy()
    term[largest] = 0
    yield "without a term", term
    for first, second in combinations(range(gradient.ndim), 2):
        if gradient.shape[first] == gradient.shape[second] > 1:
            yield f"with axes {first} and {second} exchanged", gradient.swapaxes(first, second)
    for axis, length in enumerate(gradient.shape):
        if length > 1 and not np.allclose(moved := np.roll(gradient, 1, axis), gradient):
            yield f"one place further along axis {axis}", moved


# A gradient of 0 stays 0 whatever is done to it.
@pytest.mark.parametrize("case", [case for case in TRUE_GRADIENTS if not isinstance(case.op, Step)], ids=str)
def test_every_mistake_is_caught(case: Case) -> None:
    inputs, parameters = case.points(1)
    gradients = op_gradients(case.op, *inputs, parameters=parameters, training=case.training)
    for kind, index in case.places():
        computed, numeric = gradients[f"{kind} {index}"]
        for mistake, gradient in wrong(computed):
            with pytest.raises(AssertionError, match="gradients off"):
                assert_right({mistake: error(gradient, numeric)}, case.tolerance)


ONE_OF_EACH = list({type(case.op): case for case in TRUE_GRADIENTS if not isinstance(case.op, Step)}.values())


@pytest.mark.parametrize("case", ONE_OF_EACH, ids=lambda case: case.op.name)
def test_an_op_that_is_off_by_half_a_thousandth_is_caught(case: Case) -> None:
    inputs, parameters = case.points(1)
    for kind, index in case.places():
        op = planted(case.op, partial(scale, 1.0005, kind, index))
        errors = op_errors(op, *inputs, parameters=parameters, training=case.training)
        with pytest.raises(AssertionError, match=f"{kind} {index}"):
            assert_right(errors, case.tolerance)


def transpose_weight(arrays: Binding) -> None:
    gradient = arrays.parameter_gradients[0]
    gradient[:, :-1] = gradient[:, :-1].T.copy()


def forget_bias(arrays: Binding) -> None:
    arrays.parameter_gradients[0][:, -1] = 0


def forget_sum(arrays: Binding) -> None:
    np.multiply(arrays.output, arrays.output_gradient, arrays.input_gradients[0])


def forget_second_factor(arrays: Binding) -> None:
    np.multiply(arrays.output, arrays.output_gradient, arrays.input_gradients[0])


def forget_target(arrays: Binding) -> None:
    arrays.input_gradients[0][...] += arrays.inputs[1] / arrays.inputs[1].shape[-1]


def first_sample_only(arrays: Binding) -> None:
    arrays.parameter_gradients[0][...] = arrays.output_gradient[:, :1] @ arrays.extended[0][:, :1].T


FAULTS = (
    (Case(Linear(5), ((5,),), parameters=((5, 6),)), transpose_weight),
    (Case(Linear(5), ((5,),), parameters=((5, 6),)), forget_bias),
    (Case(Linear(5), ((5,),), parameters=((5, 6),)), first_sample_only),
    (Case(Softmax(), ((4,),)), forget_sum),
    (Case(Sigmoid(), ((4,),)), forget_second_factor),
    (next(case for case in CASES if isinstance(case.op, CategoricalCrossEntropyFromLogits)), forget_target),
)


@pytest.mark.parametrize(("case", "fault"), FAULTS, ids=lambda value: getattr(value, "__name__", ""))
def test_a_missing_term_or_a_transposition_is_caught(case: Case, fault: Callable[[Binding], None]) -> None:
    inputs, parameters = case.points(2)
    with pytest.raises(AssertionError, match="gradients off"):
        assert_right(op_errors(planted(case.op, fault), *inputs, parameters=parameters), case.tolerance)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_another_backward_pass_gives_the_same_gradients(case: Case) -> None:
    inputs, parameters = case.points(4)
    gradient = None if isinstance(case.op, LossOp) else np.ones((*case.op.output_shape(*case.shapes), BATCH))
    once, again = (
        evaluate(op, *inputs, parameters=parameters, output_gradient=gradient, training=case.training, batch=BATCH)
        for op in (case.op, planted(case.op, lambda arrays: None, repeats=2))
    )
    pairs = zip(
        once.input_gradients + once.parameter_gradients, again.input_gradients + again.parameter_gradients, strict=True
    )
    for first, second in pairs:
        np.testing.assert_array_equal(first, second)


def test_differences_put_the_array_back_and_know_a_cubic() -> None:
    x = np.array([-1.5, 0.0, 2.0])
    gradient = central_differences(lambda: float((x**3).sum()), x)
    np.testing.assert_array_equal(x, [-1.5, 0.0, 2.0])
    assert error(gradient, 3 * x**2) < 1e-12
    with pytest.raises(AssertionError, match="float64"):
        central_differences(lambda: 0.0, np.zeros(1, np.float32))


def test_a_gradient_that_is_not_a_number_is_wrong() -> None:
    with pytest.raises(AssertionError, match="input 0"):
        assert_right({"input 0": float("nan")}, 1.0)
    assert error(np.zeros(0), np.zeros(0)) == 0.0
