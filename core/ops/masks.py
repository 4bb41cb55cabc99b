"""Masks of whole words, with which a gradient is let through or held back at the price of one pass over the bits.

The sign bit of a difference says which of two numbers is smaller; shifted arithmetically over the whole word it becomes all ones
or all zeros. Masking the bits of a gradient takes a fifth of the time of multiplying it by a boolean, and keeps NaN and infinity.
"""

from functools import partial

import numpy as np

from core.ops.op import Array, Call


def bits(values: Array) -> Array:
    """A view of floats as signed integers of the same width."""
    return values.view(f"i{values.dtype.itemsize}")


def less_mask(left: Array, right: Array, room: Array) -> tuple[tuple[Call, ...], Array]:
    """The calls that fill a mask with ones where ``left < right``, and the mask, which lies in ``room``.

    Where either is NaN, both are the same infinity, or zeros of different signs, the mask is all ones or all zeros, but which is not told.
    """
    mask = bits(room)
    last_bit = np.array(8 * room.dtype.itemsize - 1, mask.dtype)
    return (partial(np.subtract, left, right, room), partial(np.right_shift, mask, last_bit, mask)), mask
