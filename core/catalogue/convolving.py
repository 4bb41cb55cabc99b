"""What the convolution kinds share: channels, groups, a bias, an activation and how the kernel starts."""

from abc import abstractmethod
from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from core.catalogue.activation import activate, activation_blocks, activation_choices, choice
from core.catalogue.initial import Initializer, InitialValue
from core.catalogue.kind import Builder, Category, Shapes, Value, Values
from core.catalogue.shapes import counted
from core.catalogue.trained import TrainedHyperparameters
from core.catalogue.windows import Dilation, PaddingChoice, PaddingSize, Stride, WindowKind
from core.ops.layout import features_axis, inside
from core.ops.op import ParameterBlock

if TYPE_CHECKING:
    Activation = str
else:
    Activation = choice(activation_choices(), "Activation", "The function that every weighted sum goes through.")

Channels = Annotated[
    int,
    msgspec.Meta(
        ge=1,
        le=1024,
        title="Channels",
        description="How many kernels there are, each of which makes a picture or a sequence of its own.",
        extra={"unit": "channels"},
    ),
]


class ConvolutionHyperparameters(TrainedHyperparameters, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The settings that every convolution has; the kinds add the size of their kernel."""

    channels: Channels = 8
    stride: Stride = 1
    padding: PaddingChoice = "same"
    padding_size: PaddingSize = 0
    dilation: Dilation = 1
    groups: Annotated[
        int,
        msgspec.Meta(
            ge=1,
            le=1024,
            title="Groups",
            description="Into how many parts the channels are split, each of which sees only itself.",
        ),
    ] = 1
    activation: Activation = "linear"
    bias: Annotated[bool, msgspec.Meta(title="Bias", description="Whether every channel adds a number of its own.")] = (
        True
    )
    initializer: Initializer = "glorot_uniform"
    initial_value: InitialValue = 0.1


class FlippableHyperparameters(ConvolutionHyperparameters, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Those of a convolution whose kernel can be turned."""

    flipped: Annotated[
        bool,
        msgspec.Meta(
            title="True convolution",
            description="Whether the kernel is turned by 180 degrees first, as in mathematics; networks leave it as it is (cross-correlation).",
        ),
    ] = False


class ConvolutionKind(WindowKind):
    """A kind with kernels and an activation after them."""

    category = Category.CONVOLUTION

    @abstractmethod
    def blocks(self, settings: Any, channels: int) -> tuple[ParameterBlock, ...]:
        """The parameter blocks of the kernels for so many channels that come in."""

    def headline(self, settings: Any) -> str:
        return counted(settings.channels, "channel")

    def parameters(self, settings: Any, shapes: Shapes) -> tuple[ParameterBlock, ...]:
        (shape,) = shapes["input"]
        after = inside(self.infer_shape(settings, shapes)["output"])
        return *self.blocks(settings, shape[-1]), *activation_blocks(settings.activation, after)

    def lower(self, settings: Any, values: Values, builder: Builder) -> dict[str, Value]:
        (value,) = values["input"]
        axes = len(value.shape)
        channels = value.shape[features_axis(axes + 1)]
        sums = builder.apply(self.op(settings, axes), value, blocks=self.blocks(settings, channels))
        return {"output": activate(settings.activation, sums, builder)}
