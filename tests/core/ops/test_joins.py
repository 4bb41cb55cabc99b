"""Joins of values of one shape: order, ties, and division by 0."""

import math

import numpy as np
import pytest

from core.ops.evaluate import evaluate
from core.ops.joins import Average, Divide, Dot, Maximum, Subtract
from core.ops.op import Op


def test_the_order_of_the_wires_matters_where_it_should() -> None:
    x, y = np.array([[8.0]]), np.array([[2.0]])
    assert evaluate(Subtract(), x, y).output == 6
    assert evaluate(Subtract(), y, x).output == -6
    assert evaluate(Divide(), x, y).output == 4
    assert evaluate(Divide(), y, x).output == 0.25


def test_of_equal_values_the_first_alone_gets_the_gradient() -> None:
    first, second, third = np.array([[1.0, 5.0, -0.0]]), np.array([[4.0, 5.0, 0.0]]), np.array([[4.0, 0.0, -1.0]])
    result = evaluate(Maximum(), first, second, third, output_gradient=np.array([[1.0, 2.0, 3.0]]))
    np.testing.assert_array_equal(result.output, [[4, 5, 0]])
    np.testing.assert_array_equal(result.input_gradients[0], [[0, 2, 3]])
    np.testing.assert_array_equal(result.input_gradients[1], [[1, 0, 0]])
    np.testing.assert_array_equal(result.input_gradients[2], [[0, 0, 0]])


def test_nan_is_the_largest_and_has_no_gradient() -> None:
    result = evaluate(
        Maximum(), np.array([[math.nan, 1.0]]), np.array([[2.0, math.nan]]), output_gradient=np.ones((1, 2))
    )
    assert np.isnan(result.output).all()
    np.testing.assert_array_equal(result.input_gradients, 0)


def test_division_by_zero_is_what_the_standard_says() -> None:
    x, y = np.array([[1.0, -1.0, 1.0, 0.0, 0.0]]), np.array([[0.0, 0.0, -0.0, 0.0, 2.0]])
    result = evaluate(Divide(), x, y, output_gradient=np.ones_like(x))
    np.testing.assert_array_equal(result.output, [[math.inf, -math.inf, -math.inf, math.nan, 0.0]])
    np.testing.assert_array_equal(result.input_gradients[0], [[math.inf, math.inf, -math.inf, math.inf, 0.5]])
    np.testing.assert_array_equal(result.input_gradients[1], [[-math.inf, math.inf, -math.inf, math.nan, 0.0]])


def test_the_average_of_the_largest_numbers_is_no_infinity() -> None:
    largest = np.full((1, 1), np.finfo(float).max)
    assert evaluate(Average(), largest, largest).output == largest


def test_a_dot_product_leaves_one_number_of_each_row() -> None:
    generator = np.random.default_rng(0)
    for shape, axis, left in (((3, 4), 0, (1, 4)), ((2, 3, 4), 1, (2, 1, 4)), ((3, 2, 5, 4), 0, (1, 2, 5, 4))):
        x, y = generator.normal(size=shape), generator.normal(size=shape)
        output = evaluate(Dot(), x, y).output
        assert output.shape == left
        np.testing.assert_allclose(output, (x * y).sum(axis, keepdims=True), rtol=1e-14)


@pytest.mark.parametrize("op", [Subtract(), Divide(), Maximum(), Average(), Dot()], ids=str)
def test_inputs_of_two_shapes_are_refused(op: Op) -> None:
    with pytest.raises(ValueError, match=f"{op.name} needs inputs of one shape"):
        op.output_shape((2,), (3,))
