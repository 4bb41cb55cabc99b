"""What the losses share: how the mean over all values becomes one number, in an array without axes."""

from functools import partial

import numpy as np

from core.ops.op import Array, Binding, Call


def mean(arrays: Binding, values: Array) -> tuple[Call, ...]:
    """The mean of all values into the output."""
    total = arrays.scratch(())
    return (partial(np.add.reduce, values.reshape(-1), 0, None, total), scaled(arrays, total, 1 / values.size))


def mean_square(arrays: Binding, values: Array) -> tuple[Call, ...]:
    """The mean of the squares of all values into the output."""
    flat, total = values.reshape(-1), arrays.scratch(())
    return (partial(flat.dot, flat, total), scaled(arrays, total, 1 / values.size))


def scaled(arrays: Binding, number: Array, factor: float) -> Call:
    """``factor * number`` into the output: another array, for on a single number a ufunc in place takes three times as long."""
    return partial(np.multiply, number, arrays.constant(factor), arrays.output)
