"""Transposed convolution: kernels that make small pictures and short sequences large."""

from typing import Any

from core.catalogue.convolving import ConvolutionHyperparameters, ConvolutionKind
from core.catalogue.initial import initializer_of
from core.catalogue.windows import (
    KernelHeight,
    KernelLength,
    KernelWidth,
    Stride,
    check_picture,
    check_sequence,
    padding_of,
)
from core.ops.columns import Kernel
from core.ops.op import ParameterBlock, Shape
from core.ops.transposed_convolution import TransposedConvolution
from core.ops.windows import Window


class TransposedConvolution2D(ConvolutionKind):
    """Every value paints a kernel."""

    key = "transposed_convolution_2d"
    title = "Transposed convolution 2-D"
    synonyms = ("deconvolution", "conv transpose", "upconvolution", "decoder", "generator", "fractionally strided")
    help = (
        "Lets every value of a picture paint a kernel, times itself, onto a larger picture, as many places further on as the stride says. "
        'It is the way back through a convolution, used where a network makes pictures; padding cuts the edge off, and with "same" the picture grows exactly by the stride.'
    )
    formula = r"y_{f,m,n} = \sum_{c,\;si+u=m,\;sj+v=n} w_{c,f,u,v} \, x_{c,i,j}"
    glyph = "M3 3 H9 V9 H3 Z M9 9 L12 12 M12 9.5 V12 H9.5 M12.5 12.5 H21 V21 H12.5 Z M12.5 15.3 H21 M12.5 18.2 H21 M15.3 12.5 V21 M18.2 12.5 V21"
    order = 30
    leading = ("channels", "kernel_height", "kernel_width")

    class Hyperparameters(ConvolutionHyperparameters, frozen=True, kw_only=True, forbid_unknown_fields=True):
        kernel_height: KernelHeight = 3
        kernel_width: KernelWidth = 3
        stride: Stride = 2

    def headline(self, settings: Any) -> str:
        return f"{super().headline(settings)}, {settings.stride} times as large"

    def check(self, shape: Shape) -> None:
        check_picture(self.title, shape)

    def op(self, settings: Any, axes: int) -> TransposedConvolution:
        padding = padding_of(settings)
        windows = (
            Window(settings.kernel_height, settings.stride, padding, settings.dilation),
            Window(settings.kernel_width, settings.stride, padding, settings.dilation),
        )
        return TransposedConvolution(settings.channels, Kernel(windows, settings.groups), settings.bias)

    def blocks(self, settings: Any, channels: int) -> tuple[ParameterBlock, ...]:
        return self.op(settings, 3).blocks(channels, initializer_of(settings))


class TransposedConvolution1D(ConvolutionKind):
    """Every step sounds a kernel."""

    key = "transposed_convolution_1d"
    title = "Transposed convolution 1-D"
    synonyms = ("deconvolution of a sequence", "conv transpose 1d", "upconvolution of a sequence", "longer sequence")
    help = (
        "Lets every step of a sequence add a kernel, times itself, to a longer sequence, as many steps further on as the stride says. "
        'It is the way back through a convolution 1-D; padding cuts both ends off, and with "same" the sequence grows exactly by the stride.'
    )
    formula = r"y_{m,f} = \sum_{c,\;st+u=m} w_{c,f,u} \, x_{t,c}"
    glyph = "M7 4 H17 M7 8 H17 M7 4 V8 M12 4 V8 M17 4 V8 M12 8 V13 M9.5 10.5 L12 13 L14.5 10.5 M2 16 H22 M2 20 H22 M2 16 V20 M7 16 V20 M12 16 V20 M17 16 V20 M22 16 V20"
    order = 40
    leading = ("channels", "kernel")

    class Hyperparameters(ConvolutionHyperparameters, frozen=True, kw_only=True, forbid_unknown_fields=True):
        kernel: KernelLength = 3
        stride: Stride = 2

    def headline(self, settings: Any) -> str:
        return f"{super().headline(settings)}, {settings.stride} times as long"

    def check(self, shape: Shape) -> None:
        check_sequence(self.title, shape)

    def op(self, settings: Any, axes: int) -> TransposedConvolution:
        window = Window(settings.kernel, settings.stride, padding_of(settings), settings.dilation)
        return TransposedConvolution(settings.channels, Kernel((window, Window(1)), settings.groups), settings.bias)

    def blocks(self, settings: Any, channels: int) -> tuple[ParameterBlock, ...]:
        return self.op(settings, 2).blocks(channels, initializer_of(settings), axes=1)
