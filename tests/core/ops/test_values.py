"""What the ops answer: known values, kinks, and numbers as large as there are."""

import math
from typing import Any

import numpy as np
import pytest

from core.ops.activations import (
    Absolute,
    Elu,
    Gaussian,
    Gelu,
    HardSigmoid,
    Identity,
    LeakyRelu,
    Mish,
    PositionSoftmax,
    PRelu,
    Relu,
    Selu,
    Sigmoid,
    Silu,
    Sine,
    Softmax,
    Softplus,
    Softsign,
    Square,
    Step,
    Tanh,
    activation_curve,
)
from core.ops.elementwise import Activation
from core.ops.evaluate import evaluate
from core.ops.op import LossOp
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
        (PositionSoftmax(), 1.0, 0.7310585786300, 0.1966119332415),
        (HardSigmoid(), 1.5, 0.75, 1 / 6),
        (HardSigmoid(), -3.5, 0.0, 0.0),
        (Softsign(), -3.0, -0.75, 0.0625),
        (PRelu(0.3), -2.0, -0.6, 0.3),
        (Selu(), -1.0, -1.1113307378125, 0.6467686028206),
        (Selu(), 2.0, 2.1014019747110, 1.0507009873555),
        (Mish(), 1.0, 0.8650983882673, 1.0490362200997),
        (Mish(), -30.0, -2.8072868906519e-12, -2.7137106609637e-12),
        (Sine(), 1.0, 0.8414709848079, 0.5403023058681),
        (Gaussian(), 1.0, 0.3678794411714, -0.7357588823429),
        (Absolute(), -2.0, 2.0, -1.0),
        (Square(), -3.0, 9.0, -6.0),
    ],
    ids=str,
)
def test_known_values(op: Activation, z: float, a: float, slope: float) -> None:
    values, slopes = activation_curve(op, np.array([z]))
    np.testing.assert_allclose(values, [a], rtol=1e-12)
    np.testing.assert_allclose(slopes, [slope], rtol=1e-9)


@pytest.mark.parametrize(
    ("op", "a", "slope"),
    [
        (Step(), 1, 0),
        (Relu(), 0, 0),
        (LeakyRelu(0.1), 0, 0.1),
        (Elu(2.0), 0, 2.0),
        (Selu(), 0, 1.7580993408473766),
    ],
    ids=str,
)
@pytest.mark.parametrize("zero", [0.0, -0.0])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_at_the_kink_the_slope_is_the_left_one(op: Activation, a: float, slope: float, zero: float, dtype: Any) -> None:
    z = np.full((3, 40), zero, dtype)
    result = evaluate(op, z, output_gradient=np.ones_like(z))
    np.testing.assert_array_equal(result.output, a)
    np.testing.assert_array_equal(result.input_gradients[0], np.asarray(slope, dtype))


@pytest.mark.parametrize(
    ("op", "z", "a", "slope"),
    [
        (HardSigmoid(), -3.0, 0, 0),
        (HardSigmoid(), 3.0, 1, 0),
        (Absolute(), 0.0, 0, 0),
        (Absolute(), -0.0, 0, 0),
        (PRelu(), -0.0, 0, 0.25),
    ],
    ids=str,
)
def test_at_the_other_kinks_the_slope_is_what_the_op_says(op: Activation, z: float, a: float, slope: float) -> None:
    values, slopes = activation_curve(op, np.array([z]))
    assert (values[0], slopes[0]) == (a, slope)


def test_a_learned_slope_learns_from_negative_values_alone() -> None:
    z, gradient = np.array([[-2.0, 3.0], [-1.0, -0.5]]), np.array([[1.0, 10.0], [2.0, -4.0]])
    shared = evaluate(PRelu(), z, parameters=(np.array([0.5]),), output_gradient=gradient)
    np.testing.assert_array_equal(shared.output, [[-1, 3], [-0.5, -0.25]])
    np.testing.assert_array_equal(shared.parameter_gradients[0], [-2 - 2 + 2])
    each = evaluate(PRelu(each=True), z, parameters=(np.array([0.5, 2.0]),), output_gradient=gradient)
    np.testing.assert_array_equal(each.output, [[-1, 3], [-2, -1]])
    np.testing.assert_array_equal(each.parameter_gradients[0], [-2, -2 + 2])


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
        (HardSigmoid(), (0, 0), (1, 0)),
        (Softsign(), (-1, 0), (1, 0)),
        (PRelu(0.3), (-INFINITE, 0.3), (INFINITE, 1)),
        (Selu(), (-1.7580993408473766, 0), (INFINITE, 1.0507009873554805)),
        (Mish(), (0, 0), (INFINITE, 1)),
        (Sine(), (NAN, NAN), (NAN, NAN)),
        (Gaussian(), (0, 0), (0, 0)),
        (Absolute(), (INFINITE, -1), (INFINITE, 1)),
        (Square(), (INFINITE, -INFINITE), (INFINITE, INFINITE)),
    ],
    ids=str,
)
def test_at_infinity_a_curve_reaches_its_limit_and_nan_stays_nan(
    op: Activation, least: tuple[float, float], most: tuple[float, float]
) -> None:
    values, slopes = activation_curve(op, np.array([-INFINITE, INFINITE, NAN]))
    np.testing.assert_array_equal(values, [least[0], most[0], NAN])
    np.testing.assert_allclose(slopes[:2], [least[1], most[1]], atol=1e-50)


THROUGH_ZERO = {
    Identity(): 1.0,
    Tanh(): 1.0,
    Softsign(): 1.0,
    Relu(): (0.0, 1.0),
    LeakyRelu(0.1): (0.1, 1.0),
    PRelu(0.3): (0.3, 1.0),
    Elu(): 1.0,
    Selu(): (1.7580993408473766, 1.0507009873554805),
    Gelu(): 0.5,
    Silu(): 0.5,
    Mish(): 0.6,
    Sine(): 1.0,
    Absolute(): (-1.0, 1.0),
    Square(): 0.0,
}
"""Curves that are 0 at 0, with their slope there, or on either side."""


@pytest.mark.parametrize("op", THROUGH_ZERO, ids=str)
def test_the_smallest_numbers_are_not_lost(op: Activation) -> None:
    left, right = slopes if isinstance(slopes := THROUGH_ZERO[op], tuple) else (slopes, slopes)
    values, _ = activation_curve(op, np.array([-1e-308, -0.0, 0.0, 1e-308]))
    np.testing.assert_allclose(values, [-1e-308 * left, 0, 0, 1e-308 * right], rtol=1e-15)


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


def test_softmax_shares_add_up_to_one_along_the_features() -> None:
    z = np.random.default_rng(0).normal(0, 300, (2, 5, 7))
    shares = evaluate(Softmax(), z).output
    np.testing.assert_allclose(shares.sum(1), 1, rtol=1e-14)
    assert (shares >= 0).all()
    np.testing.assert_allclose(evaluate(Softmax(), z + 700).output, shares, atol=1e-13)
