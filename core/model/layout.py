"""The one place where arrays turn from the way people hold them to the way the engine does.

Outside, the batch comes first: ``(batch, features)``, ``(batch, height, width, channels)``. Inside it comes last, so that a layer is
``W x + b`` on columns and a row of any array is one unit over all samples. Nothing else about a sample's shape changes.
"""

import math
from typing import Any

import numpy as np

from core.ops.op import Array, Shape

ALIGNMENT = 64
"""Bytes: a cache line, and the widest vector register."""


def batch_last(samples: Array) -> Array:
    """A view of batch-first samples with the batch as the last axis."""
    return np.moveaxis(samples, 0, -1)


def batch_first(values: Array) -> Array:
    """A view of engine values with the batch as the first axis."""
    return np.moveaxis(values, -1, 0)


def aligned_zeros(shape: Shape, dtype: Any) -> Array:
    """A C-contiguous array of zeros that starts on a cache line."""
    size = math.prod(shape) * np.dtype(dtype).itemsize
    memory = np.zeros(size + ALIGNMENT, np.uint8)
    start = -memory.ctypes.data % ALIGNMENT
    aligned: Array = memory[start : start + size].view(dtype).reshape(shape)
    return aligned


def value_with_ones(shape: Shape, batch: int, dtype: Any) -> tuple[Array, Array]:
    """Room for a value of this sample shape: the value itself, and the same as rows with a last row of ones for biases."""
    rows = aligned_zeros((math.prod(shape) + 1, batch), dtype)
    rows[-1] = 1
    return rows[:-1].reshape(*shape, batch), rows
