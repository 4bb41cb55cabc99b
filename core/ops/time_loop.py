"""TimeLoop: a network with loops through delays, run step by step over time and learned from by backpropagation through time.

A loop that was drawn becomes one op. For every step of time its inner ops are bound to arrays of their own, as if the network
were laid out once for each step; a delay costs nothing, for whoever reads it reads the array of an earlier step. What all inner
ops write lies in the one output, so that every value inside can be looked at. (Werbos, "Backpropagation through time", 1990.)
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import chain

import numpy as np

from core.ops.delay import Delay
from core.ops.op import Array, Binding, Bound, Call, Op, Shape
from core.ops.wiring import Wiring


@dataclass(frozen=True, slots=True)
class LoopStep:
    """Run ``op`` on the slots ``inputs`` of the same step of time into the slot ``output``; ``name`` is for people.

    A Delay reads its slot at an earlier step of time, so that this slot may be written by a later step of the list.
    """

    op: Op
    inputs: tuple[int, ...]
    output: int
    parameters: tuple[int, ...] = ()
    name: str = field(default="", compare=False)


@dataclass(frozen=True)
class TimeLoop(Op):
    """``v_t = f(x_t, v_t, v_{t-k})`` for all values ``v`` of the loop, one step of time after the other.

    ``widths`` are the features of each slot; the first ``num_inputs`` slots are the inputs, each ``(time, features)``. The output is
    ``(time, features)`` with the values of all steps but the delays, each with a row of ones below: ``part(slot)`` says where. ``learned`` are
    the slots that something outside learns from; what arrives as gradient of the others is left out. An op that reads an input reads
    something else too, for one that reads inputs alone is no part of a loop.
    """

    steps: tuple[LoopStep, ...]
    widths: tuple[int, ...]
    num_inputs: int
    learned: tuple[int, ...]

    def output_shape(self, *inputs: Shape) -> Shape:
        return inputs[0][0], self._size

    def part(self, slot: int) -> tuple[int, int]:
        """Between which features of the output the values of a slot lie. Raises KeyError for an input and for a delay."""
        start = self._starts[slot]
        return start, start + self.widths[slot]

    def op_of(self, start: int) -> Op:
        """The op whose values begin with this feature of the output. Raises StopIteration where none do."""
        return next(step.op for step in self.running if self._starts[step.output] == start)

    def macs(self, *inputs: Shape) -> int:
        times = inputs[0][0]
        return times * sum(step.op.macs(*((self.widths[slot],) for slot in step.inputs)) for step in self.steps)

    def bind(self, arrays: Binding) -> Bound:
        return _Unrolled(self, arrays).bound()

    @cached_property
    def delays(self) -> dict[int, tuple[Delay, int]]:
        """The slot that a delay writes -> the delay, and the slot that it looks back at."""
        return {step.output: (step.op, step.inputs[0]) for step in self.steps if isinstance(step.op, Delay)}

    @cached_property
    def running(self) -> tuple[LoopStep, ...]:
        """The steps that do something: all but the delays."""
        return tuple(step for step in self.steps if step.output not in self.delays)

    @cached_property
    def _starts(self) -> dict[int, int]:
        starts, end = {}, 0
        for step in self.running:
            starts[step.output] = end
            end += self.widths[step.output] + 1
        return starts

    @cached_property
    def _size(self) -> int:
        return sum(self.widths[step.output] + 1 for step in self.running)

    def reached(self, start: set[int]) -> set[int]:
        """The slots that are computed from some slots, with themselves, at the same step of time or later."""
        return self._spread(start, [(step.inputs, (step.output,)) for step in self.steps])

    def leading(self, goals: set[int]) -> set[int]:
        """The slots that some slots are computed from, with themselves, at the same step of time or before."""
        return self._spread(goals, [((step.output,), step.inputs) for step in reversed(self.steps)])

    def _spread(self, start: set[int], arrows: list[tuple[tuple[int, ...], tuple[int, ...]]]) -> set[int]:
        found, before = set(start), -1
        while len(found) > before:
            before = len(found)
            for sources, targets in arrows:
                if not found.isdisjoint(sources):
                    found.update(targets)
        return found


class _Unrolled:
    """The slots of a loop at every step of time: slot ``s`` at time ``t`` has the number ``t * slots + s``."""

    def __init__(self, loop: TimeLoop, arrays: Binding) -> None:
        self._loop = loop
        self._arrays = arrays
        self._slots = len(loop.widths)
        self._times, _, self._batch = arrays.output.shape
        self._places = self._find_places()
        self._initial: dict[int, Array] = {}
        self._wanted: set[int] = set()
        self._gradients = arrays.output
        if arrays.output_gradient is not None:
            self._wanted = self._find_wanted()
            # What no reader writes stays 0.
            self._gradients = np.zeros_like(arrays.output)
        for step in loop.running:
            arrays.output[:, loop.part(step.output)[1]] = 1

    def bound(self) -> Bound:
        """The calls of all steps of time."""
        arrays = self._arrays
        seeds = [slot for slot in self._loop.learned if slot in self._wanted]
        wiring = Wiring(
            self,
            arrays.parameters,
            arrays.parameter_gradients,
            training=arrays.training,
            random=arrays.random,
            written=[time * self._slots + slot for time in range(self._times) for slot in seeds],
        )
        at_once = self._weights_at_once()
        bound = [
            wiring.bind(
                self._at(time, step),
                backward=step.output in self._wanted,
                blocks=step.output not in at_once,
            )
            for time in reversed(range(self._times))
            for step in reversed(self._loop.running)
        ]
        forward = tuple(call for step in reversed(bound) for call in step.forward)
        if arrays.output_gradient is None:
            return Bound(forward)
        backward: list[Call] = []
        for slot in seeds:
            place = self._over_time(slot)
            backward.append(partial(np.copyto, self._gradients[place], arrays.output_gradient[place]))
        backward += wiring.backward_calls
        for calls in at_once.values():
            backward += calls
        return Bound(forward, (*backward, *self._zeros(wiring, at_once)))

    def place(self, slot: int) -> int:
        return self._places[slot]

    def part(self, slot: int) -> None:
        """Every slot is all of its place."""

    def value(self, slot: int) -> Array:
        time, inner = divmod(self._places[slot], self._slots)
        value: Array = self._arrays.inputs[inner][time] if inner < self._loop.num_inputs else self.extended(slot)[:-1]
        return value

    def extended(self, slot: int) -> Array:
        """The rows of a slot with the row of ones; an input has none, and only ops with a single input ask for it."""
        time, inner = divmod(self._places[slot], self._slots)
        if inner < self._loop.num_inputs:
            return self.value(slot)
        if inner in self._loop.delays:
            return self._before_the_start(inner)
        start, stop = self._loop.part(inner)
        rows: Array = self._arrays.output[time, start : stop + 1]
        return rows

    def gradient(self, slot: int) -> tuple[Array, Array] | None:
        time, inner = divmod(self._places[slot], self._slots)
        if inner not in self._wanted or inner in self._loop.delays:
            return None
        if inner < self._loop.num_inputs:
            room = self._arrays.input_gradients[inner]
            assert room is not None, "an input is wanted only if somebody wants its gradient"
            return room[time], room[time]
        start, stop = self._loop.part(inner)
        return self._gradients[time, start:stop], self._gradients[time, start : stop + 1]

    def _find_places(self) -> list[int]:
        """Every number's place: its own, or for a delay that of the earlier value, once there is one."""
        places = list(range(self._times * self._slots))
        for time in range(self._times):
            for slot, (delay, source) in self._loop.delays.items():
                if time >= delay.steps:
                    places[time * self._slots + slot] = places[(time - delay.steps) * self._slots + source]
        return places

    def _find_wanted(self) -> set[int]:
        """The slots that something trained leads to, and that lead to something learned from."""
        gradients = self._arrays.input_gradients
        trained = {index for index, gradient in enumerate(gradients) if gradient is not None}
        trained |= {step.output for step in self._loop.running if step.parameters}
        return self._loop.reached(trained) & self._loop.leading(set(self._loop.learned))

    def _at(self, time: int, step: LoopStep) -> LoopStep:
        first = time * self._slots
        inputs = tuple(first + slot for slot in step.inputs)
        return LoopStep(step.op, inputs, first + step.output, step.parameters)

    def _before_the_start(self, slot: int) -> Array:
        """What a delay gives before there is an earlier step, with the row of ones."""
        if slot not in self._initial:
            delay, _ = self._loop.delays[slot]
            rows = self._arrays.scratch((self._loop.widths[slot] + 1, self._batch))
            rows[:-1], rows[-1] = delay.initial, 1
            self._initial[slot] = rows
        return self._initial[slot]

    def _over_time(self, slot: int) -> tuple[slice, slice]:
        return slice(None), slice(*self._loop.part(slot))

    def _weights_at_once(self) -> dict[int, tuple[Call, ...]]:
        """By output slot, the calls that write the gradients of weights after the last step of time, for all steps together.

        One large product is faster than many small ones. A block that two steps share is left to them.
        """
        uses = Counter(index for step in self._loop.running for index in step.parameters)
        calls = {}
        for step in self._loop.running:
            if step.output in self._wanted and step.parameters and all(uses[index] == 1 for index in step.parameters):
                sequences = [self._sequence(slot) for slot in step.inputs]
                bound = step.op.bind_weights(
                    tuple(sequence for sequence, _ in sequences),
                    self._gradients[self._over_time(step.output)],
                    tuple(self._arrays.parameter_gradients[index] for index in step.parameters),
                )
                if bound is not None:
                    calls[step.output] = (*chain.from_iterable(copying for _, copying in sequences), *bound)
        return calls

    def _sequence(self, slot: int) -> tuple[Array, tuple[Call, ...]]:
        """The values of a slot that is no input at all steps of time, and what must be called to have them."""
        if slot not in self._loop.delays:
            return self._arrays.output[self._over_time(slot)], ()
        delay, source = self._loop.delays[slot]
        earlier, calls = self._sequence(source)
        before = min(delay.steps, self._times)
        delayed = self._arrays.scratch(earlier.shape)
        delayed[:before] = delay.initial
        return delayed, (*calls, partial(np.copyto, delayed[before:], earlier[: self._times - before]))

    def _zeros(self, wiring: Wiring, at_once: dict[int, tuple[Call, ...]]) -> Iterator[Call]:
        """The calls that clear the gradients that no step writes."""
        for slot, gradient in enumerate(self._arrays.input_gradients):
            if gradient is not None:
                unwritten = (time for time in range(self._times) if not wiring.is_written(time * self._slots + slot))
                yield from (partial(gradient[time].fill, 0) for time in unwritten)
        written = {index for step in self._loop.running if step.output in at_once for index in step.parameters}
        for index, gradient in enumerate(self._arrays.parameter_gradients):
            if index not in written and not wiring.is_block_written(index):
                yield partial(gradient.fill, 0)
