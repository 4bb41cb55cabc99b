"""Adam and its children: a mean of the gradients, divided by the root of a mean of their squares.

The memory holds M = m / (1 - beta1) and V = v / (1 - beta2), which spares two multiplications a step; what this leaves over,
the correction for means that began at 0, and the rate are a few numbers, worked out afresh before each step.
"""

import math
from functools import partial

import numpy as np

from core.training.calls import Call, FloatArray
from core.training.optimizers.arrays import Arrays
from core.training.optimizers.settings import OptimizerSettings

MOMENTUM_DECAY = 0.004
"""How fast the momentum of Nadam comes up to beta1 (Dozat, 2016, section 2.2)."""


def adam(arrays: Arrays, settings: OptimizerSettings) -> tuple[Call, ...]:
    """``w = w - rate * m' / (sqrt(v') + epsilon)`` with bias-corrected means m' and v' (Kingma and Ba, 2015)."""
    scratch, learning_rate = arrays.scratch, arrays.learning_rate
    beta1, beta2, least, sqrt = settings.beta1, settings.beta2, settings.epsilon, math.sqrt

    def coefficients(age: float, rate: FloatArray, epsilon: FloatArray) -> None:
        # sqrt(V) divided by this is sqrt(v'). Written out here, for on a small network it is a good part of the step.
        correction = sqrt((1.0 - beta2**age) / (1.0 - beta2))
        rate[()] = float(learning_rate) * (1.0 - beta1) / (1.0 - beta1**age) * correction
        epsilon[()] = least * correction

    prepare, (rate, epsilon) = arrays.memory.by_age(coefficients, 2)
    mean, square, calls = _means(arrays, settings)
    return (
        prepare,
        *calls,
        partial(np.sqrt, square, scratch),
        partial(np.add, scratch, epsilon, scratch),
        partial(np.divide, mean, scratch, scratch),
        partial(np.multiply, scratch, rate, scratch),
        *arrays.move(scratch),
    )


def adamw(arrays: Arrays, settings: OptimizerSettings) -> tuple[Call, ...]:
    """``w = w - rate * weight_decay * w``, then a step of Adam (Loshchilov and Hutter, 2019)."""
    return (*arrays.decay(settings.weight_decay), *adam(arrays, settings))


def nadam(arrays: Arrays, settings: OptimizerSettings) -> tuple[Call, ...]:
    """``w = w - rate * (a g + b m) / (sqrt(v') + epsilon)``: Adam that looks ahead like Nesterov's momentum (Dozat, 2016).

    With ``u_t = beta1 (1 - 0.96^(0.004 t) / 2)`` and ``U_t = u_1 ... u_t``: ``a = (1 - u_t) / (1 - U_t)``, ``b = u_t+1 / (1 - U_t+1)``.
    """
    scratch, look = arrays.scratch, arrays.room()
    products = [1.0]

    def momentum(age: float) -> float:
        share: float = 0.96 ** (age * MOMENTUM_DECAY)
        return settings.beta1 * (1.0 - 0.5 * share)

    def coefficients(age: float, by_gradient: FloatArray, by_mean: FloatArray, epsilon: FloatArray) -> None:
        steps = int(age)
        while len(products) <= steps + 1:
            products.append(products[-1] * momentum(len(products)))
        correction = math.sqrt((1.0 - settings.beta2**age) / (1.0 - settings.beta2))
        rate = float(arrays.learning_rate) * correction
        by_gradient[()] = rate * (1.0 - momentum(age)) / (1.0 - products[steps])
        by_mean[()] = rate * momentum(age + 1) / (1.0 - products[steps + 1]) * (1.0 - settings.beta1)
        epsilon[()] = settings.epsilon * correction

    prepare, (by_gradient, by_mean, epsilon) = arrays.memory.by_age(coefficients, 3)
    mean, square, calls = _means(arrays, settings)
    return (
        prepare,
        *calls,
        partial(np.multiply, arrays.gradients, by_gradient, look),
        partial(np.multiply, mean, by_mean, scratch),
        partial(np.add, look, scratch, look),
        partial(np.sqrt, square, scratch),
        partial(np.add, scratch, epsilon, scratch),
        partial(np.divide, look, scratch, look),
        *arrays.move(look),
    )


def _means(arrays: Arrays, settings: OptimizerSettings) -> tuple[FloatArray, FloatArray, tuple[Call, ...]]:
    """M, V, and the calls that bring them up to date."""
    gradients, scratch = arrays.gradients, arrays.scratch
    mean = arrays.memory.vector("mean", unit=1.0 - settings.beta1)
    square = arrays.memory.vector("square", unit=1.0 - settings.beta2)
    return (
        mean,
        square,
        (
            partial(np.multiply, mean, arrays.constant(settings.beta1), mean),
            partial(np.add, mean, gradients, mean),
            partial(np.multiply, square, arrays.constant(settings.beta2), square),
            partial(np.multiply, gradients, gradients, scratch),
            partial(np.add, square, scratch, square),
        ),
    )
