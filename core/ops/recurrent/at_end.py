"""AtEnd: one end of a sequence, as a row."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from core.ops.layout import SEQUENCE
from core.ops.op import Binding, Bound, Op, Shape


@dataclass(frozen=True)
class AtEnd(Op):
    """The last step of a sequence ``(time, features)``, or its ``first``, as ``(features,)``: where a recurrent op that reads it in one direction ends.

    The gradient of the other steps is 0. Raises ValueError for anything but a sequence.
    """

    first: bool = False

    def output_shape(self, *inputs: Shape) -> Shape:
        (shape,) = inputs
        if len(shape) != SEQUENCE:
            raise ValueError(f"only a sequence, (time, features), has an end; received {shape}.")
        return shape[1:]

    def bind(self, arrays: Binding) -> Bound:
        step = 0 if self.first else -1
        forward = (partial(np.copyto, arrays.output, arrays.inputs[0][step]),)
        path = arrays.gradient_path()
        if path is None:
            return Bound(forward)
        downstream, upstream = path
        return Bound(forward, (partial(upstream.fill, 0), partial(np.copyto, upstream[step], downstream)))
