"""Delay: the value that a sequence had some steps of time ago."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from core.ops.layout import SEQUENCE
from core.ops.op import Binding, Bound, Call, Op, Shape


@dataclass(frozen=True)
class Delay(Op):
    """``y_t = x_{t-k}``, and ``initial`` for ``t < k``, with ``k`` the number of ``steps``; ``dL/dx_t = dL/dy_{t+k}``, or 0 at the end.

    Input and output ``(time, features)``. Raises ValueError for an input that is not a sequence, and for less than 1 step.
    """

    steps: int = 1
    initial: float = 0.0

    def __post_init__(self) -> None:
        if self.steps < 1:
            raise ValueError(f"delay looks back at least 1 step of time; received {self.steps}.")

    def output_shape(self, *inputs: Shape) -> Shape:
        (shape,) = inputs
        if len(shape) != SEQUENCE:
            raise ValueError(f"delay reads a sequence, (time, features); received {shape}.")
        return shape

    def bind(self, arrays: Binding) -> Bound:
        source, output = arrays.inputs[0], arrays.output
        before = min(self.steps, len(source))
        after = len(source) - before
        forward: tuple[Call, ...] = (
            partial(output[:before].fill, self.initial),
            partial(np.copyto, output[before:], source[:after]),
        )
        path = arrays.gradient_path()
        if path is None:
            return Bound(forward)
        downstream, upstream = path
        backward: tuple[Call, ...] = (
            partial(np.copyto, upstream[:after], downstream[before:]),
            partial(upstream[after:].fill, 0),
        )
        return Bound(forward, backward)
