"""Allocate: lays the steps, slots and parameters out as a Plan, and marks what needs a gradient."""

from core.catalogue.kind import LossKind
from core.compiler.draft import Draft
from core.compiler.plan import InputBinding, LossBinding, Plan, PlannedBlock, Slot, Step, size
from core.ops.op import LossOp


def allocate(draft: Draft) -> None:
    """Fill ``plan``, if there is no error."""
    if draft.failed:
        return
    blocks: list[PlannedBlock] = []
    steps: list[Step] = []
    offset = 0
    for step in draft.steps:
        first = len(blocks)
        for block in step.blocks:
            blocks.append(PlannedBlock(step.node, block, offset))
            offset += size(block.shape)
        steps.append(Step(step.op, step.node, step.inputs, step.output, tuple(range(first, len(blocks)))))
    wanted = _needing_gradient(draft)
    slots = tuple(Slot(index, node, shape, index in wanted) for index, (node, shape) in enumerate(draft.slots))
    draft.plan = Plan(
        slots, tuple(steps), tuple(blocks), _inputs(draft), _losses(draft), _outputs(draft), _predictions(draft)
    )


def _needing_gradient(draft: Draft) -> set[int]:
    """The slots that parameters lead to and that lead to a loss."""
    trained: set[int] = set()
    for step in draft.steps:
        if step.blocks or not trained.isdisjoint(step.inputs):
            trained.add(step.output)
    wanted: set[int] = set()
    for step in reversed(draft.steps):
        if isinstance(step.op, LossOp):
            wanted.add(step.inputs[0])
        elif step.output in wanted:
            wanted.update(step.inputs)
    return wanted & trained


def _inputs(draft: Draft) -> tuple[InputBinding, ...]:
    columns = draft.data.columns if draft.data else {}
    return tuple(
        InputBinding(node, draft.values[node, kind.outputs[0].name].slot, columns.get(node))
        for node, kind in draft.sources()
    )


def _losses(draft: Draft) -> tuple[LossBinding, ...]:
    return tuple(
        LossBinding(loss.node, loss.target, loss.prediction, loss.step, draft.settings[loss.node].weight)
        for loss in draft.losses
    )


def _outputs(draft: Draft) -> dict[str, int]:
    return {
        node: draft.values[node, draft.kinds[node].outputs[0].name].slot
        for node in draft.order
        if draft.kinds[node].outputs
    }


def _predictions(draft: Draft) -> tuple[str, ...]:
    def is_read(node: str) -> bool:
        readers = [draft.kinds[wire.target[0]] for wire in draft.diagram.outgoing(node)]
        return not readers or any(isinstance(kind, LossKind) for kind in readers)

    return tuple(node for node in draft.order if draft.kinds[node].outputs and is_read(node))
