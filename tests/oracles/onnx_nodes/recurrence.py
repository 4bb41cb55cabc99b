"""Recurrent ops of ONNX, whose gates stand in another order, and whose two biases are one."""

import numpy as np

from core.ops.op import Array
from core.ops.recurrent.gru import Gru
from core.ops.recurrent.lstm import Lstm
from core.ops.recurrent.recurrence import Recurrent
from core.ops.recurrent.rnn import Rnn
from tests.oracles.onnx_nodes.case import Adapter, Case, Pairs, run

INITIAL_STATE, PEEPHOLES = 5, 7


def rnn(case: Case) -> Pairs:
    weight, recurrent, bias, _ = _parts(case, 1)
    return _compared(
        case, Rnn(case.attributes["hidden_size"], sequence=True), np.column_stack([weight[0], recurrent[0], bias[0]])
    )


def gru(case: Case) -> Pairs:
    """ONNX: update, reset, candidate."""
    weight, recurrent, bias, _ = _parts(case, 3)
    update, reset, candidate = range(3)
    by_input = [np.column_stack([weight[gate], bias[gate]]) for gate in (candidate, reset, update)]
    by_state = [recurrent[gate] for gate in (reset, update, candidate)]
    op = Gru(case.attributes["hidden_size"], sequence=True, reset_after=bool(case.get("linear_before_reset", 0)))
    return _compared(case, op, np.concatenate(by_input), np.concatenate(by_state))


def lstm(case: Case) -> Pairs:
    """ONNX: input, output, forget, candidate; its peepholes input, output, forget."""
    weight, recurrent, bias, peepholes = _parts(case, 4)
    rows = (1, 0, 2, 3)
    blocks = [np.concatenate([np.column_stack([weight[gate], recurrent[gate], bias[gate]]) for gate in rows])]
    if peepholes is not None:
        blocks.append(np.stack([peepholes[gate] for gate in rows[:3]]))
    return _compared(case, Lstm(case.attributes["hidden_size"], sequence=True, peepholes=len(blocks) > 1), *blocks)


def _parts(case: Case, gates: int) -> tuple[list[Array], list[Array], list[Array], list[Array] | None]:
    """(input weights, recurrent weights, biases, peepholes), each gate by gate, of the one direction."""
    units = case.attributes["hidden_size"]
    weight, recurrent = (np.split(array[0], gates) for array in case.given[1:3])
    bias, peepholes = case.input(3), case.input(PEEPHOLES)
    both = np.zeros((2, gates, units)) if bias is None else bias[0].reshape(2, gates, units)
    return weight, recurrent, list(both.sum(0)), None if peepholes is None else np.split(peepholes[0], 3)


def _compared(case: Case, op: Recurrent, *blocks: Array) -> Pairs:
    """The whole sequence and the last state, where ONNX gives them."""
    x = case.given[0]
    batch_first = bool(case.get("layout", 0))
    y = run(op, x.transpose(1, 2, 0) if batch_first else x.transpose(0, 2, 1), parameters=blocks)
    sequence, last = y.transpose(0, 2, 1)[:, None], y[-1].T[None]
    if batch_first:
        sequence, last = sequence.transpose(2, 0, 1, 3), last.transpose(1, 0, 2)
    return [(sequence if expected.ndim == 4 else last, expected) for expected in case.outputs]


ADAPTERS: dict[str, Adapter] = {"RNN": rnn, "GRU": gru, "LSTM": lstm}
