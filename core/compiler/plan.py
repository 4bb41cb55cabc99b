"""The Plan: a diagram flattened into steps over numbered slots; immutable, printable, and all that a model needs to know."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from core.ops.delay import Delay
from core.ops.layout import outside
from core.ops.neuron_ranks import NeuronRanks
from core.ops.op import LossOp, Op, ParameterBlock, Shape
from core.ops.part import Part
from core.ops.rows import Rows
from core.ops.time_loop import TimeLoop

Line: TypeAlias = tuple[str, str, str, str, str, str, str]
"""The cells of a line of a printed plan."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for one array of sample shape ``shape`` (as the engine holds it), written once per pass on behalf of ``node``."""

    index: int
    node: str
    shape: Shape
    needs_gradient: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """Run ``op`` on the slots ``inputs`` into the slot ``output`` with the parameter blocks ``parameters`` (by index)."""

    op: Op
    node: str
    inputs: tuple[int, ...]
    output: int
    parameters: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedBlock:
    """A parameter block of ``node`` at ``offset`` in the flat parameter vector; its views are called ``node/view``.

    ``rate`` multiplies every step that an optimizer makes: 0 where the node is frozen.
    """

    node: str
    block: ParameterBlock
    offset: int
    rate: float = 1.0


@dataclass(frozen=True, slots=True)
class InputBinding:
    """Which columns (of the last axis) of the data go into the slot of an input node; None means the whole sample as it is."""

    node: str
    slot: int
    columns: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class LossBinding:
    """A loss node: the slot of its target, of its prediction (what the person reads, after softmax), and its step.

    ``target_slot`` is None for a loss that compares nothing; with ``compares_inputs`` the target is the sample itself.
    """

    node: str
    target_slot: int | None
    prediction_slot: int
    step: int
    weight: float = 1.0
    compares_inputs: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """``steps`` in forward order; ``outputs`` maps each node to the slot of its output.

    ``predictions`` are the nodes whose output a person reads as the network's answer: what feeds a loss, or feeds nothing. ``in_training``
    maps the index of a step to the step that runs instead of it, into the same slot, where nobody looks at what lies in between.
    """

    slots: tuple[Slot, ...]
    steps: tuple[Step, ...]
    parameters: tuple[PlannedBlock, ...]
    inputs: tuple[InputBinding, ...]
    losses: tuple[LossBinding, ...]
    outputs: dict[str, int] = field(default_factory=dict)
    predictions: tuple[str, ...] = ()
    in_training: dict[int, Step] = field(default_factory=dict)

    def steps_to_run(self, training: bool) -> tuple[Step, ...]:
        """The steps, in training with those that then run instead."""
        if not training:
            return self.steps
        return tuple(self.in_training.get(index, step) for index, step in enumerate(self.steps))

    def first_of(self, node: str) -> str:
        """The first of the nodes that training computes together with this one; the node itself where it is computed alone."""
        return next((step.node for index, step in self.in_training.items() if self.steps[index].node == node), node)

    @property
    def num_parameters(self) -> int:
        """How many trained numbers there are."""
        return self._count(range(len(self.parameters)))

    @property
    def macs(self) -> int:
        """Multiply-adds of one forward pass per sample."""
        return sum(step.op.macs(*(self.slots[slot].shape for slot in step.inputs)) for step in self.steps)

    @property
    def answer(self) -> str | None:
        """The node whose output is the network's answer: what the first loss compares, else the first that feeds nothing."""
        compared = self.losses[0].prediction_slot if self.losses else None
        compared_first = [node for node, slot in self.outputs.items() if slot == compared]
        return next(iter((*compared_first, *self.predictions)), None)

    @property
    def boundary(self) -> float:
        """Above what a single answer means yes: one half for a probability, 0 where the loss asks for a margin on both sides of it."""
        judges = (self.steps[loss.step].op for loss in self.losses if loss.target_slot is not None)
        return next((op.boundary for op in judges if isinstance(op, LossOp)), LossOp.boundary)

    def with_input_gradients(self) -> "Plan":
        """The same plan, whose backward pass goes on to the samples: how the loss would change with each of their values."""
        reached = {binding.slot for binding in self.inputs}
        for step in self.steps:
            if not isinstance(step.op, LossOp) and not reached.isdisjoint(step.inputs):
                reached.add(step.output)
        slots = tuple(replace(slot, needs_gradient=slot.needs_gradient or slot.index in reached) for slot in self.slots)
        return replace(self, slots=slots)

    @property
    def node_ops(self) -> dict[str, Op]:
        """The op that each node's output comes from; that of a fused neuron is its activation, or the fused op where it has none."""
        maker = {step.output: step.op for step in self.steps}
        ops: dict[str, Op] = {}
        for step in self.steps:
            whole = maker.get(step.inputs[0]) if isinstance(step.op, Rows | Part) else None
            of_node: Op | None = None
            if isinstance(whole, NeuronRanks):
                of_node = whole.activation_of(step.op.first_row)
            elif isinstance(whole, TimeLoop) and isinstance(step.op, Part):
                of_node = whole.op_of(step.op.start)
            ops[step.node] = of_node or whole or step.op
        return ops

    def rows(self) -> list[dict[str, Any]]:
        """The steps for JSON: ``op``, ``node``, ``inputs`` and ``output`` (slot numbers), ``shape``, ``parameters`` (how many)."""
        return [
            {
                "op": step.op.name,
                "node": step.node,
                "inputs": list(step.inputs),
                "output": step.output,
                "shape": list(outside(self.slots[step.output].shape)),
                "parameters": self._count(step.parameters),
            }
            for step in self.steps
        ]

    def table(self) -> str:
        """The plan as aligned text: first what comes from outside, then the steps."""
        rows = [("slot", "op", "node", "reads", "shape", "parameters", "gradient")]
        rows += [self._line(binding.slot, "input", binding.node, (), ()) for binding in self.inputs]
        rows += [
            self._line(binding.target_slot, "target", binding.node, (), ())
            for binding in self.losses
            if binding.target_slot is not None
        ]
        for step in self.steps:
            inside = list(self._loop_lines(step, step.op)) if isinstance(step.op, TimeLoop) else []
            names = [] if inside else self._names(step.parameters)
            rows += [self._line(step.output, step.op.name, step.node, step.inputs, names), *inside]
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows]
        return "\n".join([*lines, f"{self.num_parameters:,} parameters, {self.macs:,} multiply-adds per sample"])

    def _count(self, parameters: Sequence[int]) -> int:
        """How many trained numbers these blocks hold."""
        blocks = (self.parameters[index].block for index in parameters)
        return sum(size(block.shape) for block in blocks if block.trained)

    def _line(self, slot: int, op: str, node: str, reads: tuple[int, ...], names: Sequence[str]) -> Line:
        shape = " x ".join(str(length) for length in outside(self.slots[slot].shape)) or "number"
        gradient = "yes" if self.slots[slot].needs_gradient else ""
        return str(slot), op, node, " ".join(str(read) for read in reads), shape, " ".join(names), gradient

    def _loop_lines(self, step: Step, loop: TimeLoop) -> Iterator[Line]:
        """What runs at each step of time; a delay says how many steps ago the value that it reads was written."""
        inner = (f"{step.output}.{number}" for number in range(1, len(loop.steps) + 1))
        slots = [*(str(slot) for slot in step.inputs), *inner]
        for part in loop.steps:
            op = f"  {part.op.name}" + (f" by {part.op.steps}" if isinstance(part.op, Delay) else "")
            reads, width = " ".join(slots[slot] for slot in part.inputs), str(loop.widths[part.output])
            names = " ".join(self._names([step.parameters[index] for index in part.parameters]))
            yield slots[part.output], op, part.name, reads, width, names, ""

    def _names(self, parameters: Sequence[int]) -> list[str]:
        blocks = [self.parameters[index] for index in parameters]
        return [f"{planned.node}/{view.name}" for planned in blocks for view in planned.block.views]


def size(shape: Shape) -> int:
    """How many numbers an array of this shape holds."""
    return math.prod(shape)
