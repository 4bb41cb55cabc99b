"""Plans made by hand, for tests and benchmarks of what lies below the compiler."""

import math
from dataclasses import replace

from core.compiler.plan import InputBinding, LossBinding, Plan, PlannedBlock, Slot, Step
from core.ops.layout import inside
from core.ops.linear import Linear
from core.ops.op import LossOp, Op, ParameterBlock, Shape


class PlanBuilder:
    """Appends steps; every method that makes a value returns its slot."""

    def __init__(self) -> None:
        self.slots: list[Slot] = []
        self.steps: list[Step] = []
        self.blocks: list[PlannedBlock] = []
        self.inputs: list[InputBinding] = []
        self.losses: list[LossBinding] = []
        self.outputs: dict[str, int] = {}

    def input(self, node: str, shape: Shape, needs_gradient: bool = False) -> int:
        """An input node; a picture has the shape (height, width, channels), as for people."""
        slot = self._slot(node, inside(shape), needs_gradient)
        self.inputs.append(InputBinding(node, slot))
        self.outputs[node] = slot
        return slot

    def block(self, node: str, block: ParameterBlock) -> int:
        """A parameter block; returns its index, for steps that share it."""
        offset = sum(math.prod(planned.block.shape) for planned in self.blocks)
        self.blocks.append(PlannedBlock(node, block, offset))
        return len(self.blocks) - 1

    def apply(self, op: Op, node: str, *inputs: int, blocks: tuple[int, ...] = ()) -> int:
        """A step whose output is the output of ``node`` until another step of that node follows."""
        shape = op.output_shape(*(self.slots[slot].shape for slot in inputs))
        needs_gradient = bool(blocks) or any(self.slots[slot].needs_gradient for slot in inputs)
        output = self._slot(node, shape, needs_gradient and not isinstance(op, LossOp))
        self.steps.append(Step(op, node, inputs, output, blocks))
        self.outputs[node] = output
        return output

    def linear(self, node: str, source: int, units: int, bias: bool = True, initializer: str = "glorot_uniform") -> int:
        """A weighted sum with parameters of its own."""
        op = Linear(units, bias)
        block = self.block(node, op.block(self.slots[source].shape[0], initializer))
        return self.apply(op, node, source, blocks=(block,))

    def loss(self, node: str, op: LossOp, read: int, prediction: int | None = None) -> None:
        """A loss that reads the slot ``read``; ``prediction`` is what a person reads (the same unless told)."""
        target = self._slot(node, self.slots[read].shape, False)
        self.apply(op, node, read, target)
        del self.outputs[node]
        shown = read if prediction is None else prediction
        self.losses.append(LossBinding(node, target, shown, len(self.steps) - 1, op.weight))

    def plan(self) -> Plan:
        """Everything so far."""
        return Plan(
            slots=tuple(replace(slot) for slot in self.slots),
            steps=tuple(self.steps),
            parameters=tuple(self.blocks),
            inputs=tuple(self.inputs),
            losses=tuple(self.losses),
            outputs=dict(self.outputs),
        )

    def _slot(self, node: str, shape: Shape, needs_gradient: bool) -> int:
        self.slots.append(Slot(len(self.slots), node, shape, needs_gradient))
        return len(self.slots) - 1
