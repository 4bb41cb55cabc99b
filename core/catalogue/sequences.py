"""Where rows meet sequences: a row stays the same at every step of time.

So a constant, or an input of single values, can join what runs through time without a node in between.
"""

from collections.abc import Sequence

from core.catalogue.kind import Builder, Value
from core.ops.layout import SEQUENCE
from core.ops.op import Shape
from core.ops.repeat import Repeat


def over_time(shapes: Sequence[Shape]) -> tuple[Shape, ...]:
    """The shapes with rows as sequences as long as the first sequence among them; as they are where there is none."""
    times = _times(shapes)
    if not times:
        return tuple(shapes)
    return tuple((times, *shape) if len(shape) == 1 else shape for shape in shapes)


def repeat_rows(values: Sequence[Value], builder: Builder) -> tuple[Value, ...]:
    """The values with rows repeated where they meet a sequence."""
    times = _times([value.shape for value in values])
    return tuple(builder.apply(Repeat(times), value) if times and len(value.shape) == 1 else value for value in values)


def _times(shapes: Sequence[Shape]) -> int:
    if SEQUENCE not in map(len, shapes):
        return 0
    return next(shape[0] for shape in shapes if len(shape) == SEQUENCE)
