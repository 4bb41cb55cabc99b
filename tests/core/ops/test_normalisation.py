"""Normalisation: known values, running statistics, batches of one and features that do not vary."""

import numpy as np
import pytest

from core.ops.evaluate import evaluate
from core.ops.normalisation import BatchNormalisation, LayerNormalisation
from core.ops.op import Array

SHAPES = [(3,), (5, 3), (3, 4, 2)]


def neutral(features: int, dtype: type = float) -> Array:
    """A scale of 1 and a shift of 0."""
    return np.array([np.ones(features), np.zeros(features)], dtype)


def fresh(features: int, dtype: type = float) -> Array:
    """Running statistics as they start: mean 0, variance 1."""
    return neutral(features, dtype)[::-1].copy()


def features_last(values: Array) -> Array:
    """An engine array as (everything else, features)."""
    axis = 1 if values.ndim == 3 else 0
    return np.moveaxis(values, axis, -1).reshape(-1, values.shape[axis])


@pytest.mark.parametrize("shape", SHAPES)
def test_a_batch_gets_mean_0_and_variance_1_for_each_feature(shape: tuple[int, ...]) -> None:
    x = np.random.default_rng(0).normal(5, 3, (*shape, 40))
    y = evaluate(BatchNormalisation(1e-12), x, parameters=(neutral(3), fresh(3)), training=True).output
    np.testing.assert_allclose(features_last(y).mean(0), 0, atol=1e-12)
    np.testing.assert_allclose(features_last(y).var(0), 1, rtol=1e-9)


def test_running_statistics_move_by_the_momentum_with_an_unbiased_variance() -> None:
    x = np.array([[1.0, 2.0, 6.0]])
    running = fresh(1)
    evaluate(BatchNormalisation(momentum=0.25), x, parameters=(neutral(1), running), training=True)
    np.testing.assert_allclose(running[:, 0], [0.25 * 3, 0.75 + 0.25 * 7])


@pytest.mark.parametrize("shape", SHAPES)
def test_outside_training_the_running_statistics_are_used_and_stay(shape: tuple[int, ...]) -> None:
    x = np.random.default_rng(1).normal(size=(*shape, 4))
    running = np.array([[1.0, 2.0, 3.0], [4.0, 9.0, 16.0]])
    kept = running.copy()
    y = evaluate(BatchNormalisation(1e-12), x, parameters=(neutral(3), running)).output
    np.testing.assert_array_equal(running, kept)
    np.testing.assert_allclose(features_last(y), (features_last(x) - kept[0]) / np.sqrt(kept[1]), rtol=1e-9)


@pytest.mark.parametrize(
    ("shape", "batch", "frozen"),
    [((3,), 1, False), ((1, 3), 1, False), ((3, 1, 1), 1, False), ((3,), 5, True), ((3, 2, 2), 5, True)],
)
def test_a_batch_of_one_and_a_frozen_op_are_treated_as_outside_training(
    shape: tuple[int, ...], batch: int, frozen: bool
) -> None:
    x = np.random.default_rng(2).normal(size=(*shape, batch))
    running = np.array([[1.0, 2.0, 3.0], [4.0, 9.0, 16.0]])
    kept = running.copy()
    results = [
        evaluate(
            BatchNormalisation(frozen=frozen),
            x,
            parameters=(neutral(3), running),
            output_gradient=np.ones_like(x),
            training=training,
        )
        for training in (True, False)
    ]
    np.testing.assert_array_equal(running, kept)
    np.testing.assert_array_equal(results[0].output, results[1].output)
    np.testing.assert_array_equal(results[0].input_gradients[0], results[1].input_gradients[0])
    assert np.isfinite(results[0].output).all()


def test_one_sequence_has_a_variance_over_its_steps() -> None:
    x = np.arange(4.0).reshape(4, 1, 1)
    y = evaluate(BatchNormalisation(), x, parameters=(neutral(1), fresh(1)), training=True).output
    assert abs(float(y.mean())) < 1e-12
    assert float(y.std()) == pytest.approx(1, rel=1e-4)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_feature_that_does_not_vary_gives_its_shift(shape: tuple[int, ...], dtype: type) -> None:
    x = np.full((*shape, 5), 3.0, dtype)
    block = np.array([[2.0] * 3, [0.5] * 3], dtype)
    batch = evaluate(BatchNormalisation(), x, parameters=(block, fresh(3, dtype)), training=True).output
    layer = evaluate(LayerNormalisation(), x, parameters=(block,)).output
    np.testing.assert_allclose(batch, 0.5, atol=1e-3)
    np.testing.assert_allclose(layer, 0.5, atol=1e-3)


@pytest.mark.parametrize(("shape", "together"), [((4,), (0,)), ((5, 4), (1,)), ((4, 3, 2), (0, 1, 2))])
def test_a_layer_gets_mean_0_and_variance_1_for_each_sample(shape: tuple[int, ...], together: tuple[int, ...]) -> None:
    x = np.random.default_rng(3).normal(5, 3, (*shape, 6))
    y = evaluate(LayerNormalisation(1e-12), x, parameters=(neutral(4),)).output
    np.testing.assert_allclose(y.mean(together), 0, atol=1e-12)
    np.testing.assert_allclose(y.var(together), 1, rtol=1e-9)


def test_the_blocks_of_a_normalisation() -> None:
    op = BatchNormalisation()
    trained, state = op.block((3, 8, 8)), op.state_block((3, 8, 8))
    assert (trained.shape, trained.trained) == ((2, 3), True)
    assert (state.shape, state.trained) == ((2, 3), False)
    assert [(view.name, view.initializer, view.regularized) for view in (*trained.views, *state.views)] == [
        ("scale", "ones", False),
        ("shift", "zeros", False),
        ("running_mean", "zeros", False),
        ("running_variance", "ones", False),
    ]
    assert LayerNormalisation().block((7, 5)).shape == (2, 5)
    assert LayerNormalisation().block((5,)).shape == (2, 5)
