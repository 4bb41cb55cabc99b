"""What the kinds share that slide a window over a picture or a sequence: their settings, and what they say where it does not fit."""

from abc import abstractmethod
from typing import Annotated, Any, Literal

import msgspec

from core.catalogue.kind import Builder, NodeKind, ShapeError, Shapes, Value, Values
from core.catalogue.shapes import stack
from core.ops.layout import PICTURE, SEQUENCE, inside, outside
from core.ops.op import Op, Shape
from core.ops.windows import Padding

Size = Annotated[
    int,
    msgspec.Meta(
        ge=1, le=64, title="Window", description="How many lines and columns, or steps of a sequence, become one value."
    ),
]
KernelHeight = Annotated[
    int, msgspec.Meta(ge=1, le=64, title="Kernel height", description="How many lines the kernel covers.")
]
KernelWidth = Annotated[
    int, msgspec.Meta(ge=1, le=64, title="Kernel width", description="How many columns the kernel covers.")
]
KernelLength = Annotated[
    int, msgspec.Meta(ge=1, le=256, title="Kernel", description="How many steps the kernel covers.")
]
Stride = Annotated[int, msgspec.Meta(ge=1, le=64, title="Stride", description="How far the window moves at a time.")]
PaddingChoice = Annotated[
    Literal["same", "valid", "number"],
    msgspec.Meta(
        title="Padding",
        description='What is added around the edge: as much as keeps the size at stride 1 ("same"), nothing ("valid"), or a number.',
    ),
]
PaddingSize = Annotated[
    int,
    msgspec.Meta(
        ge=0, le=64, title="Padding size", description="How much is added at every edge, where the padding is a number."
    ),
]
Dilation = Annotated[
    int,
    msgspec.Meta(
        ge=1,
        le=64,
        title="Dilation",
        description="How far apart the values lie that the kernel reads: 1 is side by side.",
    ),
]


def padding_of(settings: Any) -> Padding:
    """The padding for ``core.ops.windows`` of a node with the hyperparameters ``padding`` and ``padding_size``."""
    return int(settings.padding_size) if settings.padding == "number" else settings.padding


class WindowKind(NodeKind):
    """A kind of one input that is an op over a window, after which nothing or something may follow."""

    @abstractmethod
    def op(self, settings: Any, axes: int) -> Op:
        """The op with these settings for samples with so many axes. Raises ValueError where the settings contradict each other."""

    @abstractmethod
    def check(self, shape: Shape) -> None:
        """Raise ShapeError where the kind does not read values with so many axes."""

    def infer_shape(self, settings: Any, shapes: Shapes) -> dict[str, Shape]:
        (shape,) = shapes["input"]
        self.check(shape)
        try:
            return {"output": self._shape_after(settings, shape)}
        except ValueError as error:
            raise ShapeError(str(error), settings=self._mended(settings, shape)) from None

    def lower(self, settings: Any, values: Values, builder: Builder) -> dict[str, Value]:
        (value,) = values["input"]
        return {"output": builder.apply(self.op(settings, len(value.shape)), value)}

    def _shape_after(self, settings: Any, shape: Shape) -> Shape:
        return outside(self.op(settings, len(shape)).output_shape(inside(shape)))

    def _mended(self, settings: Any, shape: Shape) -> dict[str, dict[str, Any]]:
        """A button for the padding with which everything fits, where there is one."""
        padded = {"padding": "same"}
        try:
            self._shape_after(msgspec.structs.replace(settings, **padded), shape)
        except (ValueError, TypeError):
            return {}
        return {"Pad the edge": padded}


def check_picture(title: str, shape: Shape) -> None:
    """Raise ShapeError for anything but a picture."""
    if len(shape) != PICTURE:
        message = f"{title} wants a picture, lines x columns x channels, and this is {stack(shape)}."
        raise ShapeError(message, remedy="needs-picture")


def check_sequence(title: str, shape: Shape) -> None:
    """Raise ShapeError for anything but a sequence."""
    if len(shape) != SEQUENCE:
        raise ShapeError(f"{title} wants a sequence, and this is {stack(shape)}.", remedy="needs-sequence")


def check_places(title: str, shape: Shape) -> None:
    """Raise ShapeError for anything but a picture or a sequence."""
    if len(shape) not in (SEQUENCE, PICTURE):
        message = f"{title} wants a picture or a sequence, and this is {stack(shape)}."
        raise ShapeError(message, remedy="needs-picture")
