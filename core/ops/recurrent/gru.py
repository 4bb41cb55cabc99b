"""The GRU: a state that is renewed in part, as much as the update gate says; fewer weights than an LSTM, and no second state.

The reset gate says how much of the state the candidate sees. In the form that PyTorch and cuDNN compute it acts on the product
with the state, in that of the first paper on the state itself.
"""

from abc import abstractmethod
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

from core.ops.op import Array, ParameterBlock, ParameterView, Shape
from core.ops.recurrent.curves import Calls
from core.ops.recurrent.recurrence import Cell, Frame, Recurrent, WeightGradient

CANDIDATE, RESET, UPDATE = "candidate", "reset_gate", "update_gate"


@dataclass(frozen=True)
class Gru(Recurrent):
    """``h_t = z_t h_{t-1} + (1 - z_t) n_t``, ``n_t = tanh(W x_t + b + r_t (U h_{t-1}))`` or, without ``reset_after``, ``tanh(W x_t + b + U (r_t h_{t-1}))``.

    ``r, z = s(W x_t + U h_{t-1} + b)``, each with weights of its own, ``s`` the sigmoid. Cho et al., Learning phrase representations using RNN
    encoder-decoder, 2014, whose form is the one without ``reset_after``; with it the bias is PyTorch's ``b_in``, and its ``b_hn`` is 0.

    The first block is ``(3 units, features + 1)``, ``[W | b]`` of candidate, reset and update gate; the second ``(3 units, units)``, ``U`` of reset
    gate, update gate and candidate.
    """

    reset_after: bool = True

    def blocks(
        self, features: int, initializer: str, recurrent_initializer: str, prefix: str = ""
    ) -> tuple[ParameterBlock, ...]:
        """For each gate and the candidate ``input_weight``, ``recurrent_weight`` and ``bias``, which starts at 0."""
        units, fan_in = self.units, features + self.units
        views: list[ParameterView] = []
        recurrent: list[ParameterView] = []
        for place, name in enumerate((CANDIDATE, RESET, UPDATE)):
            rows, name = slice(place * units, (place + 1) * units), f"{prefix}{name}."
            weight = rows, slice(0, features)
            views.append(ParameterView(name + "input_weight", weight, initializer, features, units))
            views.append(ParameterView(name + "bias", (rows, features), "zeros", fan_in, units, regularized=False))
        for place, name in enumerate((RESET, UPDATE, CANDIDATE)):
            rows, name = slice(place * units, (place + 1) * units), f"{prefix}{name}."
            recurrent.append(ParameterView(name + "recurrent_weight", (rows,), recurrent_initializer, units, units))
        return (
            ParameterBlock((3 * units, features + 1), tuple(views)),
            ParameterBlock((3 * units, units), tuple(recurrent)),
        )

    def cell(self, frame: Frame) -> Cell:
        return ResetAfter(frame) if self.reset_after else ResetBefore(frame)

    def macs(self, *inputs: Shape) -> int:
        time, features = inputs[0]
        return time * 3 * self.units * (features + self.units)


