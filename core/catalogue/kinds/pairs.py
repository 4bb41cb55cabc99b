"""Kinds that bring two wires together, each at a port of its own: difference, quotient and dot product."""

from typing import Any

from core.catalogue.joining import PairKind
from core.catalogue.kind import Port, Shapes
from core.ops.joins import Divide, Dot, Subtract
from core.ops.op import Shape


class SubtractKind(PairKind):
    """The difference."""

    key = "subtract"
    title = "Subtract"
    synonyms = ("minus", "difference", "take away", "error", "compare", "combine")
    help = (
        "Takes the second value away from the first, place by place. "
        "The difference between a prediction and an answer is an error that can be drawn and looked at."
    )
    formula = r"y = x_1 - x_2"
    glyph = "M4 12 a8 8 0 1 0 16 0 a8 8 0 1 0 -16 0 M8 12 H16"
    inputs = (Port("minuend", "From this"), Port("subtrahend", "Take this away"))
    op = Subtract
    order = 40


class DivideKind(PairKind):
    """The quotient."""

    key = "divide"
    title = "Divide"
    synonyms = ("quotient", "ratio", "fraction", "over", "normalize", "combine")
    help = (
        "Divides the first value by the second, place by place. "
        "Keep the second away from 0, for instance with a softplus before it: divided by 0, a value is infinite and training stops."
    )
    formula = r"y = \frac{x_1}{x_2}"
    glyph = "M4 12 a8 8 0 1 0 16 0 a8 8 0 1 0 -16 0 M8 12 H16 M12 8 V8.5 M12 15.5 V16"
    inputs = (Port("dividend", "Divide this"), Port("divisor", "By this"))
    op = Divide
    order = 50


class DotKind(PairKind):
    """How far two rows point the same way."""

    key = "dot_product"
    title = "Dot product"
    synonyms = ("inner product", "scalar product", "similarity", "match", "attention score", "combine")
    help = (
        "Multiplies two rows place by place and adds everything up into one number. "
        "It is large where both rows point the same way, which makes it a measure of how alike they are."
    )
    formula = r"y = \sum_k x_{1k} x_{2k}"
    glyph = "M4 12 a8 8 0 1 0 16 0 a8 8 0 1 0 -16 0 M10 12 a2 2 0 1 0 4 0 a2 2 0 1 0 -4 0"
    inputs = (Port("first", "First"), Port("second", "Second"))
    op = Dot
    order = 80

    def infer_shape(self, settings: Any, shapes: Shapes) -> dict[str, Shape]:
        return {"output": (*super().infer_shape(settings, shapes)["output"][:-1], 1)}
