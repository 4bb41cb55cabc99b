"""PaddingMask: which steps of a sequence are there, and which only fill it up."""

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np

from core.ops.layout import SEQUENCE
from core.ops.op import Binding, Bound, Op, Shape


@dataclass(frozen=True)
class PaddingMask(Op):
    """1 at the steps of ``(time, features)`` where any feature is not ``padding``, else 0; ``(time, 1)``. NaN counts as there.

    The gradient is 0. Raises ValueError for anything but a sequence.
    """

    padding: float = 0.0
    smooth: ClassVar[bool] = False

    def output_shape(self, *inputs: Shape) -> Shape:
        (shape,) = inputs
        if len(shape) != SEQUENCE:
            raise ValueError(f"padding fills up sequences, (time, features); received {shape}.")
        return (shape[0], 1)

    def bind(self, arrays: Binding) -> Bound:
        source = arrays.inputs[0]
        other = arrays.scratch(source.shape, bool)
        forward = (
            partial(np.not_equal, source, arrays.constant(self.padding), other),
            partial(np.maximum.reduce, other, 1, None, arrays.output, True),
        )
        path = arrays.gradient_path()
        return Bound(forward, (partial(path[1].fill, 0),) if path else ())
