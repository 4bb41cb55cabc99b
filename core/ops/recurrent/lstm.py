"""The LSTM and its history: a memory that adds up, and the gates that were put around it one after the other.

Without any gate the memory is the constant error carousel, ``c_t = c_{t-1} + g_t``, through which a gradient passes unchanged for as
long as one likes. With an input and an output gate it is the cell of 1997, with a forget gate that of 2000, and peepholes let the
gates see the memory itself. A gate that is switched off is not computed at all.
"""

from dataclasses import dataclass, field
from functools import partial

import numpy as np

from core.ops.activations import Tanh
from core.ops.elementwise import Activation
from core.ops.op import Array, Call, ParameterBlock, ParameterView, Shape
from core.ops.recurrent.curves import CURVES, Calls
from core.ops.recurrent.peepholes import Peepholes
from core.ops.recurrent.recurrence import Cell, Frame, OneProductCell, Recurrent, weight_views

OUTPUT, INPUT, FORGET, CANDIDATE = "output_gate", "input_gate", "forget_gate", "candidate"


@dataclass(frozen=True)
class Lstm(Recurrent):
    """``c_t = f_t c_{t-1} + i_t g_t``, ``h_t = o_t k(c_t)``.

    ``i, f, o = s(W x_t + U h_{t-1} + b + p c)``, each with weights of its own, ``s`` the sigmoid; ``g_t = g(W x_t + U h_{t-1} + b)``. A gate that is
    switched off counts as 1. ``p c`` only with ``peepholes``: the input and the forget gate see ``c_{t-1}``, the output gate ``c_t`` (Gers and
    Schmidhuber, Recurrent nets that time and count, 2000). The states are ``h`` and ``c``. Hochreiter and Schmidhuber, Long short-term memory,
    1997; the forget gate: Gers, Schmidhuber and Cummins, Learning to forget, 2000.

    The first block is ``(rows, features + units + 1)`` with the rows of the output, input and forget gate, as far as there are any, and then
    the candidate ``g``; the second, with peepholes, is ``(gates, units)``.
    """

    input_gate: bool = True
    output_gate: bool = True
    forget_gate: bool = True
    peepholes: bool = False
    candidate_curve: Activation = field(default_factory=Tanh)
    output_curve: Activation = field(default_factory=Tanh)

    @property
    def smooth(self) -> bool:  # type: ignore[override]
        return self.candidate_curve.smooth and self.output_curve.smooth

    @property
    def gates(self) -> tuple[str, ...]:
        """The gates that there are, in the order of their rows."""
        present = {OUTPUT: self.output_gate, INPUT: self.input_gate, FORGET: self.forget_gate}
        return tuple(gate for gate, there in present.items() if there)

    def blocks(
        self, features: int, initializer: str, recurrent_initializer: str, prefix: str = "", forget_bias: str = "ones"
    ) -> tuple[ParameterBlock, ...]:
        """For each gate and the candidate ``input_weight``, ``recurrent_weight`` and ``bias``; with peepholes ``peephole (units,)`` of each gate.

        Biases start at 0, the forget gate's as ``forget_bias`` says: at 1 a fresh cell remembers (Jozefowicz et al., 2015).
        """
        names = (*self.gates, CANDIDATE)
        views: list[ParameterView] = []
        for place, name in enumerate(names):
            bias = forget_bias if name == FORGET else "zeros"
            views += weight_views(
                f"{prefix}{name}.", self.rows(place), features, self.units, initializer, recurrent_initializer, bias
            )
        block = ParameterBlock((len(names) * self.units, features + self.units + 1), tuple(views))
        if not (self.peepholes and self.gates):
            return (block,)
        looks = tuple(
            ParameterView(f"{prefix}{name}.peephole", (place,), initializer, features + self.units, self.units)
            for place, name in enumerate(self.gates)
        )
        return block, ParameterBlock((len(looks), self.units), looks)

    def cell(self, frame: Frame) -> Cell:
        return LstmCell(frame, self)

    def macs(self, *inputs: Shape) -> int:
        time, features = inputs[0]
        return time * (len(self.gates) + 1) * self.units * (features + self.units)

    def rows(self, place: int) -> slice:
        """Where the gate at this place is, or the candidate, among the rows of the block."""
        return slice(place * self.units, (place + 1) * self.units)


