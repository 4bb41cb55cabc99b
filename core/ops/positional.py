"""Positional encoding: what tells the steps of a sequence apart for attention, which has no order of its own."""

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np

from core.ops.op import Array, Binding, Bound, Call, Op, Shape

LONGEST_WAVE = 10_000.0
"""The slowest waves take some 2 pi times as many steps (Vaswani et al., 2017)."""


def waves(steps: int, features: int) -> Array:
    """``p[t, 2i] = sin(t / 10000^(2i / features))``, ``p[t, 2i + 1] = cos(t / 10000^(2i / features))``; shape ``(steps, features)``, float64."""
    even = np.arange(0, features, 2)
    angles = np.arange(steps)[:, None] / LONGEST_WAVE ** (even / features)
    encoding = np.empty((steps, features))
    encoding[:, 0::2] = np.sin(angles)
    encoding[:, 1::2] = np.cos(angles[:, : features // 2])
    return encoding


@dataclass(frozen=True)
class PositionalEncoding(Op):
    """``y = x + p`` with ``p`` the sinusoids of ``waves``, ``dy/dx = 1``; with ``beside`` they stand beside ``x`` as further features.

    Input ``(time, features)``; output the same, or ``(time, 2 features)``. Raises ValueError for what is not a sequence.
    """

    reads_ones: ClassVar[bool] = False
    beside: bool = False

    def output_shape(self, *inputs: Shape) -> Shape:
        (shape,) = inputs
        if len(shape) != 2:
            raise ValueError(f"positional_encoding reads a sequence, (time, features); received {shape}.")
        return (shape[0], shape[1] * 2) if self.beside else shape

    def bind(self, arrays: Binding) -> Bound:
        source = arrays.inputs[0]
        steps, features, _ = source.shape
        encoding = waves(steps, features).astype(source.dtype)[..., None]
        own = arrays.output[:, :features]
        forward: tuple[Call, ...] = (partial(np.add, source, encoding, own),)
        if self.beside:
            forward = (partial(np.copyto, own, source), partial(np.copyto, arrays.output[:, features:], encoding))
        path = arrays.gradient_path()
        return Bound(forward, (partial(np.copyto, path[1], path[0][:, :features]),) if path else ())
