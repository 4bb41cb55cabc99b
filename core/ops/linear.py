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

from core.ops.op import Binding, Bound, Call, Op, ParameterBlock, ParameterView, Shape


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
        backward: list[Call] = [partial(slope.dot, source.T, arrays.parameter_gradients[0])]
        # The bias column takes part, for a product with a part of a matrix copies that part first.
        upstream = arrays.extended_gradients[0] if self.bias else arrays.input_gradients[0]
        if upstream is not None:
            backward.append(partial(block.T.dot, slope, upstream))
        return Bound((forward,), tuple(backward))

    def _bind_sequence(self, arrays: Binding) -> Bound:
        (block,) = arrays.parameters
        source = arrays.inputs[0]
        time, fan_in, batch = source.shape
        side_by_side = arrays.scratch((block.shape[1], time, batch))
        side_by_side[-1] = 1
        forward = (
            partial(np.copyto, side_by_side[:fan_in], source.transpose(1, 0, 2)),
            # Not one product for all steps of time, whose result would have to be copied back.
            partial(np.matmul, block, side_by_side.transpose(1, 0, 2), arrays.output),
        )
        slope = arrays.output_gradient
        if slope is None:
            return Bound(forward)
        columns = arrays.scratch((self.units, time, batch))
        backward: list[Call] = [
            partial(np.copyto, columns, slope.transpose(1, 0, 2)),
            partial(
                columns.reshape(self.units, -1).dot,
                side_by_side.reshape(len(side_by_side), -1).T,
                arrays.parameter_gradients[0],
            ),
        ]
        upstream = arrays.input_gradients[0]
        if upstream is not None:
            # With one unit there is nothing to add up, and a product of numbers is faster than one of matrices.
            times = np.multiply if self.units == 1 else np.matmul
            backward.append(partial(times, block[:, :fan_in].T, slope, upstream))
        return Bound(forward, tuple(backward))

    def macs(self, *inputs: Shape) -> int:
        return self.units * math.prod(inputs[0])
