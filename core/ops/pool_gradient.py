"""PoolGradient: the gradient of the array that neurons share, while it is added up from the last rank to the first.

A row's gradient comes from the readers outside, which are complete before the first call, and from the ranks that read it. The first to
write a row writes it into place; nothing is cleared, and nothing is added that need not be.
"""

from collections.abc import Iterator
from functools import partial
from itertools import pairwise

import numpy as np

from core.ops.layout import aligned_zeros
from core.ops.op import Array, Binding, Call

NOBODY, OUTSIDE, OWN = 0, 1, 2
"""Who has written a row by now: nobody, the readers outside, or a rank, which added theirs to its own."""


class PoolGradient:
    """Bound together with the calls that write it; ``outside`` is the gradient that the readers outside leave."""

    def __init__(self, arrays: Binding, outside: Array, starts: tuple[int, ...], one_rows: tuple[int, ...]) -> None:
        self._outside = outside
        self._own = aligned_zeros(outside.shape, outside.dtype)
        self._room = arrays.scratch(outside.shape)
        self._writer = np.full(len(outside), OUTSIDE)
        if arrays.written is not None:
            self._writer[~arrays.written] = NOBODY
        self._wanted = np.ones(len(outside), bool)
        self._wanted[list(one_rows)] = False
        for start, source, upstream in zip(starts, arrays.inputs, arrays.input_gradients):
            self._wanted[start : start + len(source)] = upstream is not None

    def read(self, start: int, stop: int, calls: list[Call]) -> Array:
        """The gradient of these rows, complete by now; ``calls`` gets what brings it into one place."""
        parts = list(self._parts(start, stop))
        if len(parts) == 1 and parts[0][1] == OUTSIDE:
            return self._outside[start:stop]
        for rows, writer in parts:
            if writer == OUTSIDE:
                calls.append(partial(np.copyto, self._own[rows], self._outside[rows]))
        return self._own[start:stop]

    def add(self, low: int, high: int, matrix: Array, slope: Array) -> list[Call]:
        """The calls that add the product ``matrix slope`` to rows ``low`` to ``high``; none where nobody wants to know."""
        parts = list(self._parts(low, high))
        if not parts:
            return []
        self._writer[low:high] = OWN
        if len(parts) == 1 and parts[0][1] == NOBODY:
            return [partial(matrix.dot, slope, self._own[low:high])]
        share = self._room[: high - low]
        calls: list[Call] = [partial(matrix.dot, slope, share)]
        for rows, writer in parts:
            own, more = self._own[rows], share[rows.start - low : rows.stop - low]
            if writer == NOBODY:
                calls.append(partial(np.copyto, own, more))
            else:
                calls.append(partial(np.add, self._outside[rows] if writer == OUTSIDE else own, more, own))
        return calls

    def _parts(self, low: int, high: int) -> Iterator[tuple[slice, int]]:
        """Rows ``low`` to ``high`` cut where the writer changes; a row that nobody wants to know goes with the ones before it."""
        rows = low + np.flatnonzero(self._wanted[low:high])
        if not len(rows):
            return
        writers = self._writer[rows]
        cuts = rows[1:][writers[1:] != writers[:-1]]
        firsts = writers[np.searchsorted(rows, [rows[0], *cuts])]
        for (start, stop), writer in zip(pairwise([low, *cuts.tolist(), high]), firsts.tolist()):
            yield slice(start, stop), writer
