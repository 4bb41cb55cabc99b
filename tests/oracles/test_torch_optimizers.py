"""Update rules, penalties and clipping beside PyTorch's: a thousand steps in float64 from the same start."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from core.diagram.records import ClippingChoice, OptimizerChoice, RegularizationChoice
from core.training.optimizers import RULES, Optimizer

torch = pytest.importorskip("torch", reason="PyTorch, the oracle, is not installed")

torch.set_num_threads(1)

pytestmark = pytest.mark.oracle

STEPS = 1000
RATE = 0.01
THEIRS: dict[str, Callable[[list[Any]], Any]] = {
    "gradient_descent": lambda w: torch.optim.SGD(w, lr=RATE),
    "sgd": lambda w: torch.optim.SGD(w, lr=RATE),
    "momentum": lambda w: torch.optim.SGD(w, lr=RATE, momentum=0.9),
    "nesterov": lambda w: torch.optim.SGD(w, lr=RATE, momentum=0.9, nesterov=True),
    "sgdw": lambda w: _Decaying(w, torch.optim.SGD(w, lr=RATE, momentum=0.9), RATE * 0.05),
    "adagrad": lambda w: torch.optim.Adagrad(w, lr=RATE, eps=1e-8),
    "adadelta": lambda w: torch.optim.Adadelta(w, lr=RATE, rho=0.9, eps=1e-8),
    "rmsprop": lambda w: torch.optim.RMSprop(w, lr=RATE, alpha=0.9, eps=1e-8),
    "adam": lambda w: torch.optim.Adam(w, lr=RATE),
    "adamw": lambda w: torch.optim.AdamW(w, lr=RATE, weight_decay=0.05),
    "nadam": lambda w: torch.optim.NAdam(w, lr=RATE),
    "rprop": lambda w: torch.optim.Rprop(w, lr=RATE),
    "lbfgs": lambda w: torch.optim.LBFGS(w, lr=RATE, max_iter=1, history_size=10),
}
# L-BFGS divides by differences of gradients, which magnifies what rounding leaves of them.
TOLERANCE = {"lbfgs": 1e-9}


class _Decaying:
    """PyTorch has no SGDW: its rule after a decay of its own, as AdamW does it."""

    def __init__(self, weights: list[Any], rule: Any, share: float) -> None:
        self._weights, self._rule, self._share = weights, rule, share

    def step(self) -> None:
        with torch.no_grad():
            for weight in self._weights:
                weight.mul_(1.0 - self._share)
        self._rule.step()


class Bowl:
    """A curved valley with its own gradient, and noise on it: what depends on the place lets early errors grow, as in a real run."""

    def __init__(self, size: int = 40, noise: float = 1.0) -> None:
        random = np.random.default_rng(5)
        self.start = random.standard_normal(size)
        root = random.standard_normal((size, size)) / np.sqrt(size)
        self._curvature = root @ root.T + 0.1 * np.eye(size)
        self._noise = noise * random.standard_normal((STEPS, size))

    def slope(self, place: np.ndarray, step: int) -> np.ndarray:
        return self._curvature @ np.tanh(place) + self._noise[step]


def ours(choice: OptimizerChoice, bowl: Bowl, **more: Any) -> np.ndarray:
    parameters, gradient = bowl.start.copy(), np.empty_like(bowl.start)
    optimizer = Optimizer(choice, parameters, gradient, **more)
    for step in range(STEPS):
        gradient[...] = bowl.slope(parameters, step)
        for call in optimizer.calls:
            call()
    return parameters


def theirs(
    make: Callable[[list[Any]], Any], bowl: Bowl, shape: Callable[[Any], None] = lambda weight: None
) -> np.ndarray:
    weight = torch.tensor(bowl.start.copy(), dtype=torch.float64, requires_grad=True)
    rule = make([weight])
    for step in range(STEPS):
        weight.grad = torch.tensor(bowl.slope(weight.detach().numpy(), step))
        shape(weight)
        # L-BFGS asks for the loss again; only its gradient counts where no line is searched.
        rule.step(lambda: torch.zeros(())) if isinstance(rule, torch.optim.LBFGS) else rule.step()
    result: np.ndarray = weight.detach().numpy()
    return result


@pytest.mark.parametrize("key", RULES)
def test_a_thousand_steps_agree(key: str) -> None:
    bowl = Bowl(noise=0.0 if key == "lbfgs" else 1.0)
    found = ours(OptimizerChoice(key=key, learning_rate=RATE, weight_decay=0.05), bowl)
    assert np.abs(found - bowl.start).max() > 1e-3, "the parameters have hardly moved"
    np.testing.assert_allclose(found, theirs(THEIRS[key], bowl), rtol=TOLERANCE.get(key, 1e-10), atol=1e-12)


@pytest.fixture(autouse=True)
def _all_in_double_precision() -> Iterator[None]:
    """PyTorch's NAdam multiplies its momenta up in the default precision, whatever that of the weights is."""
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


def test_lbfgs_agrees_with_long_steps() -> None:
    bowl = Bowl(8, noise=0.0)
    found = ours(OptimizerChoice(key="lbfgs", learning_rate=0.5, history=4), bowl)
    expected = theirs(lambda w: torch.optim.LBFGS(w, lr=0.5, max_iter=1, history_size=4), bowl)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("key", ["sgd", "momentum", "nesterov", "adagrad", "adadelta", "rmsprop", "adam", "nadam"])
def test_l2_is_their_weight_decay(key: str) -> None:
    bowl = Bowl()

    def make(weights: list[Any]) -> Any:
        rule = THEIRS[key](weights)
        rule.param_groups[0]["weight_decay"] = 0.3
        return rule

    found = ours(OptimizerChoice(key=key, learning_rate=RATE), bowl, regularization=RegularizationChoice(l2=0.3))
    np.testing.assert_allclose(found, theirs(make, bowl), rtol=1e-10)


def test_l1_is_the_slope_of_the_absolute_value() -> None:
    bowl = Bowl()

    def penalize(weight: Any) -> None:
        with torch.enable_grad():
            copy = weight.detach().clone().requires_grad_()
            (0.2 * copy.abs().sum()).backward()
        weight.grad += copy.grad

    found = ours(OptimizerChoice(key="adam", learning_rate=RATE), bowl, regularization=RegularizationChoice(l1=0.2))
    np.testing.assert_allclose(found, theirs(THEIRS["adam"], bowl, penalize), rtol=1e-10)


@pytest.mark.parametrize("norm", [0.1, 3.0, 1e3])
def test_clipping_by_norm(norm: float) -> None:
    bowl = Bowl()
    found = ours(OptimizerChoice(key="momentum", learning_rate=RATE), bowl, clipping=ClippingChoice(norm=norm))
    expected = theirs(THEIRS["momentum"], bowl, lambda weight: torch.nn.utils.clip_grad_norm_([weight], norm))
    np.testing.assert_allclose(found, expected, rtol=1e-10)


def test_clipping_by_value_and_then_by_norm_before_the_penalty() -> None:
    bowl = Bowl()

    def shape(weight: Any) -> None:
        torch.nn.utils.clip_grad_value_([weight], 0.5)
        torch.nn.utils.clip_grad_norm_([weight], 2.0)
        weight.grad += 0.1 * weight.detach()

    found = ours(
        OptimizerChoice(key="sgd", learning_rate=RATE),
        bowl,
        clipping=ClippingChoice(value=0.5, norm=2.0),
        regularization=RegularizationChoice(l2=0.1),
    )
    np.testing.assert_allclose(found, theirs(THEIRS["sgd"], bowl, shape), rtol=1e-10)
