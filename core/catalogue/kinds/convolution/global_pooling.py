"""Global pooling: one value for every channel of a picture, and for every value of a sequence."""

from typing import Annotated, Any, Literal

import msgspec

from core.catalogue.kind import Category
from core.catalogue.windows import WindowKind, check_places
from core.ops.global_pooling import GlobalAverage, GlobalMax, GlobalMin, GlobalPool
from core.ops.op import Shape

OPS: dict[str, type[GlobalPool]] = {"average": GlobalAverage, "max": GlobalMax, "min": GlobalMin}


class GlobalPoolKind(WindowKind):
    """A whole channel as one value."""

    key = "global_pool"
    title = "Global pooling"
    category = Category.CONVOLUTION
    synonyms = ("global average pooling", "GAP", "global max pooling", "whole picture", "squeeze", "pool over time")
    help = (
        "Keeps of every channel of a picture, or of every value of a sequence, one number for all places: the average, the largest or the smallest. "
        "What comes out is a row that a Dense layer can read, however large the picture is."
    )
    formula = r"y_c = \frac{1}{h w} \sum_{i,j} x_{c,i,j}"
    glyph = "M3 3 H15 V15 H3 Z M6 6 L12 12 M12 9 V12 H9 M18.5 18.5 a2 2 0 1 0 4 0 a2 2 0 1 0 -4 0 M15 15 L18.8 17.6"
    order = 80

    class Hyperparameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
        keep: Annotated[
            Literal["average", "max", "min"],
            msgspec.Meta(title="Keep", description="The average over all places, the largest value or the smallest."),
        ] = "average"

    def headline(self, settings: Any) -> str:
        return str(settings.keep)

    def check(self, shape: Shape) -> None:
        check_places(self.title, shape)

    def op(self, settings: Any, axes: int) -> GlobalPool:
        return OPS[settings.keep]()
