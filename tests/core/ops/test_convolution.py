"""Convolution: known sums, what a switch changes, large products in pieces, and derivatives made wrong on purpose."""

from functools import partial

import numpy as np
import pytest

from core.ops.columns import NARROW, Kernel, correlate, multiply
from core.ops.convolution import Convolution, ConvolutionOverTime
from core.ops.evaluate import evaluate
from core.ops.op import Array, Binding, Op
from core.ops.transposed_convolution import TransposedConvolution
from core.ops.windows import Window
from tests.core.ops.cases import Case
from tests.core.ops.pictures import convolved, line, square, transposed
from tests.core.ops.test_gradients import planted
from tests.gradients import assert_right, op_errors


def test_a_kernel_is_laid_on_as_it_is_and_a_true_convolution_turns_it() -> None:
    picture = np.array([0.0, 0.0, 1.0, 0.0, 0.0]).reshape(1, 1, 5, 1)
    kernel = np.array([[1.0, 2.0, 3.0]])
    windows = (Window(1), Window(3))
    as_it_is = evaluate(Convolution(1, Kernel(windows), bias=False), picture, parameters=(kernel,)).output
    turned = evaluate(Convolution(1, Kernel(windows, flipped=True), bias=False), picture, parameters=(kernel,)).output
    assert as_it_is.ravel().tolist() == [3.0, 2.0, 1.0]
    assert turned.ravel().tolist() == np.convolve(picture.ravel(), kernel.ravel(), "valid").tolist() == [1.0, 2.0, 3.0]


def test_a_moving_difference_over_time_with_a_bias() -> None:
    sequence = np.array([[1.0], [4.0], [9.0], [16.0]])[:, :, None]
    op = ConvolutionOverTime(1, line(2))
    assert evaluate(op, sequence, parameters=(np.array([[-1.0, 1.0, 0.5]]),)).output.ravel().tolist() == [3.5, 5.5, 7.5]


def test_every_value_paints_a_kernel() -> None:
    picture = np.array([[1.0, 10.0]]).reshape(1, 1, 2, 1)
    op = TransposedConvolution(1, Kernel((Window(1), Window(3, 2))))
    parameters = np.array([[1.0, 2.0, 3.0]]), np.array([0.5])
    assert evaluate(op, picture, parameters=parameters).output.ravel().tolist() == [1.5, 2.5, 13.5, 20.5, 30.5]


@pytest.mark.parametrize("flipped", [False, True])
def test_the_transposed_convolution_is_the_transpose(flipped: bool) -> None:
    generator = np.random.default_rng(1)
    kernel = square(3, stride=2, padding="same", groups=2, flipped=flipped)
    there, back = Convolution(4, kernel, bias=False), TransposedConvolution(6, kernel, bias=False)
    large, small = generator.standard_normal((6, 8, 4, 1)), generator.standard_normal((4, 4, 2, 1))
    block = generator.standard_normal(there.block(6, "zeros").shape)
    assert back.output_shape((4, 4, 2)) == (6, 8, 4)
    forth = evaluate(there, large, parameters=(block,)).output
    home = evaluate(back, small, parameters=(block,)).output
    assert (forth * small).sum() == pytest.approx((home * large).sum(), rel=1e-12)


def test_nan_stays_where_it_can_be_seen() -> None:
    picture = np.zeros((1, 4, 4, 2))
    picture[0, 0, 0, 1] = np.nan
    output = evaluate(Convolution(1, square(2)), picture, parameters=(np.ones((1, 5)),)).output
    assert np.isnan(output[..., 1]).sum() == 1
    assert not np.isnan(output[..., 0]).any()


