"""Rules that follow the gradient itself: plain steps, and steps that remember the way they came."""

from functools import partial

import numpy as np

from core.training.calls import Call, FloatArray
from core.training.optimizers.arrays import Arrays
from core.training.optimizers.settings import OptimizerSettings


def descent(arrays: Arrays, settings: OptimizerSettings) -> tuple[Call, ...]:
    """``w = w - rate * g`` (Cauchy, 1847; on batches Robbins and Monro, 1951)."""
    return (
        partial(np.multiply, arrays.gradients, arrays.learning_rate, arrays.scratch),
        *arrays.move(arrays.scratch),
    )


def momentum(arrays: Arrays, settings: OptimizerSettings) -> tuple[Call, ...]:
    """``v = momentum * v + g``, ``w = w - rate * v`` (Polyak, 1964)."""
    velocity, calls = _velocity(arrays, settings.momentum)
    return (
        *calls,
        partial(np.multiply, velocity, arrays.learning_rate, arrays.scratch),
        *arrays.move(arrays.scratch),
    )


def nesterov(arrays: Arrays, settings: OptimizerSettings) -> tuple[Call, ...]:
    """``v = momentum * v + g``, ``w = w - rate * (g + momentum * v)`` (Nesterov, 1983; in this form Sutskever et al., 2013)."""
    scratch = arrays.scratch
    velocity, calls = _velocity(arrays, settings.momentum)
    return (
        *calls,
        partial(np.multiply, velocity, arrays.constant(settings.momentum), scratch),
        partial(np.add, scratch, arrays.gradients, scratch),
        partial(np.multiply, scratch, arrays.learning_rate, scratch),
        *arrays.move(scratch),
    )


def decayed_momentum(arrays: Arrays, settings: OptimizerSettings) -> tuple[Call, ...]:
    """SGDW: ``w = w - rate * weight_decay * w``, then a step with momentum (Loshchilov and Hutter, 2019)."""
    return (*arrays.decay(settings.weight_decay), *momentum(arrays, settings))


def _velocity(arrays: Arrays, share: float) -> tuple[FloatArray, tuple[Call, ...]]:
    velocity = arrays.memory.vector("velocity")
    return velocity, (
        partial(np.multiply, velocity, arrays.constant(share), velocity),
        partial(np.add, velocity, arrays.gradients, velocity),
    )
