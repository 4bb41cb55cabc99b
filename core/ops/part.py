"""Part: some neighbouring features of a value."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from core.ops.layout import features_axis
from core.ops.op import Binding, Bound, Op, Shape


@dataclass(frozen=True)
class Part(Op):
    """The features from ``start`` up to ``stop``, which is not one of them; the gradient of the others is 0.

    Raises ValueError where the input has fewer.
    """

    start: int
    stop: int

    def output_shape(self, *inputs: Shape) -> Shape:
        (shape,) = inputs
        axis = features_axis(len(shape) + 1)
        if not 0 <= self.start < self.stop <= shape[axis]:
            raise ValueError(f"part takes the features from {self.start} up to {self.stop}; received {shape}.")
        return (*shape[:axis], self.stop - self.start, *shape[axis + 1 :])

    def bind(self, arrays: Binding) -> Bound:
        source = arrays.inputs[0]
        place = (slice(None),) * features_axis(source.ndim) + (slice(self.start, self.stop),)
        forward = (partial(np.copyto, arrays.output, source[place]),)
        path = arrays.gradient_path()
        if path is None:
            return Bound(forward)
        downstream, upstream = path
        return Bound(forward, (partial(upstream.fill, 0), partial(np.copyto, upstream[place], downstream)))
