"""Peepholes: each gate of an LSTM sees the memory of its own cell, so that it can count and keep time.

The input and the forget gate look at the memory before the step, the output gate at the one after it (Gers and Schmidhuber,
Recurrent nets that time and count, 2000).
"""

from functools import partial

import numpy as np

from core.ops.op import Array, Call
from core.ops.recurrent.curves import Calls
from core.ops.recurrent.recurrence import Frame


class Peepholes:
    """The calls for gates in these ``rows`` of the weighted sums, in the order of the parameters; none for no rows.

    ``after`` tells of each gate whether it looks at the memory after the step. ``sums`` is ``(time, rows, batch)``, ``memory``
    ``(time + 1, units, batch)``. The sums are halves, because the weights that they came from are.
    """

    def __init__(
        self, frame: Frame, rows: tuple[slice, ...], after: tuple[bool, ...], sums: Array, memory: Array
    ) -> None:
        self._frame, self._rows, self._after = frame, rows, after
        self._sums, self._memory = sums, memory
        self._weights = frame.arrays.parameters[1] if rows else np.empty((0, 1))
        self._halves = np.empty_like(self._weights)
        self._seen, self._share = frame.room(frame.units), np.empty(frame.units, sums.dtype)

    def prepare(self) -> Calls:
        """Halve the weights, like those of the gates."""
        return (partial(np.multiply, self._weights, self._frame.arrays.constant(0.5), self._halves),)

    def look(self, s: int, after: bool) -> Calls:
        """Add what the gates see that look after the step, or before it, to their weighted sums."""
        calls: list[Call] = []
        for place in self._looking(after):
            sums = self._sums[s, self._rows[place]]
            calls.append(partial(np.multiply, self._column(self._halves, place), self._memory[s + after], self._seen))
            calls.append(partial(np.add, sums, self._seen, sums))
        return tuple(calls)

    def back(self, deltas: Array, after: bool, gradient: Array) -> Calls:
        """Add what arrives through these gates at one step to the gradient of the memory."""
        calls: list[Call] = []
        for place in self._looking(after):
            delta = deltas[self._rows[place]]
            calls.append(partial(np.multiply, self._column(self._weights, place), delta, self._seen))
            calls.append(partial(np.add, gradient, self._seen, gradient))
        return tuple(calls)

    def gradients(self, deltas: Array, start: int, stop: int) -> Calls:
        """The gradient of the weights: what ends with the last step is written, the rest added."""
        products = self._frame.room(stop - start, self._frame.units)
        calls: list[Call] = []
        for place, (rows, after) in enumerate(zip(self._rows, self._after)):
            memory = self._memory[start + after : stop + after]
            gradient = self._frame.arrays.parameter_gradients[1][place]
            out = gradient if stop == self._frame.time else self._share
            calls.append(partial(np.multiply, deltas[: stop - start, rows], memory, products))
            calls.append(partial(np.add.reduce, products, (0, 2), None, out))
            if out is not gradient:
                calls.append(partial(np.add, gradient, out, gradient))
        return tuple(calls)

    def _looking(self, after: bool) -> list[int]:
        return [place for place, looks_after in enumerate(self._after) if looks_after is after]

    @staticmethod
    def _column(weights: Array, place: int) -> Array:
        column: Array = weights[place][:, np.newaxis]
        return column
