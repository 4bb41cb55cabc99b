"""Class weights as a person writes them: one number for each class, with commas between."""

import math
from typing import Annotated, Any

import msgspec

from core.catalogue.kind import ShapeError, Shapes
from core.catalogue.loss import WeightedLossKind
from core.catalogue.shapes import counted
from core.ops.op import Shape

_ALIKE = {"Count all classes alike": {"class_weights": ""}}


def weights_in(text: str) -> tuple[float, ...]:
    """The numbers in a text; none in an empty one. Raises ShapeError for what is no number from 0."""
    if not text.strip():
        return ()
    try:
        weights = tuple(float(word) for word in text.split(","))
    except ValueError:
        weights = (-1.0,)
    if not all(0 <= weight < math.inf for weight in weights):
        shown = text if len(text) <= 40 else text[:37] + "..."
        raise ShapeError(
            f"Class weights are numbers from 0 with commas between, such as 1, 2.5; these are {shown!r}.",
            code="class-weights",
            settings=_ALIKE,
        )
    return weights


class ClassLossKind(WeightedLossKind):
    """A loss for classes, each of which can be made to count more or less than the others."""

    class Hyperparameters(WeightedLossKind.Hyperparameters, frozen=True, kw_only=True, forbid_unknown_fields=True):
        class_weights: Annotated[
            str,
            msgspec.Meta(
                max_length=4096,
                title="Class weights",
                description="How much each class counts: a number for each, with commas between; empty for all alike.",
                examples=["", "1, 0.5, 2, 1"],
            ),
        ] = ""

    def arguments(self, settings: Any) -> dict[str, Any]:
        return {**super().arguments(settings), "class_weights": weights_in(settings.class_weights)}

    def classes(self, shape: Shape) -> int:
        """How many classes a prediction of this shape chooses from."""
        return shape[-1]

    def infer_shape(self, settings: Any, shapes: Shapes) -> dict[str, Shape]:
        weights, classes = weights_in(settings.class_weights), self.classes(shapes["input"][0])
        if weights and len(weights) != classes:
            raise ShapeError(
                f"{self.title} has {counted(len(weights), 'class weight')} and chooses from "
                f"{counted(classes, 'class', 'classes')}: give one for each.",
                code="class-weights",
                settings=_ALIKE,
            )
        return {}
