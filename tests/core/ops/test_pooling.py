"""Pooling: who wins, who takes the gradient, and what is not counted; and the pool that is part of a convolution."""

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest

from core.ops.activations import Identity, Relu, Sigmoid, Tanh
from core.ops.columns import Kernel
from core.ops.convolution import Convolution
from core.ops.convolution_pool import ConvolutionPool
from core.ops.elementwise import Activation
from core.ops.evaluate import evaluate
from core.ops.global_pooling import GlobalAverage, GlobalMax, GlobalMin
from core.ops.op import Array, Op
from core.ops.pooling import AveragePool, ExtremePool, MaxPool, MinPool
from core.ops.windows import Window
from tests.core.ops.pictures import square

SQUARES = Window(2, 2)


def one_picture(lines: list[list[float]]) -> Array:
    return np.array(lines, float)[None, :, :, None]


@pytest.mark.parametrize(
    ("op", "kept"), [(MaxPool(SQUARES), 4.0), (MinPool(SQUARES), 1.0), (AveragePool(SQUARES), 2.5)]
)
def test_known_pools(op: Op, kept: float) -> None:
    assert evaluate(op, one_picture([[1, 3], [4, 2]])).output.ravel().tolist() == [kept]


@pytest.mark.parametrize("window", [Window(2, 2), Window(2, 1), Window(2, 2, "same")], ids=str)
@pytest.mark.parametrize("op", [MaxPool, MinPool])
def test_of_equal_values_the_first_takes_the_gradient(op: type[ExtremePool], window: Window) -> None:
    picture = np.zeros((1, 2, 2, 1))
    gradient = evaluate(op(window), picture, output_gradient=np.full((1, 1, 1, 1), 5.0)).input_gradients[0]
    assert gradient.ravel().tolist() == [5.0, 0, 0, 0]
    second_line = one_picture([[0, 0], [7, 7]]) * (1 if op is MaxPool else -1)
    gradient = evaluate(op(window), second_line, output_gradient=np.full((1, 1, 1, 1), 5.0)).input_gradients[0]
    assert gradient.ravel().tolist() == [0, 0, 5.0, 0]


def test_of_zeros_with_different_signs_one_takes_the_gradient() -> None:
    for signs in ([0.0, -0.0], [-0.0, 0.0]):
        for op in (MaxPool(Window(2)), MinPool(Window(2))):
            result = evaluate(op, np.array(signs)[:, None, None], output_gradient=np.ones((1, 1, 1)))
            assert sorted(result.input_gradients[0].ravel().tolist()) == [0, 1]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    "op", [MaxPool(SQUARES), MinPool(SQUARES), AveragePool(SQUARES), GlobalMax(), GlobalMin(), GlobalAverage()]
)
def test_nan_stays_nan(op: Op, dtype: Any) -> None:
    for place in range(4):
        picture = np.array([1, 2, 3, 4], dtype)
        picture[place] = np.nan
        assert np.isnan(evaluate(op, picture.reshape(1, 2, 2, 1)).output).all()


def test_infinities_win_and_lose() -> None:
    picture = one_picture([[-np.inf, 1], [2, np.inf]])
    for op, place, kept in ((MaxPool(SQUARES), 3, np.inf), (MinPool(SQUARES), 0, -np.inf)):
        result = evaluate(op, picture, output_gradient=np.ones((1, 1, 1, 1)))
        assert result.output.item() == kept
        assert np.flatnonzero(result.input_gradients[0]).tolist() == [place]


def test_the_edge_never_wins_and_is_not_counted() -> None:
    window = Window(3, 3, 1)
    below, above = np.full((1, 2, 2, 1), -5.0), np.full((1, 2, 2, 1), 5.0)
    assert (evaluate(MaxPool(window), below).output == -5).all()
    assert (evaluate(MinPool(window), above).output == 5).all()
    assert (evaluate(AveragePool(window), above).output == 5).all()


def test_the_average_of_huge_values_is_not_infinite() -> None:
    huge = np.full((1, 2, 2, 1), 1e308)
    assert evaluate(AveragePool(SQUARES), huge).output.item() == pytest.approx(1e308)
    assert evaluate(GlobalAverage(), huge).output.item() == pytest.approx(1e308)


