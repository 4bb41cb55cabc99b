"""Pooling: one value in place of a window of them."""

from abc import abstractmethod
from typing import Any

import msgspec

from core.catalogue.kind import Category
from core.catalogue.windows import PaddingChoice, PaddingSize, Size, Stride, WindowKind, check_places, padding_of
from core.ops.op import Shape
from core.ops.pooling import AveragePool, MaxPool, MinPool, Pool
from core.ops.windows import Window


class PoolKind(WindowKind):
    """A kind that is one op of pooling."""

    category = Category.CONVOLUTION

    class Hyperparameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
        size: Size = 2
        stride: Stride = 2
        padding: PaddingChoice = "valid"
        padding_size: PaddingSize = 0

    def headline(self, settings: Any) -> str:
        return f"{settings.size} x {settings.size}"

    def check(self, shape: Shape) -> None:
        check_places(self.title, shape)

    def op(self, settings: Any, axes: int) -> Pool:
        return self.pool(Window(settings.size, settings.stride, padding_of(settings)))

    @abstractmethod
    def pool(self, window: Window) -> Pool:
        """The op over this window."""


class MaxPoolKind(PoolKind):
    """The largest value."""

    key = "max_pool"
    title = "Max pooling"
    synonyms = ("maxpool", "max pool", "subsampling", "downsampling", "largest", "maximum of a window")
    help = (
        "Keeps of every window of a picture or a sequence the largest value, which says whether a pattern was found anywhere in it. "
        "The gradient goes to the place of that value alone, to the first where several are equal; what is added around the edge never wins."
    )
    formula = r"y_{c,i,j} = \max_{u,v} x_{c,\,si+u,\,sj+v}"
    glyph = "M3 3 H13 V13 H3 Z M8 3 V13 M3 8 H13 M16 16 H21 V21 H16 Z M13 13 L16 16 M3 22 L6.5 19 L10 22"
    order = 50

    def pool(self, window: Window) -> Pool:
        return MaxPool(window)


class MinPoolKind(PoolKind):
    """The smallest value."""

    key = "min_pool"
    title = "Min pooling"
    synonyms = ("minpool", "min pool", "subsampling", "erosion", "smallest", "minimum of a window")
    help = (
        "Keeps of every window of a picture or a sequence the smallest value, which lets dark lines on a light ground survive. "
        "The gradient goes to the place of that value alone, to the first where several are equal; what is added around the edge never wins."
    )
    formula = r"y_{c,i,j} = \min_{u,v} x_{c,\,si+u,\,sj+v}"
    glyph = "M3 3 H13 V13 H3 Z M8 3 V13 M3 8 H13 M16 16 H21 V21 H16 Z M13 13 L16 16 M3 19 L6.5 22 L10 19"
    order = 60

    def pool(self, window: Window) -> Pool:
        return MinPool(window)


class AveragePoolKind(PoolKind):
    """The average."""

    key = "average_pool"
    title = "Average pooling"
    synonyms = ("avgpool", "mean pooling", "subsampling", "downsampling", "blur", "average of a window")
    help = (
        "Keeps of every window of a picture or a sequence the average of its values. "
        "What is added around the edge is not counted, and every value of a window takes an equal share of the gradient."
    )
    formula = r"y_{c,i,j} = \frac{1}{n} \sum_{u,v} x_{c,\,si+u,\,sj+v}"
    glyph = "M3 3 H13 V13 H3 Z M8 3 V13 M3 8 H13 M16 16 H21 V21 H16 Z M13 13 L16 16 M3 20.5 H10"
    order = 70

    def pool(self, window: Window) -> Pool:
        return AveragePool(window)
