"""Reshape and permute: the same values under another shape, or with their axes in another order."""

import math
import re
from typing import Annotated, Any

import msgspec

from core.catalogue.kind import Builder, Category, NodeKind, ShapeError, Shapes, Value, Values
from core.catalogue.shapes import counted, in_words, stack
from core.ops.layout import PICTURE, inside, outside
from core.ops.op import Shape
from core.ops.shaping import Permute, Reshape

MOST_AXES = PICTURE


def _numbers(text: str) -> tuple[int, ...] | None:
    """The whole numbers of a text like "8 x 8 x 1" or "2, 1"; None where something else stands in it."""
    if not re.fullmatch(r"\s*\d{1,9}(\s*[x×,\s]\s*\d{1,9})*\s*", text):
        return None
    return tuple(int(number) for number in re.findall(r"\d+", text, re.ASCII))


class ReshapeKind(NodeKind):
    """Another shape."""

    key = "reshape"
    title = "Reshape"
    category = Category.SHAPING
    synonyms = ("view", "row to picture", "vector to image", "unflatten", "shape", "to picture")
    help = (
        "Reads the values line after line, the channels innermost, and lays them out in another shape with as many values. "
        "Where no shape is given, a row becomes a picture, square if it can be, and a sequence becomes a picture of one channel."
    )
    formula = r"(n) \to (h, w, c), \quad n = h \cdot w \cdot c"
    glyph = "M2 4 H22 V8 H2 Z M7 4 V8 M12 4 V8 M17 4 V8 M12 10 V14 M10 12 L12 14 L14 12 M8 16 H16 V22 H8 Z M12 16 V22 M8 19 H16"
    remedies = frozenset({"needs-picture"})
    order = 20

    class Hyperparameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
        shape: Annotated[
            str,
            msgspec.Meta(
                max_length=60,
                title="Shape",
                description='Lines x columns x channels, steps x values, or one number for a row, as in "8 x 8 x 1"; empty for a picture.',
            ),
        ] = ""

    def headline(self, settings: Any) -> str:
        shape = _numbers(settings.shape)
        return in_words(shape) if shape else "to a picture"

    def infer_shape(self, settings: Any, shapes: Shapes) -> dict[str, Shape]:
        (shape,) = shapes["input"]
        if not settings.shape.strip():
            return {"output": _as_picture(shape)}
        wanted = _numbers(settings.shape)
        if wanted is None or not 1 <= len(wanted) <= MOST_AXES or 0 in wanted:
            raise ShapeError(
                f'Reshape wants one to three whole numbers from 1 with an x between them, as in "8 x 8 x 1"; this is {settings.shape!r}.',
                settings={"Make it a picture": {"shape": ""}},
            )
        if math.prod(wanted) != math.prod(shape):
            raise ShapeError(
                f"{in_words(wanted)} has room for {counted(math.prod(wanted), 'value')}, and {stack(shape)} has {math.prod(shape):,}.",
                settings={"Make it a picture": {"shape": ""}},
            )
        return {"output": wanted}

    def lower(self, settings: Any, values: Values, builder: Builder) -> dict[str, Value]:
        (value,) = values["input"]
        shape = self.infer_shape(settings, {"input": (outside(value.shape),)})["output"]
        if len(value.shape) == PICTURE:
            value = builder.apply(Permute((1, 2, 0)), value)
        value = builder.apply(Reshape(shape), value)
        if len(shape) == PICTURE:
            value = builder.apply(Permute((2, 0, 1)), value)
        return {"output": value}


class PermuteKind(NodeKind):
    """The axes in another order."""

    key = "permute"
    title = "Permute"
    category = Category.SHAPING
    synonyms = ("transpose", "swap axes", "reorder", "axes", "turn", "time and features")
    help = (
        "Puts the axes into another order: of a picture 1 stands for the lines, 2 for the columns and 3 for the channels, of a sequence 1 for the steps and 2 for their values. "
        "Where no order is given, the first two axes change places."
    )
    formula = r"y_{j,i} = x_{i,j}"
    glyph = "M3 3 H9 V15 H3 Z M3 7 H9 M3 11 H9 M11 21 H21 V15 H11 Z M14.3 15 V21 M17.7 15 V21 M12 5 C17 5 19 7 19 12 M16.5 9.5 L19 12 L21.5 9.5"
    order = 30

    class Hyperparameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
        axes: Annotated[
            str,
            msgspec.Meta(
                max_length=20,
                title="Order",
                description='Which axis comes first, which second and which third, as in "2, 1, 3"; empty to exchange the first two.',
            ),
        ] = ""

    def infer_shape(self, settings: Any, shapes: Shapes) -> dict[str, Shape]:
        (shape,) = shapes["input"]
        return {"output": tuple(shape[axis] for axis in self._order(settings, shape))}

    def lower(self, settings: Any, values: Values, builder: Builder) -> dict[str, Value]:
        (value,) = values["input"]
        order = self._order(settings, outside(value.shape))
        # The engine has the channels first: where an axis lies there, before and after.
        names = inside(tuple(range(len(order))))
        place = {name: index for index, name in enumerate(names)}
        return {"output": builder.apply(Permute(tuple(place[order[name]] for name in names)), value)}

    def _order(self, settings: Any, shape: Shape) -> tuple[int, ...]:
        """The axes of the input in the order of the output, from 0."""
        if not settings.axes.strip():
            return (1, 0, *range(2, len(shape))) if len(shape) > 1 else (0,)
        chosen = _numbers(settings.axes)
        if chosen is None or sorted(chosen) != list(range(1, len(shape) + 1)):
            every = ", ".join(str(axis) for axis in range(1, len(shape) + 1))
            raise ShapeError(
                f"Permute wants each of {every} once, for this is {stack(shape)}; the order is {settings.axes!r}.",
                settings={"Exchange the first two": {"axes": ""}},
            )
        return tuple(axis - 1 for axis in chosen)


def _as_picture(shape: Shape) -> Shape:
    if len(shape) == PICTURE:
        return shape
    if len(shape) == 1:
        side = math.isqrt(shape[0])
        return (side, side, 1) if side * side == shape[0] else (1, shape[0], 1)
    return (*shape, 1)
