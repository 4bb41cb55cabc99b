"""Unroll time: every loop through delays becomes one step of the plan, which runs its ops one step of time after the other.

Only what can reach itself is part of a loop; all else keeps running on all steps of time at once. After the loop, what a node in it puts out
is a part of what the loop puts out, so that it can be read and looked at like any other value.
"""

import heapq
from collections.abc import Sequence
from dataclasses import replace

from core.compiler.draft import Draft, DraftStep
from core.compiler.loop_shapes import report_no_data
from core.compiler.loops import loops
from core.compiler.plan import Plan, Slot, Step
from core.ops.delay import Delay
from core.ops.op import LossOp
from core.ops.part import Part
from core.ops.time_loop import LoopStep, TimeLoop


def check_loops(draft: Draft) -> None:
    """Fill ``step_loops``; report the ops in them that do not work step by step, and delays that only read each other."""
    if draft.loops:
        draft.step_loops = _groups(draft.steps)
    for group in draft.step_loops:
        if all(isinstance(draft.steps[index].op, Delay) for index in group):
            report_no_data(draft, [draft.steps[index].node for index in group])
        for node in dict.fromkeys(draft.steps[index].node for index in group if not _can_loop(draft.steps[index])):
            message = (
                f"{draft.name(node)} looks at several steps of time at once, so it cannot be part of a loop, "
                "which runs one step after the other: lead the loop around it."
            )
            draft.error("not-stepwise", message, node)


def unroll_time(draft: Draft) -> None:
    """Put the loops of ``plan`` together, if there is a plan."""
    if draft.plan is not None and draft.step_loops:
        draft.plan = _Unrolling(draft.plan, draft.step_loops).plan()


def _can_loop(step: DraftStep) -> bool:
    return step.op.stepwise or isinstance(step.op, Delay)


def _groups(steps: Sequence[DraftStep]) -> list[list[int]]:
    """The steps (by index) that can reach each other, in their order."""
    readers: dict[int, list[int]] = {index: [] for index in range(len(steps))}
    makers = {step.output: index for index, step in enumerate(steps)}
    for index, step in enumerate(steps):
        for slot in step.inputs:
            if slot in makers:
                readers[makers[slot]].append(index)
    return [sorted(group) for group in loops(readers)]


class _Unrolling:
    """Writes a plan anew, with one step for each loop; slots keep their numbers until the end."""

    def __init__(self, plan: Plan, groups: list[list[int]]) -> None:
        self._plan = plan
        self._slots = list(plan.slots)
        self._learning = _leading_to_losses(plan)
        self._readers: dict[int, list[int]] = {}
        for index, step in enumerate(plan.steps):
            for slot in step.inputs:
                self._readers.setdefault(slot, []).append(index)
        self._shown = {*plan.outputs.values(), *(loss.prediction_slot for loss in plan.losses)}
        inside = {index for group in groups for index in group}
        self._entries: list[tuple[Step, int]] = [
            (step, index) for index, step in enumerate(plan.steps) if index not in inside
        ]
        for group in groups:
            self._add_loop(group)

    def plan(self) -> Plan:
        """The plan, whose steps are in an order in which they can run."""
        entries = _sorted(self._entries)
        place = {old: new for new, (_, old) in enumerate(entries)}
        losses = tuple(replace(loss, step=place[loss.step]) for loss in self._plan.losses)
        steps = tuple(step for step, _ in entries)
        return _renumbered(replace(self._plan, slots=tuple(self._slots), steps=steps, losses=losses))

    def _add_loop(self, group: list[int]) -> None:
        steps = [self._plan.steps[index] for index in group]
        written = [step.output for step in steps]
        inside = set(written)
        inputs = list(dict.fromkeys(slot for step in steps for slot in step.inputs if slot not in inside))
        blocks = list(dict.fromkeys(index for step in steps for index in step.parameters))
        number = {slot: place for place, slot in enumerate((*inputs, *written))}
        block = {index: place for place, index in enumerate(blocks)}
        behind = {step.output: step.inputs[0] for step in steps if isinstance(step.op, Delay)}
        read, learned = self._read_outside(written, set(group), behind)
        for slot in inside - learned:
            self._slots[slot] = Slot(slot, self._slots[slot].node, self._slots[slot].shape)
        op = TimeLoop(
            steps=tuple(
                LoopStep(
                    step.op,
                    tuple(number[slot] for slot in step.inputs),
                    number[step.output],
                    tuple(block[index] for index in step.parameters),
                    step.node,
                )
                for step in steps
            ),
            widths=tuple(self._slots[slot].shape[-1] for slot in number),
            num_inputs=len(inputs),
            learned=tuple(sorted(number[slot] for slot in learned - set(behind))),
        )
        shape = op.output_shape(*(self._slots[slot].shape for slot in inputs))
        wanted = any(self._slots[slot].needs_gradient for slot in learned)
        whole = Slot(len(self._slots), steps[0].node, shape, wanted)
        self._slots.append(whole)
        self._entries.append((Step(op, whole.node, tuple(inputs), whole.index, tuple(blocks)), group[0]))
        for index, step in zip(group, steps):
            if step.output in behind and step.output in read:
                self._entries.append((step, index))
            elif step.output in read:
                part = Part(*op.part(number[step.output]))
                self._entries.append((Step(part, step.node, (whole.index,), step.output), index))

    def _read_outside(self, written: list[int], group: set[int], behind: dict[int, int]) -> tuple[set[int], set[int]]:
        """The slots of a loop that are read or shown outside, and those that something outside learns from.

        Outside, a delay is an op like any other: who reads it reads what is behind it. ``behind`` maps what delays write to what they read.
        """
        readers = {slot: set(self._readers.get(slot, ())) - group for slot in written}
        read = {slot for slot in written if readers[slot] or slot in self._shown}
        learned = {slot for slot in written if not readers[slot].isdisjoint(self._learning)}
        for found in (read, learned):
            waiting = list(found)
            while waiting:
                slot = behind.get(waiting.pop())
                if slot is not None and slot not in found:
                    found.add(slot)
                    waiting.append(slot)
        return read, learned


