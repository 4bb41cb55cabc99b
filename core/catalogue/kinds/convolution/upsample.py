"""Upsampling: larger pictures and longer sequences, without anything to learn."""

from typing import Annotated, Any, Literal

import msgspec

from core.catalogue.kind import Category
from core.catalogue.windows import WindowKind, check_places
from core.ops.op import Shape
from core.ops.resizing import Interpolate, Resize, Upsample


class UpsampleKind(WindowKind):
    """More places than before."""

    key = "upsample"
    title = "Upsampling"
    category = Category.CONVOLUTION
    synonyms = ("upsample", "resize", "enlarge", "zoom", "nearest neighbour", "bilinear", "unpooling", "decoder")
    help = (
        "Makes a picture larger or a sequence longer by a whole number, repeating every value or drawing straight lines between them. "
        "A convolution after it does what a transposed convolution does, without the chequered pattern that one often paints."
    )
    formula = r"y_{c,i,j} = x_{c,\,\lfloor i/k \rfloor,\,\lfloor j/k \rfloor}"
    glyph = "M3 15 H9 V21 H3 Z M9 15 L13 11 M10 11 H13 V14 M13 3 H21 V11 H13 Z M13 7 H21 M17 3 V11"
    order = 90

    class Hyperparameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
        factor: Annotated[
            int,
            msgspec.Meta(
                ge=1, le=32, title="Factor", description="How many times as many lines and columns, or steps, come out."
            ),
        ] = 2
        between: Annotated[
            Literal["repeat", "lines"],
            msgspec.Meta(
                title="In between",
                description="Repetitions of the nearest value, or straight lines between the values (bilinear).",
            ),
        ] = "repeat"

    def headline(self, settings: Any) -> str:
        return f"{settings.factor} times"

    def check(self, shape: Shape) -> None:
        check_places(self.title, shape)

    def op(self, settings: Any, axes: int) -> Resize:
        return Upsample(settings.factor) if settings.between == "repeat" else Interpolate(settings.factor)
