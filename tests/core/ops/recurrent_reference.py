"""Recurrent networks as a textbook writes them: one step after the other, no layout, no shortcut; in NumPy or in PyTorch.

Arrays are batch first: ``(batch, time, features)``. ``lib`` is the module whose functions are used.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from core.ops import activations
from core.ops.op import Array, Shape
from core.ops.recurrent.gru import Gru
from core.ops.recurrent.lstm import Lstm
from core.ops.recurrent.recurrence import Recurrent
from core.ops.recurrent.rnn import Rnn

Weights = dict[str, Any]
States = tuple[Any, ...]


def block_shapes(op: Recurrent, features: int) -> tuple[Shape, ...]:
    """The shapes of the parameters of an op that reads so many features."""
    return tuple(block.shape for block in op.blocks(features, "zeros", "zeros"))


def by_name(op: Recurrent, features: int, blocks: tuple[Any, ...] | list[Any]) -> Weights:
    """The parts of the blocks by their names."""
    declared = op.blocks(features, "zeros", "zeros")
    return {
        view.name: values[view.index] for block, values in zip(declared, blocks, strict=True) for view in block.views
    }


def sigmoid(lib: Any, z: Any) -> Any:
    return 1 / (1 + lib.exp(-z))


CURVES: dict[type, Callable[[Any, Any], Any]] = {
    activations.Tanh: lambda lib, z: lib.tanh(z),
    activations.Sigmoid: sigmoid,
    activations.Relu: lambda lib, z: lib.maximum(z, 0 * z),
    activations.Identity: lambda lib, z: z,
}


def weighted(w: Weights, name: str, x: Any, h: Any) -> Any:
    return x @ w[name + "input_weight"].T + h @ w[name + "recurrent_weight"].T + w[name + "bias"]


def rnn_step(lib: Any, op: Rnn, w: Weights, x: Any, states: States) -> States:
    return (CURVES[type(op.activation)](lib, weighted(w, "", x, states[0])),)


def gru_step(lib: Any, op: Gru, w: Weights, x: Any, states: States) -> States:
    (h,) = states
    reset = sigmoid(lib, weighted(w, "reset_gate.", x, h))
    update = sigmoid(lib, weighted(w, "update_gate.", x, h))
    seen = weighted(w, "candidate.", x, reset * h)
    if op.reset_after:
        seen = x @ w["candidate.input_weight"].T + w["candidate.bias"] + reset * (h @ w["candidate.recurrent_weight"].T)
    return (update * h + (1 - update) * lib.tanh(seen),)


def lstm_step(lib: Any, op: Lstm, w: Weights, x: Any, states: States) -> States:
    h, c = states

    def gate(there: bool, name: str, memory: Any) -> Any:
        if not there:
            return 1.0
        z = weighted(w, name, x, h)
        return sigmoid(lib, z + w[name + "peephole"] * memory if op.peepholes else z)

    entering, keeping = gate(op.input_gate, "input_gate.", c), gate(op.forget_gate, "forget_gate.", c)
    c = keeping * c + entering * CURVES[type(op.candidate_curve)](lib, weighted(w, "candidate.", x, h))
    return gate(op.output_gate, "output_gate.", c) * CURVES[type(op.output_curve)](lib, c), c


STEPS: dict[type, Callable[..., States]] = {Rnn: rnn_step, Gru: gru_step, Lstm: lstm_step}


def run(lib: Any, op: Recurrent, blocks: tuple[Any, ...] | list[Any], x: Any, *others: Any) -> Any:
    """The output of ``op``: ``(batch, units)``, or ``(batch, time, units)`` with ``sequence``."""
    w = by_name(op, x.shape[2], blocks)
    nothing = 0 * x[:, 0, :1] * lib.ones_like(w[next(iter(w))][:, 0])
    starts = dict(zip(op.initial, others))
    states: States = tuple(starts.get(state, nothing) for state in range(2 if isinstance(op, Lstm) else 1))
    outputs: dict[int, Any] = {}
    for t in reversed(range(x.shape[1])) if op.reverse else range(x.shape[1]):
        new = STEPS[type(op)](lib, op, w, x[:, t], states)
        if op.masked:
            new = tuple(lib.where(others[-1][:, t] >= 0.5, after, before) for after, before in zip(new, states))
        states = new
        outputs[t] = states[0]
    return lib.stack([outputs[t] for t in sorted(outputs)], 1) if op.sequence else states[0]


def plain(op: Recurrent, blocks: tuple[Array, ...], *inputs: Array) -> Array:
    """The same for arrays as the engine has them, batch last."""
    output: Array = run(np, op, blocks, *(np.moveaxis(array, -1, 0) for array in inputs))
    return np.moveaxis(output, 0, -1)
