"""Is a gradient right? Central differences in float64, for single ops and for whole models.

The differences are of fourth order, ``(8 (f(x+h) - f(x-h)) - (f(x+2h) - f(x-2h))) / 12h``, whose error at ``h = 2e-4`` is some 1e-12: small
enough to tell a derivative that is wrong by 0.05 % from one that is right. Points must lie further than ``2h`` from a kink.
"""

from collections.abc import Callable, Iterable, Mapping

import numpy as np

from core.model.model import Model
from core.ops.evaluate import Evaluation, evaluate
from core.ops.op import Array, LossOp, Op

SMOOTH = 1e-7
KINKED = 1e-6
STEP = 2e-4
FLOOR = 1e-3
"""Gradients smaller than this are compared in absolute terms, for their differences are rounding noise."""


def central_differences(
    function: Callable[[], float],
    array: Array,
    step: float = STEP,
    places: Iterable[tuple[int, ...]] | None = None,
) -> Array:
    """The derivative of ``function()`` by every element of ``array``, or by those at ``places``; they are changed and put back."""
    assert array.dtype == np.float64, "differences need the precision of float64"
    gradient = np.zeros_like(array)
    for index in np.ndindex(array.shape) if places is None else places:
        value = array[index]
        samples = []
        for distance in (step, -step, 2 * step, -2 * step):
            array[index] = value + distance
            samples.append(function())
        array[index] = value
        gradient[index] = (8 * (samples[0] - samples[1]) - (samples[2] - samples[3])) / (12 * step)
    return gradient


def error(computed: Array, expected: Array) -> float:
    """The largest difference, relative to the largest element."""
    if not expected.size:
        return 0.0
    scale = max(float(np.max(np.abs(expected))), float(np.max(np.abs(computed))), FLOOR)
    return float(np.max(np.abs(computed - expected))) / scale


def differentiated(op: Op, inputs: tuple[Array, ...]) -> tuple[Array, ...]:
    """The inputs (or their gradients) that an op has a derivative by: all but the target of a loss."""
    return inputs[:1] if isinstance(op, LossOp) and op.has_target else inputs


def op_gradients(
    op: Op, *inputs: Array, parameters: tuple[Array, ...] = (), training: bool = False, seed: int = 0
) -> dict[str, tuple[Array, Array]]:
    """Each gradient of one op at these points, as it was computed and by differences: "input 0", "input 1" ..., "parameter 0" ..."""

    def run(gradient: Array | None = None) -> Evaluation:
        return evaluate(op, *inputs, parameters=parameters, output_gradient=gradient, training=training, seed=seed)

    is_loss = isinstance(op, LossOp)
    shape = run().output.shape
    weights = np.array(op.weight) if is_loss else np.random.default_rng(seed).standard_normal(shape)
    computed = run(None if is_loss else weights)

    def objective() -> float:
        return float((run().output * weights).sum())

    found = {
        f"input {index}": (gradient, central_differences(objective, array))
        for index, (array, gradient) in enumerate(zip(differentiated(op, inputs), computed.input_gradients))
    }
    for index, (array, gradient) in enumerate(zip(parameters, computed.parameter_gradients)):
        found[f"parameter {index}"] = gradient, central_differences(objective, array)
    return found


def op_errors(
    op: Op, *inputs: Array, parameters: tuple[Array, ...] = (), training: bool = False, seed: int = 0
) -> dict[str, float]:
    """The error of each gradient of one op at these points, by the same names."""
    gradients = op_gradients(op, *inputs, parameters=parameters, training=training, seed=seed)
    return {name: error(computed, numeric) for name, (computed, numeric) in gradients.items()}


def model_errors(
    model: Model,
    inputs: Mapping[str, Array],
    targets: Mapping[str, Array],
    training: bool = False,
    most: int | None = None,
) -> dict[str, float]:
    """The error of the gradient by every trained parameter of a float64 model; dropout draws the same mask every time.

    Of a parameter with more than ``most`` numbers so many are looked at, drawn at random.
    """
    draw_alike = drawing_alike(model)

    def run() -> tuple[float, dict[str, Array]]:
        draw_alike()
        return model.loss_and_gradients(inputs, targets, training)

    computed = run()[1]
    errors = {}
    for name in trained_names(model):
        parameter = model.parameters[name]
        places = list(np.ndindex(parameter.shape))
        if most is not None and len(places) > most:
            chosen = np.random.default_rng(len(places)).permutation(len(places))[:most]
            places = [places[number] for number in chosen]
        numeric = central_differences(lambda: run()[0], parameter, places=places)
        exact = np.zeros_like(numeric)
        for place in places:
            exact[place] = computed[name][place]
        errors[name] = error(exact, numeric)
    return errors


def drawing_alike(model: Model) -> Callable[[], None]:
    """Whoever calls what this returns finds the model about to draw what it would draw now, in training and beside it."""
    generators = model.random.bit_generator, model._aside.bit_generator
    states = [generator.state for generator in generators]

    def restore() -> None:
        for generator, state in zip(generators, states):
            generator.state = state

    return restore


def trained_names(model: Model) -> set[str]:
    """The parameters that an optimizer moves, which leaves out what ops remember by themselves."""
    blocks = [planned for planned in model.plan.parameters if planned.block.trained]
    return {f"{planned.node}/{view.name}" for planned in blocks for view in planned.block.views}


def assert_right(errors: Mapping[str, float], tolerance: float) -> None:
    """Fail with the names of the gradients that are wrong."""
    wrong = {name: value for name, value in errors.items() if not value <= tolerance}
    assert not wrong, f"gradients off by more than {tolerance:g}: {wrong}"


def keep_off(points: Array, kink: float | Array = 0.0, margin: float = 1e-2) -> Array:
    """The points, moved away from a kink to at least ``margin``."""
    distance = points - kink
    return np.where(np.abs(distance) < margin, kink + np.where(distance < 0, -margin, margin), points)
