"""Attention: each step of a sequence takes a mean of the steps that matter to it."""

from typing import Annotated, Any

import msgspec

from core.catalogue.attending import KEY, MASK, OUTPUTS, QUERY, VALUE, Causal, check_sequence, check_steps
from core.catalogue.kind import Builder, Category, NodeKind, ShapeError, Shapes, Value, Values
from core.catalogue.shapes import counted
from core.ops.attention import Attend, AttentionWeights
from core.ops.op import Shape


class AttentionKind(NodeKind):
    """A mean over the steps of a sequence, weighted by how well each step's key fits the query."""

    key = "attention"
    title = "Attention"
    category = Category.JOINING
    synonyms = (
        "scaled dot-product attention",
        "dot-product attention",
        "query key value",
        "QKV",
        "transformer",
        "soft lookup",
    )
    help = (
        "Compares every step of the query with every step of the key, and takes the mean of the values with these weights. "
        "The weights have an output of their own; steps at which the mask is below 0.5 are not seen."
    )
    formula = r"Y = \operatorname{softmax}\left(\frac{Q K^T}{\sqrt{d}}\right) V"
    glyph = "M3 5 H7 V9 H3 Z M3 15 H7 V19 H3 Z M17 10 H21 V14 H17 Z M7 7 L17 11.3 M7 17 L17 12.7 M9.5 4 L12 6.5 M9.5 20 L12 17.5"
    inputs = (QUERY, KEY, VALUE, MASK)
    outputs = OUTPUTS
    order = 70

    class Hyperparameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
        causal: Causal = False
        scaled: Annotated[
            bool,
            msgspec.Meta(
                title="Scaled",
                description="Whether products are divided by the square root of the number of features, which keeps the weights soft.",
            ),
        ] = True

    def headline(self, settings: Any) -> str:
        return "causal" if settings.causal else ""

    def infer_shape(self, settings: Any, shapes: Shapes) -> dict[str, Shape]:
        query, key, value = (shapes[name][0] for name in ("query", "key", "value"))
        for shape in (query, key, value):
            check_sequence(self.title, shape)
        if query[1] != key[1]:
            raise ShapeError(
                f"Attention multiplies query and key feature by feature; the query has {counted(query[1], 'feature')} and the key {key[1]:,}."
            )
        check_steps(self.title, key, value, next(iter(shapes["mask"]), None))
        return {"output": (query[0], value[1]), "weights": (query[0], key[0], 1)}

    def lower(self, settings: Any, values: Values, builder: Builder) -> dict[str, Value]:
        (query,), (key,), (value,) = values["query"], values["key"], values["value"]
        op = AttentionWeights(causal=settings.causal, scaled=settings.scaled)
        weights = builder.apply(op, query, key, *values["mask"])
        return {"output": builder.apply(Attend(), weights, value), "weights": weights}
