"""Attention and positional encoding: what is seen, what is hidden, heads side by side."""

import numpy as np
import pytest

from core.ops.attention import Attend, AttentionWeights
from core.ops.evaluate import evaluate
from core.ops.op import Array, Op
from core.ops.positional import PositionalEncoding, waves


def sequences(*shapes: tuple[int, ...], seed: int = 0) -> list[Array]:
    generator = np.random.default_rng(seed)
    return [generator.standard_normal(shape) for shape in shapes]


def test_weights_by_hand() -> None:
    query, key = np.array([[[2.0], [0.0]]]), np.array([[[1.0], [5.0]], [[0.0], [7.0]]])
    weights = evaluate(AttentionWeights(), query, key).output
    scores = np.exp(np.array([2.0, 0.0]) / np.sqrt(2))
    np.testing.assert_allclose(weights[0, 0, :, 0], scores / scores.sum(), rtol=1e-14)
    unscaled = evaluate(AttentionWeights(scaled=False), query, key).output
    scores = np.exp([2.0, 0.0])
    np.testing.assert_allclose(unscaled[0, 0, :, 0], scores / scores.sum(), rtol=1e-14)


@pytest.mark.parametrize(("heads", "causal"), [(1, False), (2, False), (2, True)])
def test_weights_are_shares(heads: int, causal: bool) -> None:
    query, key = sequences((4, 6, 3), (5, 6, 3))
    weights = evaluate(AttentionWeights(heads, causal), query, key).output
    assert weights.shape == (heads, 4, 5, 3)
    np.testing.assert_allclose(weights.sum(2), 1, rtol=1e-14)
    future = np.triu(np.ones((4, 5), bool), 1)
    assert (weights[:, future] == 0).all() == causal


def test_masked_steps_have_no_weight_and_who_sees_nothing_has_none() -> None:
    query, key = sequences((3, 2, 2), (4, 2, 2))
    mask = np.array([[1, 0], [0, -1], [0.5, 0], [0.49, 0]]).reshape(4, 1, 2)
    result = evaluate(AttentionWeights(), query, key, mask, output_gradient=np.ones((1, 3, 4, 2)))
    assert (result.output[:, :, [1, 3], 0] == 0).all()
    np.testing.assert_allclose(result.output[..., 0].sum(-1), 1, rtol=1e-14)
    assert (result.output[..., 1] == 0).all()
    assert all(np.isfinite(gradient).all() for gradient in result.input_gradients)
    assert not result.input_gradients[2].any()


def test_hidden_steps_are_as_if_they_were_not_there() -> None:
    query, key, value = sequences((3, 4, 2), (5, 4, 2), (5, 3, 2))
    mask = np.ones((5, 1, 2))
    mask[3:] = 0
    masked = evaluate(AttentionWeights(2), query, key, mask).output
    np.testing.assert_allclose(masked[:, :, :3], evaluate(AttentionWeights(2), query, key[:3]).output, rtol=1e-14)
    key[3:], value[3:] = 1e6, 1e6
    again = evaluate(AttentionWeights(2), query, key, mask).output
    np.testing.assert_array_equal(masked, again)


def test_a_number_that_is_not_one_stays_visible() -> None:
    query, key = sequences((2, 2, 2), (3, 2, 2))
    query[0, 0, 1] = np.nan
    mask = np.ones((3, 1, 2))
    for inputs in ((query, key), (query, key, mask)):
        weights = evaluate(AttentionWeights(), *inputs).output
        assert np.isnan(weights[0, 0, :, 1]).all()
        assert np.isfinite(weights[..., 0]).all()


def test_scores_of_a_thousand_choose_one_step() -> None:
    query = np.full((1, 1, 1), 1000.0)
    key = np.array([1.0, 2.0, 3.0]).reshape(3, 1, 1)
    np.testing.assert_array_equal(evaluate(AttentionWeights(), query, key).output.ravel(), [0, 0, 1])


def test_each_head_takes_its_own_features() -> None:
    weights = np.zeros((2, 1, 2, 1))
    weights[0, 0, 0], weights[1, 0, 1] = 1, 1
    value = np.arange(8.0).reshape(2, 4, 1)
    np.testing.assert_array_equal(evaluate(Attend(), weights, value).output.ravel(), [0, 1, 6, 7])


@pytest.mark.parametrize(
    ("op", "shapes", "words"),
    [
        (AttentionWeights(), ((3, 2), (4, 3)), "equally many features"),
        (AttentionWeights(2), ((3, 3), (4, 3)), "2 heads can share"),
        (AttentionWeights(), ((3,), (4, 3)), "two sequences"),
        (AttentionWeights(), ((4, 3), (3,)), "two sequences"),
        (AttentionWeights(), ((3, 2), (4, 2), (3, 1)), "the mask"),
        (Attend(), ((1, 3, 4), (3, 2)), "other steps"),
        (Attend(), ((2, 3, 4), (4, 3)), "share"),
        (Attend(), ((3, 4), (4, 3)), "weights"),
        (Attend(), ((1, 3, 4), (4,)), "weights"),
        (PositionalEncoding(), ((3,),), "reads a sequence"),
    ],
    ids=str,
)
def test_shapes_that_do_not_fit_are_refused(op: Op, shapes: tuple[tuple[int, ...], ...], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        op.output_shape(*shapes)


def test_multiply_adds_are_those_of_the_two_products() -> None:
    assert AttentionWeights(2).macs((3, 8), (5, 8)) == 3 * 5 * 8
    assert Attend().macs((2, 3, 5), (5, 8)) == 3 * 5 * 8


def test_long_sequences_cost_the_memory_of_their_weights() -> None:
    assert AttentionWeights().scratch_values((500, 4), (500, 4)) > 2 * 500 * 500
    assert Attend().scratch_values((1, 500, 500), (500, 4)) > 2 * 500 * 500


def test_waves_by_hand() -> None:
    encoding = waves(3, 5)
    assert encoding[0].tolist() == [0, 1, 0, 1, 0]
    np.testing.assert_allclose(encoding[2, :2], [np.sin(2), np.cos(2)], rtol=1e-15)
    np.testing.assert_allclose(encoding[2, 4], np.sin(2 / 10_000 ** (4 / 5)), rtol=1e-14)
    assert waves(1, 1).tolist() == [[0.0]]


def test_positions_are_added_or_stand_beside() -> None:
    (x,) = sequences((4, 3, 2))
    encoding = waves(4, 3)[..., None]
    np.testing.assert_array_equal(evaluate(PositionalEncoding(), x).output, x + encoding)
    beside = evaluate(PositionalEncoding(beside=True), x).output
    np.testing.assert_array_equal(beside[:, :3], x)
    np.testing.assert_array_equal(beside[:, 3:], np.broadcast_to(encoding, (4, 3, 2)))
