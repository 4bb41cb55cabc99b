"""Linear: the weighted sum that every layer of neurons starts with.

The bias is the last column of the weights and meets a row of ones under the input, so that one matrix product makes the
weighted sum with its bias, and one more makes the gradients of both. On small networks a call costs more than its arithmetic,
and this saves two of five. A sequence is copied to where its steps of time lie side by side, like more samples of the batch,
so that the gradient of the weights is one product over all of them.
"""

import math
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np

from core.ops.op import Array, Binding, Bound, Call, Op, ParameterBlock, ParameterView, Shape


@dataclass(frozen=True)
class Linear(Op):
    """``z = W x + b``, at every step of time where there are several.

    Backward: ``dL/dW = dL/dz x^T``, ``dL/db`` the sum of ``dL/dz``, both over the batch and over time, ``dL/dx = W^T dL/dz``.
    Input ``(fan_in,)`` or ``(time, fan_in)``, output ``(units,)`` or ``(time, units)``; the block is ``(units, fan_in + 1)``, or
    ``(units, fan_in)`` without a bias. Raises ValueError for an input that is neither a row of features nor a sequence of them.
    """

    stepwise: ClassVar[bool] = True
    units: int
    bias: bool = True

    def output_shape(self, *inputs: Shape) -> Shape:
        (shape,) = inputs
        if len(shape) not in (1, 2):
            raise ValueError(f"linear reads (features,) or (time, features); received {shape}; flatten it first.")
        return (*shape[:-1], self.units)

    def block(self, fan_in: int, initializer: str) -> ParameterBlock:
        """The parameters for ``fan_in`` input values: ``weight (units, fan_in)`` and ``bias (units,)``, which starts at zero."""
        everything = slice(None)
        weight = ParameterView("weight", (everything, slice(0, fan_in)), initializer, fan_in, self.units)
        if not self.bias:
            return ParameterBlock((self.units, fan_in), (weight,))
        bias = ParameterView("bias", (everything, fan_in), "zeros", fan_in, self.units, regularized=False)
        return ParameterBlock((self.units, fan_in + 1), (weight, bias))

    def bind(self, arrays: Binding) -> Bound:
        if arrays.output.ndim == 3:
            return self._bind_sequence(arrays)
        (block,) = arrays.parameters
        source = arrays.extended[0] if self.bias else arrays.inputs[0]
        forward = partial(block.dot, source, arrays.output)
        slope = arrays.output_gradient
        if slope is None:
            return Bound((forward,))
        backward: list[Call] = [partial(slope.dot, source.T, gradient) for gradient in arrays.parameter_gradients]
        # The bias column takes part, for a product with a part of a matrix copies that part first.
        upstream = arrays.extended_gradients[0] if self.bias else arrays.input_gradients[0]
        if upstream is not None:
            backward.append(partial(block.T.dot, slope, upstream))
        return Bound((forward,), tuple(backward))

    def _bind_sequence(self, arrays: Binding) -> Bound:
        (block,) = arrays.parameters
        source = arrays.inputs[0]
        columns, copying = _side_by_side(source, block.shape[1])
        # Not one product for all steps of time, whose result would have to be copied back.
        forward = (copying, partial(np.matmul, block, columns.transpose(1, 0, 2), arrays.output))
        slope = arrays.output_gradient
        if slope is None:
            return Bound(forward)
        backward = [*_weight_gradient(columns, slope, arrays.parameter_gradients[0])]
        upstream = arrays.input_gradients[0]
        if upstream is not None:
            # With one unit there is nothing to add up, and a product of numbers is faster than one of matrices.
            times = np.multiply if self.units == 1 else np.matmul
            backward.append(partial(times, block[:, : source.shape[1]].T, slope, upstream))
        return Bound(forward, tuple(backward))

    def bind_weights(
        self, inputs: tuple[Array, ...], output_gradient: Array, parameter_gradients: tuple[Array, ...]
    ) -> tuple[Call, ...]:
        (gradient,) = parameter_gradients
        columns, copying = _side_by_side(inputs[0], gradient.shape[1])
        return (copying, *_weight_gradient(columns, output_gradient, gradient))

    def scratch_values(self, *inputs: Shape) -> int:
        *time, fan_in = inputs[0]
        return time[0] * (fan_in + 1 + self.units) if time else 0

    def macs(self, *inputs: Shape) -> int:
        return self.units * math.prod(inputs[0])


def _side_by_side(sequence: Array, width: int) -> tuple[Array, Call]:
    """Room for a sequence as ``(width, time, batch)``, with ones where that is more than its features, and what copies it there."""
    time, features, batch = sequence.shape
    columns = np.ones((width, time, batch), sequence.dtype)
    return columns, partial(np.copyto, columns[:features], sequence.transpose(1, 0, 2))


def _weight_gradient(columns: Array, slope: Array, gradient: Array) -> tuple[Call, ...]:
    """One product over time and batch; ``slope`` is ``(time, units, batch)``."""
    time, units, batch = slope.shape
    slopes = np.empty((units, time, batch), slope.dtype)
    product = partial(slopes.reshape(units, -1).dot, columns.reshape(len(columns), -1).T, gradient)
    return partial(np.copyto, slopes, slope.transpose(1, 0, 2)), product
