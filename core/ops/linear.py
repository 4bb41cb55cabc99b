"""Linear: the weighted sum that every layer of neurons starts with.

The bias is the last column of the weights and meets a row of ones under the input, so that one matrix product makes the
weighted sum with its bias, and one more makes the gradients of both. On small networks a call costs more than its arithmetic,
and this saves two of five.
"""

from dataclasses import dataclass
from functools import partial

from core.ops.op import Binding, Bound, Call, Op, ParameterBlock, ParameterView, Shape


@dataclass(frozen=True)
class Linear(Op):
    """``z = W x + b``.

    Backward: ``dL/dW = dL/dz x^T``, ``dL/db`` the sum of ``dL/dz`` over the batch, ``dL/dx = W^T dL/dz``.
    Input ``(fan_in,)``, output ``(units,)``; the block is ``(units, fan_in + 1)``, or ``(units, fan_in)`` without a bias.
    Raises ValueError for an input that is not one row of features.
    """

    units: int
    bias: bool = True

    def output_shape(self, *inputs: Shape) -> Shape:
        (shape,) = inputs
        if len(shape) != 1:
            raise ValueError(f"linear reads one row of features, (features,); received {shape}; flatten it first.")
        return (self.units,)

    def block(self, fan_in: int, initializer: str) -> ParameterBlock:
        """The parameters for ``fan_in`` input values: ``weight (units, fan_in)`` and ``bias (units,)``, which starts at zero."""
        everything = slice(None)
        weight = ParameterView("weight", (everything, slice(0, fan_in)), initializer, fan_in, self.units)
        if not self.bias:
            return ParameterBlock((self.units, fan_in), (weight,))
        bias = ParameterView("bias", (everything, fan_in), "zeros", fan_in, self.units, regularized=False)
        return ParameterBlock((self.units, fan_in + 1), (weight, bias))

    def bind(self, arrays: Binding) -> Bound:
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

    def macs(self, *inputs: Shape) -> int:
        return self.units * inputs[0][0]
