"""What random networks compute: gradients against differences, and the fast engine against the slow interpreter of what was drawn."""

from itertools import count, islice

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.catalogue.registry import all_kinds
from core.model.model import Model
from core.ops.layout import batch_first
from core.ops.op import Array
from tests.conformance.nets import Arrays, Net, net_around
from tests.diagrams import as_drawn
from tests.gradients import KINKED, SMOOTH, central_differences, drawing_alike, trained_names
from tests.properties.generator import random_net
from tests.reference import interpret

LARGEST_LOSS = 1e3
STEPS = 1e-5, 1e-6
"""The steps of the differences: a deep network of many kinds may have a corner near the one, but hardly near both."""
MOST_DIFFERENCES = 400
"""Networks with more parameters are left to the tests of single kinds."""


def differentiable_seeds(number: int) -> list[int]:
    """Seeds of networks whose gradients differences can tell."""
    return list(islice(filter(is_differentiable, count()), number))


def is_differentiable(seed: int) -> bool:
    """Whether cross-entropies read shares (outside 0 to 1 the logarithm has an end, and a corner there), no gradient stands in for
    another, and the loss is a number of moderate size, not a quotient by almost 0."""
    net = random_net(seed)
    compilation = net.compiled()
    assert compilation.plan is not None
    if "needs-probabilities" in {item.code for item in compilation.warnings}:
        return False
    if any(step.op.surrogate for step in as_drawn(net.diagram, net.spec).steps):
        return False
    if compilation.plan.num_parameters > MOST_DIFFERENCES:
        return False
    return is_moderate(off_corners(net.model(), seed), *net.samples(4, seed))


def is_moderate(model: Model, inputs: Arrays, targets: Arrays) -> bool:
    losses = [model.loss_and_gradients(inputs, targets, training)[0] for training in (False, True)]
    return all(abs(loss) < LARGEST_LOSS for loss in losses)


def off_corners(model: Model, seed: int) -> Model:
    """The model with parameters off the corners: biases of 0 and the initializer "zeros" would put values exactly there."""
    generator = np.random.default_rng(seed)
    for name in sorted(trained_names(model)):
        parameter = model.parameters[name]
        parameter[...] = generator.normal(0, 0.5, parameter.shape)
    return model


def gradient_error(model: Model, inputs: Arrays, targets: Arrays, training: bool = False) -> float:
    """The largest error of the model's gradients, over the size of the loss and of the gradients, or 1.

    What is drawn anew each time is drawn alike here.
    """
    draw_alike = drawing_alike(model)

    def run() -> tuple[float, Arrays]:
        draw_alike()
        return model.loss_and_gradients(inputs, targets, training)

    loss, exact = run()
    assert np.isfinite(loss)
    worst = 0.0
    for name in sorted(trained_names(model)):
        least = np.full(exact[name].shape, np.inf)
        for step in STEPS:
            numeric = central_differences(lambda: run()[0], model.parameters[name], step)
            scale = np.maximum(np.maximum(np.abs(exact[name]), np.abs(numeric)), max(1.0, abs(loss)))
            np.minimum(least, np.abs(exact[name] - numeric) / scale, out=least)
            if (least <= SMOOTH).all():
                break
        worst = max(worst, float(least.max(initial=0)))
    return worst


@pytest.mark.parametrize("seed", differentiable_seeds(70))
def test_gradients_of_a_whole_network_agree_with_central_differences(seed: int) -> None:
    net = random_net(seed)
    smooth = all(step.op.smooth for step in as_drawn(net.diagram, net.spec).steps)
    for training in (False, True):
        model = off_corners(net.model(), seed)
        assert gradient_error(model, *net.samples(4, seed), training) <= (SMOOTH if smooth else KINKED)


def assert_close(actual: Array, expected: Array) -> None:
    """Equal but for rounding; also where they are no numbers."""
    finite = expected[np.isfinite(expected)]
    scale = max(1.0, float(np.abs(finite).max(initial=0)))
    np.testing.assert_allclose(actual, expected, rtol=0, atol=1e-12 * scale)


@given(st.integers(0, 10**9))
@settings(max_examples=200, deadline=None)
def test_the_engine_does_what_the_interpreter_says_of_the_drawing(seed: int) -> None:
    net = random_net(seed)
    drawn, model = as_drawn(net.diagram, net.spec), net.model()
    reference = Model(drawn, seed=3, dtype="float64")
    assert set(model.parameters) == set(reference.parameters)
    for name, values in reference.parameters.items():
        np.testing.assert_array_equal(model.parameters[name], values)
    off_corners(reference, seed)
    off_corners(model, seed)
    inputs, targets = net.samples(3, seed)
    outputs, again = model.forward(inputs), model.forward(inputs)
    assume(all(np.array_equal(outputs[node], again[node], equal_nan=True) for node in outputs))
    with np.errstate(all="ignore"):
        expected = interpret(drawn, reference.vector, inputs, targets)
    assume(abs(expected.loss) < LARGEST_LOSS)
    for node, output in outputs.items():
        assert_close(output, batch_first(expected.values[drawn.outputs[node]]))
    reference.gradient_vector[...] = np.concatenate([*(gradient.ravel() for gradient in expected.block_gradients), []])
    # Twice, for what a step leaves behind must not be found by the next.
    for _ in range(2):
        loss, gradients = model.loss_and_gradients(inputs, targets)
        assert loss == pytest.approx(expected.loss, rel=1e-12, abs=1e-12)
        for name, gradient in gradients.items():
            assert_close(gradient, reference.gradients[name])


def test_a_gradient_that_is_off_by_half_a_thousandth_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    net: Net = net_around(all_kinds()[2], {})
    model = net.model()
    inputs, targets = net.samples(4)
    assert gradient_error(model, inputs, targets) <= SMOOTH
    exact = model.loss_and_gradients

    def wrong(*arguments: Arrays) -> tuple[float, Arrays]:
        loss, gradients = exact(*arguments)
        return loss, {name: values * 1.0005 for name, values in gradients.items()}

    monkeypatch.setattr(model, "loss_and_gradients", wrong)
    assert gradient_error(model, inputs, targets) > 10 * KINKED
