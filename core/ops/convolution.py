"""Convolution: the same small weighted sum at every place of a picture."""

import math
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np

from core.ops.columns import Kernel, as_picture, correlate, multiply
from core.ops.layout import PICTURE, SEQUENCE
from core.ops.op import Binding, Bound, Call, Op, ParameterBlock, ParameterView, Shape


@dataclass(frozen=True)
class Convolution(Op):
    """``z[f, i, j] = bias[f] + sum over c, a, b of w[f, c, a, b] x[c, s i + d a, s j + d b]``, with stride ``s`` and dilation ``d``.

    That is cross-correlation, which neural networks call convolution; with a flipped kernel it is convolution as mathematics has it
    (LeCun et al., 1989). Each of the groups, equal parts of the output channels, reads its own part of the input's. Backward: ``dL/dw``
    is the correlation of ``x`` with ``dL/dz``; ``dL/dx`` spreads every ``dL/dz`` over what it was computed from, by the same weights.
    Input ``(channels, height, width)``, output ``(out_channels, places, places)``; the block is ``(out_channels, fan_in + 1)``, or
    ``fan_in`` columns without a bias. Raises ValueError for what is not a picture, a kernel that does not fit, groups that do not divide.
    """

    reads_ones: ClassVar[bool] = False
    out_channels: int
    kernel: Kernel
    bias: bool = True

    def output_shape(self, *inputs: Shape) -> Shape:
        (shape,) = inputs
        if len(shape) != PICTURE:
            raise ValueError(f"Convolution reads pictures, (channels, height, width); received {shape}.")
        check_groups(self.kernel.groups, shape[0], self.out_channels)
        return self.out_channels, *self.kernel.places(shape)

    def block(self, channels: int, initializer: str) -> ParameterBlock:
        """``weight (out_channels, channels / groups, kernel_height, kernel_width)``, ``bias (out_channels,)``, which starts at zero."""
        shape = (self.out_channels, channels // self.kernel.groups, *self.kernel.size)
        fan_out = self.out_channels // self.kernel.groups * math.prod(self.kernel.size)
        return kernel_block(shape, fan_out, self.bias, initializer)

    def bind(self, arrays: Binding) -> Bound:
        source = arrays.inputs[0]
        groups, fan_in = self.kernel.groups, self.kernel.fan_in(len(source))
        unfold, rows = self.kernel.unfold(arrays, source, self.bias)
        weight = arrays.parameters[0].reshape(groups, -1, rows.shape[1])
        sums = arrays.output.reshape(groups, weight.shape[1], -1)
        forward = (*unfold, multiply(weight, rows, sums))
        slope = arrays.output_gradient
        if slope is None:
            return Bound(forward)
        slopes = slope.reshape(sums.shape)
        gradient = arrays.parameter_gradients[0].reshape(weight.shape)
        backward: list[Call] = [*correlate(slopes, rows, gradient)]
        if (path := arrays.gradient_path()) is not None:
            spread = arrays.scratch((groups, fan_in, rows.shape[2]))
            backward.append(multiply(weight[:, :, :fan_in].transpose(0, 2, 1), slopes, spread))
            backward += [partial(path[1].fill, 0), *self.kernel.fold(spread, path[1])]
        return Bound(forward, tuple(backward))

    def scratch_values(self, *inputs: Shape) -> int:
        return 2 * math.prod((inputs[0][0], *self.kernel.size, *self.kernel.places(inputs[0])))

    def macs(self, *inputs: Shape) -> int:
        _, height, width = self.output_shape(*inputs)
        return self.out_channels * height * width * self.kernel.fan_in(inputs[0][0])


@dataclass(frozen=True)
class ConvolutionOverTime(Op):
    """``z[t, f] = bias[f] + sum over c, k of w[f, c, k] x[s t + d k, c]``, with stride ``s`` and dilation ``d``: convolution of a sequence.

    Everything else is as in ``Convolution``, whose kernel here has one column. Input ``(time, channels)``, output ``(places, out_channels)``.
    Raises ValueError for what is not a sequence, a kernel that does not fit, and groups that do not divide.
    """

    reads_ones: ClassVar[bool] = False
    out_channels: int
    kernel: Kernel
    bias: bool = True

    def output_shape(self, *inputs: Shape) -> Shape:
        (shape,) = inputs
        if len(shape) != SEQUENCE:
            raise ValueError(f"Convolution over time reads sequences, (time, channels); received {shape}.")
        check_groups(self.kernel.groups, shape[1], self.out_channels)
        return self.kernel.windows[0].places(shape[0], "steps"), self.out_channels

    def block(self, channels: int, initializer: str) -> ParameterBlock:
        """``weight (out_channels, channels / groups, kernel)`` and ``bias (out_channels,)``, which starts at zero."""
        size = self.kernel.size[0]
        fan_out = self.out_channels // self.kernel.groups * size
        return kernel_block((self.out_channels, channels // self.kernel.groups, size), fan_out, self.bias, initializer)

    def bind(self, arrays: Binding) -> Bound:
        source = as_picture(arrays.inputs[0])
        groups, fan_in = self.kernel.groups, self.kernel.fan_in(len(source))
        unfold, rows = self.kernel.unfold(arrays, source, self.bias)
        weight = arrays.parameters[0].reshape(groups, -1, rows.shape[1])
        places, _, batch = arrays.output.shape
        # One product for every step of time, whose results lie where they belong.
        steps = rows.reshape(*rows.shape[:2], places, batch).transpose(2, 0, 1, 3)
        forward: tuple[Call, ...] = (
            *unfold,
            partial(np.matmul, weight, steps, arrays.output.reshape(places, groups, -1, batch)),
        )
        slope = arrays.output_gradient
        if slope is None:
            return Bound(forward)
        slopes = arrays.scratch((groups, weight.shape[1], rows.shape[2]))
        sorted_slopes = slopes.reshape(self.out_channels, places, batch)
        gradient = arrays.parameter_gradients[0].reshape(weight.shape)
        backward: list[Call] = [
            partial(np.copyto, sorted_slopes, slope.transpose(1, 0, 2)),
            *correlate(slopes, rows, gradient),
        ]
        if (path := arrays.gradient_path()) is not None:
            spread = arrays.scratch((groups, fan_in, rows.shape[2]))
            backward.append(multiply(weight[:, :, :fan_in].transpose(0, 2, 1), slopes, spread))
            backward += [partial(path[1].fill, 0), *self.kernel.fold(spread, as_picture(path[1]))]
        return Bound(forward, tuple(backward))

    def scratch_values(self, *inputs: Shape) -> int:
        places, channels = self.output_shape(*inputs)
        return places * (2 * inputs[0][1] * self.kernel.size[0] + channels)

    def macs(self, *inputs: Shape) -> int:
        places, channels = self.output_shape(*inputs)
        return places * channels * self.kernel.fan_in(inputs[0][1])


def check_groups(groups: int, channels: int, out_channels: int) -> None:
    """Raises ValueError for groups that do not divide the channels on both sides."""
    if channels % groups or out_channels % groups:
        possible = [
            count
            for count in range(1, min(channels, out_channels) + 1)
            if not (channels % count or out_channels % count)
        ]
        raise ValueError(
            f"{groups} groups do not divide {channels} channels that come in and {out_channels} that go out; "
            f"what divides both is {', '.join(map(str, possible))}."
        )


def kernel_block(shape: Shape, fan_out: int, bias: bool, initializer: str) -> ParameterBlock:
    """A kernel of this shape, one row for each of its first axis, with a column for the bias where there is one."""
    rows, fan_in = shape[0], math.prod(shape[1:])
    everything = slice(None)
    weight = ParameterView("weight", (everything, slice(0, fan_in)), initializer, fan_in, fan_out, shape=shape)
    if not bias:
        return ParameterBlock((rows, fan_in), (weight,))
    added = ParameterView("bias", (everything, fan_in), "zeros", fan_in, fan_out, regularized=False)
    return ParameterBlock((rows, fan_in + 1), (weight, added))
