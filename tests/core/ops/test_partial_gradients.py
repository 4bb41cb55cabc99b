"""Every op where not all gradients are asked for: behind data, an op writes what is wanted, the same as ever, and nothing else."""

from itertools import product

import numpy as np
import pytest

from core.ops.evaluate import evaluate
from core.ops.layout import value_with_ones
from core.ops.op import Array, Binding, LossOp
from tests.core.ops.cases import CASES, Case

WITH_GRADIENT = [case for case in CASES if case.shapes and not isinstance(case.op, LossOp)]


def gradients(
    case: Case, inputs: tuple[Array, ...], parameters: tuple[Array, ...], slope: Array, wanted: tuple[bool, ...]
) -> tuple[list[Array | None], list[Array]]:
    """(gradients by the inputs that are wanted, gradients by the parameters)."""
    batch = slope.shape[-1]
    rooms = [value_with_ones(shape, batch, slope.dtype) for shape in case.shapes]
    for (room, _), values in zip(rooms, inputs):
        room[...] = values
    upstream = [
        value_with_ones(shape, batch, slope.dtype) if want else None for shape, want in zip(case.shapes, wanted)
    ]
    by_parameters = [np.zeros_like(block) for block in parameters]
    bound = case.op.bind(
        Binding(
            inputs=tuple(room for room, _ in rooms),
            extended=tuple(rows for _, rows in rooms),
            output=np.empty_like(slope),
            input_gradients=tuple(pair and pair[0] for pair in upstream),
            extended_gradients=tuple(pair and pair[1] for pair in upstream),
            output_gradient=slope,
            parameters=parameters,
            parameter_gradients=tuple(by_parameters),
            training=case.training,
            random=np.random.default_rng(0),
        )
    )
    with np.errstate(all="ignore"):
        for call in (*bound.forward, *bound.backward):
            call()
    return [pair and pair[0] for pair in upstream], by_parameters


@pytest.mark.parametrize("case", WITH_GRADIENT, ids=str)
def test_gradients_that_nobody_asks_for_change_no_other(case: Case) -> None:
    inputs, parameters = case.points(6)
    slope = np.random.default_rng(7).standard_normal((*case.op.output_shape(*case.shapes), inputs[0].shape[-1]))
    state = [block.copy() for block in parameters]
    whole = evaluate(case.op, *inputs, parameters=parameters, output_gradient=slope, training=case.training)
    for wanted in product((True, False), repeat=min(len(inputs), 3)):
        wanted += (True,) * (len(inputs) - len(wanted))
        for block, values in zip(parameters, state):
            block[...] = values
        by_inputs, by_parameters = gradients(case, inputs, parameters, slope, wanted)
        for expected, found in zip((*whole.input_gradients, *whole.parameter_gradients), (*by_inputs, *by_parameters)):
            assert found is None or np.array_equal(found, expected)


@pytest.mark.parametrize("case", [case for case in CASES if isinstance(case.op, LossOp)], ids=str)
def test_a_loss_that_nothing_learns_from_has_the_same_number(case: Case) -> None:
    inputs, _ = case.points(6)
    number = np.empty(())
    bound = case.op.bind(
        Binding(
            inputs=inputs,
            extended=(),
            output=number,
            input_gradients=(None,) * len(inputs),
            extended_gradients=(None,) * len(inputs),
            output_gradient=None,
            parameters=(),
            parameter_gradients=(),
            training=case.training,
            random=np.random.default_rng(0),
        )
    )
    for call in (*bound.forward, *bound.measure):
        call()
    assert not bound.backward
    np.testing.assert_array_equal(number, evaluate(case.op, *inputs, training=case.training).output)
