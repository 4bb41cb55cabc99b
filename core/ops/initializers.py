"""How weights start: small random numbers, scaled so that signals neither fade nor blow up from layer to layer.

Each initializer draws in float64 from a seeded generator; the model rounds to its own dtype, so that one seed gives the same
network in either precision.
"""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from core.ops.op import Array, Shape

Initializer: TypeAlias = Callable[[np.random.Generator, Shape, int, int], Array]
"""(generator, shape, fan_in, fan_out) -> float64 array of that shape."""


def zeros(generator: np.random.Generator, shape: Shape, fan_in: int, fan_out: int) -> Array:
    """All 0: for biases; weights that all start at 0 make every unit of a layer learn the same."""
    return np.zeros(shape)


def ones(generator: np.random.Generator, shape: Shape, fan_in: int, fan_out: int) -> Array:
    """All 1: for a plain sum of the inputs."""
    return np.ones(shape)


def uniform(generator: np.random.Generator, shape: Shape, fan_in: int, fan_out: int) -> Array:
    """``U(-1/sqrt(fan_in), 1/sqrt(fan_in))`` (LeCun et al., Efficient BackProp, 1998; the default of PyTorch's Linear)."""
    return _uniform(generator, shape, 1 / np.sqrt(max(fan_in, 1)))


def normal(generator: np.random.Generator, shape: Shape, fan_in: int, fan_out: int) -> Array:
    """``N(0, 1/fan_in)``: the weighted sum of inputs of variance 1 has variance 1 (LeCun et al., 1998)."""
    return generator.normal(0.0, np.sqrt(1 / max(fan_in, 1)), shape)


def glorot_uniform(generator: np.random.Generator, shape: Shape, fan_in: int, fan_out: int) -> Array:
    """``U(-l, l)``, ``l = sqrt(6 / (fan_in + fan_out))``: for tanh, sigmoid, softmax (Glorot and Bengio, 2010, eq. 16)."""
    return _uniform(generator, shape, np.sqrt(6 / max(fan_in + fan_out, 1)))


def glorot_normal(generator: np.random.Generator, shape: Shape, fan_in: int, fan_out: int) -> Array:
    """``N(0, 2 / (fan_in + fan_out))`` (Glorot and Bengio, 2010, eq. 12)."""
    return generator.normal(0.0, np.sqrt(2 / max(fan_in + fan_out, 1)), shape)


def he_uniform(generator: np.random.Generator, shape: Shape, fan_in: int, fan_out: int) -> Array:
    """``U(-l, l)``, ``l = sqrt(6 / fan_in)``: for ReLU, which halves the variance (He et al., 2015, eq. 10)."""
    return _uniform(generator, shape, np.sqrt(6 / max(fan_in, 1)))


def he_normal(generator: np.random.Generator, shape: Shape, fan_in: int, fan_out: int) -> Array:
    """``N(0, 2 / fan_in)`` (He et al., 2015, eq. 10)."""
    return generator.normal(0.0, np.sqrt(2 / max(fan_in, 1)), shape)


def _uniform(generator: np.random.Generator, shape: Shape, limit: float) -> Array:
    return generator.uniform(-limit, limit, shape)


INITIALIZERS: dict[str, Initializer] = {
    function.__name__: function
    for function in (glorot_uniform, glorot_normal, he_uniform, he_normal, uniform, normal, zeros, ones)
}