def _renumbered(plan: Plan) -> Plan:
    """The plan without the slots that only a loop used inside."""
    used = {binding.slot for binding in plan.inputs} | {step.output for step in plan.steps}
    used.update(loss.target_slot for loss in plan.losses if loss.target_slot is not None)
    number = {slot: place for place, slot in enumerate(sorted(used))}
    return replace(
        plan,
        slots=tuple(
            Slot(place, plan.slots[slot].node, plan.slots[slot].shape, plan.slots[slot].needs_gradient)
            for slot, place in number.items()
        ),
        steps=tuple(
            Step(step.op, step.node, tuple(number[slot] for slot in step.inputs), number[step.output], step.parameters)
            for step in plan.steps
        ),
        inputs=tuple(replace(binding, slot=number[binding.slot]) for binding in plan.inputs),
        losses=tuple(
            replace(
                loss,
                target_slot=None if loss.target_slot is None else number[loss.target_slot],
                prediction_slot=number[loss.prediction_slot],
            )
            for loss in plan.losses
        ),
        outputs={node: number[slot] for node, slot in plan.outputs.items()},
    )


def _leading_to_losses(plan: Plan) -> set[int]:
    """The steps (by index) that a loss depends on, with the losses."""
    makers = {step.output: index for index, step in enumerate(plan.steps)}
    waiting = [index for index, step in enumerate(plan.steps) if isinstance(step.op, LossOp)]
    found = set(waiting)
    while waiting:
        before = {makers[slot] for slot in plan.steps[waiting.pop()].inputs if slot in makers} - found
        found |= before
        waiting += before
    return found


def _sorted(entries: list[tuple[Step, int]]) -> list[tuple[Step, int]]:
    """The steps so that each comes after those that it reads, and otherwise in the order of their numbers."""
    makers = {step.output: place for place, (step, _) in enumerate(entries)}
    readers: list[list[int]] = [[] for _ in entries]
    waiting = [0] * len(entries)
    for place, (step, _) in enumerate(entries):
        for slot in step.inputs:
            if slot in makers:
                readers[makers[slot]].append(place)
                waiting[place] += 1
    ready = [(number, place) for place, (_, number) in enumerate(entries) if not waiting[place]]
    heapq.heapify(ready)
    done = []
    while ready:
        _, place = heapq.heappop(ready)
        done.append(entries[place])
        for reader in readers[place]:
            waiting[reader] -= 1
            if not waiting[reader]:
                heapq.heappush(ready, (entries[reader][1], reader))
    return done
