"""The Delay: what a value was some steps of time ago, which is what makes a loop possible."""

from typing import Annotated, Any

import msgspec

from core.catalogue.kind import Builder, Category, NodeKind, ShapeError, Shapes, Value, Values
from core.catalogue.shapes import stack
from core.ops.delay import Delay
from core.ops.layout import SEQUENCE
from core.ops.op import Shape


class DelayKind(NodeKind):
    """The memory of a drawn loop."""

    key = "delay"
    title = "Delay"
    category = Category.RECURRENCE
    synonyms = ("memory", "one step ago", "feedback", "loop", "recurrent", "previous value", "lag", "shift", "state")
    help = (
        "Puts out the value that arrived one step of time ago, and before there was one its initial value. "
        "In a loop of wires it lets a network remember: a neuron that reads itself through a Delay is a recurrent one."
    )
    formula = r"y_t = x_{t-k}, \quad y_t = y_0 \;\text{for}\; t < k"
    glyph = "M4 12 a8 8 0 1 0 16 0 a8 8 0 1 0 -16 0 M12 7 V12 L8.5 14.5 M1 12 H4 M20 12 H23"
    remedies = frozenset({"loop"})
    delays = True
    order = 10

    class Hyperparameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
        steps: Annotated[
            int,
            msgspec.Meta(
                ge=1, le=4096, title="Steps", description="How many steps of time ago (k).", extra={"unit": "steps"}
            ),
        ] = 1
        initial: Annotated[
            float,
            msgspec.Meta(
                ge=-1e6, le=1e6, title="Initial value", description="What it puts out before there is an earlier value."
            ),
        ] = 0.0

    def headline(self, settings: Any) -> str:
        return "1 step" if settings.steps == 1 else f"{settings.steps} steps"

    def infer_shape(self, settings: Any, shapes: Shapes) -> dict[str, Shape]:
        (shape,) = shapes["input"]
        if len(shape) != SEQUENCE:
            raise ShapeError(
                f"A Delay looks back in time, so it needs a sequence (steps of time, values), and this is {stack(shape)}.",
                remedy="needs-sequence",
            )
        return {"output": shape}

    def lower(self, settings: Any, values: Values, builder: Builder) -> dict[str, Value]:
        (value,) = values["input"]
        return {"output": builder.apply(Delay(settings.steps, settings.initial), value)}
