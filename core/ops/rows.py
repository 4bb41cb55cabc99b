"""Rows: some of the rows of a value, as a value of its own.

Fused neurons share one array; what a single one of them says is a row of it, which anybody may look at without a copy.
"""

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np

from core.ops.op import Binding, Bound, Op, Shape


@dataclass(frozen=True)
class Rows(Op):
    """``y = x[start:stop]`` of one row of features; the model lets both share memory.

    Below the last of these rows there need be no row of ones, so that an op that reads one must not read this.
    """

    start: int
    stop: int
    reads_ones: ClassVar[bool] = False

    def output_shape(self, *inputs: Shape) -> Shape:
        return (self.stop - self.start,)

    def aliases(self, training: bool) -> bool:
        return True

    @property
    def first_row(self) -> int:
        return self.start

    def bind(self, arrays: Binding) -> Bound:
        part = slice(self.start, self.stop)
        forward = (partial(np.copyto, arrays.output, arrays.inputs[0][part]),)
        path = arrays.gradient_path()
        if path is None:
            return Bound(forward)
        downstream, upstream = path
        return Bound(forward, (partial(upstream.fill, 0), partial(np.copyto, upstream[part], downstream)))
