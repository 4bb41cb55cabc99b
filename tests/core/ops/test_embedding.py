"""Embedding and one-hot: numbers inside and outside the vocabulary, shapes, and one as a product with the other."""

import numpy as np
import pytest

from core.ops.embedding import Embedding, OneHot, WholeNumbers
from core.ops.evaluate import evaluate

NAN = float("nan")


def test_numbers_choose_rows_and_strangers_get_zeros() -> None:
    table = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    numbers = np.array([[0.0, 2.0, 1.6, -0.4, 3.0, -1.0, 1e300]])
    rows = evaluate(Embedding(3, size=2), numbers, parameters=(table,)).output.T
    np.testing.assert_array_equal(rows, [[1, 2], [5, 6], [5, 6], [1, 2], [0, 0], [0, 0], [0, 0]])


@pytest.mark.parametrize("op", [OneHot(3), Embedding(3, size=2)], ids=str)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_what_is_no_number_gives_no_number(op: WholeNumbers, dtype: type) -> None:
    numbers = np.array([[1.0, NAN, np.inf, -np.inf]], dtype)
    parameters = (np.ones((3, 2), dtype),) if isinstance(op, Embedding) else ()
    slope = np.ones((op.width, 4), dtype)
    result = evaluate(op, numbers, parameters=parameters, output_gradient=slope)
    assert np.isfinite(result.output[:, 0]).all()
    assert np.isnan(result.output[:, 1:]).all()
    for gradient in result.parameter_gradients:
        np.testing.assert_array_equal(gradient, [[0, 0], [1, 1], [0, 0]])


def test_one_hot_rows() -> None:
    numbers = np.array([[2.0, 0.0, -1.0, 3.0]])
    np.testing.assert_array_equal(evaluate(OneHot(3), numbers).output.T, [[0, 0, 1], [1, 0, 0], [0, 0, 0], [0, 0, 0]])


@pytest.mark.parametrize("shape", [(1,), (4,), (4, 1), (1, 1)])
def test_an_embedding_is_one_hot_rows_times_the_table(shape: tuple[int, ...]) -> None:
    generator = np.random.default_rng(0)
    numbers, table = generator.integers(-1, 7, (*shape, 5)).astype(float), generator.standard_normal((6, 3))
    op = Embedding(6, size=3)
    slope = generator.standard_normal((*op.output_shape(shape), 5))
    result = evaluate(op, numbers, parameters=(table,), output_gradient=slope)
    hot = evaluate(OneHot(6), numbers).output.reshape(-1, 6, 5)
    np.testing.assert_allclose(
        result.output, np.einsum("tkb,ks->tsb", hot, table).reshape(slope.shape), rtol=1e-15, atol=1e-15
    )
    expected = np.einsum("tkb,tsb->ks", hot, slope.reshape(-1, 3, 5))
    np.testing.assert_allclose(result.parameter_gradients[0], expected, rtol=1e-14, atol=1e-14)
    assert not result.input_gradients[0].any()


@pytest.mark.parametrize(
    ("shape", "expected"), [((1,), (4,)), ((3,), (3, 4)), ((3, 1), (3, 4)), ((1, 1), (1, 4))], ids=str
)
def test_a_single_number_becomes_a_row_and_several_a_sequence(
    shape: tuple[int, ...], expected: tuple[int, ...]
) -> None:
    assert OneHot(4).output_shape(shape) == expected
    assert Embedding(9, size=4).output_shape(shape) == expected


@pytest.mark.parametrize("shape", [(3, 2), (2, 3, 1), ()])
def test_other_shapes_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="one_hot reads single whole numbers"):
        OneHot(4).output_shape(shape)


def test_the_block_of_an_embedding() -> None:
    block = Embedding(5, size=3).block("normal")
    assert block.shape == (5, 3)
    (view,) = block.views
    assert (view.name, view.initializer, view.fan_in, view.fan_out) == ("weight", "normal", 5, 3)
