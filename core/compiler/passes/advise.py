"""Advise: what will train, but not as its maker hopes; read from the ops, so that nodes and settings are judged alike."""

from collections.abc import Iterable

from core.catalogue.activation import ActivationKind, activation_kinds
from core.catalogue.hyperparameters import fields, parse
from core.catalogue.kind import LossKind, NodeKind, Task
from core.catalogue.loss import WeightedLossKind
from core.catalogue.registry import remedies_for
from core.catalogue.trained import LEARNING, learning_rate_of
from core.compiler.data_spec import DataSpec
from core.compiler.diagnostics import Fix
from core.compiler.draft import Draft, DraftLoss, DraftStep
from core.compiler.fixes import insert_fix, replace_fix, settings_fix
from core.compiler.passes.reach import losses_for
from core.ops.activations import Identity, Sigmoid, Softmax, Step
from core.ops.delay import Delay
from core.ops.joins import Average, Subtract
from core.ops.layout import features_axis
from core.ops.linear import Linear
from core.ops.losses import ClassHinge, Hinge
from core.ops.noise import GaussianNoise
from core.ops.op import Op
from core.ops.repeat import Repeat
from core.ops.structure import Add, Concatenate, Dropout, Flatten

ACTIVATION = "activation"
"""The hyperparameter by which a kind lets its activation be chosen."""

MOST_SUMS = 256
"""Linear nodes whose sums are followed together: more would cost memory with the square of the diagram."""

MARGINS = (Hinge, ClassHinge)
"""Losses that want answers of any size."""

STRAIGHT = (Identity, Flatten, Concatenate, Add, Dropout, Repeat, Delay, Average, GaussianNoise, Subtract)
"""Ops after which a weighted sum is still a weighted sum."""


def advise(draft: Draft) -> None:
    """Report stacks of linear layers, flat slopes, and losses that do not suit what they read."""
    made = {step.output: step for step in draft.steps}
    _advise_on_linear_stacks(draft)
    _advise_on_flat_slopes(draft)
    for step in draft.steps:
        if isinstance(step.op, Softmax) and _features(draft, step.inputs[0]) == 1:
            _advise_on_single_softmax(draft, step.node)
    for loss in draft.losses:
        _advise_on_loss(draft, loss, _maker(made, loss.prediction))
    if draft.losses:
        _advise_on_nothing_to_train(draft)


def _advise_on_nothing_to_train(draft: Draft) -> None:
    able = list(dict.fromkeys(step.node for step in draft.steps if step.blocks and step.node in draft.needed))
    if not able:
        draft.warn("nothing-to-train", "No node that leads to the loss has weights, so there is nothing to learn.")
    elif not any(learning_rate_of(draft.settings[node]) for node in able):
        message = f"Nothing can change: {_listed(draft, able)} {'is' if len(able) == 1 else 'are'} frozen, or at a learning rate of 0."
        fix = settings_fix(draft.diagram, f"Let {draft.name(able[-1])} learn", able[-1:], LEARNING)
        draft.warn("nothing-to-train", message, *able, fixes=(fix,))


def _advise_on_linear_stacks(draft: Draft) -> None:
    sums: dict[int, frozenset[str] | None] = {}
    stacks: dict[frozenset[str], list[str]] = {}
    widths: dict[str, tuple[int, int]] = {}
    in_loops = {node for loop in draft.loops for node in loop}
    for step in draft.steps:
        before = _union(sums.get(slot, frozenset()) for slot in step.inputs)
        if isinstance(step.op, Linear):
            read, given = (draft.slots[slot][1][-1] for slot in (step.inputs[0], step.output))
            widths[step.node] = read, given
            # A waist is there on purpose, as in an autoencoder: one sum could not squeeze the values through so few.
            waist = before and all(widths[node][1] < min(widths[node][0], given) for node in before)
            if before and not waist:
                stacks.setdefault(before, []).append(step.node)
            # In a loop a sum adds up what was before, which no other can do in its place.
            sums[step.output] = None if step.node in in_loops else frozenset((step.node,))
        else:
            sums[step.output] = before if isinstance(step.op, STRAIGHT) else None
    places = {node: place for place, node in enumerate(draft.order)}
    for before, after in stacks.items():
        first = sorted(before, key=places.__getitem__)
        message = (
            f"{_listed(draft, first)} and then {_listed(draft, after)} have no non-linearity between them: "
            "two weighted sums in a row can do no more than one."
        )
        fixes = [fix for kind in remedies_for("linear-stack") for fix in _bends(draft, first, kind)]
        draft.warn("linear-stack", message, *first, *after, fixes=tuple(fixes))


