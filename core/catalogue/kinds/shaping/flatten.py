"""Flatten: a picture as one row of values."""

from math import prod
from typing import Any

from core.catalogue.kind import Builder, Category, NodeKind, Shapes, Value, Values
from core.ops.layout import PICTURE
from core.ops.op import Shape
from core.ops.structure import Flatten


class FlattenKind(NodeKind):
    """All values in one row."""

    key = "flatten"
    title = "Flatten"
    category = Category.SHAPING
    synonyms = ("reshape", "unroll", "vector", "row", "picture to row", "image to vector")
    help = (
        "Lays the values of a picture or a sequence out in one row, line after line. "
        "Dense layers and neurons want such a row."
    )
    formula = r"(h, w, c) \to (h \cdot w \cdot c)"
    glyph = "M3 3 H9 V9 H3 Z M9 3 H15 V9 H9 Z M3 9 H9 V15 H3 Z M9 9 H15 V15 H9 Z M2 20 H22 M18 17 L22 20 L18 23"
    remedies = frozenset({"needs-row"})
    order = 10

    def infer_shape(self, settings: Any, shapes: Shapes) -> dict[str, Shape]:
        return {"output": (prod(shapes["input"][0]),)}

    def lower(self, settings: Any, values: Values, builder: Builder) -> dict[str, Value]:
        (value,) = values["input"]
        return {"output": builder.apply(Flatten(pictures=len(value.shape) == PICTURE and value.shape[0] > 1), value)}
