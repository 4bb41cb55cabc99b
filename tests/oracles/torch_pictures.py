"""What PyTorch calls the ops for pictures and sequences; its channels are always first, ours are last in a sequence."""

from collections.abc import Callable
from typing import Any

import pytest

from core.ops.activations import Relu
from core.ops.columns import Kernel
from core.ops.convolution import Convolution, ConvolutionOverTime
from core.ops.convolution_pool import ConvolutionPool
from core.ops.global_pooling import GlobalAverage, GlobalMax, GlobalMin
from core.ops.op import Op
from core.ops.pooling import AveragePool, MaxPool, MinPool
from core.ops.resizing import Interpolate, Upsample
from core.ops.shaping import Crop, Pad, Permute, Reshape
from core.ops.transposed_convolution import TransposedConvolution
from core.ops.windows import Window

torch = pytest.importorskip("torch", reason="PyTorch, the oracle, is not installed")
functional = torch.nn.functional


def turned(x: Any) -> Any:
    """A sequence with its channels first, or back."""
    return x.transpose(1, 2) if x.ndim == 3 else x


def padded(x: Any, windows: tuple[Window, ...], filler: float) -> Any:
    """The last axes of ``x`` with what our windows add to them."""
    pads = [window.pads(length) for window, length in zip(windows, x.shape[2:])]
    return functional.pad(x, [end for ends in reversed(pads) for end in ends], value=filler)


def windows_of(kernel: Kernel, x: Any) -> tuple[Window, ...]:
    return kernel.windows[: x.ndim - 2]


def kernel_of(op: Convolution | ConvolutionOverTime, block: Any, channels: int, axes: int) -> tuple[Any, Any]:
    size = op.kernel.size[:axes]
    fan_in = op.kernel.fan_in(channels)
    weight = block[:, :fan_in].reshape(op.out_channels, channels // op.kernel.groups, *size)
    return flipped(weight, op.kernel), block[:, fan_in] if op.bias else None


def flipped(weight: Any, kernel: Kernel) -> Any:
    return weight.flip(*range(2, weight.ndim)) if kernel.flipped else weight


def convolution(op: Convolution | ConvolutionOverTime, parameters: list[Any], x: Any) -> Any:
    x = turned(x)
    windows = windows_of(op.kernel, x)
    weight, bias = kernel_of(op, parameters[0], x.shape[1], len(windows))
    strides, gaps = [w.stride for w in windows], [w.dilation for w in windows]
    call = functional.conv2d if x.ndim == 4 else functional.conv1d
    return turned(call(padded(x, windows, 0), weight, bias, strides, 0, gaps, op.kernel.groups))


def transposed_convolution(op: TransposedConvolution, parameters: list[Any], x: Any) -> Any:
    x = turned(x)
    windows = windows_of(op.kernel, x)
    size = [window.kernel for window in windows]
    weight = flipped(parameters[0].reshape(x.shape[1], op.out_channels // op.kernel.groups, *size), op.kernel)
    strides, gaps = [w.stride for w in windows], [w.dilation for w in windows]
    call = functional.conv_transpose2d if x.ndim == 4 else functional.conv_transpose1d
    # Everything that comes out, and a line more where the stride is longer than the kernel; then what padding cuts off.
    more = [max(0, window.stride - window.span) for window in windows]
    whole = call(x, weight, parameters[1] if op.bias else None, strides, 0, more, op.kernel.groups, gaps)
    for axis, window in enumerate(windows, 2):
        length = window.length(x.shape[axis])
        whole = whole.narrow(axis, window.pads(length)[0], length)
    return turned(whole)


def extreme(op: MaxPool | MinPool, parameters: list[Any], x: Any) -> Any:
    sign = 1 if isinstance(op, MaxPool) else -1
    x = sign * turned(x)
    call = functional.max_pool2d if x.ndim == 4 else functional.max_pool1d
    room = padded(x, (op.window,) * (x.ndim - 2), -torch.inf)
    return turned(sign * call(room, op.window.kernel, op.window.stride, 0, op.window.dilation))


def average(op: AveragePool, parameters: list[Any], x: Any) -> Any:
    x = turned(x)
    call = functional.avg_pool2d if x.ndim == 4 else functional.avg_pool1d
    windows = (op.window,) * (x.ndim - 2)
    total, there = (
        call(padded(part, windows, 0), op.window.kernel, op.window.stride) for part in (x, torch.ones_like(x))
    )
    return turned(total / there)


def convolution_pool(op: ConvolutionPool, parameters: list[Any], x: Any) -> Any:
    z = convolution(op.convolution, parameters, x)
    return extreme(op.pool, [], torch.relu(z) if isinstance(op.activation, Relu) else z)


def interpolate(op: Interpolate, parameters: list[Any], x: Any) -> Any:
    mode = "bilinear" if x.ndim == 4 else "linear"
    return turned(functional.interpolate(turned(x), scale_factor=op.factor, mode=mode, align_corners=False))


def pad(op: Pad, parameters: list[Any], x: Any) -> Any:
    """Axis by axis, for PyTorch mirrors only the last ones."""
    mode = {"zeros": "constant", "edge": "replicate", "reflect": "reflect"}[op.mode]
    for axis, ends in enumerate(op.edges, 1):
        line = x.movedim(axis, -1)
        flat = functional.pad(line.reshape(1, -1, line.shape[-1]), ends, mode)
        x = flat.reshape(*line.shape[:-1], -1).movedim(-1, axis)
    return x


def crop(op: Crop, parameters: list[Any], x: Any) -> Any:
    return x[(slice(None), *(slice(a, length - b) for (a, b), length in zip(op.edges, x.shape[1:])))]


PICTURE_TWINS: dict[type[Op], Callable[..., Any]] = {
    Convolution: convolution,
    ConvolutionOverTime: convolution,
    TransposedConvolution: transposed_convolution,
    ConvolutionPool: convolution_pool,
    MaxPool: extreme,
    MinPool: extreme,
    AveragePool: average,
    GlobalMax: lambda op, p, x: turned(x).flatten(2).max(2)[0],
    GlobalMin: lambda op, p, x: turned(x).flatten(2).min(2)[0],
    GlobalAverage: lambda op, p, x: turned(x).flatten(2).mean(2),
    Upsample: lambda op, p, x: turned(functional.interpolate(turned(x), scale_factor=op.factor)),
    Interpolate: interpolate,
    Reshape: lambda op, p, x: x.reshape(len(x), *op.shape).clone(),
    Permute: lambda op, p, x: x.permute(0, *(axis + 1 for axis in op.axes)),
    Crop: crop,
    Pad: pad,
}
