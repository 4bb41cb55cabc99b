"""What the losses answer: known values, corners, and numbers as small and as large as there are."""

import math
from typing import Any

import numpy as np
import pytest

from core.ops import losses
from core.ops.evaluate import evaluate
from core.ops.op import Array, LossOp
from tests.core.ops.cases import CASES, Case

INFINITE = math.inf
NAN = math.nan


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


@pytest.mark.parametrize(
    ("op", "error", "expected", "slope"),
    [
        (losses.Huber(delta=2.0), 1.0, 0.5, 1.0),
        (losses.Huber(delta=2.0), -2.0, 2.0, -2.0),
        (losses.Huber(delta=2.0), 5.0, 8.0, 2.0),
        (losses.Huber(delta=2.0), -1e308, math.inf, -2.0),
        (losses.Huber(delta=2.0), -INFINITE, INFINITE, -2.0),
        (losses.LogCosh(), 1e-9, 0.5e-18, 1e-9),
        (losses.LogCosh(), -1.0, 0.43378083048302, -0.76159415595576),
        (losses.LogCosh(), 0.9999999999, 0.43378083040686, 0.76159415591377),
        (losses.LogCosh(), 1e3, 1e3 - math.log(2), 1.0),
        (losses.LogCosh(), 1e308, 1e308, 1.0),
        (losses.LogCosh(), -INFINITE, INFINITE, -1.0),
        (losses.MeanAbsoluteError(), -INFINITE, INFINITE, -1.0),
        (losses.MeanAbsoluteError(), 1e-308, 1e-308, 1.0),
        (losses.MeanSquaredError(), -INFINITE, INFINITE, -INFINITE),
        (losses.MeanSquaredError(), 1e-308, 0.0, 2e-308),
        (losses.MeanSquaredError(), 1e308, INFINITE, INFINITE),
        (losses.MeanSquaredError(), NAN, NAN, NAN),
        (losses.Huber(), NAN, NAN, NAN),
        (losses.LogCosh(), NAN, NAN, NAN),
    ],
    ids=str,
)
@pytest.mark.parametrize("target", [0.0, -0.0])
def test_small_and_large_errors(op: LossOp, error: float, expected: float, slope: float, target: float) -> None:
    value, gradient = loss(op, [[error]], [[target]])
    np.testing.assert_allclose([value, gradient[0, 0]], [expected, slope], rtol=1e-12)


@pytest.mark.parametrize("delta", [0.0, -1.0, NAN])
def test_a_square_without_width_is_refused(delta: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        losses.Huber(delta=delta)


@pytest.mark.parametrize(
    ("answer", "target", "expected", "slope"),
    [
        (1.0, 1.0, 0.0, 0.0),
        (0.25, 1.0, 0.75, -1.0),
        (-2.0, 1.0, 3.0, -1.0),
        (-1.0, 0.0, 0.0, 0.0),
        (2.0, 0.0, 3.0, 1.0),
        (INFINITE, 1.0, 0.0, 0.0),
        (INFINITE, 0.0, INFINITE, 1.0),
        (-1e308, 0.0, 0.0, 0.0),
    ],
)
def test_a_margin_that_is_kept_costs_nothing(answer: float, target: float, expected: float, slope: float) -> None:
    value, gradient = loss(losses.Hinge(), [[answer]], [[target]])
    assert (value, gradient[0, 0]) == (expected, slope)


def test_the_right_class_has_to_lead_by_one() -> None:
    value, gradient = loss(
        losses.ClassHinge(), [[2.0, 0.5], [1.5, 0.5], [-3.0, 0.0]], [[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]
    )
    assert value == pytest.approx((0.5 + 1 + 0.5) / 3 / 2, rel=1e-15)
    np.testing.assert_allclose(gradient * 6, [[-1, 1], [1, -2], [0, 1]], rtol=1e-15)


def test_divergences_are_nothing_where_both_are_the_same() -> None:
    shares = np.array([[0.2, 1.0], [0.3, 0.0], [0.5, 0.0]])
    assert loss(losses.ShareDivergence(), shares, shares)[0] == 0
    assert loss(losses.NormalDivergence(), [[0.0], [0.0]], [[0.0], [0.0]])[0] == 0
    assert loss(losses.ShareDivergence(), [[0.5], [0.5]], [[0.25], [0.75]])[0] == pytest.approx(
        0.25 * math.log(0.5) + 0.75 * math.log(1.5), rel=1e-14
    )
    assert loss(losses.NormalDivergence(), [[2.0], [0.0]], [[0.0], [math.log(4)]])[0] == pytest.approx(
        2 + (4 - 1 - math.log(4)) / 2, rel=1e-14
    )


def test_a_mean_and_a_variance_go_together() -> None:
    with pytest.raises(ValueError, match="one shape"):
        losses.NormalDivergence().output_shape((2,), (3,))


def test_a_target_of_zeros_asks_nothing() -> None:
    prediction = np.array([[0.3, 0.6], [0.7, 0.4]])
    for op in (losses.CategoricalCrossEntropy(), losses.CategoricalCrossEntropyFromLogits()):
        value, gradient = loss(op, prediction, [[0.0, 1.0], [0.0, 0.0]])
        alone, wanted = loss(op, prediction[:, 1:], [[1.0], [0.0]])
        assert value == pytest.approx(alone / 2, rel=1e-15)
        np.testing.assert_array_equal(gradient[:, 0], 0)
        np.testing.assert_allclose(gradient[:, 1:], wanted / 2, rtol=1e-15)


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
