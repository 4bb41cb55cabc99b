"""AsSequence: values that come all at once, put one after the other in time."""

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np

from core.ops.op import Array, Binding, Bound, Op, Shape


@dataclass(frozen=True)
class AsSequence(Op):
    """A row ``(n,)`` becomes ``n`` steps of one value, a picture its lines from top to bottom: ``(height, width * channels)``.

    With ``pictures`` it reads ``(channels, height, width)`` and has to sort the values; a row, a sequence and a picture of one channel lie in
    the right order already, and nothing needs to be done.
    """

    reads_ones: ClassVar[bool] = False
    pictures: bool = False

    def output_shape(self, *inputs: Shape) -> Shape:
        (shape,) = inputs
        if len(shape) == 3:
            channels, height, width = shape
            return (height, width * channels)
        return (*shape, 1)[:2]

    def aliases(self, training: bool) -> bool:
        return not self.pictures

    def bind(self, arrays: Binding) -> Bound:
        source = self._in_order(arrays.inputs[0])
        forward = (partial(np.copyto, arrays.output.reshape(source.shape), source),)
        path = arrays.gradient_path()
        if path is None:
            return Bound(forward)
        downstream, upstream = path
        return Bound(forward, (partial(np.copyto, self._in_order(upstream), downstream.reshape(source.shape)),))

    def _in_order(self, values: Array) -> Array:
        return values.transpose(1, 2, 0, 3) if self.pictures else values
