"""Delays, and loops through them, against what they mean written out step by step."""

import numpy as np
import pytest

from core.ops.delay import Delay
from core.ops.evaluate import evaluate
from core.ops.part import Part
from core.ops.repeat import Repeat
from tests.core.ops.loops import recurrent, two_inputs_and_a_gate


def test_a_delay_gives_earlier_values() -> None:
    x = np.arange(8.0).reshape(4, 2, 1)
    gradient = np.arange(1.0, 9.0).reshape(4, 2, 1)
    result = evaluate(Delay(1, 7.0), x, output_gradient=gradient)
    assert result.output[..., 0].tolist() == [[7, 7], [0, 1], [2, 3], [4, 5]]
    assert result.input_gradients[0][..., 0].tolist() == [[3, 4], [5, 6], [7, 8], [0, 0]]


def test_a_delay_longer_than_the_sequence_gives_nothing_of_it() -> None:
    x = np.ones((3, 2, 1))
    result = evaluate(Delay(9, -1.0), x, output_gradient=x)
    assert (result.output == -1).all()
    assert (result.input_gradients[0] == 0).all()


@pytest.mark.parametrize("steps", [0, -1])
def test_a_delay_looks_back(steps: int) -> None:
    with pytest.raises(ValueError, match="at least 1 step"):
        Delay(steps)


def test_a_delay_reads_a_sequence() -> None:
    with pytest.raises(ValueError, match="reads a sequence"):
        Delay().output_shape((3,))


def test_a_row_is_repeated_and_nothing_else() -> None:
    with pytest.raises(ValueError, match="repeat reads one row"):
        Repeat(3).output_shape((2, 2))


@pytest.mark.parametrize(("start", "stop"), [(-1, 2), (2, 2), (0, 5)])
def test_a_part_is_a_part(start: int, stop: int) -> None:
    with pytest.raises(ValueError, match="part takes the features"):
        Part(start, stop).output_shape((3, 4))


@pytest.mark.parametrize(("steps", "initial"), [(1, 0.0), (2, 0.5), (3, -1.0)])
def test_a_loop_runs_step_by_step(steps: int, initial: float) -> None:
    loop = recurrent(Delay(steps, initial))
    generator = np.random.default_rng(0)
    x, weights = generator.standard_normal((6, 2, 4)), generator.standard_normal((3, 6))
    output = evaluate(loop, x, parameters=(weights,)).output
    first, stop = loop.part(4)
    values = [np.full((3, 4), initial)] * steps
    for time in range(6):
        values.append(np.tanh(weights[:, :5] @ np.concatenate([x[time], values[-steps]]) + weights[:, 5:]))
        np.testing.assert_allclose(output[time, first:stop], values[-1], rtol=1e-14)
    assert (output[:, stop] == 1).all()


def test_nobody_learns_from_what_is_not_learned() -> None:
    """Only the gradient of the slots that something outside learns from counts."""
    whole = recurrent(Delay())
    only = type(whole)(whole.steps, whole.widths, whole.num_inputs, learned=(4,))
    generator = np.random.default_rng(0)
    x, weights = generator.standard_normal((5, 2, 4)), generator.standard_normal((3, 6))
    gradient = generator.standard_normal((5, whole.output_shape((5, 2))[1], 4))
    computed = evaluate(only, x, parameters=(weights,), output_gradient=gradient)
    masked = np.zeros_like(gradient)
    place = slice(*whole.part(4))
    masked[:, place] = gradient[:, place]
    expected = evaluate(whole, x, parameters=(weights,), output_gradient=masked)
    np.testing.assert_allclose(computed.input_gradients[0], expected.input_gradients[0], rtol=1e-13)
    np.testing.assert_allclose(computed.parameter_gradients[0], expected.parameter_gradients[0], rtol=1e-13)


def test_what_leads_to_nothing_learned_has_no_gradient() -> None:
    """Slot 9 reads the loop and is read by nobody; it alone uses the first weights."""
    whole = two_inputs_and_a_gate()
    only = type(whole)(whole.steps, whole.widths, whole.num_inputs, learned=(5,))
    generator = np.random.default_rng(0)
    x, gate = generator.standard_normal((2, 5, 2, 3))
    weights = generator.standard_normal((2, 3)), generator.standard_normal((2, 4))
    gradient = np.ones((5, whole.output_shape((5, 2), (5, 2))[1], 3))
    result = evaluate(only, x, gate, parameters=weights, output_gradient=gradient)
    assert not result.parameter_gradients[0].any()
    assert result.parameter_gradients[1].any()
    # What arrives at the last step comes too late for any delay.
    assert not result.input_gradients[0][-1].any()
    assert result.input_gradients[0][:-1].all()
