"""The padding mask: which steps of a sequence are there, for sequences of different lengths in one dataset."""

from typing import Annotated, Any

import msgspec

from core.catalogue.attending import check_sequence
from core.catalogue.kind import Builder, Category, NodeKind, Shapes, Value, Values
from core.ops.op import Shape
from core.ops.recurrent.padding_mask import PaddingMask


class PaddingMaskKind(NodeKind):
    """Tells the steps that are there from those that fill up."""

    key = "padding_mask"
    title = "Padding mask"
    category = Category.RECURRENCE
    synonyms = ("masking", "variable length", "sequence length", "padding", "missing steps", "ignore zeros")
    help = (
        "Puts out 1 at every step where any value differs from the padding, and 0 where all are equal to it. "
        "Wired to the mask of a recurrent layer or of attention, it lets sequences of different lengths train together."
    )
    formula = r"m_t = 1 \;\text{where any}\; x_{t,i} \ne p, \;\text{else}\; 0"
    glyph = "M3 6 H7 V18 H3 Z M10 6 H14 V18 H10 Z M17 6 H21 M21 8 V10 M21 14 V16 M21 18 H17 M17 16 V14 M17 10 V8 M4 9 H6 M4 12 H6 M4 15 H6 M11 9 H13 M11 12 H13 M11 15 H13"
    order = 50

    class Hyperparameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
        padding: Annotated[
            float,
            msgspec.Meta(
                ge=-1e6, le=1e6, title="Padding", description="The number that sequences are filled up with (p)."
            ),
        ] = 0.0

    def headline(self, settings: Any) -> str:
        return f"padded with {settings.padding:g}"

    def infer_shape(self, settings: Any, shapes: Shapes) -> dict[str, Shape]:
        (shape,) = shapes["input"]
        check_sequence(self.title, shape)
        return {"output": (shape[0], 1)}

    def lower(self, settings: Any, values: Values, builder: Builder) -> dict[str, Value]:
        (value,) = values["input"]
        return {"output": builder.apply(PaddingMask(settings.padding), value)}
