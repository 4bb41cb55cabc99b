"""Every op at the ends of the numbers: zeros of either sign, the smallest and large numbers, and numbers that are none.

What an op answers at infinity is told by the tests of its own; here is what all have in common.
"""

import numpy as np
import pytest

from core.ops.evaluate import Evaluation, evaluate
from core.ops.joins import Divide
from core.ops.op import Array, LossOp
from tests.core.ops.cases import CASES, Case

TINY = 1e-308
ORDINARY = (0.0, -0.0, TINY, -TINY, 1e-30, 1.0, -1.0, 100.0, -100.0)
WITHOUT_POLES = [case for case in CASES if not isinstance(case.op, Divide)]
"""A quotient is infinite at 0, on the side of its sign; ``test_joins`` says so."""


def run(case: Case, inputs: tuple[Array, ...], parameters: tuple[Array, ...]) -> Evaluation:
    """Forward and backward, on copies, for an op may remember something in its parameters."""
    batch = inputs[0].shape[-1] if inputs else 4
    shape = case.op.output_shape(*case.shapes)
    gradient = None if isinstance(case.op, LossOp) else np.ones((*shape, batch))
    return evaluate(
        case.op,
        *(values.copy() for values in inputs),
        parameters=tuple(values.copy() for values in parameters),
        output_gradient=gradient,
        training=case.training,
        batch=batch,
    )


def numbers(result: Evaluation) -> list[Array]:
    return [result.output, *result.input_gradients, *result.parameter_gradients]


@pytest.mark.parametrize("case", WITHOUT_POLES, ids=str)
def test_ordinary_numbers_give_numbers(case: Case) -> None:
    _, parameters = case.points(8)
    inputs = tuple(np.resize(np.roll(ORDINARY, 4 * i), (*shape, len(ORDINARY))) for i, shape in enumerate(case.shapes))
    for values in numbers(run(case, inputs, parameters)):
        assert np.isfinite(values).all()


@pytest.mark.parametrize("case", WITHOUT_POLES, ids=str)
def test_the_sign_of_zero_makes_no_difference(case: Case) -> None:
    inputs, parameters = case.points(9)
    for values in inputs:
        values.reshape(-1)[::2] = 0
    other = tuple(np.where(values == 0, -0.0, values) for values in inputs)
    for one, another in zip(numbers(run(case, inputs, parameters)), numbers(run(case, other, parameters))):
        np.testing.assert_array_equal(one, another)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_is_no_number_stays_visible(case: Case) -> None:
    """What depends on a number is none where that number is none; and other samples know nothing of it."""
    inputs, parameters = case.points(10)
    before = run(case, inputs, parameters).output
    random = np.random.default_rng(0)
    for kind, index in case.places():
        values = (inputs if kind == "input" else parameters)[index]
        for flat in random.permutation(values.size)[:6]:
            place = np.unravel_index(flat, values.shape)
            kept = values[place]
            values[place] = kept + 0.3
            depends = np.asarray(run(case, inputs, parameters).output != before)
            values[place] = np.nan
            after = run(case, inputs, parameters).output
            values[place] = kept
            assert np.isnan(after[depends]).all(), (kind, index, place)
            if kind == "input" and before.shape:
                others = np.arange(before.shape[-1]) != place[-1]
                if not depends[..., others].any():
                    assert not np.isnan(after[..., others]).any(), (kind, index, place)
