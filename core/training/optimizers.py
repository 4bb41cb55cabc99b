"""Update rules: how a step's gradient moves the parameters.

A rule works on the whole flat vector at once, so that it costs a handful of ufunc calls however many layers there are.
Its arrays are made once; a step is a tuple of calls without arguments, and constants are 0-d arrays because a ufunc takes
those at a third of the price of a Python number. All rules follow PyTorch's conventions.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.errors import TrainingError

FloatArray: TypeAlias = NDArray[np.floating[Any]]
Call: TypeAlias = Callable[[], object]

LARGEST_RATE = 3e38
"""Just below infinity in float32."""


class OptimizerSettings(Protocol):
    """What an update rule can be told; a rule ignores what it does not have."""

    @property
    def key(self) -> str: ...
    @property
    def learning_rate(self) -> float: ...
    @property
    def momentum(self) -> float: ...
    @property
    def beta1(self) -> float: ...
    @property
    def beta2(self) -> float: ...
    @property
    def epsilon(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Arrays:
    """What a rule works on: ``state`` holds its memory by name, ``learning_rate`` is 0-d, ``scratch`` is anybody's."""

    parameters: FloatArray
    gradients: FloatArray
    scratch: FloatArray
    learning_rate: FloatArray
    state: dict[str, FloatArray]

    def remember(self, name: str) -> FloatArray:
        """A vector of zeros, as long as the parameters, that lasts from step to step."""
        return self.state.setdefault(name, np.zeros_like(self.parameters))

    def constant(self, value: float) -> FloatArray:
        """A 0-d array in the precision of the parameters."""
        return np.array(value, self.parameters.dtype)


def _sgd(arrays: Arrays, settings: OptimizerSettings) -> tuple[Call, ...]:
    """``w = w - rate * g``."""
    parameters, scratch = arrays.parameters, arrays.scratch
    return (
        partial(np.multiply, arrays.gradients, arrays.learning_rate, scratch),
        partial(np.subtract, parameters, scratch, parameters),
    )


def _momentum(arrays: Arrays, settings: OptimizerSettings) -> tuple[Call, ...]:
    """``v = momentum * v + g``, ``w = w - rate * v`` (Polyak, 1964)."""
    parameters, scratch = arrays.parameters, arrays.scratch
    velocity, decay = arrays.remember("velocity"), arrays.constant(settings.momentum)
    return (
        partial(np.multiply, velocity, decay, velocity),
        partial(np.add, velocity, arrays.gradients, velocity),
        partial(np.multiply, velocity, arrays.learning_rate, scratch),
        partial(np.subtract, parameters, scratch, parameters),
    )


def _adam(arrays: Arrays, settings: OptimizerSettings) -> tuple[Call, ...]:
    """``w = w - rate * m' / (sqrt(v') + epsilon)`` with bias-corrected moments m' and v' (Kingma and Ba, 2015).

    The memory holds M = m / (1 - beta1) and V = v / (1 - beta2), which spares two multiplications a step; the factors
    that this leaves over are two numbers, worked out afresh before each step.
    """
    parameters, gradients, scratch = arrays.parameters, arrays.gradients, arrays.scratch
    mean, square = arrays.remember("mean"), arrays.remember("square")
    count = arrays.state.setdefault("count", np.zeros((), np.float64))
    beta1, beta2 = settings.beta1, settings.beta2
    decay1, decay2 = arrays.constant(beta1), arrays.constant(beta2)
    rate, epsilon = arrays.constant(0.0), arrays.constant(0.0)

    def prepare() -> None:
        count[()] += 1.0
        steps = float(count)
        correction = math.sqrt((1.0 - beta2**steps) / (1.0 - beta2))
        rate[()] = float(arrays.learning_rate) * (1.0 - beta1) / (1.0 - beta1**steps) * correction
        epsilon[()] = settings.epsilon * correction

    return (
        prepare,
        partial(np.multiply, mean, decay1, mean),
        partial(np.add, mean, gradients, mean),
        partial(np.multiply, square, decay2, square),
        partial(np.multiply, gradients, gradients, scratch),
        partial(np.add, square, scratch, square),
        partial(np.sqrt, square, scratch),
        partial(np.add, scratch, epsilon, scratch),
        partial(np.divide, mean, scratch, scratch),
        partial(np.multiply, scratch, rate, scratch),
        partial(np.subtract, parameters, scratch, parameters),
    )


