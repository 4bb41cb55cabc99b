"""RNN, GRU and LSTM beside PyTorch's own modules: outputs, and gradients by inputs, initial states and every weight.

PyTorch adds two biases where we have one; its second is 0 here. Its gates come in another order.
"""

from typing import Any

import numpy as np
import pytest

from core.ops.activations import Relu, Tanh
from core.ops.evaluate import evaluate
from core.ops.op import Array
from core.ops.recurrent.gru import Gru
from core.ops.recurrent.lstm import Lstm
from core.ops.recurrent.recurrence import Recurrent
from core.ops.recurrent.rnn import Rnn
from tests.core.ops.recurrent_reference import block_shapes, by_name

torch = pytest.importorskip("torch", reason="PyTorch, the oracle, is not installed")
torch.set_num_threads(1)
pytestmark = pytest.mark.oracle

TIME, FEATURES, UNITS, BATCH = 7, 3, 5, 6

ORDER: dict[type[Recurrent], tuple[str, ...]] = {
    Rnn: ("",),
    Gru: ("reset_gate.", "update_gate.", "candidate."),
    Lstm: ("input_gate.", "forget_gate.", "candidate.", "output_gate."),
}
"""The parts in PyTorch's order."""

MODULES: dict[type[Recurrent], Any] = {Rnn: torch.nn.RNN, Gru: torch.nn.GRU, Lstm: torch.nn.LSTM}

OPS = (Rnn(UNITS), Rnn(UNITS, activation=Relu()), Gru(UNITS), Lstm(UNITS))

LIMITS = [(np.float64, 1e-12, 1e-10), (np.float32, 1e-5, 1e-5)]


def stacked(op: Recurrent, blocks: tuple[Array, ...], name: str) -> Any:
    """All parts of one name below each other, in PyTorch's order."""
    parts = by_name(op, FEATURES, blocks)
    return torch.tensor(np.concatenate([parts[gate + name] for gate in ORDER[type(op)]]))


def load(module: Any, op: Recurrent, blocks: tuple[Array, ...], suffix: str = "") -> None:
    """Give a module the weights of our blocks."""
    with torch.no_grad():
        getattr(module, "weight_ih_l0" + suffix)[...] = stacked(op, blocks, "input_weight")
        getattr(module, "weight_hh_l0" + suffix)[...] = stacked(op, blocks, "recurrent_weight")
        getattr(module, "bias_ih_l0" + suffix)[...] = stacked(op, blocks, "bias")
        getattr(module, "bias_hh_l0" + suffix)[...] = 0


def make_module(op: Recurrent, dtype: Any, both: bool = False) -> Any:
    options = {"nonlinearity": "tanh" if isinstance(op.activation, Tanh) else "relu"} if isinstance(op, Rnn) else {}
    kind = torch.float64 if dtype == np.float64 else torch.float32
    return MODULES[type(op)](FEATURES, UNITS, batch_first=True, bidirectional=both, dtype=kind, **options)


def outward(values: Array) -> Any:
    return torch.tensor(np.moveaxis(values, -1, 0).copy(), requires_grad=True)


def inward(tensor: Any) -> Array:
    return np.moveaxis(tensor.detach().numpy(), 0, -1)


def draw(op: Recurrent, dtype: Any, seed: int = 4) -> tuple[list[Array], tuple[Array, ...]]:
    generator = np.random.default_rng(seed)
    inputs = [generator.standard_normal((TIME, FEATURES, BATCH)).astype(dtype)]
    inputs += [generator.standard_normal((UNITS, BATCH)).astype(dtype) for _ in op.initial]
    return inputs, tuple(generator.standard_normal(shape).astype(dtype) / 2 for shape in block_shapes(op, FEATURES))


@pytest.mark.parametrize(("dtype", "forward", "backward"), LIMITS)
@pytest.mark.parametrize("sequence", [False, True], ids=["last", "sequence"])
@pytest.mark.parametrize("started", [False, True], ids=["from nothing", "from a state"])
@pytest.mark.parametrize("op", OPS, ids=str)
def test_a_cell_agrees(
    op: Recurrent, started: bool, sequence: bool, dtype: Any, forward: float, backward: float
) -> None:
    states = (0, 1)[: (1 + isinstance(op, Lstm)) * started]
    op = type(op)(**{**vars(op), "sequence": sequence, "initial": states})
    inputs, blocks = draw(op, dtype)
    module = make_module(op, dtype)
    load(module, op, blocks)
    tensors = [outward(array) for array in inputs]
    initial = [tensor[None] for tensor in tensors[1:]]
    answer, _ = module(tensors[0], *([tuple(initial) if len(states) == 2 else initial[0]] if started else []))
    theirs = answer if sequence else answer[:, -1]
    gradient = np.random.default_rng(5).standard_normal(inward(theirs).shape).astype(dtype)
    theirs.backward(torch.tensor(np.moveaxis(gradient, -1, 0).copy()))
    ours = evaluate(op, *inputs, parameters=blocks, output_gradient=gradient)
    np.testing.assert_allclose(ours.output, inward(theirs), rtol=forward, atol=forward)
    pairs = [(mine, inward(tensor.grad)) for mine, tensor in zip(ours.input_gradients, tensors, strict=True)]
    for name, weight in (("input_weight", "weight_ih"), ("recurrent_weight", "weight_hh"), ("bias", "bias_ih")):
        mine = stacked(op, ours.parameter_gradients, name).numpy()
        pairs.append((mine, getattr(module, weight + "_l0").grad.numpy()))
    for mine, other in pairs:
        np.testing.assert_allclose(mine, other, rtol=backward, atol=backward * max(1.0, np.abs(other).max()))


@pytest.mark.parametrize("op", OPS, ids=str)
def test_two_directions_agree(op: Recurrent) -> None:
    """PyTorch's two final states are that of the last step and that of the first one read backwards."""
    sequence = type(op)(**{**vars(op), "sequence": True})
    module = make_module(op, np.float64, both=True)
    (inputs,), there = draw(op, np.float64)
    _, back = draw(op, np.float64, seed=6)
    load(module, op, there)
    load(module, op, back, "_reverse")
    outputs, final = module(outward(inputs))
    final = final[0] if isinstance(op, Lstm) else final
    for one, weights, reverse in ((0, there, False), (1, back, True)):
        part = slice(one * UNITS, (one + 1) * UNITS)
        steps = evaluate(type(op)(**{**vars(sequence), "reverse": reverse}), inputs, parameters=weights).output
        np.testing.assert_allclose(steps, inward(outputs)[:, part], rtol=1e-12, atol=1e-12)
        last = evaluate(type(op)(**{**vars(op), "reverse": reverse}), inputs, parameters=weights).output
        np.testing.assert_allclose(last, inward(final[one]), rtol=1e-12, atol=1e-12)


def test_sequences_of_different_lengths_agree() -> None:
    lengths = np.array([7, 5, 1, 4, 2, 6])
    (inputs,), blocks = draw(Lstm(UNITS), np.float64)
    module = make_module(Lstm(UNITS), np.float64)
    load(module, Lstm(UNITS), blocks)
    packed = torch.nn.utils.rnn.pack_padded_sequence(
        outward(inputs), torch.tensor(lengths), batch_first=True, enforce_sorted=False
    )
    _, (final, _) = module(packed)
    mask = (np.arange(TIME)[:, np.newaxis, np.newaxis] < lengths).astype(float)
    ours = evaluate(Lstm(UNITS, masked=True), inputs, mask, parameters=blocks).output
    np.testing.assert_allclose(ours, inward(final[0]), rtol=1e-12, atol=1e-12)
