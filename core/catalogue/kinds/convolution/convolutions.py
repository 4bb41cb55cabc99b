"""Convolution of pictures and of sequences: the same small weighted sum at every place."""

from typing import Any

from core.catalogue.convolving import ConvolutionKind, FlippableHyperparameters
from core.catalogue.initial import initializer_of
from core.catalogue.windows import KernelHeight, KernelLength, KernelWidth, check_picture, check_sequence, padding_of
from core.ops.columns import Kernel
from core.ops.convolution import Convolution, ConvolutionOverTime
from core.ops.op import ParameterBlock, Shape
from core.ops.windows import Window


class Convolution2D(ConvolutionKind):
    """Kernels that slide over a picture."""

    key = "convolution_2d"
    title = "Convolution 2-D"
    synonyms = ("conv2d", "CNN", "filter", "kernel", "cross-correlation", "feature map", "convolutional layer", "image")
    help = (
        "Slides small kernels over a picture and makes of every place a weighted sum, so that each kernel finds its own pattern wherever it is. "
        "As networks do, it lays the kernel on as it is (cross-correlation); true convolution, a switch, turns it by 180 degrees first, which a network that learns its kernels does not notice."
    )
    formula = r"y_{f,i,j} = g\left(b_f + \sum_{c,u,v} w_{f,c,u,v} \, x_{c,\,si+du,\,sj+dv}\right)"
    glyph = "M3 3 H17 V17 H3 Z M3 7.7 H12.5 M7.7 3 V12.5 M12.5 3 V12.5 H3 M12.5 12.5 L21 21 M16 21 H21 V16"
    order = 10
    leading = ("channels", "kernel_height", "kernel_width")

    class Hyperparameters(FlippableHyperparameters, frozen=True, kw_only=True, forbid_unknown_fields=True):
        kernel_height: KernelHeight = 3
        kernel_width: KernelWidth = 3

    def headline(self, settings: Any) -> str:
        return f"{super().headline(settings)}, {settings.kernel_height} x {settings.kernel_width}"

    def check(self, shape: Shape) -> None:
        check_picture(self.title, shape)

    def op(self, settings: Any, axes: int) -> Convolution:
        padding = padding_of(settings)
        windows = (
            Window(settings.kernel_height, settings.stride, padding, settings.dilation),
            Window(settings.kernel_width, settings.stride, padding, settings.dilation),
        )
        return Convolution(settings.channels, Kernel(windows, settings.groups, settings.flipped), settings.bias)

    def blocks(self, settings: Any, channels: int) -> tuple[ParameterBlock, ...]:
        return (self.op(settings, 3).block(channels, initializer_of(settings)),)


class Convolution1D(ConvolutionKind):
    """Kernels that slide along a sequence."""

    key = "convolution_1d"
    title = "Convolution 1-D"
    synonyms = ("conv1d", "temporal convolution", "TCN", "signal", "filter", "kernel", "moving average", "time series")
    help = (
        "Slides small kernels along a sequence and makes of the steps that each covers a weighted sum, so that a pattern is found whenever it comes. "
        "As networks do, it lays the kernel on as it is (cross-correlation); true convolution, a switch, turns it round first, as in signal processing."
    )
    formula = r"y_{t,f} = g\left(b_f + \sum_{c,u} w_{f,c,u} \, x_{st+du,\,c}\right)"
    glyph = "M2 6 H22 M2 11 H22 M2 6 V11 M6 6 V11 M10 6 V11 M14 6 V11 M18 6 V11 M22 6 V11 M6 13 V15 H14 V13 M10 15 V20 M7.5 17.5 L10 20 L12.5 17.5"
    order = 20
    leading = ("channels", "kernel")

    class Hyperparameters(FlippableHyperparameters, frozen=True, kw_only=True, forbid_unknown_fields=True):
        kernel: KernelLength = 3

    def headline(self, settings: Any) -> str:
        return f"{super().headline(settings)}, {settings.kernel} wide"

    def check(self, shape: Shape) -> None:
        check_sequence(self.title, shape)

    def op(self, settings: Any, axes: int) -> ConvolutionOverTime:
        window = Window(settings.kernel, settings.stride, padding_of(settings), settings.dilation)
        kernel = Kernel((window, Window(1)), settings.groups, settings.flipped)
        return ConvolutionOverTime(settings.channels, kernel, settings.bias)

    def blocks(self, settings: Any, channels: int) -> tuple[ParameterBlock, ...]:
        return (self.op(settings, 2).block(channels, initializer_of(settings)),)