def _features(draft: Draft, slot: int) -> int:
    """How many features, or channels, a value has."""
    shape = draft.slots[slot][1]
    return shape[features_axis(len(shape) + 1)]


def _union(parts: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    """All nodes together; None as soon as one part is None, that is, no longer a weighted sum, or where there are too many."""
    together: frozenset[str] = frozenset()
    for part in parts:
        if part is None:
            return None
        together |= part
        if len(together) > MOST_SUMS:
            return None
    return together


def _bends(draft: Draft, nodes: list[str], kind: NodeKind) -> list[Fix]:
    """Choose this activation in the nodes, or insert it after the one node there is."""
    fixes = []
    if all(_can_choose(draft.kinds[node], kind) for node in nodes):
        fixes.append(_choosing(draft, nodes, kind))
    wires = [wire for node in nodes for wire in draft.diagram.outgoing(node)]
    if len(wires) == 1:
        fixes.append(insert_fix(draft.diagram, wires, kind))
    return fixes


def _advise_on_flat_slopes(draft: Draft) -> None:
    trained: set[int] = set()
    for step in draft.steps:
        learns = not trained.isdisjoint(step.inputs)
        if isinstance(step.op, Step) and learns and step.node in draft.needed:
            message = f"{draft.part(Step, step.node)} has slope 0 everywhere, so no gradient passes it and nothing before it learns."
            fixes = (*_instead(draft, step.node, Sigmoid), *_with_own_rule(draft, step.node))
            draft.warn("flat-slope", message, step.node, fixes=fixes)
        if step.blocks or learns:
            trained.add(step.output)


def _with_own_rule(draft: Draft, node: str) -> tuple[Fix, ...]:
    """A kind that learns without a slope, in place of one with the same ports."""
    kind = draft.kinds[node]
    others = [other for other in remedies_for("flat-slope") if (other.form, other.inputs) == (kind.form, kind.inputs)]
    return tuple(replace_fix(draft.diagram, node, kind.title, other) for other in others)


def _advise_on_single_softmax(draft: Draft, node: str) -> None:
    message = f"{draft.part(Softmax, node)} has a single value to share out, so its answer is always 1."
    draft.warn("softmax-of-one", message, node, fixes=_instead(draft, node, Sigmoid))


def _advise_on_loss(draft: Draft, loss: DraftLoss, maker: DraftStep | None) -> None:
    kind = draft.kinds[loss.node]
    assert isinstance(kind, LossKind)
    name = draft.name(loss.node)
    task, reason = _unsuited(draft.data, kind)
    if task:
        draft.warn("unsuitable-loss", f"{name} {reason}.", loss.node, fixes=_better_losses(draft, loss.node, task))
    elif maker and isinstance(maker.op, Softmax) and Task.REGRESSION in kind.suits:
        message = (
            f"{name} after a softmax learns slowly: where the network is wrong and sure of it, the slope is almost 0. "
            "Cross-entropy does not have this fault."
        )
        fixes = _better_losses(draft, loss.node, Task.CLASSES)
        draft.warn("softmax-before-mean-squared-error", message, maker.node, loss.node, fixes=fixes)
    elif maker and isinstance(draft.steps[loss.step].op, MARGINS) and isinstance(maker.op, (Sigmoid, Softmax)):
        squash = draft.part(type(maker.op), maker.node)
        message = f"{squash} keeps all answers between 0 and 1, and {name} wants a margin between right and wrong that is wider: leave it out."
        draft.warn("no-room-for-margin", message, maker.node, loss.node, fixes=_instead(draft, maker.node, Identity))
    elif maker and maker.op.surrogate and kind.has_target and Task.REGRESSION not in kind.suits:
        better = _better_losses(draft, loss.node, Task.REGRESSION)
        message = (
            f"{draft.name(maker.node)} answers 0 or 1 and learns by its own rule, which wants the plain difference from the target; "
            f"{name} measures something else."
        )
        draft.warn("loss-for-perceptron", message, maker.node, loss.node, fixes=better)
    elif isinstance(kind, WeightedLossKind) and kind.logits_of and not _gives_shares(maker, kind.logits_of):
        _advise_on_probabilities(draft, loss, kind.logits_of)


def _unsuited(data: DataSpec | None, kind: LossKind) -> tuple[Task | None, str]:
    """The task of the data, where this loss makes no sense for it, and why; a loss for numbers can be used with any."""
    if data is None or data.task is None or not kind.suits or kind.suits & {Task.REGRESSION, data.task}:
        return None, ""
    if data.task is Task.REGRESSION:
        return data.task, f"wants targets of 0 and 1, and those of {data.dataset_title} are plain numbers"
    if data.task is Task.BINARY:
        return data.task, f"chooses between classes, and {data.dataset_title} only asks yes or no"
    return None, ""


def _gives_shares(maker: DraftStep | None, wanted: type[Op]) -> bool:
    return maker is not None and isinstance(maker.op, (wanted, Softmax))


def _advise_on_probabilities(draft: Draft, loss: DraftLoss, wanted: type[Op]) -> None:
    wire = draft.prediction_wire(loss.node)
    before = wire.source[0]
    fixes: list[Fix] = []
    for kind in _activations_of(wanted):
        if _can_choose(draft.kinds[before], kind):
            fixes.append(_choosing(draft, [before], kind))
        fixes.append(insert_fix(draft.diagram, (wire,), kind))
    titles = " or ".join(kind.title.lower() for kind in _activations_of(wanted))
    message = f"{draft.name(loss.node)} compares probabilities, and {draft.name(before)} puts out any number: a {titles} belongs between."
    draft.warn("needs-probabilities", message, before, loss.node, fixes=tuple(fixes))


def _better_losses(draft: Draft, node: str, task: Task) -> tuple[Fix, ...]:
    old = draft.kinds[node].title
    return tuple(replace_fix(draft.diagram, node, old, kind) for kind in losses_for(task)[:1])


def _instead(draft: Draft, node: str, op: type[Op]) -> tuple[Fix, ...]:
    """Another activation in a node that chooses one, or in place of a node that is one."""
    kind = draft.kinds[node]
    fixes = []
    for other in _activations_of(op):
        if _can_choose(kind, other):
            fixes.append(_choosing(draft, [node], other))
        elif isinstance(kind, ActivationKind):
            fixes.append(replace_fix(draft.diagram, node, kind.title, other))
    return tuple(fixes)


def _activations_of(op: type[Op]) -> list[ActivationKind]:
    """The activation kinds that become this op."""
    return [kind for kind in activation_kinds().values() if isinstance(kind.op(parse(kind, {})), op)]


def _can_choose(kind: NodeKind, activation: NodeKind) -> bool:
    return any(field.name == ACTIVATION and activation.key in field.choices for field in fields(type(kind)))


def _choosing(draft: Draft, nodes: list[str], kind: NodeKind) -> Fix:
    return settings_fix(draft.diagram, f"Set activation to {kind.title}", nodes, {ACTIVATION: kind.key})


def _maker(made: dict[int, DraftStep], slot: int) -> DraftStep | None:
    """The step that computed a value, looking through those that hand it on as it is."""
    step = made.get(slot)
    while step is not None and isinstance(step.op, (Identity, Flatten)):
        step = made.get(step.inputs[0])
    return step


def _listed(draft: Draft, nodes: list[str]) -> str:
    names = [draft.name(node) for node in nodes]
    if len(names) > 3:
        names = [*names[:2], f"{len(names) - 2} more"]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
