"""Fuse neurons: a network that was wired neuron by neuron is computed like one of layers.

Every hand-wired part becomes one step, whose output holds the values of all its neurons; what each node puts out is a row of it, which
costs nothing. Parameters keep their names and views, and those of a rank lie side by side.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from core.compiler.draft import Draft
from core.compiler.hand_wired import HandWired, Part, find_parts
from core.compiler.plan import LossBinding, Plan, PlannedBlock, Slot, Step, size
from core.ops.op import Shape
from core.ops.rows import Rows
from core.ops.structure import Concatenate


def fuse_neurons(draft: Draft) -> None:
    """Put hand-wired parts of ``plan`` together, if there is a plan."""
    if draft.plan is not None:
        draft.plan = fused(draft.plan)


def fused(plan: Plan) -> Plan:
    """The same plan with one step for each hand-wired part; without one, the plan itself."""
    found, parts = find_parts(plan)
    return _Rewriting(plan, found, parts).plan() if parts else plan


@dataclass(frozen=True, slots=True)
class _Placed:
    """A step and when it runs: stage by stage, in each first the other steps, then neurons, their rows, and copies of these."""

    when: tuple[int, int, int]
    step: Step
    was: int | None = None


class _Rewriting:
    """Writes a plan anew; slots keep their numbers until the end."""

    def __init__(self, plan: Plan, found: HandWired, parts: list[Part]) -> None:
        self._plan = plan
        self._slots = list(plan.slots)
        self._placed: list[_Placed] = []
        self._when: dict[int, tuple[int, int, int]] = {}
        self._parts: dict[int, Part] = {}
        self._one_rows: dict[int, set[int]] = {}
        self._pool_of: dict[int, int] = {}
        self._without_ones: set[int] = set()
        self._copies: dict[int, int] = {}
        for part in parts:
            self._place_part(part)
        self._place_others(found, parts)

    def plan(self) -> Plan:
        """The plan, with slots and parameters numbered in a row."""
        self._placed.sort(key=lambda placed: placed.when)
        order = _parameter_order(self._plan, [placed.step for placed in self._placed])
        outside = {binding.slot for binding in self._plan.inputs} | {loss.target_slot for loss in self._plan.losses}
        used = outside | {placed.step.output for placed in self._placed}
        number = {slot.index: new for new, slot in enumerate(slot for slot in self._slots if slot.index in used)}
        block = {old: new for new, old in enumerate(order)}
        steps = tuple(
            Step(
                step.op,
                step.node,
                tuple(number[slot] for slot in step.inputs),
                number[step.output],
                tuple(block[index] for index in step.parameters),
            )
            for step in (placed.step for placed in self._placed)
        )
        return replace(
            self._plan,
            slots=tuple(_numbered(self._slots[old], new) for old, new in number.items()),
            steps=steps,
            parameters=tuple(_laid_out(self._plan.parameters[old] for old in order)),
            inputs=tuple(replace(binding, slot=number[binding.slot]) for binding in self._plan.inputs),
            losses=tuple(self._loss(loss, number) for loss in self._plan.losses),
            outputs={node: number[slot] for node, slot in self._plan.outputs.items()},
        )

    def _loss(self, loss: LossBinding, number: dict[int, int]) -> LossBinding:
        step = next(new for new, placed in enumerate(self._placed) if placed.was == loss.step)
        target = None if loss.target_slot is None else number[loss.target_slot]
        return replace(loss, target_slot=target, prediction_slot=number[loss.prediction_slot], step=step)

    def _place_part(self, part: Part) -> None:
        """The step of a hand-wired part, and the row of each neuron."""
        sums = [self._plan.steps[neuron.sums] for neuron in part.neurons]
        pool = self._new_slot(sums[0].node, (part.op.one_rows[-1] + 1,))
        self._parts[pool] = part
        self._one_rows[pool] = set(part.op.one_rows)
        blocks = tuple(index for step in sums for index in step.parameters)
        self._place(part.stage, 1, 0, Step(part.op, sums[0].node, part.sources, pool, blocks))
        for neuron, step in zip(part.neurons, sums):
            row = part.row_of[neuron.output]
            self._pool_of[neuron.output] = pool
            self._place(part.stage, 2, row, self._rows(step.node, neuron.output, pool, range(row, row + 1)))

    def _place_others(self, found: HandWired, parts: list[Part]) -> None:
        """All other steps, without the joins that nobody reads any more."""
        read = {slot for part in parts for slot in part.sources} | set(self._plan.outputs.values())
        others: list[int] = []
        for index in reversed(range(len(self._plan.steps))):
            step = self._plan.steps[index]
            if index in found.stage_of and (step.output in read or not isinstance(step.op, Concatenate)):
                read.update(step.inputs)
                others.append(index)
        for index in reversed(others):
            step = self._with_ones(self._collapsed(self._plan.steps[index]))
            self._place(found.stage_of[index], 0, index, step, index)

    def _collapsed(self, step: Step) -> Step:
        """A join of neurons that are neighbours in their pool is some rows of it."""
        pools = {self._pool_of[slot] for slot in step.inputs if slot in self._pool_of}
        if not isinstance(step.op, Concatenate) or len(pools) != 1 or not self._pool_of.keys() >= set(step.inputs):
            return step
        (pool,) = pools
        rows = [self._parts[pool].row_of[slot] for slot in step.inputs]
        if rows != list(range(rows[0], rows[0] + len(rows))):
            return step
        return self._rows(step.node, step.output, pool, range(rows[0], rows[-1] + 1))

    def _rows(self, node: str, output: int, pool: int, rows: range) -> Step:
        """Some rows of a pool as the output of a node."""
        if rows.stop not in self._one_rows[pool]:
            self._without_ones.add(output)
        return Step(Rows(rows.start, rows.stop), node, (pool,), output)

    def _with_ones(self, step: Step) -> Step:
        """A step that needs a row of ones below what it reads, reading copies of what has none."""
        if not step.op.reads_ones or self._without_ones.isdisjoint(step.inputs):
            return step
        return replace(
            step, inputs=tuple(self._copy(slot) if slot in self._without_ones else slot for slot in step.inputs)
        )

    def _copy(self, slot: int) -> int:
        if slot not in self._copies:
            original = self._slots[slot]
            self._copies[slot] = self._new_slot(original.node, original.shape, original.needs_gradient)
            # A join of one value copies it; sorting keeps it right behind what it copies.
            join = Step(Concatenate(), original.node, (slot,), self._copies[slot])
            self._placed.append(_Placed(self._when[slot], join))
        return self._copies[slot]

    def _new_slot(self, node: str, shape: Shape, needs_gradient: bool = True) -> int:
        self._slots.append(Slot(len(self._slots), node, shape, needs_gradient))
        return len(self._slots) - 1

    def _place(self, stage: int, turn: int, index: int, step: Step, was: int | None = None) -> None:
        self._when[step.output] = stage, turn, index
        self._placed.append(_Placed((stage, turn, index), step, was))


def _numbered(slot: Slot, index: int) -> Slot:
    """The same slot under another number; ``dataclasses.replace`` takes ten times as long, and there are many."""
    return Slot(index, slot.node, slot.shape, slot.needs_gradient)


def _parameter_order(plan: Plan, steps: list[Step]) -> list[int]:
    """The blocks in the order in which the steps use them, all those of a node side by side."""
    used = dict.fromkeys(index for step in steps for index in step.parameters)
    by_node: dict[str, list[int]] = {}
    for index in used:
        by_node.setdefault(plan.parameters[index].node, []).append(index)
    return [index for indices in by_node.values() for index in indices]


def _laid_out(blocks: Iterator[PlannedBlock]) -> Iterator[PlannedBlock]:
    offset = 0
    for planned in blocks:
        yield replace(planned, offset=offset)
        offset += size(planned.block.shape)