@pytest.mark.parametrize("op", [GlobalMax(), GlobalMin()])
def test_the_first_of_equal_values_in_the_whole_picture_takes_the_gradient(op: Op) -> None:
    gradient = evaluate(op, np.zeros((2, 2, 2, 1)), output_gradient=np.array([[3.0], [4.0]])).input_gradients[0]
    assert gradient[0].ravel().tolist() == [3.0, 0, 0, 0]
    assert gradient[1].ravel().tolist() == [4.0, 0, 0, 0]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (partial(MaxPool, Window(2, 2, 2)), "A padding of 2 would leave nothing in a window of 2; choose at most 1"),
        (partial(MaxPool(SQUARES).output_shape, (4,)), "Pooling reads pictures and sequences"),
        (partial(MaxPool(SQUARES).output_shape, (1, 1, 5)), "A window of 2 lines does not fit into 1"),
        (partial(MaxPool(SQUARES).output_shape, (1, 5)), "A window of 2 steps does not fit into 1"),
        (partial(GlobalMax().output_shape, (4,)), "Global pooling reads pictures and sequences"),
    ],
    ids=str,
)
def test_what_does_not_fit_is_told(make: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        make()


@pytest.mark.parametrize("op", [MaxPool(SQUARES), AveragePool(SQUARES), GlobalMax(), GlobalAverage()], ids=str)
def test_nobody_needs_a_gradient(op: Op) -> None:
    assert np.isfinite(evaluate(op, np.ones((1, 4, 4, 2))).output).all()


def apart(op: ConvolutionPool, picture: Array, block: Array, gradient: Array) -> tuple[Array, Array, Array]:
    """(output, gradient of the picture, gradient of the block) of the three ops one after the other."""
    sums = evaluate(op.convolution, picture, parameters=(block,)).output
    active = evaluate(op.activation, sums).output
    last = evaluate(op.pool, active, output_gradient=gradient)
    middle = evaluate(op.activation, sums, output_gradient=last.input_gradients[0])
    first = evaluate(op.convolution, picture, parameters=(block,), output_gradient=middle.input_gradients[0])
    return last.output, first.input_gradients[0], first.parameter_gradients[0]


@pytest.mark.parametrize("channels", [1, 3, 5])
@pytest.mark.parametrize(
    "kernel",
    [
        square(3, padding="same"),
        square(3, padding=1, flipped=True),
        Kernel((Window(4), Window(3))),
        square(2),
        square(2, stride=2, padding=1),
        square(3, dilation=2, padding=2),
        square(1),
    ],
    ids=str,
)
@pytest.mark.parametrize(
    ("activation", "pool"), [(Relu(), MaxPool), (Identity(), MinPool), (Tanh(), MinPool), (Sigmoid(), MaxPool)]
)
def test_one_op_gives_what_three_give(
    channels: int, kernel: Kernel, activation: Activation, pool: type[ExtremePool]
) -> None:
    generator = np.random.default_rng(4)
    for bias in (True, False):
        op = ConvolutionPool(Convolution(3, kernel, bias), activation, pool(SQUARES))
        picture = generator.standard_normal((channels, 7, 6, 5))
        block = generator.standard_normal(op.convolution.block(channels, "zeros").shape)
        gradient = generator.standard_normal((*op.output_shape(picture.shape[:-1]), 5))
        together = evaluate(op, picture, parameters=(block,), output_gradient=gradient)
        parts = apart(op, picture, block, gradient)
        for mine, theirs in zip(
            (together.output, together.input_gradients[0], together.parameter_gradients[0]), parts, strict=True
        ):
            np.testing.assert_allclose(mine, theirs, rtol=1e-12, atol=1e-12)
        np.testing.assert_array_equal(evaluate(op, picture, parameters=(block,)).output, together.output)


def test_what_is_made_at_once_is_a_rule_of_shapes() -> None:
    op = ConvolutionPool(Convolution(64, square(3)), Relu(), MaxPool(SQUARES))
    few = replace(op, convolution=Convolution(16, square(3)))
    assert [op.in_squares(channels) for channels in (1, 2, 3, 64)] == [True, True, False, False]
    assert [few.in_squares(channels) for channels in (1, 3, 64)] == [True, True, True]
    for kernel in (square(3, stride=2), square(3, dilation=2), square(3, groups=2)):
        assert not replace(op, convolution=Convolution(16, kernel)).in_squares(1)
    assert not replace(op, convolution=Convolution(2, square(2))).in_squares(3)
    assert op.macs((5, 6, 7)) == op.convolution.macs((5, 6, 7))
