"""Softmax: turns numbers into probabilities that add up to 1."""

from typing import Annotated, Any, Literal

import msgspec

from core.catalogue.activation import ActivationKind
from core.catalogue.kind import ShapeError, Shapes
from core.catalogue.shapes import stack
from core.ops.activations import PositionSoftmax, Softmax
from core.ops.elementwise import Activation
from core.ops.layout import SEQUENCE
from core.ops.op import Shape


class SoftmaxKind(ActivationKind):
    """Probabilities of several classes, or of several positions."""

    key = "softmax"
    title = "Softmax"
    elementwise = False
    synonyms = ("probabilities", "normalized exponential", "classes", "classification", "multinomial", "activation")
    help = (
        "Turns a row of numbers into probabilities: all above 0, and 1 in sum. "
        "It stands at the end of a network that chooses one of several classes."
    )
    formula = r"f(z)_k = \frac{e^{z_k}}{\sum_j e^{z_j}}"
    glyph = "M3 21 H21 M5 21 V17 H8 V21 M10.5 21 V4 H13.5 V21 M16 21 V13 H19 V21"
    order = 110

    class Hyperparameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
        axis: Annotated[
            Literal["features", "positions"],
            msgspec.Meta(
                title="Axis",
                description="What adds up to 1: the features of each position, or the positions (steps of a sequence, places of a picture) for each feature.",
            ),
        ] = "features"

    def headline(self, settings: Any) -> str:
        return "" if settings.axis == "features" else "over positions"

    def infer_shape(self, settings: Any, shapes: Shapes) -> dict[str, Shape]:
        (shape,) = shapes["input"]
        if settings.axis == "positions" and len(shape) < SEQUENCE:
            raise ShapeError(
                f"Softmax over positions wants a sequence or a picture, and this is {stack(shape)}.",
                settings={"Share out over the features": {"axis": "features"}},
            )
        return super().infer_shape(settings, shapes)

    def op(self, settings: Any) -> Activation:
        return Softmax() if settings.axis == "features" else PositionSoftmax()