class GruCell(Cell):
    """What both forms share: the products with all inputs at once, before the first step, and how the state is renewed.

    ``deltas`` are those of the candidate, the reset gate and the update gate, and what else a form needs.
    """

    def __init__(self, frame: Frame, rows: int) -> None:
        units, time = frame.units, frame.time
        self.frame = frame
        self.by_input, self.by_state = frame.arrays.parameters
        self.first, self.second, self.third = (slice(place * units, (place + 1) * units) for place in range(3))
        self.read = frame.room(time, frame.features + 1)
        self.read[:, -1] = 1
        self.sums, self.gates, self.candidate = (
            frame.room(time, 3 * units),
            frame.room(time, 2 * units),
            frame.room(time, units),
        )
        self.reset, self.update = self.gates[:, self.first], self.gates[:, self.second]
        # The halves that turn tanh into the sigmoid, folded into copies of the weights.
        self._input_scale, self._state_scale = np.ones_like(self.by_input), np.ones_like(self.by_state)
        self._input_scale[units:] = self._state_scale[: 2 * units] = 0.5
        self._input_halves, self.halves = np.empty_like(self.by_input), np.empty_like(self.by_state)
        self.state = frame.room(time + 1, units)
        self.states, self.carried = (self.state,), (frame.room(units),)
        self.stretch = frame.steps(rows)
        self.deltas = frame.room(self.stretch, rows)
        self.slope, self.rest = frame.room(self.stretch, rows), frame.room(self.stretch, units)

    def prepare(self) -> Calls:
        return (
            *self.frame.read(self.read[:, :-1]),
            partial(np.multiply, self.by_input, self._input_scale, self._input_halves),
            partial(np.multiply, self.by_state, self._state_scale, self.halves),
            partial(np.matmul, self._input_halves, self.read, self.sums),
        )

    def open(self, s: int, by_state: Array) -> Calls:
        """Both gates, from their products with the state."""
        gates, half = self.gates[s], self.frame.arrays.constant(0.5)
        return (
            partial(np.add, by_state, self.sums[s, self.second.start :], gates),
            partial(np.tanh, gates, gates),
            partial(np.multiply, gates, half, gates),
            partial(np.add, gates, half, gates),
        )

    def renew(self, s: int) -> Calls:
        """The candidate, from its product with the state, and ``h_t = n + z (h_{t-1} - n)``."""
        candidate, after = self.candidate[s], self.state[s + 1]
        return (
            partial(np.add, candidate, self.sums[s, self.first], candidate),
            partial(np.tanh, candidate, candidate),
            partial(np.subtract, self.state[s], candidate, after),
            partial(np.multiply, after, self.update[s], after),
            partial(np.add, after, candidate, after),
        )

    def begin(self) -> Calls:
        return ()

    def slopes(self, start: int, stop: int) -> Calls:
        one, slope, rest = self.frame.arrays.constant(1), self.slope[: stop - start], self.rest[: stop - start]
        gates, candidate, update = self.gates[start:stop], self.candidate[start:stop], self.update[start:stop]
        by_candidate, by_update = slope[:, self.first], slope[:, self.third]
        by_gates = slope[:, self.second.start : self.third.stop]
        return (
            partial(np.multiply, candidate, candidate, by_candidate),
            partial(np.subtract, one, by_candidate, by_candidate),
            partial(np.subtract, one, update, rest),
            partial(np.multiply, by_candidate, rest, by_candidate),
            partial(np.subtract, one, gates, by_gates),
            partial(np.multiply, by_gates, gates, by_gates),
            partial(np.subtract, self.state[start:stop], candidate, rest),
            partial(np.multiply, by_update, rest, by_update),
            *self.reset_slopes(start, stop),
        )

    @abstractmethod
    def reset_slopes(self, start: int, stop: int) -> Calls:
        """What of the slopes is not the same in both forms; that of the reset gate is ``r (1 - r)`` so far."""

    def gradients(self, start: int, stop: int) -> Calls:
        weights, deltas = self.by_input[:, :-1], self.deltas[:, : self.third.stop]
        return *self._weight_gradient.add(start, stop), *self.frame.input_gradient(weights, deltas, start, stop)

    @cached_property
    def _weight_gradient(self) -> WeightGradient:
        return WeightGradient(self.frame, self.deltas, self.products())

    @abstractmethod
    def products(self) -> tuple[tuple[slice, Array, Array], ...]:
        """Which rows of deltas meet what was read, and the gradient that comes of it."""


