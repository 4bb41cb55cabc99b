"""Lower: every node becomes the ops it is made of, writing into numbered slots."""

from core.catalogue.kind import LossKind, NodeKind, SourceKind, Value, Values
from core.compiler.draft import Draft, DraftLoss, DraftStep
from core.diagram.records import Endpoint
from core.ops.layout import inside
from core.ops.op import Op, ParameterBlock
from core.ops.structure import Concatenate


class StepBuilder:
    """The Builder that kinds write to; ``node`` is the node that is being lowered.

    Neurons that read the same wires share one Concatenate. A Delay in a loop reads a value that is not there yet: it is given a slot that
    stands for it until all is written.
    """

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._written: dict[int, DraftStep] = {}
        self._joined: dict[tuple[Op, tuple[int, ...]], Value] = {}
        self._promised: dict[Endpoint, Value] = {}
        self.node = ""

    def promise(self, source: Endpoint) -> Value:
        """What stands for the value at an output port that is not written yet."""
        value = self._promised.get(source)
        if value is None:
            value = self._promised[source] = self.slot(inside(self._draft.shapes[source]))
        return value

    def keep_promises(self) -> None:
        """Let all steps read the values themselves."""
        if self._promised:
            kept = {promise.slot: self._draft.values[source].slot for source, promise in self._promised.items()}
            for step in self._draft.steps:
                step.inputs = tuple(kept.get(slot, slot) for slot in step.inputs)

    def slot(self, shape: tuple[int, ...]) -> Value:
        """A new slot on behalf of the node."""
        self._draft.slots.append((self.node, shape))
        return Value(len(self._draft.slots) - 1, shape)

    def apply(self, op: Op, *inputs: Value, blocks: tuple[ParameterBlock, ...] = ()) -> Value:
        """Append a step; the blocks are parameters of the node that is being lowered."""
        slots = tuple([value.slot for value in inputs])
        shared = self._joined.get((op, slots)) if isinstance(op, Concatenate) else None
        if shared is not None:
            return shared
        output = self.slot(op.output_shape(*(value.shape for value in inputs)))
        step = DraftStep(op, self.node, slots, output.slot, blocks)
        self._draft.steps.append(step)
        self._written[output.slot] = step
        if isinstance(op, Concatenate):
            self._joined[op, slots] = output
        return output

    def logits(self, value: Value, activation: type[Op]) -> Value | None:
        """What ``value`` was computed from, if that was by an op of this type; else None."""
        step = self._written.get(value.slot)
        if step is None or not isinstance(step.op, activation):
            return None
        return Value(step.inputs[0], self._draft.slots[step.inputs[0]][1])


def lower(draft: Draft) -> None:
    """Fill ``slots``, ``values``, ``steps`` and ``losses``, for every node whose inputs fit."""
    builder = StepBuilder(draft)
    for node in draft.order:
        if node not in draft.readable:
            continue
        kind = draft.kinds[node]
        builder.node = node
        if isinstance(kind, SourceKind):
            port = node, kind.outputs[0].name
            draft.values[port] = builder.slot(inside(draft.shapes[port]))
        elif isinstance(kind, LossKind):
            _lower_loss(draft, node, kind, builder)
        else:
            lowered = kind.lower(draft.settings[node], _values(draft, node, kind, builder), builder)
            draft.values.update({(node, port): value for port, value in lowered.items()})
    builder.keep_promises()


def _lower_loss(draft: Draft, node: str, kind: LossKind, builder: StepBuilder) -> None:
    """The step of a loss and the slot of its target, if prediction and target can be compared."""
    source = draft.prediction_wire(node).source
    settings, targets = draft.settings[node], draft.data.targets if draft.data else {}
    if kind.has_target and targets.get(node) != draft.shapes[source]:
        return
    op, read = kind.loss(settings, _values(draft, node, kind, builder), builder)
    target = builder.slot(inside(targets[node])) if kind.has_target else None
    builder.apply(op, *read, *((target,) if target else ()))
    slot, prediction = target.slot if target else None, draft.values[source].slot
    last = len(draft.steps) - 1
    draft.losses.append(DraftLoss(node, slot, prediction, last, op.weight, kind.compares_inputs(settings)))


def _values(draft: Draft, node: str, kind: NodeKind, builder: StepBuilder) -> Values:
    """The values at every port of a node, in the order of the wires; none at an optional port without one."""
    values: dict[str, tuple[Value, ...]] = {}
    for port in kind.inputs:
        wires = draft.wires.get((node, port.name), ())
        found = [draft.values.get(wire.source) or builder.promise(wire.source) for wire in wires]
        values[port.name] = tuple(found)
    return values
