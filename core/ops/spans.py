"""Spans: arrays that lie side by side in memory, seen as one, so that one call does the work of several."""

from collections.abc import Sequence

import numpy as np

from core.ops.op import Array


def address(array: Array) -> int:
    """Where the memory of an array begins."""
    begins: int = array.__array_interface__["data"][0]
    return begins


def side_by_side(arrays: Sequence[Array]) -> bool:
    """Whether these arrays are parts of one array that follow each other without a gap."""
    base, place = arrays[0].base, address(arrays[0])
    for array in arrays:
        if base is None or array.base is not base or address(array) != place or not array.flags.c_contiguous:
            return False
        place += array.nbytes
    return True


def span(arrays: Sequence[Array]) -> Array:
    """Arrays that lie side by side as one row."""
    return np.lib.stride_tricks.as_strided(arrays[0].reshape(-1), (sum(array.size for array in arrays),))