class ResetAfter(GruCell):
    """One product with the state for both gates and the candidate; every delta is a slope times the gradient that arrives.

    A fourth row of deltas belongs to ``U h`` of the candidate, so that the last three meet the state and the first three the input.
    """

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, 4 * frame.units)
        self._products = frame.room(frame.time, 3 * frame.units)
        self._passed = frame.room(frame.units)

    def step(self, s: int) -> Calls:
        product = self._products[s]
        return (
            partial(self.halves.dot, self.state[s], product),
            *self.open(s, product[: self.second.stop]),
            partial(np.multiply, product[self.third], self.reset[s], self.candidate[s]),
            *self.renew(s),
        )

    def reset_slopes(self, start: int, stop: int) -> Calls:
        slope = self.slope[: stop - start]
        by_candidate, by_reset, by_product = slope[:, self.first], slope[:, self.second], slope[:, self.third.stop :]
        return (
            partial(np.multiply, by_candidate, self.reset[start:stop], by_product),
            partial(np.multiply, by_reset, by_candidate, by_reset),
            partial(np.multiply, by_reset, self._products[start:stop, self.third], by_reset),
        )

    def back(self, s: int, arriving: Array) -> Calls:
        by_unit = (4, self.frame.units, self.frame.batch)
        slope, delta = self.slope[s % self.stretch].reshape(by_unit), self.deltas[s % self.stretch].reshape(by_unit)
        return (partial(np.multiply, slope, arriving, delta),)

    def through(self, s: int, arriving: Array, out: Array) -> Calls:
        return (
            partial(np.multiply, arriving, self.update[s], self._passed),
            partial(self.by_state.T.dot, self.deltas[s % self.stretch, self.second.start :], out),
            partial(np.add, out, self._passed, out),
        )

    def products(self) -> tuple[tuple[slice, Array, Array], ...]:
        by_input, by_state = self.frame.arrays.parameter_gradients
        return (
            (slice(0, self.third.stop), self.read, by_input),
            (slice(self.second.start, None), self.state[:-1], by_state),
        )


class ResetBefore(GruCell):
    """Two products with the state, one after the other: the candidate's waits for the reset gate."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, 3 * frame.units)
        self._seen = frame.room(frame.time, frame.units)
        self._by_seen, self._passed = frame.room(frame.units), frame.room(frame.units)

    def step(self, s: int) -> Calls:
        gates = self.gates[s]
        return (
            partial(self.halves[: self.second.stop].dot, self.state[s], gates),
            *self.open(s, gates),
            partial(np.multiply, self.reset[s], self.state[s], self._seen[s]),
            partial(self.halves[self.third].dot, self._seen[s], self.candidate[s]),
            *self.renew(s),
        )

    def reset_slopes(self, start: int, stop: int) -> Calls:
        by_reset = self.slope[: stop - start, self.second]
        return (partial(np.multiply, by_reset, self.state[start:stop], by_reset),)

    def back(self, s: int, arriving: Array) -> Calls:
        slope, delta = self.slope[s % self.stretch], self.deltas[s % self.stretch]
        return (
            partial(np.multiply, slope[self.first], arriving, delta[self.first]),
            partial(np.multiply, slope[self.third], arriving, delta[self.third]),
            partial(self.by_state[self.third].T.dot, delta[self.first], self._by_seen),
            partial(np.multiply, slope[self.second], self._by_seen, delta[self.second]),
        )

    def through(self, s: int, arriving: Array, out: Array) -> Calls:
        return (
            partial(np.multiply, arriving, self.update[s], self._passed),
            partial(np.multiply, self._by_seen, self.reset[s], self._by_seen),
            partial(np.add, self._passed, self._by_seen, self._passed),
            partial(self.by_state[: self.second.stop].T.dot, self.deltas[s % self.stretch, self.second.start :], out),
            partial(np.add, out, self._passed, out),
        )

    def products(self) -> tuple[tuple[slice, Array, Array], ...]:
        by_input, by_state = self.frame.arrays.parameter_gradients
        return (
            (slice(0, self.third.stop), self.read, by_input),
            (slice(self.second.start, None), self.state[:-1], by_state[: self.second.stop]),
            (self.first, self._seen, by_state[self.third]),
        )
