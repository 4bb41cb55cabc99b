"""Multi-head attention: several heads that each learn what to look for."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, TypeVar

import msgspec

from core.catalogue.attending import KEY, MASK, OUTPUTS, QUERY, VALUE, Causal, check_sequence, check_steps
from core.catalogue.initial import Initializer, InitialValue, initializer_of
from core.catalogue.kind import Builder, Category, NodeKind, Shapes, Value, Values
from core.catalogue.trained import TrainedHyperparameters
from core.ops.attention import Attend, AttentionWeights
from core.ops.linear import Linear
from core.ops.op import ParameterBlock, Shape

Wired = TypeVar("Wired", Shape, Value)


class MultiHeadAttentionKind(NodeKind):
    """Attention between trained projections of its inputs, several times side by side.

    With the query alone the sequence attends to itself; a value that is not given is the key.
    """

    key = "multi_head_attention"
    title = "Multi-head attention"
    category = Category.JOINING
    synonyms = ("self-attention", "MHA", "transformer", "heads", "cross-attention", "encoder")
    help = (
        "Several heads each weigh the steps of a sequence by what they have learned to look for, and their findings are mixed. "
        "With a wire to the query alone, the sequence looks at itself; key and value bring another one."
    )
    formula = (
        r"Y = [H_1, H_2, \dots] W^O, \quad H_i = \operatorname{softmax}\left(\frac{Q_i K_i^T}{\sqrt{d}}\right) V_i, \quad "
        r"Q_i = Q W_i^Q, \quad K_i = K W_i^K, \quad V_i = V W_i^V"
    )
    glyph = (
        "M2 4 H6 V8 H2 Z M2 16 H6 V20 H2 Z M10 3 H14 V7 H10 Z M10 10 H14 V14 H10 Z M10 17 H14 V21 H10 Z M18 10 H22 V14 H18 Z "
        "M6 6 H10 M6 6 L10 12 M6 18 H10 M6 18 L10 12 M14 5 L18 11 M14 12 H18 M14 19 L18 13"
    )
    inputs = (QUERY, replace(KEY, optional=True), replace(VALUE, optional=True), MASK)
    outputs = OUTPUTS
    order = 80

    class Hyperparameters(TrainedHyperparameters, frozen=True, kw_only=True, forbid_unknown_fields=True):
        heads: Annotated[
            int, msgspec.Meta(ge=1, le=64, title="Heads", description="How many things are looked for at a time.")
        ] = 2
        head_size: Annotated[
            int,
            msgspec.Meta(
                ge=1, le=1024, title="Head size", description="How many features each head compares and passes on."
            ),
        ] = 8
        causal: Causal = False
        bias: Annotated[
            bool, msgspec.Meta(title="Bias", description="Whether the four projections add numbers of their own.")
        ] = True
        initializer: Initializer = "glorot_uniform"
        initial_value: InitialValue = 0.1

    def headline(self, settings: Any) -> str:
        return "1 head" if settings.heads == 1 else f"{settings.heads} heads"

    def infer_shape(self, settings: Any, shapes: Shapes) -> dict[str, Shape]:
        query, key, value = _three(shapes)
        for shape in (query, key, value):
            check_sequence(self.title, shape)
        check_steps(self.title, key, value, next(iter(shapes["mask"]), None))
        return {"output": query, "weights": (query[0], key[0], settings.heads)}

    def parameters(self, settings: Any, shapes: Shapes) -> tuple[ParameterBlock, ...]:
        query, key, value = _three(shapes)
        width = settings.heads * settings.head_size
        projections = (
            ("query", query[1], width),
            ("key", key[1], width),
            ("value", value[1], width),
            ("output", width, query[1]),
        )
        return tuple(_named(name, settings, fan_in, units) for name, fan_in, units in projections)

    def lower(self, settings: Any, values: Values, builder: Builder) -> dict[str, Value]:
        query, key, value = _three(values)
        shapes = {port: tuple(wire.shape for wire in wires) for port, wires in values.items()}
        *inner, outer = self.parameters(settings, shapes)
        project = Linear(settings.heads * settings.head_size, settings.bias)
        projected = [builder.apply(project, wire, blocks=(block,)) for wire, block in zip((query, key, value), inner)]
        op = AttentionWeights(settings.heads, settings.causal)
        weights = builder.apply(op, *projected[:2], *values["mask"])
        found = builder.apply(Attend(), weights, projected[2])
        output = builder.apply(Linear(query.shape[1], settings.bias), found, blocks=(outer,))
        return {"output": output, "weights": weights}


def _three(wires: Mapping[str, tuple[Wired, ...]]) -> tuple[Wired, Wired, Wired]:
    """What arrives as query, key and value, with what stands in where a port is empty."""
    (query,) = wires["query"]
    (key,) = wires["key"] or (query,)
    (value,) = wires["value"] or (key,)
    return query, key, value


def _named(name: str, settings: Any, fan_in: int, units: int) -> ParameterBlock:
    """The parameters of one projection, ``query.weight`` and ``query.bias`` for the first."""
    block = Linear(units, settings.bias).block(fan_in, initializer_of(settings))
    return replace(block, views=tuple(replace(view, name=f"{name}.{view.name}") for view in block.views))
