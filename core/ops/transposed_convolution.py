"""Transposed convolution: the way back through a convolution, taken forwards, which makes small pictures large."""

import math
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np

from core.ops.columns import Kernel, as_picture, correlate, multiply
from core.ops.convolution import check_groups
from core.ops.layout import PICTURE, SEQUENCE, features_axis
from core.ops.op import Array, Binding, Bound, Call, Op, ParameterBlock, ParameterView, Shape


@dataclass(frozen=True)
class TransposedConvolution(Op):
    """Every input value adds the kernel, times itself, to the output: ``z[f, s i + a, s j + b] += w[c, f, a, b] x[c, i, j]``, plus ``bias[f]``.

    It is to convolution with the same kernel what the transposed matrix is to a matrix (Zeiler et al., 2010). Padding cuts off, and
    "same" gives ``stride`` times the input's lines and columns. Input ``(channels, height, width)`` or ``(time, channels)``, for which the
    kernel has one column; two blocks: ``(channels, out_channels / groups * kernel)``, and ``(out_channels,)`` if there is a bias. Raises
    ValueError for a row, for padding that leaves nothing, and for groups that do not divide.
    """

    reads_ones: ClassVar[bool] = False
    out_channels: int
    kernel: Kernel
    bias: bool = True

    def output_shape(self, *inputs: Shape) -> Shape:
        (shape,) = inputs
        if len(shape) == PICTURE:
            check_groups(self.kernel.groups, shape[0], self.out_channels)
            return self.out_channels, *self.kernel.lengths(shape)
        if len(shape) == SEQUENCE:
            check_groups(self.kernel.groups, shape[1], self.out_channels)
            return self.kernel.windows[0].length(shape[0]), self.out_channels
        raise ValueError(f"Transposed convolution reads pictures and sequences; received {shape}.")

    def blocks(self, channels: int, initializer: str, axes: int = 2) -> tuple[ParameterBlock, ...]:
        """``weight (channels, out_channels / groups, kernel...)`` with so many axes of the kernel, and ``bias (out_channels,)``, which starts at zero."""
        kernel, fan_out = self.kernel.size[:axes], self.kernel.fan_in(self.out_channels)
        shape = (channels, self.out_channels // self.kernel.groups, *kernel)
        # A value of the output lies under every kernel that reaches it: one for each stride that fits into the kernel.
        reached = (-(-size // window.stride) for size, window in zip(kernel, self.kernel.windows))
        fan_in = channels // self.kernel.groups * math.prod(reached)
        everything = slice(None)
        weight = ParameterView("weight", (everything,), initializer, fan_in, fan_out, shape=shape)
        bias = ParameterView("bias", (everything,), "zeros", fan_in, fan_out, regularized=False)
        blocks = (ParameterBlock((channels, fan_out), (weight,)), ParameterBlock((self.out_channels,), (bias,)))
        return blocks if self.bias else blocks[:1]

    def bind(self, arrays: Binding) -> Bound:
        output, groups = as_picture(arrays.output), self.kernel.groups
        load, source = _flat(arrays, arrays.inputs[0], groups)
        weight = arrays.parameters[0].reshape(groups, source.shape[1], -1)
        spread = arrays.scratch((groups, weight.shape[2], source.shape[2]))
        start: Call = partial(output.fill, 0)
        if self.bias:
            start = partial(np.copyto, output, arrays.parameters[1][:, None, None, None])
        forward = (*load, multiply(weight.transpose(0, 2, 1), source, spread), start, *self.kernel.fold(spread, output))
        if arrays.output_gradient is None:
            return Bound(forward)
        slope = as_picture(arrays.output_gradient)
        unfold, rows = self.kernel.unfold(arrays, slope, False)
        gradient = arrays.parameter_gradients[0].reshape(weight.shape)
        backward: list[Call] = [*unfold, *correlate(source, rows, gradient)]
        if self.bias:
            backward.append(partial(np.add.reduce, slope, (1, 2, 3), None, arrays.parameter_gradients[1]))
        if (path := arrays.gradient_path()) is not None:
            target = _flat(arrays, path[1], groups)[1]
            backward.append(multiply(weight, rows, target))
            if path[1].ndim == SEQUENCE + 1:
                backward.append(
                    partial(
                        np.copyto,
                        path[1],
                        target.reshape(len(gradient[0]) * groups, *path[1].shape[::2]).transpose(1, 0, 2),
                    )
                )
        return Bound(forward, tuple(backward))

    def scratch_values(self, *inputs: Shape) -> int:
        channels = inputs[0][features_axis(len(inputs[0]) + 1)]
        spread = math.prod(inputs[0]) // channels * self.out_channels * math.prod(self.kernel.size)
        return 2 * spread + math.prod(inputs[0])

    def macs(self, *inputs: Shape) -> int:
        return math.prod(inputs[0]) * self.kernel.fan_in(self.out_channels)


def _flat(arrays: Binding, values: Array, groups: int) -> tuple[tuple[Call, ...], Array]:
    """(calls, ``(groups, channels / groups, places x batch)``): a view of a picture; for a sequence a copy, which the calls make."""
    if values.ndim == PICTURE + 1:
        return (), values.reshape(groups, len(values) // groups, -1)
    steps, channels, batch = values.shape
    room = arrays.scratch((channels, steps, batch))
    load = partial(np.copyto, room, values.transpose(1, 0, 2))
    return (load,), room.reshape(groups, channels // groups, -1)
