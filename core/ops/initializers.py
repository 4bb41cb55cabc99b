"""How weights start: small random numbers, scaled so that signals neither fade nor blow up from layer to layer.

Each initializer draws in float64 from a seeded generator; the model rounds to its own dtype, so that one seed gives the same
network in either precision. Those that take a number are written with it: "constant 0.25".
"""

import math
from collections.abc import Callable
from functools import partial
from typing import TypeAlias

import numpy as np

from core.ops.op import Array, ParameterBlock, Shape

Initializer: TypeAlias = Callable[[np.random.Generator, Shape, int, int], Array]
"""(generator, shape, fan_in, fan_out) -> float64 array of that shape."""

Scaled: TypeAlias = Callable[[np.random.Generator, Shape, int, int, float], Array]
"""The same with a number of its own as the last argument."""


def zeros(generator: np.random.Generator, shape: Shape, fan_in: int, fan_out: int) -> Array:
    """All 0: for biases; weights that all start at 0 make every unit of a layer learn the same."""
    return np.zeros(shape)


def ones(generator: np.random.Generator, shape: Shape, fan_in: int, fan_out: int) -> Array:
    """All 1: for a plain sum of the inputs."""
    return np.ones(shape)


def constant(generator: np.random.Generator, shape: Shape, fan_in: int, fan_out: int, value: float) -> Array:
    """All ``value``: units of one layer that start alike stay alike, which is worth seeing once."""
    return np.full(shape, value)


def uniform(generator: np.random.Generator, shape: Shape, fan_in: int, fan_out: int) -> Array:
    """``U(-1/sqrt(fan_in), 1/sqrt(fan_in))`` (LeCun et al., Efficient BackProp, 1998; the default of PyTorch's Linear)."""
    return _uniform(generator, shape, 1 / np.sqrt(max(fan_in, 1)))


def uniform_within(generator: np.random.Generator, shape: Shape, fan_in: int, fan_out: int, limit: float) -> Array:
    """``U(-limit, limit)``, whatever the size of the layer: for centres that are to lie where the data do."""
    return _uniform(generator, shape, limit)


def normal(generator: np.random.Generator, shape: Shape, fan_in: int, fan_out: int) -> Array:
    """``N(0, 0.05^2)`` whatever the size of the layer (Keras' RandomNormal): in a deep network signals fade with it."""
    return generator.normal(0.0, 0.05, shape)


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


def lecun_uniform(generator: np.random.Generator, shape: Shape, fan_in: int, fan_out: int) -> Array:
    """``U(-l, l)``, ``l = sqrt(3 / fan_in)``: for SELU (LeCun et al., 1998, sec. 4.6; Klambauer et al., 2017)."""
    return _uniform(generator, shape, np.sqrt(3 / max(fan_in, 1)))


def lecun_normal(generator: np.random.Generator, shape: Shape, fan_in: int, fan_out: int) -> Array:
    """``N(0, 1 / fan_in)``: the weighted sum of inputs of variance 1 has variance 1 (LeCun et al., 1998, sec. 4.6)."""
    return generator.normal(0.0, np.sqrt(1 / max(fan_in, 1)), shape)


def orthogonal(generator: np.random.Generator, shape: Shape, fan_in: int, fan_out: int) -> Array:
    """A random matrix ``W`` with ``W W^T = 1`` (or ``W^T W = 1`` where it is tall): no signal grows or fades (Saxe et al., 2014).

    Rows are what comes first in the shape, columns all the rest. The signs are those of the diagonal of R, without which the draw
    would not be uniform over all such matrices (Mezzadri, 2007).
    """
    rows, columns = shape[0], math.prod(shape[1:])
    draw = generator.standard_normal((max(rows, columns), min(rows, columns)))
    basis, triangle = np.linalg.qr(draw)
    basis *= np.sign(np.diagonal(triangle))
    return np.ascontiguousarray(basis if rows >= columns else basis.T).reshape(shape)


def identity(generator: np.random.Generator, shape: Shape, fan_in: int, fan_out: int) -> Array:
    """Passes on what comes in: 1 on the diagonal, and for kernels in their middle (Le et al., 2015, for recurrent weights).

    Parameters that are one row are a diagonal themselves, so they start at 1.
    """
    if len(shape) == 1:
        return np.ones(shape)
    values = np.zeros(shape)
    diagonal: tuple[slice | int, ...] = (slice(None), slice(None), *(length // 2 for length in shape[2:]))
    values[diagonal] = np.eye(shape[0], shape[1])
    return values


def _uniform(generator: np.random.Generator, shape: Shape, limit: float) -> Array:
    return generator.uniform(-limit, limit, shape)


INITIALIZERS: dict[str, Initializer] = {
    function.__name__: function
    for function in (
        glorot_uniform,
        glorot_normal,
        he_uniform,
        he_normal,
        lecun_uniform,
        lecun_normal,
        orthogonal,
        identity,
        uniform,
        normal,
        zeros,
        ones,
    )
}
"""The initializers that need no number, by key."""

SCALED: dict[str, Scaled] = {function.__name__: function for function in (constant, uniform_within)}
"""Those that do."""


def initializer(key: str) -> Initializer:
    """The initializer of this key: "orthogonal", or with its number "constant 0.25". Raises KeyError for one that is not known."""
    name, _, number = key.partition(" ")
    return partial(_scaled, SCALED[name], float(number)) if number else INITIALIZERS[name]


def initial(block: ParameterBlock) -> Array:
    """A parameter block as it starts, from a generator of its own: for drawing and for trying an op out."""
    values = np.zeros(block.shape)
    for view in block.views:
        place = view.cut(values)
        place[...] = initializer(view.initializer)(np.random.default_rng(0), place.shape, view.fan_in, view.fan_out)
    return values


def with_number(name: str, number: float) -> str:
    """The key of an initializer with its number."""
    return f"{name} {number!r}"


def _scaled(
    scaled: Scaled, number: float, generator: np.random.Generator, shape: Shape, fan_in: int, fan_out: int
) -> Array:
    return scaled(generator, shape, fan_in, fan_out, number)
