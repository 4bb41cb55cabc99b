"""RNN, GRU and LSTM with every switch, beside the textbook's loop; what a mask, a direction and a single step mean; and what time costs."""

from itertools import product
from typing import Any

import numpy as np
import pytest

from core.ops.activations import Identity, Relu, Sigmoid, Tanh
from core.ops.evaluate import evaluate
from core.ops.op import Array, Op
from core.ops.recurrent import recurrence
from core.ops.recurrent.at_end import AtEnd
from core.ops.recurrent.gru import Gru
from core.ops.recurrent.lstm import Lstm
from core.ops.recurrent.padding_mask import PaddingMask
from core.ops.recurrent.recurrence import Recurrent
from core.ops.recurrent.rnn import Rnn
from tests.core.ops.recurrent_cases import draw_for, shapes_of
from tests.core.ops.recurrent_reference import block_shapes, by_name, plain
from tests.gradients import SMOOTH, STEP, assert_right, error, op_errors

BOTH = (False, True)


def every_frame(units: int, states: int, kind: type[Recurrent], **settings: Any) -> list[Recurrent]:
    """The op with each direction, output, choice of states to start from, with and without a mask."""
    starts = ((), (0,)) if states == 1 else ((), (0,), (1,), (0, 1))
    frames = product(BOTH, BOTH, starts, BOTH)
    return [
        kind(units, sequence=sequence, reverse=reverse, initial=initial, masked=masked, **settings)
        for sequence, reverse, initial, masked in frames
    ]


CELLS: list[Recurrent] = [
    *(op for curve in (Tanh(), Sigmoid(), Identity(), Relu()) for op in every_frame(2, 1, Rnn, activation=curve)),
    *(op for after in BOTH for op in every_frame(2, 1, Gru, reset_after=after)),
    *(
        op
        for entering, leaving, keeping, looking in product(BOTH, repeat=4)
        for op in every_frame(
            2, 2, Lstm, input_gate=entering, output_gate=leaving, forget_gate=keeping, peepholes=looking
        )
    ),
    *every_frame(2, 2, Lstm, candidate_curve=Sigmoid(), output_curve=Identity(), peepholes=True),
    *every_frame(
        2,
        2,
        Lstm,
        candidate_curve=Relu(),
        output_curve=Sigmoid(),
        output_gate=False,
        input_gate=False,
        forget_gate=False,
    ),
]


def points(op: Recurrent, time: int = 4, seed: int = 3) -> tuple[tuple[Array, ...], tuple[Array, ...]]:
    generator = np.random.default_rng(seed)
    inputs = draw_for(op)(generator, shapes_of(op, time))
    return inputs, tuple(generator.standard_normal(shape) for shape in block_shapes(op, 2))


@pytest.mark.parametrize("time", [1, 4])
def test_every_switch_gives_what_the_textbook_gives(time: int) -> None:
    for op in CELLS:
        inputs, parameters = points(op, time)
        np.testing.assert_allclose(
            evaluate(op, *inputs, parameters=parameters).output,
            plain(op, parameters, *inputs),
            atol=1e-13,
            err_msg=str(op),
        )


def errors_along_a_direction(op: Recurrent, inputs: tuple[Array, ...], parameters: tuple[Array, ...]) -> list[float]:
    """The error of the derivative by each array in one random direction: a sixtieth of the work of all directions."""
    generator = np.random.default_rng(8)
    weights = generator.standard_normal(
        (*op.output_shape(*(array.shape[:-1] for array in inputs)), inputs[0].shape[-1])
    )
    computed = evaluate(op, *inputs, parameters=parameters, output_gradient=weights)
    found = []
    for array, gradient in zip(
        (*inputs, *parameters), (*computed.input_gradients, *computed.parameter_gradients), strict=True
    ):
        direction, start = generator.standard_normal(array.shape), array.copy()
        samples = []
        for distance in (STEP, -STEP, 2 * STEP, -2 * STEP):
            array[...] = start + distance * direction
            samples.append(float((evaluate(op, *inputs, parameters=parameters).output * weights).sum()))
        array[...] = start
        slope = (8 * (samples[0] - samples[1]) - (samples[2] - samples[3])) / (12 * STEP)
        found.append(error(np.array((gradient * direction).sum()), np.array(slope)))
    return found


def test_every_switch_has_the_right_gradient() -> None:
    for op in CELLS:
        if op.smooth:
            inputs, parameters = points(op, time=3)
            assert max(errors_along_a_direction(op, inputs, parameters)) < SMOOTH, op


def test_a_rectified_cell_has_the_right_gradient_off_its_kink() -> None:
    op, checked = Rnn(3, activation=Relu(), sequence=True), 0
    assert not op.smooth
    for seed in range(8):
        inputs, parameters = points(op, seed=seed)
        states = evaluate(op, *inputs, parameters=parameters).output
        before = np.concatenate([np.zeros_like(states[:1]), states[:-1]])
        sums = parameters[0] @ np.concatenate([inputs[0], before, np.ones_like(before[:, :1])], 1)
        if np.abs(sums).min() > 1e-2:
            assert_right(op_errors(op, *inputs, parameters=parameters), SMOOTH)
            checked += 1
    assert checked >= 2


