"""The one place where arrays turn from the way people hold them to the way the engine does.

Outside, the batch comes first and the channels last: ``(batch, features)``, ``(batch, time, features)``, ``(batch, height, width, channels)``.
Inside, the batch comes last, so that a layer is ``W x + b`` on columns and a row of any array is one unit over all samples. Pictures
have their channels first inside, ``(channels, height, width, batch)``: a window of a picture is then made of runs of whole lines
times the batch, which is what makes convolution fast.
"""

import math
from typing import Any

import numpy as np

from core.ops.op import Array, Shape

ALIGNMENT = 64
"""Bytes: a cache line, and the widest vector register."""
PICTURE = 3
"""Axes of a sample that is a picture."""
SEQUENCE = 2
"""Axes of a sample that is a sequence."""


def inside(shape: Shape) -> Shape:
    """The sample shape in the engine: ``(height, width, channels)`` becomes ``(channels, height, width)``, all others stay."""
    return (shape[-1], *shape[:-1]) if len(shape) == PICTURE else shape


def outside(shape: Shape) -> Shape:
    """The sample shape for people: the way back from ``inside``."""
    return (*shape[1:], shape[0]) if len(shape) == PICTURE else shape


def batch_last(samples: Array) -> Array:
    """A view of samples as people hold them in the layout of the engine."""
    if samples.ndim == PICTURE + 1:
        return samples.transpose(3, 1, 2, 0)
    return np.moveaxis(samples, 0, -1)


def batch_first(values: Array) -> Array:
    """A view of engine values in the layout for people."""
    if values.ndim == PICTURE + 1:
        return values.transpose(3, 1, 2, 0)
    return np.moveaxis(values, -1, 0)


def features_axis(ndim: int) -> int:
    """The axis of the features (of a picture: the channels) in an engine array with ``ndim`` axes, batch included."""
    return 1 if ndim == SEQUENCE + 1 else 0


def one_feature(shape: Shape) -> Shape:
    """The shape of an engine array with one number in place of all features."""
    axis = features_axis(len(shape))
    return (*shape[:axis], 1, *shape[axis + 1 :])


def aligned_zeros(shape: Shape, dtype: Any) -> Array:
    """A C-contiguous array of zeros that starts on a cache line."""
    size = math.prod(shape) * np.dtype(dtype).itemsize
    memory = np.zeros(size + ALIGNMENT, np.uint8)
    start = -memory.ctypes.data % ALIGNMENT
    aligned: Array = memory[start : start + size].view(dtype).reshape(shape)
    return aligned


def value_with_ones(shape: Shape, batch: int, dtype: Any) -> tuple[Array, Array]:
    """Room for a value of this engine shape: the value itself, and the same as rows with a last row of ones for biases."""
    rows = aligned_zeros((math.prod(shape) + 1, batch), dtype)
    rows[-1] = 1
    return rows[:-1].reshape(*shape, batch), rows
