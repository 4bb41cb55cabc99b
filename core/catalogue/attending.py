"""What the attention kinds have in common: ports, the checks of what arrives there, and the switches."""

from typing import Annotated, TypeAlias

import msgspec

from core.catalogue.kind import Port, ShapeError
from core.catalogue.shapes import counted, stack
from core.ops.layout import SEQUENCE
from core.ops.op import Shape

QUERY = Port("query", "Query", help="What each step looks for.")
KEY = Port("key", "Key", help="What each step is found by: the nearer to a query, the more it is looked at.")
VALUE = Port("value", "Value", help="What a step gives when it is looked at.")
MASK = Port("mask", "Mask", optional=True, help="1 for every step that counts, 0 for padding; a padding mask gives it.")
OUTPUTS = (
    Port("output", "Output"),
    Port("weights", "Weights", help="How much every step looks at every other one; each row adds up to 1."),
)

Causal: TypeAlias = Annotated[
    bool,
    msgspec.Meta(
        title="Causal",
        description="Whether each step sees only itself and the steps before it, as in predicting the next word.",
    ),
]


def check_sequence(title: str, shape: Shape) -> None:
    """Raise ShapeError for what is not a sequence."""
    if len(shape) != SEQUENCE:
        raise ShapeError(f"{title} wants a sequence of steps, and this is {stack(shape)}.", remedy="needs-sequence")


def check_steps(title: str, key: Shape, value: Shape, mask: Shape | None) -> None:
    """Raise ShapeError unless there is a value, and where there is a mask a single number, for each step of the key."""
    if key[0] != value[0]:
        raise ShapeError(
            f"{title} wants a value for each step of the key; the key has {counted(key[0], 'step')} and the value {value[0]:,}."
        )
    if mask not in (None, (key[0], 1)):
        raise ShapeError(
            f"The mask of {title.lower()} has one number for each step of the key, which would be {stack((key[0], 1))}, "
            f"and this is {stack(mask)}."
        )