@pytest.mark.parametrize("op", [Rnn(3), Gru(3), Gru(3, reset_after=False), Lstm(3, peepholes=True)], ids=str)
def test_many_short_stretches_give_what_one_long_one_gives(op: Recurrent, monkeypatch: pytest.MonkeyPatch) -> None:
    inputs, parameters = points(op, time=7)
    gradient = np.random.default_rng(0).standard_normal((3, 4))
    whole = evaluate(op, *inputs, parameters=parameters, output_gradient=gradient)
    for steps in (1, 2, 3):
        slopes = {Rnn: 3, Lstm: 15}.get(type(op), 12 if getattr(op, "reset_after", False) else 9)
        monkeypatch.setattr(recurrence, "CACHED", steps * slopes * 4 * 8)
        parts = evaluate(op, *inputs, parameters=parameters, output_gradient=gradient)
        for one, other in zip(
            (*whole.input_gradients, *whole.parameter_gradients), (*parts.input_gradients, *parts.parameter_gradients)
        ):
            np.testing.assert_allclose(one, other, atol=1e-14)


MASKABLE = [Rnn, Gru, Lstm]


@pytest.mark.parametrize("kind", MASKABLE)
@pytest.mark.parametrize("reverse", BOTH)
@pytest.mark.parametrize("padding", [7.0, np.nan])
def test_padding_behind_a_mask_changes_nothing(kind: type[Recurrent], reverse: bool, padding: float) -> None:
    short, long = kind(3, reverse=reverse), kind(3, reverse=reverse, masked=True)
    (inputs,), parameters = points(short, time=3)
    padded = np.concatenate([inputs, np.full((2, *inputs.shape[1:]), padding)])
    mask = np.array([1.0, 1, 1, 0, 0])[:, np.newaxis, np.newaxis] * np.ones((1, 1, 4))
    gradient = np.random.default_rng(1).standard_normal((3, 4))
    alone = evaluate(short, inputs, parameters=parameters, output_gradient=gradient)
    behind = evaluate(long, padded, mask, parameters=parameters, output_gradient=gradient)
    np.testing.assert_array_equal(behind.output, alone.output)
    np.testing.assert_allclose(behind.input_gradients[0][:3], alone.input_gradients[0], atol=1e-15)
    np.testing.assert_array_equal(behind.input_gradients[0][3:], 0)
    np.testing.assert_array_equal(behind.input_gradients[1], 0)
    for one, other in zip(behind.parameter_gradients, alone.parameter_gradients):
        np.testing.assert_allclose(one, other, atol=1e-13)


@pytest.mark.parametrize("kind", MASKABLE)
def test_an_absent_step_puts_the_state_out_again(kind: type[Recurrent]) -> None:
    op = kind(2, sequence=True, masked=True)
    (inputs, _), parameters = points(op, time=5)
    mask = np.array([0.0, 1, 0, 0, 1])[:, np.newaxis, np.newaxis] * np.ones((1, 1, 4))
    output = evaluate(op, inputs, mask, parameters=parameters).output
    np.testing.assert_array_equal(output[0], 0)
    np.testing.assert_array_equal(output[2], output[1])
    np.testing.assert_array_equal(output[3], output[1])
    assert (output[4] != output[3]).all()


@pytest.mark.parametrize("kind", MASKABLE)
def test_backwards_is_forwards_on_the_turned_sequence(kind: type[Recurrent]) -> None:
    (inputs,), parameters = points(kind(3))
    turned = np.ascontiguousarray(inputs[::-1])
    there = evaluate(kind(3, sequence=True, reverse=True), inputs, parameters=parameters).output
    back = evaluate(kind(3, sequence=True), turned, parameters=parameters).output
    np.testing.assert_array_equal(there, back[::-1])
    last = evaluate(kind(3, reverse=True), inputs, parameters=parameters).output
    np.testing.assert_array_equal(last, there[0])


def test_the_carousel_keeps_a_gradient_for_five_hundred_steps() -> None:
    op = Lstm(1, input_gate=False, output_gate=False, forget_gate=False)
    parameters = tuple(0.01 * np.ones(shape) for shape in block_shapes(op, 1))
    by_name(op, 1, parameters)["candidate.recurrent_weight"][...] = 0
    inputs = 1e-3 * np.random.default_rng(0).standard_normal((500, 1, 4))
    gradient = evaluate(op, inputs, parameters=parameters, output_gradient=np.ones((1, 4))).input_gradients[0]
    assert gradient[0] == pytest.approx(gradient[-1], rel=1e-3)
    plain_rnn = tuple(0.5 * np.ones(shape) for shape in block_shapes(Rnn(1), 1))
    faded = evaluate(Rnn(1), inputs, parameters=plain_rnn, output_gradient=np.ones((1, 4))).input_gradients[0]
    assert np.abs(faded[0]).max() < 1e-100


