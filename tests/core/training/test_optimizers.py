"""Update rules by hand, by PyTorch, and what they refuse."""

import re

import numpy as np
import pytest

from core.diagram.records import OptimizerChoice
from core.errors import TrainingError
from core.training.optimizers import RULES, Optimizer


def bound(key: str, **fields: float) -> tuple[Optimizer, np.ndarray, np.ndarray]:
    parameters, gradients = np.array([1.0, -2.0]), np.array([0.5, 0.25])
    return Optimizer(OptimizerChoice(key=key, **fields), parameters, gradients), parameters, gradients


def step(optimizer: Optimizer) -> None:
    for call in optimizer.calls:
        call()


def test_gradient_descent_by_hand() -> None:
    optimizer, parameters, _ = bound("sgd", learning_rate=0.1)
    step(optimizer)
    np.testing.assert_allclose(parameters, [0.95, -2.025])
    assert optimizer.state() == {}


def test_momentum_by_hand() -> None:
    optimizer, parameters, _ = bound("momentum", learning_rate=0.1, momentum=0.5)
    step(optimizer)
    step(optimizer)
    # Velocities 0.5 and 0.5 * 0.5 + 0.5 = 0.75.
    np.testing.assert_allclose(parameters[0], 1.0 - 0.1 * (0.5 + 0.75))


def test_adam_first_moves_by_the_learning_rate() -> None:
    optimizer, parameters, _ = bound("adam", learning_rate=0.1)
    step(optimizer)
    np.testing.assert_allclose(parameters, [0.9, -2.1], rtol=1e-6)


def test_adam_takes_ten_calls_over_the_vector() -> None:
    assert len(bound("adam")[0].calls) == 1 + 10


@pytest.mark.parametrize("key", RULES)
def test_the_learning_rate_can_change_while_running(key: str) -> None:
    optimizer, parameters, _ = bound(key, learning_rate=0.1)
    optimizer.learning_rate = 1e-9
    assert optimizer.learning_rate == 1e-9
    step(optimizer)
    # Rprop takes no step below a millionth.
    np.testing.assert_allclose(parameters, [1.0, -2.0], atol=2e-6 if key == "rprop" else 1e-8)


@pytest.mark.parametrize("key", RULES)
def test_a_run_goes_on_from_a_copied_state(key: str) -> None:
    whole, expected, _ = bound(key, learning_rate=0.1)
    first, parameters, _ = bound(key, learning_rate=0.1)
    for _ in range(5):
        step(whole)
    for _ in range(2):
        step(first)
    second, others, _ = bound(key, learning_rate=0.1)
    others[...] = parameters
    second.load(first.state())
    for _ in range(3):
        step(second)
    np.testing.assert_array_equal(others, expected)


def test_a_state_that_does_not_fit_is_left_alone() -> None:
    optimizer, _, _ = bound("momentum")
    step(optimizer)
    before = optimizer.state()
    optimizer.load({"velocity": np.zeros(7), "unknown": np.zeros(2)})
    np.testing.assert_array_equal(optimizer.state()["velocity"], before["velocity"])


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"key": "magic"}, "There is no optimizer 'magic'; choose one of gradient_descent, sgd, momentum,"),
        ({"learning_rate": 0.0}, "The learning rate is 0; it must be a number above 0"),
        ({"learning_rate": float("inf")}, "The learning rate is inf"),
        ({"learning_rate": float("nan")}, "The learning rate is nan"),
        ({"learning_rate": 4e38}, "The learning rate is 4e+38; it must be a number above 0 and at most 3e+38"),
        ({"beta1": 1.0}, "Adam: beta1 is 1; it must be from 0 to below 1"),
        ({"beta2": -0.1}, "Adam: beta2 is -0.1"),
        ({"beta2": float("nan")}, "Adam: beta2 is nan"),
        ({"epsilon": 0.0}, "Adam: epsilon is 0; it must be above 0"),
        ({"key": "momentum", "momentum": 1.5}, "Momentum: momentum is 1.5"),
    ],
)
def test_bad_settings_are_explained(fields: dict[str, object], sentence: str) -> None:
    with pytest.raises(TrainingError, match=re.escape(sentence)):
        Optimizer(OptimizerChoice(**fields), np.zeros(2), np.zeros(2))  # type: ignore[arg-type]


def test_a_rule_ignores_what_it_does_not_have() -> None:
    choice = OptimizerChoice(key="sgd", momentum=9.0, beta1=9.0, epsilon=-1.0)
    Optimizer(choice, np.zeros(2), np.zeros(2))
