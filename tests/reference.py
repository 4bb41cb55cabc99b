"""A slow interpreter of plans: what the fast engine is compared with.

It runs one op after the other on new arrays, keeps every value, and adds up gradients in a dictionary; nothing is shared, nothing
is left out, nothing is allocated in advance.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.compiler.plan import Plan
from core.ops.evaluate import evaluate
from core.ops.layout import batch_last
from core.ops.op import Array, LossOp


@dataclass(frozen=True)
class Interpretation:
    """Values by slot (sample shape + (batch,)), the weighted sum of the losses, gradients by slot and by parameter block."""

    values: dict[int, Array]
    loss: float
    gradients: dict[int, Array]
    block_gradients: tuple[Array, ...]


def interpret(plan: Plan, vector: Array, inputs: Mapping[str, Array], targets: Mapping[str, Array]) -> Interpretation:
    """Forward and backward on batch-first arrays, without dropout."""
    values = {binding.slot: _columns(inputs[binding.node]) for binding in plan.inputs}
    batch = len(next(iter(inputs.values())))
    values |= {loss.target_slot: _columns(targets[loss.node]) for loss in plan.losses if loss.target_slot is not None}
    sizes = [int(np.prod(planned.block.shape)) for planned in plan.parameters]
    blocks = tuple(
        vector[planned.offset : planned.offset + size].reshape(planned.block.shape)
        for planned, size in zip(plan.parameters, sizes)
    )
    loss = 0.0
    for step in plan.steps:
        read = tuple(values[slot] for slot in step.inputs)
        parameters = tuple(blocks[i] for i in step.parameters)
        values[step.output] = evaluate(step.op, *read, parameters=parameters, batch=batch).output
        if isinstance(step.op, LossOp):
            loss += step.op.weight * float(values[step.output])
    gradients: dict[int, Array] = {}
    block_gradients = tuple(np.zeros_like(block) for block in blocks)
    for step in reversed(plan.steps):
        if not isinstance(step.op, LossOp) and step.output not in gradients:
            continue
        read = tuple(values[slot] for slot in step.inputs)
        result = evaluate(
            step.op,
            *read,
            parameters=tuple(blocks[i] for i in step.parameters),
            output_gradient=gradients.get(step.output),
        )
        for slot, gradient in zip(step.inputs, result.input_gradients):
            gradients[slot] = gradients.get(slot, np.zeros_like(gradient)) + gradient
        for index, gradient in zip(step.parameters, result.parameter_gradients):
            block_gradients[index][...] += gradient
    return Interpretation(values, loss, gradients, block_gradients)


def _columns(samples: Array) -> Array:
    return np.ascontiguousarray(batch_last(samples))
