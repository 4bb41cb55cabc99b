"""Repeat: a row that stays the same at every step of time, so that it can join a sequence."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from core.ops.op import Binding, Bound, Op, Shape


@dataclass(frozen=True)
class Repeat(Op):
    """``y_t = x`` for ``times`` steps of time; ``dL/dx`` is the sum of ``dL/dy_t``. Input ``(features,)``, output ``(times, features)``.

    Raises ValueError for an input that is not a row.
    """

    times: int

    def output_shape(self, *inputs: Shape) -> Shape:
        (shape,) = inputs
        if len(shape) != 1:
            raise ValueError(f"repeat reads one row of features, (features,); received {shape}.")
        return (self.times, *shape)

    def bind(self, arrays: Binding) -> Bound:
        forward = (partial(np.copyto, arrays.output, arrays.inputs[0]),)
        path = arrays.gradient_path()
        return Bound(forward, (partial(np.add.reduce, path[0], 0, None, path[1]),) if path else ())
