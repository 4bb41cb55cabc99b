"""What the ops answer: known values, kinks, and numbers as large as there are."""

import math
from typing import Any

import numpy as np
import pytest

from core.ops import losses
from core.ops.activations import (
    Elu,
    Gelu,
    Identity,
    LeakyRelu,
    Relu,
    Sigmoid,
    Silu,
    Softmax,
    Softplus,
    Square,
    Step,
    Tanh,
    activation_curve,
)
from core.ops.elementwise import Activation
from core.ops.evaluate import evaluate
from core.ops.op import Array, LossOp
from tests.core.ops.cases import CASES, Case

INFINITE = math.inf
NAN = math.nan


@pytest.mark.parametrize(
    ("op", "z", "a", "slope"),
    [
        (Identity(), -3.0, -3.0, 1.0),
        (Step(), 0.5, 1.0, 0.0),
        (Sigmoid(), 6.5, 0.9984988177432, 0.0014989287085),
        (Sigmoid(), -50.0, 1.9287498479639e-22, 1.9287498479639e-22),
        (Tanh(), 0.5, 0.4621171572601, 0.7864477329659),
        (Relu(), -2.0, 0.0, 0.0),
        (Relu(), 2.0, 2.0, 1.0),
        (LeakyRelu(0.1), -2.0, -0.2, 0.1),
        (Elu(2.0), -1.0, -1.2642411176571, 0.7357588823429),
        (Softplus(), 1.0, 1.3132616875182, 0.7310585786300),
        (Softplus(), -50.0, 1.9287498479639e-22, 1.9287498479639e-22),
        (Gelu(), 1.0, 0.8413447460685, 1.0833154705876),
        (Silu(), 1.0, 0.7310585786300, 0.9276705118714),
        (Softmax(), 1.0, 0.7310585786300, 0.1966119332415),
    ],
    ids=str,
)
def test_known_values(op: Activation, z: float, a: float, slope: float) -> None:
    values, slopes = activation_curve(op, np.array([z]))
    np.testing.assert_allclose(values, [a], rtol=1e-12)
    np.testing.assert_allclose(slopes, [slope], rtol=1e-9)


@pytest.mark.parametrize(
    ("op", "a", "slope"),
    [(Step(), 1, 0), (Relu(), 0, 0), (LeakyRelu(0.1), 0, 0.1), (Elu(2.0), 0, 2.0)],
    ids=str,
)
@pytest.mark.parametrize("zero", [0.0, -0.0])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_at_the_kink_the_slope_is_the_left_one(op: Activation, a: float, slope: float, zero: float, dtype: Any) -> None:
    z = np.full((3, 40), zero, dtype)
    result = evaluate(op, z, output_gradient=np.ones_like(z))
    np.testing.assert_array_equal(result.output, a)
    np.testing.assert_array_equal(result.input_gradients[0], np.asarray(slope, dtype))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_relu_lets_the_gradient_through_exactly_where_the_input_is_positive(dtype: Any) -> None:
    smallest = np.finfo(dtype).smallest_subnormal
    z = np.array([[-1.0, -smallest, -0.0, 0.0, smallest, 1.0, INFINITE, -INFINITE]], dtype)
    gradient = np.array([[-2.5, NAN, INFINITE, 3.0, -4.0, INFINITE, -1.0, 7.0]], dtype)
    result = evaluate(Relu(), z, output_gradient=gradient)
    np.testing.assert_array_equal(result.input_gradients[0], [[0, 0, 0, 0, -4.0, INFINITE, -1.0, 0]])


