"""Ranks of neurons: where they lie in their pool, which rows each rank reads, and which parameters are a matrix as they are."""

import numpy as np
import pytest

from core.ops.activations import Relu, Tanh
from core.ops.elementwise import Activation
from core.ops.evaluate import evaluate
from core.ops.neuron_ranks import NeuronRanks
from core.ops.ranks import RankedNeuron
from core.ops.rows import Rows
from core.ops.spans import side_by_side, span
from tests.core.ops.cases import CASES, Case

RANKS = NeuronRanks(
    (2, 1),
    (
        (RankedNeuron((0, 1, 2), activation=Tanh()), RankedNeuron((0, 1, 2), activation=Relu())),
        (RankedNeuron((5, 4)), RankedNeuron((4, 5), bias=False)),
        (RankedNeuron((7, 1), bias=False),),
    ),
)


def test_every_group_of_rows_ends_in_ones() -> None:
    assert RANKS.one_rows == (3, 6, 9, 11)
    assert RANKS.output_shape((2,), (1,)) == (12,)
    assert RANKS.places == ((0, False), (2, True))
    assert RANKS.macs((2,), (1,)) == 12
    inputs = np.arange(4.0).reshape(2, 2), np.full((1, 2), 7.0)
    blocks = tuple(np.full((1, count), 0.1) for count in (4, 4, 3, 2, 2))
    pool = evaluate(RANKS, *inputs, parameters=blocks).output
    np.testing.assert_array_equal(pool[list(RANKS.one_rows)], 1)
    np.testing.assert_array_equal(pool[:2], inputs[0])
    np.testing.assert_allclose(pool[4], np.tanh(0.1 * (inputs[0].sum(0) + 8)))
    np.testing.assert_allclose(pool[7], 0.1 * (pool[4] + pool[5] + 1))
    np.testing.assert_allclose(pool[10], 0.1 * (pool[7] + pool[1]))


def test_a_rank_reads_the_rows_that_it_must() -> None:
    assert [(rank.low, rank.high, rank.whole) for rank in RANKS.layout] == [
        (0, 4, True),
        (4, 7, False),
        (1, 8, False),
    ]
    assert [rank.cells for rank in RANKS.layout] == [8, 6, 7]
    assert [rank.is_linear for rank in RANKS.layout] == [False, True, True]
    assert [RANKS.activation_of(row) for row in (4, 5, 7, 10)] == [Tanh(), Relu(), None, None]


def test_inputs_of_other_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match="received"):
        RANKS.output_shape((2,), (2,))


def test_rows_cut_out_what_they_say() -> None:
    values = np.arange(10.0).reshape(5, 2)
    np.testing.assert_array_equal(evaluate(Rows(1, 3), values).output, values[1:3])
    assert (Rows(1, 3).first_row, Rows(1, 3).output_shape((5,))) == (1, (2,))


def test_arrays_lie_side_by_side_only_without_a_gap() -> None:
    whole = np.arange(12.0)
    parts = [whole[:4].reshape(1, 4), whole[4:6].reshape(1, 2), whole[6:12].reshape(2, 3)]
    assert side_by_side(parts)
    span(parts)[...] += 1
    np.testing.assert_array_equal(whole, np.arange(12.0) + 1)
    assert not side_by_side([parts[0], parts[2]])
    assert not side_by_side([parts[1], parts[0]])
    assert not side_by_side([parts[0], np.zeros(3)])
    assert not side_by_side([whole, whole])
    assert not side_by_side([parts[2].T])


ELEMENTWISE = [case for case in CASES if case.op.elementwise]


@pytest.mark.parametrize("case", ELEMENTWISE, ids=str)
def test_an_op_that_says_so_works_on_each_value_by_itself(case: Case) -> None:
    (values,), parameters = case.points(0)
    assert not parameters
    rows = values.reshape(-1, values.shape[-1])
    slopes = np.random.default_rng(1).standard_normal(values.shape)
    whole = evaluate(case.op, values, output_gradient=slopes)
    parts = [
        evaluate(case.op, row[None], output_gradient=slope[None])
        for row, slope in zip(rows, slopes.reshape(rows.shape))
    ]
    np.testing.assert_array_equal(whole.output.reshape(rows.shape), np.concatenate([part.output for part in parts]))
    gradients = np.concatenate([part.input_gradients[0] for part in parts])
    np.testing.assert_array_equal(whole.input_gradients[0].reshape(rows.shape), gradients)


def test_every_activation_but_those_that_mix_or_learn_is_elementwise() -> None:
    mixed = {type(case.op).__name__ for case in CASES if isinstance(case.op, Activation) and not case.op.elementwise}
    assert mixed == {"PRelu", "Softmax", "PositionSoftmax"}
