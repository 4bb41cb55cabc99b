"""Sequence: a row or a picture as a sequence of steps, for the kinds that work through time."""

from typing import Any

from core.catalogue.kind import Builder, Category, NodeKind, Shapes, Value, Values
from core.ops.layout import PICTURE, inside
from core.ops.op import Shape
from core.ops.sequence import AsSequence


class SequenceKind(NodeKind):
    """One after the other in time."""

    key = "sequence"
    title = "Sequence"
    category = Category.SHAPING
    synonyms = ("time steps", "row by row", "reshape", "unsqueeze", "scan", "lines of a picture", "time series")
    help = (
        "Puts values one after the other in time: every value of a row becomes a step, and so does every line of a picture. "
        "Recurrent layers and attention want such a sequence."
    )
    formula = r"(n) \to (n, 1), \quad (h, w, c) \to (h, w \cdot c)"
    glyph = "M3 4 H9 V20 H3 Z M3 9.3 H9 M3 14.6 H9 M12 6.6 H21 M18.5 4.2 L21 6.6 L18.5 9 M12 12 H21 M12 17.4 H21"
    remedies = frozenset({"needs-sequence"})
    order = 50

    def infer_shape(self, settings: Any, shapes: Shapes) -> dict[str, Shape]:
        return {"output": AsSequence().output_shape(inside(shapes["input"][0]))}

    def lower(self, settings: Any, values: Values, builder: Builder) -> dict[str, Value]:
        (value,) = values["input"]
        return {"output": builder.apply(AsSequence(pictures=len(value.shape) == PICTURE and value.shape[0] > 1), value)}