@pytest.mark.parametrize(
    ("op", "least", "most"),
    [
        (Identity(), (-INFINITE, 1), (INFINITE, 1)),
        (Step(), (0, 0), (1, 0)),
        (Sigmoid(), (0, 0), (1, 0)),
        (Tanh(), (-1, 0), (1, 0)),
        (Relu(), (0, 0), (INFINITE, 1)),
        (LeakyRelu(0.01), (-INFINITE, 0.01), (INFINITE, 1)),
        (Elu(), (-1, 0), (INFINITE, 1)),
        (Softplus(), (0, 0), (INFINITE, 1)),
        (Gelu(), (0, 0), (INFINITE, 1)),
        (Silu(), (0, 0), (INFINITE, 1)),
    ],
    ids=str,
)
def test_at_infinity_a_curve_reaches_its_limit_and_nan_stays_nan(
    op: Activation, least: tuple[float, float], most: tuple[float, float]
) -> None:
    values, slopes = activation_curve(op, np.array([-INFINITE, INFINITE, NAN]))
    np.testing.assert_array_equal(values, [least[0], most[0], NAN])
    np.testing.assert_allclose(slopes[:2], [least[1], most[1]])


HUGE = (-1e308, -1e154, -1e3, -750.0, 750.0, 1e3, 1e154, 1e308)


@pytest.mark.parametrize(
    "case", [case for case in CASES if isinstance(case.op, Activation) and not isinstance(case.op, Square)], ids=str
)
def test_huge_finite_inputs_give_finite_values_and_slopes(case: Case) -> None:
    values, slopes = activation_curve(case.op, np.array(HUGE))
    assert np.isfinite(values).all()
    assert np.isfinite(slopes).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("case", CASES, ids=str)
def test_no_number_makes_numpy_warn(case: Case, dtype: Any) -> None:
    largest = np.finfo(dtype).max
    extremes = np.array([INFINITE, -INFINITE, NAN, largest, -largest, -0.0, np.finfo(dtype).smallest_subnormal], dtype)
    inputs = tuple(np.resize(np.roll(extremes, i), (*shape, 7)) for i, shape in enumerate(case.shapes))
    parameters = tuple(np.resize(extremes, shape) for shape in case.parameters)
    shape = case.op.output_shape(*case.shapes)
    gradient = None if isinstance(case.op, LossOp) else np.resize(extremes, (*shape, 7))
    result = evaluate(
        case.op,
        *inputs,
        parameters=parameters,
        output_gradient=gradient,
        training=case.training,
        batch=7,
        dtype=dtype,
    )
    assert all(array.dtype == dtype for array in (result.output, *result.input_gradients, *result.parameter_gradients))


def loss(op: LossOp, prediction: Any, target: Any) -> tuple[float, Array]:
    result = evaluate(op, np.array(prediction, float), np.array(target, float))
    return float(result.output), result.input_gradients[0]


