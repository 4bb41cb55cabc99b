"""Dropout: silences values at random while a network trains."""

from typing import Annotated, Any

import msgspec

from core.catalogue.kind import Builder, Category, NodeKind, Shapes, Value, Values
from core.ops.op import Shape
from core.ops.structure import Dropout


class DropoutKind(NodeKind):
    """Some values are left out in every step of training."""

    key = "dropout"
    title = "Dropout"
    category = Category.NEURONS
    synonyms = ("regularization", "overfitting", "random silence", "drop", "noise", "keep probability")
    help = (
        "Sets a share of the values to 0 in every step of training, each time other ones, and scales up the rest. "
        "The network cannot lean on single values then, which works against overfitting; outside training nothing is dropped."
    )
    formula = r"y = \frac{m \odot x}{1 - p}, \quad m_i \in \{0, 1\}, \; P(m_i = 0) = p"
    glyph = "M3 5 a2 2 0 1 0 4 0 a2 2 0 1 0 -4 0 M17 12 a2 2 0 1 0 4 0 a2 2 0 1 0 -4 0 M3 19 a2 2 0 1 0 4 0 a2 2 0 1 0 -4 0 M3 10 L7 14 M7 10 L3 14 M9 5 L17 11 M9 19 L17 13"
    order = 50

    class Hyperparameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
        rate: Annotated[
            float,
            msgspec.Meta(
                ge=0, lt=1, title="Rate", description="The share of values that is dropped (p in the formula)."
            ),
        ] = 0.2

    def headline(self, settings: Any) -> str:
        return f"drops {settings.rate:.0%}"

    def infer_shape(self, settings: Any, shapes: Shapes) -> dict[str, Shape]:
        return {"output": shapes["input"][0]}

    def lower(self, settings: Any, values: Values, builder: Builder) -> dict[str, Value]:
        (value,) = values["input"]
        return {"output": builder.apply(Dropout(settings.rate), value)}