@dataclass(frozen=True, slots=True)
class UpdateRule:
    """A row of the table of rules: ``settings`` are the fields of OptimizerSettings that it reads.

    ``customary_rate`` is the learning rate that people begin with.
    """

    title: str
    settings: tuple[str, ...]
    bind: Callable[[Arrays, OptimizerSettings], tuple[Call, ...]]
    customary_rate: float


RULES: dict[str, UpdateRule] = {
    "sgd": UpdateRule("Gradient descent", ("learning_rate",), _sgd, 0.1),
    "momentum": UpdateRule("Momentum", ("learning_rate", "momentum"), _momentum, 0.01),
    "adam": UpdateRule("Adam", ("learning_rate", "beta1", "beta2", "epsilon"), _adam, 0.01),
}


class Optimizer:
    """An update rule bound to a vector of parameters and a vector of gradients."""

    def __init__(self, settings: OptimizerSettings, parameters: FloatArray, gradients: FloatArray) -> None:
        """Raises TrainingError for an unknown rule or a setting out of range."""
        check_optimizer(settings)
        rate = np.array(settings.learning_rate, parameters.dtype)
        self._arrays = Arrays(parameters, gradients, np.empty_like(parameters), rate, {})
        self.calls = RULES[settings.key].bind(self._arrays, settings)
        """One update, as calls in this order."""
        self.customary_rate = RULES[settings.key].customary_rate
        """What to begin with where nothing better is known."""

    @property
    def learning_rate(self) -> float:
        """The rate of the next step."""
        return float(self._arrays.learning_rate)

    @learning_rate.setter
    def learning_rate(self, rate: float) -> None:
        check_learning_rate(rate)
        self._arrays.learning_rate[()] = rate

    def state(self) -> dict[str, FloatArray]:
        """A copy of what the rule remembers, by name; empty for plain gradient descent."""
        return {name: values.copy() for name, values in self._arrays.state.items()}

    def load(self, state: Mapping[str, FloatArray]) -> None:
        """Go on from a copied state; names and shapes that do not match are left alone."""
        for name, values in self._arrays.state.items():
            if name in state and np.shape(state[name]) == values.shape:
                values[...] = state[name]


def check_learning_rate(rate: float) -> None:
    """Raises TrainingError unless the rate is above 0 and at most LARGEST_RATE."""
    if not 0.0 < rate <= LARGEST_RATE:
        raise TrainingError(
            f"The learning rate is {rate:g}; it must be a number above 0 and at most {LARGEST_RATE:g}, such as 0.01."
        )


def check_optimizer(settings: OptimizerSettings) -> None:
    """Raises TrainingError for an unknown rule, or a setting of this rule that is out of range."""
    rule = RULES.get(settings.key)
    if rule is None:
        raise TrainingError(f"There is no optimizer {settings.key!r}; choose one of {', '.join(RULES)}.")
    check_learning_rate(settings.learning_rate)
    for name in {"momentum", "beta1", "beta2"}.intersection(rule.settings):
        value = getattr(settings, name)
        if not 0.0 <= value < 1.0:
            raise TrainingError(f"{rule.title}: {name} is {value:g}; it must be from 0 to below 1, such as 0.9.")
    if "epsilon" in rule.settings and not 0.0 < settings.epsilon < math.inf:
        raise TrainingError(f"{rule.title}: epsilon is {settings.epsilon:g}; it must be above 0, such as 1e-8.")
