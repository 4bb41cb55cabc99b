"""Allocate: lays the steps, slots and parameters out as a Plan, and marks what needs a gradient."""

from core.catalogue.kind import LossKind, SourceKind
from core.catalogue.trained import learning_rate_of
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
            rate = learning_rate_of(draft.settings[step.node])
            blocks.append(PlannedBlock(step.node, block, offset, rate))
            offset += size(block.shape)
        steps.append(Step(step.op, step.node, step.inputs, step.output, tuple(range(first, len(blocks)))))
    wanted = _needing_gradient(draft)
    slots = tuple(Slot(index, node, shape, index in wanted) for index, (node, shape) in enumerate(draft.slots))
    outputs = _outputs(draft)
    predictions = _predictions(draft, outputs)
    draft.plan = Plan(slots, tuple(steps), tuple(blocks), _inputs(draft), _losses(draft), outputs, predictions)


def _needing_gradient(draft: Draft) -> set[int]:
    """The slots that parameters lead to and that lead to a loss."""
    trained: set[int] = set()
    wanted: set[int] = set()
    before = -1
    while len(trained) + len(wanted) > before:
        before = len(trained) + len(wanted)
        for step in draft.steps:
            if any(block.trained for block in step.blocks) or not trained.isdisjoint(step.inputs):
                trained.add(step.output)
        for step in reversed(draft.steps):
            if isinstance(step.op, LossOp):
                wanted.update(step.inputs[:1] if step.op.has_target else step.inputs)
            elif step.output in wanted:
                wanted.update(step.inputs)
        if not draft.loops:  # Without them the steps are in order, and once is enough.
            break
    return wanted & trained


def _inputs(draft: Draft) -> tuple[InputBinding, ...]:
    columns = draft.data.columns if draft.data else {}
    return tuple(
        InputBinding(node, draft.values[node, draft.kinds[node].outputs[0].name].slot, columns.get(node))
        for node in draft.order
        if isinstance(draft.kinds[node], SourceKind)
    )


def _losses(draft: Draft) -> tuple[LossBinding, ...]:
    """The losses, those that compare before those that only keep something small: the first of them has the network's answer."""
    return tuple(
        LossBinding(loss.node, loss.target, loss.prediction, loss.step, loss.weight, loss.compares_inputs)
        for loss in sorted(draft.losses, key=lambda loss: loss.target is None)
    )


def _outputs(draft: Draft) -> dict[str, int]:
    """Each node that is run, and the slot of its first output."""
    first = {node: (node, draft.kinds[node].outputs[0].name) for node in draft.order if draft.kinds[node].outputs}
    return {node: draft.values[port].slot for node, port in first.items() if port in draft.values}


def _predictions(draft: Draft, outputs: dict[str, int]) -> tuple[str, ...]:
    """What feeds a loss, or feeds nothing and is not just data."""
    read: set[str] = set()
    compared: set[str] = set()
    for (reader, _), wires in draft.wires.items():
        kind = draft.kinds[reader]
        group = compared if isinstance(kind, LossKind) else read
        if reader in draft.readable:
            group.update(wire.source[0] for wire in wires)
    return tuple(
        node
        for node in outputs
        if node in compared or (node not in read and not isinstance(draft.kinds[node], SourceKind))
    )
