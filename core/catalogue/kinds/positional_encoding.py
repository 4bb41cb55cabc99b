"""Positional encoding: waves that tell each step of a sequence where it stands."""

from typing import Annotated, Any, Literal

import msgspec

from core.catalogue.attending import check_sequence
from core.catalogue.kind import Builder, Category, NodeKind, Shapes, Value, Values
from core.ops.op import Shape
from core.ops.positional import PositionalEncoding


class PositionalEncodingKind(NodeKind):
    """Where each step stands."""

    key = "positional_encoding"
    title = "Positional encoding"
    category = Category.JOINING
    synonyms = ("position", "sinusoidal", "transformer", "order of words", "time stamp", "fourier features")
    help = (
        "Gives every step of a sequence a pattern of sines and cosines of its own, from fast waves to slow ones. "
        "Attention sees all steps at once, and knows their order only by this pattern."
    )
    formula = r"p_{t, 2i} = \sin \frac{t}{10000^{2i/d}}, \quad p_{t, 2i+1} = \cos \frac{t}{10000^{2i/d}}"
    glyph = "M3 7 C4.5 2 6 2 7.5 7 C9 12 10.5 12 12 7 C13.5 2 15 2 16.5 7 C18 12 19.5 12 21 7 M3 17 C7.5 11 10 23 15 17 C17 14.5 19 14.5 21 17"
    order = 90

    class Hyperparameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
        join: Annotated[
            Literal["add", "concatenate"],
            msgspec.Meta(
                title="Join",
                description="Whether the waves are added to the features, or stand beside them as further features.",
            ),
        ] = "add"

    def infer_shape(self, settings: Any, shapes: Shapes) -> dict[str, Shape]:
        (shape,) = shapes["input"]
        check_sequence(self.title, shape)
        return {"output": self._op(settings).output_shape(shape)}

    def lower(self, settings: Any, values: Values, builder: Builder) -> dict[str, Value]:
        return {"output": builder.apply(self._op(settings), *values["input"])}

    def _op(self, settings: Any) -> PositionalEncoding:
        return PositionalEncoding(beside=settings.join == "concatenate")