def test_without_an_output_gradient_nothing_goes_back() -> None:
    op = Lstm(2)
    (inputs,), parameters = points(op)
    assert evaluate(op, inputs, parameters=parameters).input_gradients == ()


@pytest.mark.parametrize(
    ("op", "shapes"),
    [
        (Rnn(2), ((3,),)),
        (Gru(2), ((2, 3, 4),)),
        (Lstm(2, initial=(0,)), ((3, 4),)),
        (Lstm(2, initial=(0,)), ((3, 4), (3,))),
        (Rnn(2, masked=True), ((3, 4), (4, 1))),
        (Rnn(2), ((3, 4), (3, 1))),
    ],
)
def test_other_shapes_are_refused(op: Recurrent, shapes: tuple[tuple[int, ...], ...]) -> None:
    with pytest.raises(ValueError, match=rf"^{op.name} (reads a sequence|expects beside the sequence)"):
        op.output_shape(*shapes)


@pytest.mark.parametrize(
    ("op", "macs"),
    [(Rnn(4), 10 * 4 * 7), (Gru(4), 3 * 10 * 4 * 7), (Lstm(4), 4 * 10 * 4 * 7), (Lstm(4, forget_gate=False), 3 * 280)],
)
def test_multiply_adds(op: Recurrent, macs: int) -> None:
    assert op.macs((10, 3)) == macs


def test_every_weight_has_a_name_of_its_own_and_no_number_is_left_over() -> None:
    for op in CELLS:
        declared = op.blocks(3, "zeros", "zeros", "forward.")
        for block in declared:
            count = np.zeros(block.shape, int)
            for view in block.views:
                assert view.name.startswith("forward.")
                assert view.regularized is not view.name.endswith("bias")
                count[view.index] += 1
            np.testing.assert_array_equal(count, 1)


def test_names_and_shapes_are_those_that_scripts_rely_on() -> None:
    op = Lstm(4, peepholes=True)
    blocks = tuple(np.zeros(shape) for shape in block_shapes(op, 3))
    shapes = {name: values.shape for name, values in by_name(op, 3, blocks).items()}
    gates = ("input_gate", "forget_gate", "output_gate")
    assert shapes == {
        **{f"{gate}.input_weight": (4, 3) for gate in (*gates, "candidate")},
        **{f"{gate}.recurrent_weight": (4, 4) for gate in (*gates, "candidate")},
        **{f"{gate}.bias": (4,) for gate in (*gates, "candidate")},
        **{f"{gate}.peephole": (4,) for gate in gates},
    }
    starts = {view.name: view.initializer for block in op.blocks(3, "he_normal", "orthogonal") for view in block.views}
    assert starts["forget_gate.bias"] == "ones"
    assert starts["input_gate.bias"] == "zeros"
    assert starts["candidate.recurrent_weight"] == "orthogonal"
    assert starts["candidate.input_weight"] == starts["output_gate.peephole"] == "he_normal"
    gru = tuple(np.zeros(shape) for shape in block_shapes(Gru(4), 3))
    assert {name: values.shape for name, values in by_name(Gru(4), 3, gru).items()} == {
        f"{gate}.{part}": shape
        for gate in ("reset_gate", "update_gate", "candidate")
        for part, shape in (("input_weight", (4, 3)), ("recurrent_weight", (4, 4)), ("bias", (4,)))
    }


def test_padding_is_what_is_all_padding() -> None:
    values = np.array([[[0.0, 0, 5], [0, -0.0, 5]], [[0, 5, 5], [1, 5, 5]], [[np.nan, np.inf, 5], [0, 0, 4]]])
    np.testing.assert_array_equal(evaluate(PaddingMask(), values).output[:, 0], [[0, 0, 1], [1, 1, 1], [1, 1, 1]])
    np.testing.assert_array_equal(evaluate(PaddingMask(5.0), values).output[:, 0], [[1, 1, 0], [1, 0, 0], [1, 1, 1]])


def test_an_end_of_a_sequence_is_a_row() -> None:
    values = np.arange(24.0).reshape(3, 2, 4)
    np.testing.assert_array_equal(evaluate(AtEnd(), values).output, values[2])
    np.testing.assert_array_equal(evaluate(AtEnd(first=True), values).output, values[0])
    result = evaluate(AtEnd(), values, output_gradient=np.ones((2, 4)))
    np.testing.assert_array_equal(result.input_gradients[0].sum((1, 2)), [0, 0, 8])


@pytest.mark.parametrize("op", [AtEnd(), PaddingMask()], ids=str)
def test_only_sequences_have_ends_and_padding(op: Op) -> None:
    with pytest.raises(ValueError, match=r"\(time, features\).*received \(3,\)"):
        op.output_shape((3,))