class LstmCell(OneProductCell):
    """One product for all gates and the candidate, and one tanh: ``s(z) = (1 + tanh(z / 2)) / 2``, the half of ``z`` folded into the weights.

    The rows of a step are the gates, the candidate and the memory before it, so that the input gate over the forget gate, times the
    candidate over the memory, is one call.
    """

    def __init__(self, frame: Frame, op: Lstm) -> None:
        units, gates = op.units, len(op.gates)
        super().__init__(frame, (gates + 1) * units, (gates + 2) * units)
        self._op = op
        self._of = {name: op.rows(place) for place, name in enumerate((*op.gates, CANDIDATE))}
        self._values = frame.room(frame.time + 1, (gates + 2) * units)
        self._memory = self._values[:, -units:]
        self._bent = frame.room(frame.time, units) if op.output_gate else self.output[1:]
        self._weights, self._scale = np.empty_like(self.block), np.ones_like(self.block)
        self._scale[: gates * units] = 0.5
        looking = op.gates if op.peepholes else ()
        rows, after = tuple(self._of[gate] for gate in looking), tuple(gate == OUTPUT for gate in looking)
        self._peepholes = Peepholes(frame, rows, after, self._values, self._memory)
        self._late = op.rows(0) if any(after) else slice(0, 0)
        self._gates, self._early = slice(0, gates * units), slice(self._late.stop, gates * units)
        self._inner = slice(op.output_gate * units, gates * units)
        start = self._of[CANDIDATE].start + (not op.input_gate) * units
        self._gated = slice(start, start + self._inner.stop - self._inner.start)
        self._terms = frame.room(self._inner.stop - self._inner.start)
        self.states, self.carried = (self.output, self._memory), (frame.room(units), frame.room(units))
        self._slope, self._memory_slope = frame.room(self.stretch, self.rows), frame.room(self.stretch, units)
        self._share = frame.room(units)

    def prepare(self) -> Calls:
        scale = partial(np.multiply, self.block, self._scale, self._weights)
        return *self.read(), scale, *self._peepholes.prepare()

    def step(self, s: int) -> Calls:
        op, values, bent = self._op, self._values[s], self._bent[s]
        before, memory, terms = self._memory[s], self._memory[s + 1], self._terms
        added = terms[: op.units] if op.input_gate else values[self._of[CANDIDATE]]
        kept = terms[-op.units :] if op.forget_gate else before
        calls: list[Call] = [partial(self._weights.dot, self.stack[s], values[: self.rows])]
        calls += self._peepholes.look(s, after=False)
        calls += self._bend(values)
        calls.append(partial(np.multiply, values[self._inner], values[self._gated], terms))
        calls.append(partial(np.add, kept, added, memory))
        calls += CURVES[type(op.output_curve)].apply(self.frame.arrays, memory, bent)
        if self._late.stop:
            calls += self._peepholes.look(s, after=True)
            calls.append(partial(np.tanh, values[self._late], values[self._late]))
            calls += self._open(values[self._late])
        if op.output_gate:
            calls.append(partial(np.multiply, values[self._of[OUTPUT]], bent, self.output[s + 1]))
        return tuple(calls)

    def _bend(self, values: Array) -> Calls:
        """The gates that do not look at the memory after the step, and the candidate."""
        gates, candidate = values[self._early], values[self._of[CANDIDATE]]
        if isinstance(self._op.candidate_curve, Tanh):
            together = values[self._early.start : self._of[CANDIDATE].stop]
            return partial(np.tanh, together, together), *self._open(gates)
        curve = CURVES[type(self._op.candidate_curve)].apply(self.frame.arrays, candidate, candidate)
        return *curve, partial(np.tanh, gates, gates), *self._open(gates)

    def _open(self, gates: Array) -> Calls:
        """From tanh to sigmoid."""
        half = self.frame.arrays.constant(0.5)
        return partial(np.multiply, gates, half, gates), partial(np.add, gates, half, gates)

    def begin(self) -> Calls:
        return self.turn(), partial(self.carried[1].fill, 0)

    def slopes(self, start: int, stop: int) -> Calls:
        arrays, op, count = self.frame.arrays, self._op, stop - start
        values, slope, bent = self._values[start:stop], self._slope[:count], self._bent[start:stop]
        memory_slope, gates, inner = self._memory_slope[:count], slope[:, self._gates], slope[:, self._inner]
        candidate = slope[:, self._of[CANDIDATE]]
        calls: list[Call] = [
            partial(np.subtract, arrays.constant(1), values[:, self._gates], gates),
            partial(np.multiply, gates, values[:, self._gates], gates),
            partial(np.multiply, inner, values[:, self._gated], inner),
            *CURVES[type(op.candidate_curve)].slope(arrays, values[:, self._of[CANDIDATE]], candidate),
            *CURVES[type(op.output_curve)].slope(arrays, bent, memory_slope),
        ]
        if op.input_gate:
            calls.append(partial(np.multiply, candidate, values[:, self._of[INPUT]], candidate))
        if op.output_gate:
            output = slope[:, self._of[OUTPUT]]
            calls.append(partial(np.multiply, output, bent, output))
            calls.append(partial(np.multiply, memory_slope, values[:, self._of[OUTPUT]], memory_slope))
        return tuple(calls)

    def back(self, s: int, arriving: Array) -> Calls:
        op, place, memory = self._op, s % self.stretch, self.carried[1]
        delta, slope = self.deltas[place], self._slope[place]
        calls: list[Call] = [
            partial(np.multiply, self._memory_slope[place], arriving, self._share),
            partial(np.add, memory, self._share, memory),
        ]
        if op.output_gate:
            calls.append(partial(np.multiply, slope[: op.units], arriving, delta[: op.units]))
            calls += self._peepholes.back(delta, True, memory)
        inner, by_unit = self._inner.start, (-1, op.units, self.frame.batch)
        calls.append(partial(np.multiply, slope[inner:].reshape(by_unit), memory, delta[inner:].reshape(by_unit)))
        if op.forget_gate:
            calls.append(partial(np.multiply, memory, self._values[s, self._of[FORGET]], memory))
        calls += self._peepholes.back(delta, False, memory)
        return tuple(calls)

    def gradients(self, start: int, stop: int) -> Calls:
        return *self.product_gradients(start, stop), *self._peepholes.gradients(self.deltas, start, stop)
