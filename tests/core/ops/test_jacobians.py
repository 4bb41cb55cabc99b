"""Every derivative by itself: each output by each number that goes in, and, where an op is smooth, each derivative's own derivative."""

from collections.abc import Callable

import numpy as np
import pytest

from core.ops.activations import Tanh
from core.ops.evaluate import Evaluation, evaluate
from core.ops.op import Array, LossOp
from tests.core.ops.cases import CASES, Case
from tests.gradients import SMOOTH, STEP, error

TRUE = [case for case in CASES if not case.op.surrogate and case.places()]
SMOOTH_CASES = [case for case in TRUE if case.op.smooth]
MOST_COLUMNS = 16
"""Of larger ops so many numbers are varied, drawn at random: every one of them in all outputs."""
CURVATURE = 1e-5
"""How exact second differences are: the rounding of a value is divided by the square of a step."""


class Trial:
    """A case at one point, where single numbers can be moved."""

    def __init__(self, case: Case, seed: int) -> None:
        self.case = case
        self.inputs, self.parameters = case.points(seed)
        self._state = [block.copy() for block in self.parameters]
        arrays = [(self.inputs if kind == "input" else self.parameters)[index] for kind, index in case.places()]
        every = [(array, place) for array in arrays for place in np.ndindex(array.shape)]
        chosen = np.random.default_rng(seed).permutation(len(every))[:MOST_COLUMNS]
        self.columns = [every[number] for number in sorted(chosen)]

    def run(self, gradient: Array | None = None) -> Evaluation:
        for index in self.case.state:
            self.parameters[index][...] = self._state[index]
        return evaluate(
            self.case.op,
            *self.inputs,
            parameters=self.parameters,
            output_gradient=gradient,
            training=self.case.training,
        )

    def slopes(self, gradient: Array | None) -> Array:
        """The derivative of the output, weighed with ``gradient``, by every column."""
        result = self.run(gradient)
        arrays = {id(array): found for array, found in zip(self.inputs, result.input_gradients)}
        arrays |= {id(array): found for array, found in zip(self.parameters, result.parameter_gradients)}
        return np.array([arrays[id(array)][place] for array, place in self.columns])

    def differences(self, function: Callable[[], Array], step: float = STEP) -> Array:
        """(columns, values): how the values of a function change with every column, by central differences of fourth order."""
        rows = []
        for array, place in self.columns:
            near, far = (self._change(function, array, place, distance) for distance in (step, 2 * step))
            rows.append((8 * near - far) / (12 * step))
        return np.array(rows)

    def second_differences(self, function: Callable[[], float], step: float = 4e-3) -> Array:
        """The second derivative of a function by every column, of fourth order."""
        found = []
        for array, place in self.columns:
            near, far = (self._bend(function, array, place, distance) for distance in (step, 2 * step))
            found.append((16 * near - far) / (12 * step * step))
        return np.array(found)

    def _values(
        self, function: Callable[[], Array], array: Array, place: tuple[int, ...], distance: float
    ) -> list[Array]:
        value, found = array[place], []
        for moved in (distance, -distance):
            array[place] = value + moved
            found.append(np.array(function(), float))
        array[place] = value
        return found

    def _change(self, function: Callable[[], Array], array: Array, place: tuple[int, ...], distance: float) -> Array:
        up, down = self._values(function, array, place, distance)
        return up - down

    def _bend(self, function: Callable[[], float], array: Array, place: tuple[int, ...], distance: float) -> Array:
        middle = function()
        up, down = self._values(function, array, place, distance)
        return up - middle + (down - middle)


@pytest.mark.parametrize("case", [case for case in TRUE if not isinstance(case.op, LossOp)], ids=str)
def test_every_output_by_every_number_that_goes_in(case: Case) -> None:
    trial = Trial(case, seed=11)
    shape = trial.run().output.shape
    numeric = trial.differences(lambda: trial.run().output.reshape(-1))
    exact = np.empty_like(numeric)
    for number in range(numeric.shape[1]):
        one = np.zeros(numeric.shape[1])
        one[number] = 1
        exact[:, number] = trial.slopes(one.reshape(shape))
    assert error(exact, numeric) <= case.tolerance


def curvature(case: Case) -> tuple[Array, Array]:
    """(the derivatives of the exact slopes, the second derivative by second differences of the values)."""
    trial = Trial(case, seed=12)
    weights = np.array(1.0)
    if not isinstance(case.op, LossOp):
        weights = np.random.default_rng(12).standard_normal(trial.run().output.shape)
    factor = case.op.weight if isinstance(case.op, LossOp) else 1.0
    gradient = None if isinstance(case.op, LossOp) else weights
    of_slopes = trial.differences(lambda: trial.slopes(gradient))
    return of_slopes, factor * trial.second_differences(lambda: float((trial.run().output * weights).sum()))


@pytest.mark.parametrize("case", SMOOTH_CASES, ids=str)
def test_slopes_bend_as_the_values_say(case: Case) -> None:
    of_slopes, of_values = curvature(case)
    assert error(of_slopes, of_slopes.T) <= SMOOTH
    assert error(np.diagonal(of_slopes), of_values) <= CURVATURE


def test_a_slope_that_belongs_to_no_function_is_caught() -> None:
    """Such a slope may be right where it is looked at, and wrong beside it."""
    case = next(case for case in CASES if isinstance(case.op, Tanh))
    of_slopes, of_values = curvature(case)
    assert error(np.diagonal(of_slopes), of_values) <= CURVATURE
    assert error(np.diagonal(of_slopes) * 1.0005, of_values) > CURVATURE
    crooked = of_slopes.copy()
    crooked[0, 1] += 1e-3
    assert error(crooked, crooked.T) > SMOOTH
