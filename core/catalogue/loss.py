"""What the loss kinds have in common: a weight, for diagrams with several losses, and what the prediction is compared with."""

from typing import Annotated, Any, ClassVar, Literal

import msgspec

from core.catalogue.kind import Builder, Category, LossKind, Port, Value, Values
from core.ops.op import LossOp, Op

Weight = Annotated[
    float,
    msgspec.Meta(
        gt=0,
        le=1e6,
        title="Weight",
        description="How much this loss counts where a diagram has several; the sum of all is what training lowers.",
    ),
]


def weight_headline(settings: Any) -> str:
    """The weight of a loss, unless it is 1."""
    return "" if settings.weight == 1 else f"weight {settings.weight:g}"


class WeightedLossKind(LossKind):
    """A loss whose share in the sum of all losses can be set; ``logits_of`` names the activation that it can look behind."""

    category = Category.LOSS
    inputs = (Port("input", "Prediction"),)
    op: ClassVar[type[LossOp]]
    logits_of: ClassVar[type[Op] | None] = None
    op_from_logits: ClassVar[type[LossOp] | None] = None

    class Hyperparameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
        weight: Weight = 1.0
        compare_with: Annotated[
            Literal["targets", "inputs"],
            msgspec.Meta(
                title="Compare with",
                description="The targets of the data, or the inputs themselves, which an autoencoder is to give back.",
            ),
        ] = "targets"

    def headline(self, settings: Any) -> str:
        return weight_headline(settings)

    def compares_inputs(self, settings: Any) -> bool:
        return bool(settings.compare_with == "inputs")

    def arguments(self, settings: Any) -> dict[str, Any]:
        """The fields of the op with these settings."""
        return {"weight": settings.weight}

    def loss(self, settings: Any, values: Values, builder: Builder) -> tuple[LossOp, tuple[Value, ...]]:
        (prediction,) = values["input"]
        arguments = self.arguments(settings)
        if self.logits_of is not None and self.op_from_logits is not None:
            logits = builder.logits(prediction, self.logits_of)
            if logits is not None:
                return self.op_from_logits(**arguments), (logits,)
        return self.op(**arguments), (prediction,)
