"""A slow interpreter of plans: what the fast engine is compared with.

It runs one op after the other on new arrays, keeps every value, and adds up gradients in a dictionary; nothing is shared, nothing
is left out, nothing is allocated in advance. A loop through delays it runs one step of time after the other, each op on a sequence of that
one step, and a delay by looking the value up; so it takes plans as they are before any pass made them faster.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.compiler.plan import Plan, Step
from core.ops.delay import Delay
from core.ops.evaluate import Evaluation, evaluate
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
    return _Interpreter(plan, vector, inputs, targets).run()


class _Interpreter:
    def __init__(self, plan: Plan, vector: Array, inputs: Mapping[str, Array], targets: Mapping[str, Array]) -> None:
        self.plan = plan
        self.batch = len(next(iter(inputs.values())))
        self.values = {binding.slot: _columns(inputs[binding.node]) for binding in plan.inputs}
        self.values |= {
            loss.target_slot: _columns(targets[loss.node]) for loss in plan.losses if loss.target_slot is not None
        }
        sizes = [int(np.prod(planned.block.shape)) for planned in plan.parameters]
        self.blocks = tuple(
            vector[planned.offset : planned.offset + size].reshape(planned.block.shape)
            for planned, size in zip(plan.parameters, sizes)
        )
        self.gradients: dict[int, Array] = {}
        self.block_gradients = tuple(np.zeros_like(block) for block in self.blocks)
        self.units = _in_order(plan)

    def run(self) -> Interpretation:
        for unit in self.units:
            if len(unit) == 1 and unit[0].output not in unit[0].inputs:
                self.values[unit[0].output] = self.evaluated(unit[0], self.inputs(unit[0])).output
            else:
                self.run_loop(unit)
        for unit in reversed(self.units):
            if len(unit) == 1 and unit[0].output not in unit[0].inputs:
                self.run_back(unit[0])
            else:
                self.run_loop_back(unit)
        losses = [step for step in self.plan.steps if isinstance(step.op, LossOp)]
        loss = sum(step.op.weight * float(self.values[step.output]) for step in losses)
        return Interpretation(self.values, loss, self.gradients, self.block_gradients)

    def inputs(self, step: Step) -> tuple[Array, ...]:
        return tuple(self.values[slot] for slot in step.inputs)

    def evaluated(self, step: Step, inputs: tuple[Array, ...], gradient: Array | None = None) -> Evaluation:
        parameters = tuple(self.blocks[index] for index in step.parameters)
        return evaluate(step.op, *inputs, parameters=parameters, output_gradient=gradient, batch=self.batch)

    def run_back(self, step: Step) -> None:
        if isinstance(step.op, LossOp) or step.output in self.gradients:
            result = self.evaluated(step, self.inputs(step), self.gradients.get(step.output))
            for slot, gradient in zip(step.inputs, result.input_gradients):
                self.gradient(slot)[...] += gradient
            self.add_block_gradients(step, result)

    def gradient(self, slot: int) -> Array:
        """Where the gradient of a slot is added up."""
        return self.gradients.setdefault(slot, np.zeros_like(self.values[slot]))

    def add_block_gradients(self, step: Step, result: Evaluation) -> None:
        for index, gradient in zip(step.parameters, result.parameter_gradients):
            self.block_gradients[index][...] += gradient

    def run_loop(self, steps: Sequence[Step]) -> None:
        """All steps at the first step of time, then all of them at the second, and so on."""
        for step in steps:
            shape = self.plan.slots[step.output].shape
            self.values[step.output] = np.full((*shape, self.batch), np.nan)
        for time in range(len(self.values[steps[0].output])):
            for step in steps:
                self.values[step.output][time] = self.at(time, step)

    def at(self, time: int, step: Step) -> Array:
        """What a step of a loop makes at one step of time."""
        if isinstance(step.op, Delay):
            earlier = time - step.op.steps
            return self.values[step.inputs[0]][earlier] if earlier >= 0 else np.array(step.op.initial)
        return self.evaluated(step, tuple(self.values[slot][time : time + 1] for slot in step.inputs)).output[0]

    def run_loop_back(self, steps: Sequence[Step]) -> None:
        if not any(step.output in self.gradients for step in steps):
            return
        for time in reversed(range(len(self.values[steps[0].output]))):
            for step in reversed(steps):
                self.back_at(time, step)

    def back_at(self, time: int, step: Step) -> None:
        downstream = self.gradient(step.output)[time : time + 1]
        if isinstance(step.op, Delay):
            if time >= step.op.steps:
                self.gradient(step.inputs[0])[time - step.op.steps] += downstream[0]
            return
        result = self.evaluated(step, tuple(self.values[slot][time : time + 1] for slot in step.inputs), downstream)
        for slot, gradient in zip(step.inputs, result.input_gradients):
            self.gradient(slot)[time] += gradient[0]
        self.add_block_gradients(step, result)


def _in_order(plan: Plan) -> list[list[Step]]:
    """The steps, those of a loop together, after all that they read; in a loop a delay comes first, for it reads earlier values."""
    after = _everything_read(plan)
    units: dict[int, list[Step]] = {}
    for step in plan.steps:
        loop = [
            other.output
            for other in plan.steps
            if other.output in after[step.output] and step.output in after[other.output]
        ]
        units.setdefault(min(loop, default=step.output), []).append(step)
    # Whoever is read by another has read less than it.
    ordered = sorted(units.values(), key=lambda unit: len(after[unit[0].output] | {step.output for step in unit}))
    return [_one_round(unit) for unit in ordered]


def _everything_read(plan: Plan) -> dict[int, set[int]]:
    """For every slot the slots that it depends on, at whatever step of time."""
    read = {step.output: set(step.inputs) for step in plan.steps}
    changed = True
    while changed:
        changed = False
        for slots in read.values():
            more = set().union(*(read.get(slot, set()) for slot in slots)) - slots if slots else set()
            slots |= more
            changed = changed or bool(more)
    return read


def _one_round(unit: list[Step]) -> list[Step]:
    """The steps of a loop in an order in which each finds what it reads of the same step of time."""
    done = [step for step in unit if isinstance(step.op, Delay)] if len(unit) > 1 else []
    waiting = [step for step in unit if step not in done]
    while waiting:
        missing = {step.output for step in waiting}
        ready = [step for step in waiting if missing.isdisjoint(step.inputs)]
        assert ready, "a loop without a delay"
        done += ready
        waiting = [step for step in waiting if step not in ready]
    return done


def _columns(samples: Array) -> Array:
    return np.ascontiguousarray(batch_last(samples))
