"""Evaluate one op on given arrays, by itself: for drawing curves, for explaining, and for checking gradients.

Slow and simple on purpose: it allocates everything anew, so that what it says depends on nothing but its arguments.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from core.ops.op import Array, Binding, LossOp, Op


@dataclass(frozen=True)
class Evaluation:
    """What an op made of its inputs: all arrays are new."""

    output: Array
    input_gradients: tuple[Array, ...] = ()
    parameter_gradients: tuple[Array, ...] = ()


def evaluate(
    op: Op,
    *inputs: Array,
    parameters: tuple[Array, ...] = (),
    output_gradient: Array | None = None,
    training: bool = False,
    seed: int = 0,
    batch: int = 1,
    dtype: Any = np.float64,
) -> Evaluation:
    """Run ``op`` forward on arrays of sample shape + (batch,); backward too if ``output_gradient`` is given, or if it is a loss.

    Everything is in the dtype and for the batch of the first input; ``batch`` and ``dtype`` are for an op that reads nothing. A loss with a
    target fills only ``input_gradients[0]``; the target's stays 0.
    """
    if inputs:
        dtype, batch = inputs[0].dtype, inputs[0].shape[-1]
    extended = tuple(_extended(array) for array in inputs)
    values = tuple(rows[:-1].reshape(array.shape) for rows, array in zip(extended, inputs))
    is_loss = isinstance(op, LossOp)
    shape = op.output_shape(*(array.shape[:-1] for array in inputs))
    output = np.empty(() if is_loss else (*shape, batch), dtype)
    backward = is_loss or output_gradient is not None
    extended_gradients = tuple(np.zeros_like(rows) for rows in extended)
    input_gradients = tuple(rows[:-1].reshape(array.shape) for rows, array in zip(extended_gradients, inputs))
    parameter_gradients = tuple(np.zeros_like(array) for array in parameters)
    bound = op.bind(
        Binding(
            inputs=values,
            extended=extended,
            output=output,
            input_gradients=input_gradients if backward else (None,) * len(values),
            extended_gradients=extended_gradients if backward else (None,) * len(values),
            output_gradient=None if output_gradient is None else np.ascontiguousarray(output_gradient, dtype),
            parameters=parameters,
            parameter_gradients=parameter_gradients if backward else (),
            training=training,
            random=np.random.default_rng(seed),
        )
    )
    with np.errstate(all="ignore"):
        for call in (*bound.forward, *bound.measure, *bound.backward):
            call()
    if not backward:
        return Evaluation(output)
    return Evaluation(output, input_gradients, parameter_gradients)


def _extended(array: Array) -> Array:
    """The array as (size + 1, batch) with a last row of ones."""
    rows = np.ones((array.size // array.shape[-1] + 1, array.shape[-1]), array.dtype)
    rows[:-1] = array.reshape(-1, array.shape[-1])
    return rows
