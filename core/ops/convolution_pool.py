"""Convolution and the pooling of 2 x 2 squares after it as one op, for training.

An increasing activation in between can as well come after the pooling, on a quarter of the values: the largest value of the
activations is the activation of the largest value. And where the convolution has few channels, what costs is not its
arithmetic but laying out the columns: then one matrix product makes the four outputs of every square at once, from the patch that
they read together, which takes four ninths of the copying for a kernel of 3 x 3, and pooling compares four whole rows.
"""

import math
from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar

import numpy as np
from numpy.lib.stride_tricks import as_strided

from core.ops.activations import Identity
from core.ops.columns import Kernel, correlate, multiply
from core.ops.convolution import Convolution
from core.ops.elementwise import Activation
from core.ops.op import Array, Binding, Bound, Call, Op, Shape
from core.ops.pooling import ExtremePool, Line
from core.ops.windows import Window

SQUARE = 2
"""Lines and columns of what is pooled."""
FEW_CHANNELS = 2
"""With so few that come in, laying out the columns is what costs, whatever the kernel."""
ZEROS_FOR_A_COPY = 6
"""How many products with 0 take as long as copying one value to its column and adding its gradient up; measured."""


@dataclass(frozen=True)
class ConvolutionPool(Op):
    """``pool(activation(convolution(x)))``, computed as ``activation(pool(convolution(x)))``; the activation is an increasing function.

    The gradient is that of the three ops one after the other, except that of several values that the activation makes equal the
    largest takes it all. The shapes and the block are those of the convolution and the pooling.
    """

    reads_ones: ClassVar[bool] = False
    convolution: Convolution
    activation: Activation
    pool: ExtremePool

    def output_shape(self, *inputs: Shape) -> Shape:
        return self.pool.output_shape(self.convolution.output_shape(*inputs))

    def scratch_values(self, *inputs: Shape) -> int:
        return self.convolution.scratch_values(*inputs) + 4 * math.prod(self.convolution.output_shape(*inputs))

    def macs(self, *inputs: Shape) -> int:
        return self.convolution.macs(*inputs)

    def bind(self, arrays: Binding) -> Bound:
        bind = self._bind_squares if self.in_squares(len(arrays.inputs[0])) else self._bind_apart
        if isinstance(self.activation, Identity):
            return bind(arrays)
        pooled, slope = arrays.scratch(arrays.output.shape), None
        if arrays.output_gradient is not None:
            slope = arrays.scratch(arrays.output.shape)
        before = bind(replace(arrays, output=pooled, output_gradient=slope))
        after = self.activation.bind(
            replace(arrays, inputs=(pooled,), input_gradients=(slope,), parameters=(), parameter_gradients=())
        )
        return Bound((*before.forward, *after.forward), (*after.backward, *before.backward))

    def in_squares(self, channels: int) -> bool:
        """Whether to make the four outputs of every square at once, for so many channels that come in.

        It saves copying and costs products with zeros. A rule of shapes and no stopwatch, so that every run adds up in the same order.
        """
        height, width = self.convolution.kernel.size
        kernel, patch = height * width, (height + 1) * (width + 1)
        saved, zeros = 4 * kernel - patch, self.convolution.out_channels * (patch - kernel)
        pays = channels <= FEW_CHANNELS or (min(height, width) >= 3 and zeros <= ZEROS_FOR_A_COPY * saved)
        return pays and self.convolution.kernel.is_plain

    def _bind_apart(self, arrays: Binding) -> Bound:
        """The convolution, and then the pooling, with arrays of their own between them."""
        batch = arrays.output.shape[-1]
        shape = (*self.convolution.output_shape(arrays.inputs[0].shape[:-1]), batch)
        sums, slope = arrays.scratch(shape), None if arrays.output_gradient is None else arrays.scratch(shape)
        first = self.convolution.bind(replace(arrays, output=sums, output_gradient=slope))
        second = self.pool.bind(
            replace(arrays, inputs=(sums,), input_gradients=(slope,), parameters=(), parameter_gradients=())
        )
        return Bound((*first.forward, *second.forward), (*second.backward, *first.backward))

    def _bind_squares(self, arrays: Binding) -> Bound:
        """The four outputs of every square as four times as many rows of one matrix product."""
        source = arrays.inputs[0]
        patch = self._patch(source.shape)
        unfold, rows = patch.unfold(arrays, source, self.convolution.bias)
        weight = np.zeros((4 * self.convolution.out_channels, rows.shape[1]), source.dtype)
        sums = arrays.scratch((len(weight), rows.shape[2]))
        slope = None if arrays.output_gradient is None else arrays.scratch(sums.shape)
        pooling = self._compare(arrays, sums, slope)
        forward: tuple[Call, ...] = (
            *unfold,
            *self._spread(arrays.parameters[0], weight, patch),
            multiply(weight[None], rows, sums[None]),
            *pooling.forward,
        )
        if slope is None:
            return Bound(forward)
        gradient = np.empty_like(weight)
        backward: list[Call] = [*pooling.backward, *correlate(slope[None], rows, gradient[None])]
        backward += self._collect(gradient, arrays.parameter_gradients[0], patch)
        upstream = arrays.input_gradients[0]
        if upstream is not None:
            fan_in = patch.fan_in(len(source))
            room = arrays.scratch((1, fan_in, rows.shape[2]))
            backward.append(multiply(weight[None, :, :fan_in].transpose(0, 2, 1), slope[None], room))
            backward += [partial(upstream.fill, 0), *patch.fold(room, upstream)]
        return Bound(forward, tuple(backward))

    def _patch(self, shape: Shape) -> Kernel:
        """The patch that the four outputs of a square read together, as a kernel that moves from square to square."""
        lines, columns = self.convolution.kernel.windows
        return Kernel(
            (
                Window(lines.kernel + 1, SQUARE, lines.pads(shape[1])),
                Window(columns.kernel + 1, SQUARE, columns.pads(shape[2])),
            )
        )

    def _compare(self, arrays: Binding, sums: Array, slope: Array | None) -> Bound:
        """The pooling of ``sums``, whose rows are the four corners of the squares, over the columns and then the lines of a square."""
        corners = (SQUARE, SQUARE, *arrays.output.shape)
        lines = (SQUARE, 1, *arrays.output.shape)
        best, best_slope = arrays.scratch(lines), None if slope is None else arrays.scratch(lines)
        last, last_slope, corner_slope = arrays.output[None, None], None, None
        if slope is not None and arrays.output_gradient is not None:
            last_slope, corner_slope = arrays.output_gradient[None, None], slope.reshape(corners)
        window = self.pool.window
        first = self.pool.along(Line(arrays, window, 1, sums.reshape(corners), best, best_slope, corner_slope))
        second = self.pool.along(Line(arrays, window, 0, best, last, last_slope, best_slope))
        return Bound((*first.forward, *second.forward), (*second.backward, *first.backward))

    def _spread(self, block: Array, weight: Array, patch: Kernel) -> tuple[Call, ...]:
        """The calls that copy the kernel into each of its four places in the weights of the patch, and the bias beside them."""
        kernel, bias = self._parts(block)
        places, biases = self._four(weight, patch)
        return partial(np.copyto, places, kernel), partial(np.copyto, biases, bias)

    def _collect(self, gradient: Array, block_gradient: Array, patch: Kernel) -> tuple[Call, ...]:
        """The calls that add up the gradients of the four places."""
        kernel, bias = self._parts(block_gradient)
        places, biases = self._four(gradient, patch)
        return partial(np.add.reduce, places, (0, 1), None, kernel), partial(np.add.reduce, biases, 0, None, bias)

    def _parts(self, block: Array) -> tuple[Array, Array]:
        """(kernel as it lies on the picture, bias or nothing) of the block of the convolution."""
        height, width = self.convolution.kernel.size
        fan_in = block.shape[1] - self.convolution.bias
        kernel = block[:, :fan_in].reshape(len(block), -1, height, width)
        return kernel[:, :, ::-1, ::-1] if self.convolution.kernel.flipped else kernel, block[:, fan_in:]

    def _four(self, weight: Array, patch: Kernel) -> tuple[Array, Array]:
        """(the kernel in each of its four places, the four biases or nothing) of the weights of the patch, as views."""
        height, width = self.convolution.kernel.size
        fan_in = weight.shape[1] - self.convolution.bias
        places = weight[:, :fan_in].reshape(SQUARE, SQUARE, self.convolution.out_channels, -1, *patch.size)
        down, right, *strides = places.strides
        # The corner one line down reads one line further down.
        moved = as_strided(
            places, (*places.shape[:4], height, width), (down + strides[2], right + strides[3], *strides)
        )
        return moved, weight[:, fan_in:].reshape(4, self.convolution.out_channels, -1)
