"""Kinds that bring any number of wires together: one after the other, or place by place into one value."""

from typing import Any

from core.catalogue.joining import ElementwiseKind, JoiningKind
from core.catalogue.kind import ShapeError, Shapes
from core.catalogue.sequences import over_time
from core.catalogue.shapes import in_words
from core.ops.joins import Average, Maximum
from core.ops.op import Shape
from core.ops.structure import Add, Concatenate, Multiply


class ConcatenateKind(JoiningKind):
    """One after the other."""

    key = "concatenate"
    title = "Concatenate"
    synonyms = ("concat", "join", "append", "stack", "merge", "combine", "skip connection", "side by side")
    help = (
        "Puts the values of all its wires one after the other into one row, in the order of the wires. "
        "Pictures of one size are joined channel by channel."
    )
    formula = r"y = [x_1, x_2, \dots]"
    glyph = "M3 4 H9 V10 H3 Z M3 14 H9 V20 H3 Z M15 4 H21 V20 H15 Z M15 12 H21 M9 7 H15 M9 17 H15"
    op = Concatenate
    order = 10

    def infer_shape(self, settings: Any, shapes: Shapes) -> dict[str, Shape]:
        drawn, wires = shapes["input"], over_time(shapes["input"])
        for index, shape in enumerate(wires):
            if shape[:-1] != wires[0][:-1]:
                raise ShapeError(
                    "Concatenate wants inputs that differ in their last number only, "
                    f"and these are {in_words(drawn[0])} and {in_words(drawn[index])}.",
                    remedy="needs-row",
                )
        return {"output": (*wires[0][:-1], sum(shape[-1] for shape in wires))}


class AddKind(ElementwiseKind):
    """The sum."""

    key = "add"
    title = "Add"
    synonyms = ("sum", "plus", "residual", "skip connection", "shortcut", "merge", "combine")
    help = (
        "Adds the values of all its wires, place by place. "
        "A wire around a layer and an Add after it make a residual block, through which gradients pass easily."
    )
    formula = r"y = x_1 + x_2 + \dots"
    glyph = "M4 12 a8 8 0 1 0 16 0 a8 8 0 1 0 -16 0 M12 8 V16 M8 12 H16"
    op = Add
    order = 20


class MultiplyKind(ElementwiseKind):
    """The product."""

    key = "multiply"
    title = "Multiply"
    synonyms = ("product", "times", "gate", "hadamard", "mask", "scale", "merge", "combine")
    help = (
        "Multiplies the values of all its wires, place by place. "
        "With values from 0 to 1 on one wire it is a gate, which opens and closes for the other."
    )
    formula = r"y = x_1 \odot x_2 \odot \dots"
    glyph = "M4 12 a8 8 0 1 0 16 0 a8 8 0 1 0 -16 0 M9 9 L15 15 M15 9 L9 15"
    op = Multiply
    order = 30


class MaximumKind(ElementwiseKind):
    """The largest."""

    key = "maximum"
    title = "Maximum"
    synonyms = ("max", "largest", "maxout", "winner", "merge", "combine")
    help = (
        "Passes on the largest of the values that arrive at each place. "
        "Only the wire that won learns from it; of equal ones the first does."
    )
    formula = r"y = \max(x_1, x_2, \dots)"
    glyph = "M4 12 a8 8 0 1 0 16 0 a8 8 0 1 0 -16 0 M8 14 L12 9 L16 14"
    op = Maximum
    order = 60


class AverageKind(ElementwiseKind):
    """The mean."""

    key = "average"
    title = "Average"
    synonyms = ("mean", "arithmetic mean", "ensemble", "merge", "combine")
    help = (
        "Takes the mean of the values of all its wires, place by place. "
        "The mean of several networks is often better than each of them."
    )
    formula = r"y = \frac{1}{n} \left(x_1 + x_2 + \dots + x_n\right)"
    glyph = "M4 12 a8 8 0 1 0 16 0 a8 8 0 1 0 -16 0 M9 8 H15 M9.5 11 L14.5 16.5 M14.5 11 L9.5 16.5"
    op = Average
    order = 70
