"""What an op says that it keeps for itself, against what it takes when it is bound."""

import math
import tracemalloc

import numpy as np
import pytest

from core.ops.layout import value_with_ones
from core.ops.linear import Linear
from core.ops.op import Array, Binding, LossOp
from tests.core.ops.cases import CASES, Case

BATCHES = 64, 320
BYTES = 4
MARGIN = 1.5
"""By how much an estimate may be too small."""


def kept(case: Case, batch: int) -> int:
    """The bytes that are taken when a case is bound, both ways, for a batch."""
    op, shapes = case.op, case.shapes
    is_loss = isinstance(op, LossOp)

    def rooms(shape: tuple[int, ...]) -> tuple[Array, Array]:
        return value_with_ones(shape, batch, np.float32)

    inputs, gradients = ([rooms(shape) for shape in shapes] for _ in range(2))
    output = np.zeros((), np.float32) if is_loss else rooms(op.output_shape(*shapes))[0]
    slope = None if is_loss else np.zeros_like(output)
    parameters, parameter_gradients = (
        tuple(np.zeros(shape, np.float32) for shape in case.parameters) for _ in range(2)
    )
    binding = Binding(
        inputs=tuple(value for value, _ in inputs),
        extended=tuple(rows for _, rows in inputs),
        output=output,
        input_gradients=tuple(value for value, _ in gradients),
        extended_gradients=tuple(rows for _, rows in gradients),
        output_gradient=slope,
        parameters=parameters,
        parameter_gradients=parameter_gradients,
        training=True,
        random=np.random.default_rng(0),
    )
    tracemalloc.start()
    bound = op.bind(binding)
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert bound.forward or bound.backward
    return taken


@pytest.mark.parametrize("case", CASES, ids=str)
def test_an_op_keeps_not_much_more_than_it_says(case: Case) -> None:
    few, many = (kept(case, batch) for batch in BATCHES)
    measured = (many - few) / (BATCHES[1] - BATCHES[0]) / BYTES
    values = sum(math.prod(shape) for shape in (*case.shapes, case.op.output_shape(*case.shapes)))
    # As much again as the values and their gradients is small beside what is told apart here.
    assert measured <= MARGIN * case.op.scratch_values(*case.shapes) + 2 * values


def test_a_weighted_sum_of_a_row_keeps_nothing_and_one_of_a_sequence_two_copies() -> None:
    assert Linear(3).scratch_values((100,)) == 0
    assert Linear(3).scratch_values((50, 8)) == 50 * (9 + 3)
