"""AsSequence: values that come all at once, put one after the other in time."""

from dataclasses import dataclass

from core.ops.op import Shape
from core.ops.structure import InOrder


@dataclass(frozen=True)
class AsSequence(InOrder):
    """A row ``(n,)`` becomes ``n`` steps of one value, a picture its lines from top to bottom: ``(height, width * channels)``."""

    def output_shape(self, *inputs: Shape) -> Shape:
        (shape,) = inputs
        if len(shape) == 3:
            channels, height, width = shape
            return (height, width * channels)
        return (*shape, 1)[:2]
