"""Update rules by hand, by PyTorch, and what they refuse."""

import re

import numpy as np
import pytest

from core.datasets.registry import dataset
from core.diagram.records import OptimizerChoice
from core.errors import TrainingError
from core.training.optimizers import RULES, Optimizer, check_optimizer, customary_fields
from core.training.trainer import Trainer
from tests.core.training.networks import network, settings


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
        ({"epsilon": 0.0}, "Adam: epsilon is 0; it must be from 1e-37 to 3e+38, such as 1e-8."),
        ({"epsilon": 1e-50}, "Adam: epsilon is 1e-50; it must be from 1e-37 to 3e+38, such as 1e-8."),
        ({"key": "adamw", "weight_decay": 1e300}, "AdamW: the weight decay is 1e+300; it must be from 0 to 3e+38"),
        ({"key": "momentum", "momentum": 1.5}, "Momentum: momentum is 1.5"),
        ({"key": "rmsprop", "rho": 1.0}, "RMSprop: rho is 1; it must be from 0 to below 1"),
        ({"key": "adamw", "weight_decay": -0.1}, "AdamW: the weight decay is -0.1; it must be from 0 to 3e+38"),
        ({"key": "sgdw", "weight_decay": float("nan")}, "SGDW: the weight decay is nan"),
        ({"key": "lbfgs", "history": 0}, "L-BFGS: the history is 0; it must be a whole number from 1 to 100."),
        ({"key": "lbfgs", "history": 1000}, "L-BFGS: the history is 1000"),
    ],
)
def test_bad_settings_are_explained(fields: dict[str, object], sentence: str) -> None:
    with pytest.raises(TrainingError, match=re.escape(sentence)):
        Optimizer(OptimizerChoice(**fields), np.zeros(2), np.zeros(2))  # type: ignore[arg-type]


def test_a_rule_ignores_what_it_does_not_have() -> None:
    choice = OptimizerChoice(key="sgd", momentum=9.0, beta1=9.0, epsilon=-1.0)
    Optimizer(choice, np.zeros(2), np.zeros(2))


@pytest.mark.parametrize("key", RULES)
def test_every_rule_says_what_it_is_and_begins_within_its_range(key: str) -> None:
    rule = RULES[key]
    assert rule.help.endswith(".")
    assert re.search(r"\d{4}", rule.source)
    assert set(rule.settings) <= set(OptimizerChoice.__struct_fields__)
    assert set(rule.customary) <= set(rule.settings)
    check_optimizer(OptimizerChoice(key=key, **rule.customary))  # type: ignore[arg-type]


def test_numbers_that_were_customary_go_along_with_the_choice_of_a_rule() -> None:
    assert customary_fields(OptimizerChoice(), "adadelta") == {"key": "adadelta", "learning_rate": 1.0, "epsilon": 1e-6}
    before = OptimizerChoice(key="adadelta", learning_rate=0.3, epsilon=1e-6)
    assert customary_fields(before, "adam") == {"key": "adam", "epsilon": 1e-8}
    assert customary_fields(OptimizerChoice(key="magic", learning_rate=0.3), "sgd") == {"key": "sgd", "epsilon": 1e-8}


def test_adagrad_by_hand() -> None:
    optimizer, parameters, _ = bound("adagrad", learning_rate=0.1)
    step(optimizer)
    step(optimizer)
    np.testing.assert_allclose(parameters, [1.0 - 0.1 * (1 + 1 / 2**0.5), -2.0 - 0.1 * (1 + 1 / 2**0.5)], rtol=1e-6)


def test_rprop_grows_its_steps_and_leaves_one_out_where_the_slope_turns() -> None:
    optimizer, parameters, gradients = bound("rprop", learning_rate=0.1)
    places = []
    for sign in (1, 1, 1, -1, -1):
        gradients[0] = 0.5 * sign
        step(optimizer)
        places.append(parameters[0])
    moves = -np.diff([1.0, *places])
    np.testing.assert_allclose(moves, [0.1, 0.12, 0.144, 0.0, -0.072], atol=1e-15)


def test_rprop_takes_the_rate_that_a_person_sets() -> None:
    optimizer, parameters, _ = bound("rprop", learning_rate=0.1)
    step(optimizer)
    optimizer.learning_rate = 0.01
    before = parameters[0]
    step(optimizer)
    assert before - parameters[0] == pytest.approx(0.012)


def test_lbfgs_finds_the_bottom_of_a_bowl_in_a_few_steps() -> None:
    curvature = np.diag([1.0, 10.0, 100.0])
    parameters, gradients = np.array([1.0, 1.0, 1.0]), np.zeros(3)
    optimizer = Optimizer(OptimizerChoice(key="lbfgs", learning_rate=1.0), parameters, gradients)
    for _ in range(30):
        gradients[...] = curvature @ parameters
        step(optimizer)
    assert np.abs(curvature @ parameters).max() <= 1e-5


def test_lbfgs_stands_still_where_it_is_flat() -> None:
    optimizer, parameters, gradients = bound("lbfgs", learning_rate=1.0)
    gradients[...] = 1e-8
    for _ in range(3):
        step(optimizer)
    np.testing.assert_array_equal(parameters, [1.0, -2.0])
    gradients[...] = 0.5
    step(optimizer)
    np.testing.assert_allclose(parameters, [0.5, -2.5])


def test_full_batches_whatever_the_batch_size_says() -> None:
    data = dataset("circle", samples=60)
    by_rule, by_hand = network(data, dtype="float64"), network(data, dtype="float64")
    whole = {"rate": 0.1, "epochs": 5, "validation_fraction": 0.0}
    for model, key, batch in ((by_rule, "gradient_descent", 7), (by_hand, "sgd", 60)):
        *_, ended = Trainer(model, data, settings(key, batch=batch, **whole)).events()  # type: ignore[arg-type]
        assert ended.steps == 5  # type: ignore[union-attr]
    np.testing.assert_array_equal(by_rule.vector, by_hand.vector)


def test_a_history_that_takes_more_than_there_is_for_training_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.training.optimizers.optimizer.room_for_training", lambda: 3 * 2 * 10 * 16)
    bound("lbfgs", history=10)
    bound("adam", history=1000)
    with pytest.raises(TrainingError, match="Choose a shorter history, or another optimizer such as Adam"):
        bound("lbfgs", history=11)
    monkeypatch.setattr("core.training.optimizers.optimizer.room_for_training", lambda: None)
    bound("lbfgs", history=100)