@pytest.mark.parametrize(
    ("op", "shape", "words"),
    [
        (Convolution(1, square(2)), (4,), "Convolution reads pictures"),
        (ConvolutionOverTime(1, line(2)), (1, 4, 4), "Convolution over time reads sequences"),
        (TransposedConvolution(1, square(2)), (4,), "Transposed convolution reads pictures and sequences"),
        (Convolution(1, square(5)), (1, 4, 8), "A window of 5 lines does not fit into 4"),
        (Convolution(1, square(5)), (1, 8, 4), "A window of 5 columns does not fit into 4"),
        (ConvolutionOverTime(1, line(5)), (4, 1), "A window of 5 steps does not fit into 4"),
        (Convolution(6, square(1, groups=4)), (4, 2, 2), "4 groups do not divide 4 channels .* 6 that go out; what divides both is 1, 2"),
        (ConvolutionOverTime(6, line(1, groups=3)), (2, 2), "what divides both is 1, 2"),
        (TransposedConvolution(3, square(1, groups=2)), (6, 2, 2), "what divides both is 1, 3"),
        (TransposedConvolution(3, line(1, groups=2)), (2, 6), "what divides both is 1, 3"),
        (TransposedConvolution(1, square(1, padding=2)), (1, 3, 9), "A padding of 2 cuts off all of the 3 values"),
    ],
    ids=str,
)  # fmt: skip
def test_what_does_not_fit_is_told(op: Op, shape: tuple[int, ...], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        op.output_shape(shape)


def test_the_parameters_have_their_names_and_shapes() -> None:
    weight, bias = Convolution(6, square(3, groups=2)).block(4, "he_normal").views
    block = np.arange(6 * 19.0).reshape(6, 19)
    assert (weight.name, weight.initializer, weight.fan_in, weight.fan_out) == ("weight", "he_normal", 18, 27)
    assert weight.cut(block).shape == (6, 2, 3, 3)
    assert np.shares_memory(weight.cut(block), block)
    assert weight.cut(block)[1, 1, 2, 0] == 19 + 9 + 6
    assert (bias.name, bias.initializer, bias.regularized) == ("bias", "zeros", False)
    assert bias.cut(block).tolist() == block[:, -1].tolist()
    assert [view.name for view in Convolution(2, square(1), bias=False).block(1, "zeros").views] == ["weight"]
    (over_time, _) = ConvolutionOverTime(5, line(4)).block(3, "zeros").views
    assert over_time.shape == (5, 3, 4)
    painted, added = TransposedConvolution(6, square(3, stride=2, groups=2)).blocks(4, "zeros")
    assert painted.views[0].shape == (4, 3, 3, 3)
    assert (painted.views[0].fan_in, painted.views[0].fan_out) == (2 * 2 * 2, 27)
    assert added.shape == (6,)
    assert len(TransposedConvolution(6, line(3), bias=False).blocks(4, "zeros", axes=1)) == 1


def test_multiply_adds_are_counted_per_sample() -> None:
    assert Convolution(8, square(3, padding="same", groups=2)).macs((4, 6, 5)) == 8 * 30 * 2 * 9
    assert ConvolutionOverTime(8, line(3)).macs((6, 2)) == 8 * 4 * 2 * 3
    assert TransposedConvolution(8, square(3, stride=2)).macs((4, 2, 3)) == 4 * 6 * 8 * 9


@pytest.mark.parametrize("groups", [1, 2])
@pytest.mark.parametrize(
    ("lines", "fan_in", "columns"),
    [(4, 5, 6000), (4, 20, 3001), (40, 30, 3000), (16, 90, 1536), (90, 16, 1536), (3, 3, 40)],
)
def test_products_in_pieces_are_the_products(groups: int, lines: int, fan_in: int, columns: int) -> None:
    generator = np.random.default_rng(0)
    assert NARROW == 1200
    weight, rows = (
        generator.standard_normal((groups, lines, fan_in)),
        generator.standard_normal((groups, fan_in, columns)),
    )
    slopes = generator.standard_normal((groups, lines, columns))
    sums, gradient = np.empty_like(slopes), np.empty_like(weight)
    for call in (multiply(weight, rows, sums), *correlate(slopes, rows, gradient)):
        call()
    np.testing.assert_allclose(sums, weight @ rows, rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(gradient, slopes @ rows.transpose(0, 2, 1), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(
    ("op", "shape", "parameters"),
    [
        convolved(Convolution(3, square(2)), (2, 3, 3)),
        convolved(ConvolutionOverTime(3, line(2)), (4, 2)),
        transposed(TransposedConvolution(3, square(2)), (2, 3, 3)),
    ],
    ids=str,
)
def test_the_first_layer_works_out_no_gradient_of_the_picture(
    op: Op, shape: tuple[int, ...], parameters: tuple[tuple[int, ...], ...]
) -> None:
    inputs, values = Case(op, (shape,), parameters=parameters).points(0)
    whole = evaluate(op, *inputs, parameters=values, output_gradient=np.ones((*op.output_shape(shape), 4)))
    output, gradients = np.empty_like(whole.output), tuple(np.empty_like(array) for array in values)
    binding = Binding(
        inputs,
        (inputs[0],),
        output,
        (None,),
        (None,),
        np.ones_like(output),
        values,
        gradients,
        True,
        np.random.default_rng(0),
    )
    bound = op.bind(binding)
    for call in (*bound.forward, *bound.backward):
        call()
    np.testing.assert_array_equal(output, whole.output)
    for mine, theirs in zip(gradients, whole.parameter_gradients, strict=True):
        np.testing.assert_array_equal(mine, theirs)


def turn_the_kernel(size: int, arrays: Binding) -> None:
    gradient = arrays.parameter_gradients[0][:, : arrays.parameter_gradients[0].shape[1] - 1]
    kernels = gradient.reshape(len(gradient), -1, size)
    kernels[...] = kernels[..., ::-1].copy()


def forget_the_bias(arrays: Binding) -> None:
    arrays.parameter_gradients[-1][..., -1] = 0


def forget_a_corner(arrays: Binding) -> None:
    gradient = arrays.input_gradients[0]
    assert gradient is not None
    gradient[..., -1, :] = 0


FAULTS = (partial(turn_the_kernel, 4), forget_the_bias, forget_a_corner)


@pytest.mark.parametrize("fault", FAULTS, ids=["turned", "no bias", "no edge"])
def test_a_turned_kernel_or_a_missing_term_is_caught(fault) -> None:
    op, shape, parameters = convolved(Convolution(3, square(2)), (2, 3, 3))
    inputs, values = Case(op, (shape,), parameters=parameters).points(2)
    with pytest.raises(AssertionError, match="gradients off"):
        assert_right(op_errors(planted(op, fault), *inputs, parameters=values), 1e-7)


def close(first: Array, second: Array) -> None:
    np.testing.assert_allclose(first, second, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("batch", [1, 2, 7])
def test_the_batch_size_changes_nothing(batch: int) -> None:
    generator = np.random.default_rng(3)
    pictures, op = generator.standard_normal((2, 9, 9, batch)), Convolution(4, square(3, padding=1))
    values = (generator.standard_normal(op.block(2, "zeros").shape),)
    together = evaluate(op, pictures, parameters=values).output
    for index in range(batch):
        one = np.ascontiguousarray(pictures[..., index : index + 1])
        close(evaluate(op, one, parameters=values).output, together[..., index : index + 1])
