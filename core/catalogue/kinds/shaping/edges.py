"""Crop and pad: less or more around the edge."""

from abc import abstractmethod
from typing import Annotated, Any, Literal

import msgspec

from core.catalogue.kind import Category
from core.catalogue.windows import WindowKind
from core.ops.op import Op, Shape
from core.ops.shaping import Crop, Edges, Pad

Top = Annotated[
    int,
    msgspec.Meta(
        ge=0, le=1024, title="Top", description="How many lines at the top, or steps at the start of a sequence."
    ),
]
Bottom = Annotated[
    int,
    msgspec.Meta(
        ge=0, le=1024, title="Bottom", description="How many lines at the bottom, or steps at the end of a sequence."
    ),
]
Left = Annotated[
    int,
    msgspec.Meta(
        ge=0, le=1024, title="Left", description="How many columns on the left, or first values of a row or a step."
    ),
]
Right = Annotated[
    int,
    msgspec.Meta(
        ge=0, le=1024, title="Right", description="How many columns on the right, or last values of a row or a step."
    ),
]


class EdgeHyperparameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much at each edge."""

    top: Top = 0
    bottom: Bottom = 0
    left: Left = 0
    right: Right = 0


class EdgeKind(WindowKind):
    """A kind that works on the edge of pictures, sequences and rows."""

    category = Category.SHAPING

    def headline(self, settings: Any) -> str:
        amounts = {"top": settings.top, "bottom": settings.bottom, "left": settings.left, "right": settings.right}
        return ", ".join(f"{amount} {where}" for where, amount in amounts.items() if amount)

    def check(self, shape: Shape) -> None:
        """All shapes are fine."""

    def op(self, settings: Any, axes: int) -> Op:
        down, across = (settings.top, settings.bottom), (settings.left, settings.right)
        if axes == 1 and any(down):
            raise ValueError(f"A row has no lines: for {self.title} at the top and at the bottom, give 0.")
        edges: tuple[Edges, ...] = ((across,), (down, across), ((0, 0), down, across))
        return self.at(edges[axes - 1], settings)

    @abstractmethod
    def at(self, edges: Edges, settings: Any) -> Op:
        """The op with these edges."""


class CropKind(EdgeKind):
    """Less around the edge."""

    key = "crop"
    title = "Crop"
    synonyms = ("cut", "trim", "slice", "cut off the edge", "part of a picture", "last steps")
    help = (
        "Cuts lines and columns off the edges of a picture, steps off the ends of a sequence or values off the ends of a row. "
        "What is cut off gets no gradient."
    )
    formula = r"y_{i,j} = x_{i+t,\,j+l}"
    glyph = "M7 2 V17 H22 M2 7 H17 V22"
    order = 34

    class Hyperparameters(EdgeHyperparameters, frozen=True, kw_only=True, forbid_unknown_fields=True):
        """How much is cut off."""

    def at(self, edges: Edges, settings: Any) -> Crop:
        return Crop(edges)


class PadKind(EdgeKind):
    """More around the edge."""

    key = "pad"
    title = "Pad"
    synonyms = ("padding", "border", "zero padding", "reflection padding", "replication padding", "margin")
    help = (
        "Adds lines and columns around a picture, steps to the ends of a sequence or values to the ends of a row. "
        "They are zeros, repetitions of the outermost value, or the picture as in a mirror that stands on its edge."
    )
    formula = r"y_{i+t,\,j+l} = x_{i,j}"
    glyph = "M7 7 H17 V17 H7 Z M3 3 H5 M8 3 H11 M13 3 H16 M19 3 H21 V5 M21 8 V11 M21 13 V16 M21 19 V21 H19 M16 21 H13 M11 21 H8 M5 21 H3 V19 M3 16 V13 M3 11 V8 M3 5 V3"
    order = 36

    class Hyperparameters(EdgeHyperparameters, frozen=True, kw_only=True, forbid_unknown_fields=True):
        fill: Annotated[
            Literal["zeros", "edge", "reflect"],
            msgspec.Meta(
                title="Fill with",
                description="Zeros, the outermost value again and again, or what a mirror on the edge shows.",
            ),
        ] = "zeros"

    def at(self, edges: Edges, settings: Any) -> Pad:
        return Pad(edges, settings.fill)