@pytest.mark.parametrize(
    ("op", "prediction", "target", "expected"),
    [
        (losses.MeanSquaredError(), [[1.0, 2.0], [3.0, 5.0]], [[1.0, 0.0], [0.0, 4.0]], 14 / 4),
        (losses.RootMeanSquaredError(), [[1.0, 2.0], [3.0, 5.0]], [[1.0, 0.0], [0.0, 4.0]], math.sqrt(14 / 4)),
        (losses.MeanAbsoluteError(), [[1.0, 2.0], [3.0, 5.0]], [[1.0, 0.0], [0.0, 4.0]], 6 / 4),
        (losses.BinaryCrossEntropy(), [[0.9, 0.2]], [[1.0, 0.0]], -(math.log(0.9) + math.log(0.8)) / 2),
        (
            losses.BinaryCrossEntropyFromLogits(),
            [[0.0, 2.0]],
            [[1.0, 0.0]],
            (math.log(2) + math.log(1 + math.exp(2))) / 2,
        ),
        (losses.CategoricalCrossEntropy(), [[0.7], [0.2], [0.1]], [[0.0], [1.0], [0.0]], -math.log(0.2)),
        (losses.CategoricalCrossEntropyFromLogits(), [[5.0], [5.0], [5.0]], [[0.0], [1.0], [0.0]], math.log(3)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_known_losses(op: LossOp, prediction: Any, target: Any, expected: float) -> None:
    assert loss(op, prediction, target)[0] == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("scale", [0.0, 1e-30, 1e-170, 1e-300])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_root_of_no_error_has_no_slope(scale: float, dtype: Any) -> None:
    error = np.array([[1.0, -1.0, 0.5]], dtype) * np.asarray(scale, dtype)
    result = evaluate(losses.RootMeanSquaredError(), error, np.zeros_like(error))
    assert np.isfinite(result.output)
    assert (np.abs(result.input_gradients[0]) <= 1).all()
    if scale == 0:
        np.testing.assert_array_equal(result.input_gradients[0], 0)


def test_the_absolute_error_has_no_slope_where_there_is_no_error() -> None:
    assert loss(losses.MeanAbsoluteError(), [[1.0, 2.0]], [[1.0, 1.0]])[1].tolist() == [[0.0, 0.5]]


@pytest.mark.parametrize("wrong", [0.0, 1.0])
def test_a_sure_and_wrong_probability_has_a_finite_loss_and_is_pushed_back(wrong: float) -> None:
    value, gradient = loss(losses.BinaryCrossEntropy(), [[wrong]], [[1.0 - wrong]])
    assert value == pytest.approx(16.118, abs=1e-3)
    assert np.isfinite(gradient).all()
    assert np.sign(gradient[0, 0]) == (1 if wrong else -1)
    value, gradient = loss(losses.CategoricalCrossEntropy(), [[0.0], [1.0]], [[1.0], [0.0]])
    assert value == pytest.approx(16.118, abs=1e-3)
    assert gradient[0, 0] == pytest.approx(-1e7)


def test_logits_of_a_thousand_are_exact() -> None:
    value, gradient = loss(losses.BinaryCrossEntropyFromLogits(), [[1e3, -1e3, 1e3]], [[1.0, 0.0, 0.0]])
    assert value == pytest.approx(1e3 / 3, rel=1e-15)
    np.testing.assert_allclose(gradient, [[0, 0, 1 / 3]])
    value, gradient = loss(
        losses.CategoricalCrossEntropyFromLogits(), [[1e3, 1e308], [-1e3, -1e3]], [[0.0, 1.0], [1.0, 0.0]]
    )
    assert value == pytest.approx(1e3, rel=1e-15)
    np.testing.assert_allclose(gradient, [[0.5, 0], [-0.5, 0]])


def test_a_confident_answer_keeps_its_digits() -> None:
    value, _ = loss(losses.BinaryCrossEntropyFromLogits(), [[30.0]], [[1.0]])
    assert value == pytest.approx(math.log1p(math.exp(-30)), rel=1e-12, abs=0)
    value = float(evaluate(losses.BinaryCrossEntropyFromLogits(), np.float32([[30.0]]), np.float32([[1.0]])).output)
    assert value == pytest.approx(math.exp(-30), rel=1e-6, abs=0)


@pytest.mark.parametrize("case", [case for case in CASES if isinstance(case.op, LossOp)], ids=str)
def test_a_loss_is_the_merged_loss_of_its_parts(case: Case) -> None:
    (prediction, target), _ = case.points(0)
    parts = [(prediction[..., :1], target[..., :1]), (prediction[..., 1:], target[..., 1:])]
    numbers = np.array([float(evaluate(case.op, *map(np.ascontiguousarray, part)).output) for part in parts])
    whole = float(evaluate(case.op, prediction, target).output)
    assert case.op.merge(numbers, np.array([1, 3])) == pytest.approx(whole, rel=1e-13)


@pytest.mark.parametrize("loss", [losses.MeanSquaredError(), losses.RootMeanSquaredError()], ids=str)
def test_merging_infinities_does_not_warn(loss: LossOp) -> None:
    assert loss.merge(np.array([1e308, INFINITE]), np.array([512, 3])) == INFINITE
    assert math.isnan(loss.merge(np.array([NAN, 1e308]), np.array([512, 3])))


def test_softmax_shares_add_up_to_one_along_the_features() -> None:
    z = np.random.default_rng(0).normal(0, 300, (2, 5, 7))
    shares = evaluate(Softmax(), z).output
    np.testing.assert_allclose(shares.sum(1), 1, rtol=1e-14)
    assert (shares >= 0).all()
    np.testing.assert_allclose(evaluate(Softmax(), z + 700).output, shares, atol=1e-13)
