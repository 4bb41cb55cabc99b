"""One-hot: a whole number as a row of zeros with a single one."""

from typing import Annotated, Any

import msgspec

from core.catalogue.kind import Builder, Category, NodeKind, Shapes, Value, Values
from core.catalogue.numbers import check_numbers
from core.catalogue.shapes import counted
from core.ops.embedding import OneHot
from core.ops.op import Shape


class OneHotKind(NodeKind):
    """A place of its own for each class."""

    key = "one_hot"
    title = "One-hot"
    category = Category.SHAPING
    synonyms = ("dummy variables", "indicator", "categorical", "class number", "to categorical", "1-of-n")
    help = (
        "Turns a whole number into a row of zeros with a 1 in the place of that number, counted from 0. "
        "A number outside the classes gives zeros alone, and no gradient passes back."
    )
    formula = r"y_k = \begin{cases} 1 & k = x \\ 0 & \text{otherwise} \end{cases}"
    glyph = (
        "M3 3 H8 V8 H3 Z M3 8 H8 V13 H3 Z M3 13 H8 V18 H3 Z M3 10.5 H8 M12 10.5 H21 M18 7.5 L21 10.5 L18 13.5 M3 21 H21"
    )
    order = 80

    class Hyperparameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
        classes: Annotated[
            int,
            msgspec.Meta(
                ge=1,
                le=65_536,
                title="Classes",
                description="How many numbers there are, from 0; each gets a place in the row.",
            ),
        ] = 10

    def headline(self, settings: Any) -> str:
        return counted(settings.classes, "class", "classes")

    def infer_shape(self, settings: Any, shapes: Shapes) -> dict[str, Shape]:
        (shape,) = shapes["input"]
        check_numbers(self.title, shape)
        return {"output": OneHot(settings.classes).output_shape(shape)}

    def lower(self, settings: Any, values: Values, builder: Builder) -> dict[str, Value]:
        return {"output": builder.apply(OneHot(settings.classes), *values["input"])}
