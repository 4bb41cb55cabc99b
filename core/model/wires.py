"""Weights wire by wire: a weight matrix taken apart into the columns of each wire, and put together again in another order.

What a wire has learned belongs to the wire: where a node gains or loses one, the others keep theirs.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.floating[Any]]
Columns = Mapping[str, tuple[tuple[str, int], ...]]
"""Node -> (wire, number of columns), in the order of the columns."""


def taken_apart(parameters: Mapping[str, FloatArray], columns: Columns) -> dict[str, FloatArray]:
    """Each weight matrix of a node in ``columns`` as one array per wire, views (units, columns); everything else as it is.

    A matrix whose width is not that of all its wires together stays whole.
    """
    apart: dict[str, FloatArray] = {}
    for name, values in parameters.items():
        if not _is_by_wire(name, values, columns):
            apart[name] = values
            continue
        at = 0
        for wire, count in columns[_node(name)]:
            apart[_part(name, wire)] = values[:, at : at + count]
            at += count
    return apart


def put_together(
    apart: Mapping[str, FloatArray], whole: Mapping[str, FloatArray], columns: Columns
) -> dict[str, FloatArray]:
    """Arrays named and shaped like those of ``whole``, from what ``taken_apart`` made of such arrays."""
    together: dict[str, FloatArray] = {}
    for name, values in whole.items():
        if _is_by_wire(name, values, columns):
            parts = [apart[_part(name, wire)] for wire, _ in columns[_node(name)]]
            together[name] = np.concatenate(parts, axis=1)
        else:
            together[name] = apart[name]
    return together


def _is_by_wire(name: str, values: FloatArray, columns: Columns) -> bool:
    wires = columns.get(_node(name))
    return bool(wires) and values.ndim == 2 and values.shape[1] == sum(count for _, count in wires or ())


def _node(name: str) -> str:
    return name.rpartition("/")[0]


def _part(name: str, wire: str) -> str:
    """No parameter is called like this, for ids have no control characters."""
    return f"{name}\0{wire}"
