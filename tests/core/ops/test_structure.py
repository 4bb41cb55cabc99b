"""Ops that join, reshape and thin out; and what every op says of itself."""

import numpy as np
import pytest

from core.ops.activations import Identity, LeakyRelu, Relu
from core.ops.evaluate import evaluate
from core.ops.linear import Linear
from core.ops.losses import BinaryCrossEntropyFromLogits
from core.ops.op import Op
from core.ops.structure import Add, Concatenate, Dropout, Flatten, Multiply


def test_flatten_keeps_the_order_of_the_values() -> None:
    image = np.arange(2 * 3 * 2 * 4.0).reshape(2, 3, 2, 4)
    flat = evaluate(Flatten(), image).output
    for sample in range(4):
        np.testing.assert_array_equal(flat[:, sample], image[..., sample].ravel())


def test_concatenate_keeps_the_order_of_the_wires() -> None:
    first, second = np.full((2, 3), 1.0), np.full((1, 3), 2.0)
    assert evaluate(Concatenate(), first, second).output[:, 0].tolist() == [1, 1, 2]
    assert evaluate(Concatenate(), second, first).output[:, 0].tolist() == [2, 1, 1]


def test_multiply_by_zero_still_has_a_gradient() -> None:
    x, y = np.zeros((1, 1)), np.full((1, 1), 3.0)
    gradients = evaluate(Multiply(), x, y, output_gradient=np.ones((1, 1))).input_gradients
    assert [float(gradient[0, 0]) for gradient in gradients] == [3.0, 0.0]


@pytest.mark.parametrize(
    ("op", "shapes", "words"),
    [
        (Concatenate(), ((2, 3, 1), (2, 2, 1)), r"\(2, 3, 1\), \(2, 2, 1\)"),
        (Add(), ((2,), (3,)), "add needs inputs of one shape"),
        (Multiply(), ((2,), (3,)), "multiply needs inputs of one shape"),
        (Linear(3), ((2, 2, 2),), "flatten it first"),
    ],
    ids=str,
)
def test_shapes_that_do_not_fit_are_refused(op: Op, shapes: tuple[tuple[int, ...], ...], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        op.output_shape(*shapes)


@pytest.mark.parametrize("rate", [-0.1, 1.0, float("nan")])
def test_dropout_refuses_a_rate_that_leaves_nothing(rate: float) -> None:
    with pytest.raises(ValueError, match="below 1"):
        Dropout(rate)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_dropout_drops_its_share_and_scales_the_rest(rate: float, dtype: type) -> None:
    ones = np.ones((200, 500), dtype)
    result = evaluate(Dropout(rate), ones, output_gradient=ones, training=True, seed=3)
    dropped = result.output == 0
    assert dropped.mean() == pytest.approx(rate, abs=0.005)
    np.testing.assert_allclose(result.output[~dropped], 1 / (1 - rate), rtol=1e-6)
    np.testing.assert_array_equal(result.input_gradients[0], result.output)


def test_dropout_draws_the_same_mask_from_the_same_seed_and_another_from_another() -> None:
    ones = np.ones((20, 20))
    masks = [evaluate(Dropout(0.5), ones, training=True, seed=seed).output for seed in (1, 1, 2)]
    np.testing.assert_array_equal(masks[0], masks[1])
    assert (masks[0] != masks[2]).any()


def test_dropout_of_next_to_nothing_keeps_everything_in_single_precision() -> None:
    ones = np.ones((300, 300), np.float32)
    assert set(np.unique(evaluate(Dropout(1e-12), ones, training=True).output)) <= {np.float32(0), np.float32(1)}


def test_who_shares_memory_with_its_input() -> None:
    assert Flatten().aliases(True)
    assert Identity().aliases(False)
    assert not Relu().aliases(False)
    assert Dropout(0.5).aliases(False)
    assert not Dropout(0.5).aliases(True)
    assert Dropout(0.0).aliases(True)


def test_what_an_op_says_of_itself() -> None:
    assert BinaryCrossEntropyFromLogits().name == "binary_cross_entropy_from_logits"
    assert LeakyRelu().name == "leaky_relu"
    assert Relu().macs((7,)) == 0
    assert Linear(3).macs((7,)) == 21
    assert Linear(3) == Linear(3)
    assert hash(Linear(3)) == hash(Linear(3, True))


def test_the_parameters_of_a_linear_op() -> None:
    block = Linear(3).block(2, "he_normal")
    weight, bias = block.views
    array = np.arange(9).reshape(block.shape)
    assert array[weight.index].tolist() == [[0, 1], [3, 4], [6, 7]]
    assert array[bias.index].tolist() == [2, 5, 8]
    assert (weight.name, weight.initializer, weight.fan_in, weight.fan_out) == ("weight", "he_normal", 2, 3)
    assert (bias.name, bias.initializer) == ("bias", "zeros")
    plain = Linear(3, bias=False).block(2, "zeros")
    assert plain.shape == (3, 2)
    assert [view.name for view in plain.views] == ["weight"]


def test_a_linear_op_without_gradients_to_pass_on() -> None:
    x, weight = np.array([[1.0], [2.0]]), np.array([[3.0, 4.0, 5.0]])
    assert evaluate(Linear(1), x, parameters=(weight,)).output.tolist() == [[16.0]]
    assert evaluate(Linear(1, bias=False), x, parameters=(weight[:, :2].copy(),)).output.tolist() == [[11.0]]
