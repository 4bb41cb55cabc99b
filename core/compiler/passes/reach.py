"""Reach: whether data comes in, whether a loss is there to learn from, and which nodes lead to one."""

from typing import TypeAlias

from core.catalogue.kind import LossKind, NodeKind, SourceKind, Task
from core.catalogue.registry import all_kinds
from core.compiler.diagnostics import Fix
from core.compiler.draft import Draft
from core.compiler.fixes import add_after_fix, add_before_fix, connect_fix, delete_fix
from core.diagram.records import Endpoint

FreeOutput: TypeAlias = tuple[bool, float, float, str]
"""Whether it is read already, its place on the canvas, and its node."""

OFFERS_AT_MOST = 100
"""So many missing wires come with the offer of one; to find it takes a look at every free output."""


def reach(draft: Draft) -> None:
    """Fill ``needed`` with the nodes that lead to a loss (all of them where there is none yet)."""
    losses = [node for node, _ in draft.loss_nodes()]
    draft.needed = _leading_to(draft, losses) if losses else set(draft.kinds)
    missing = [port for node in draft.kinds for port in _missing_ports(draft, node)]
    if not any(True for _ in draft.sources()):
        _report_no_input(draft, missing)
    if not losses:
        _report_no_loss(draft)
    free = _free_outputs(draft)
    for number, target in enumerate(missing):
        _report_missing(draft, target, free if number < OFFERS_AT_MOST else [])
    lacking = {node for node, _ in missing}
    for node, kind in draft.kinds.items():
        if node not in draft.needed and kind.outputs and not draft.diagram.outgoing(node) and node not in lacking:
            message = f"{draft.name(node)} does not lead to a loss, so training does not use it."
            draft.warn("unreachable", message, node, fixes=(delete_fix(draft.diagram, node),))


def _leading_to(draft: Draft, goals: list[str]) -> set[str]:
    seen, waiting = set(goals), list(goals)
    while waiting:
        for wire in draft.into(waiting.pop()):
            if wire.source[0] not in seen:
                seen.add(wire.source[0])
                waiting.append(wire.source[0])
    return seen


def _missing_ports(draft: Draft, node: str) -> list[Endpoint]:
    """The input ports of a node where no wire ends, not even a wrong one."""
    empty = [
        port.name for port in draft.kinds[node].inputs if not port.optional and (node, port.name) not in draft.wires
    ]
    taken = {wire.target[1] for wire in draft.diagram.incoming(node)} if empty else set()
    return [(node, name) for name in empty if name not in taken]


def _report_no_input(draft: Draft, missing: list[Endpoint]) -> None:
    first = [target for target in missing if not isinstance(draft.kinds[target[0]], LossKind)]
    kinds = [kind for kind in all_kinds() if isinstance(kind, SourceKind)][:1]
    fixes = tuple(add_before_fix(draft.diagram, kind, first) for kind in kinds)
    draft.error("no-input", "Nothing brings the data into this network yet.", fixes=fixes)


def _report_no_loss(draft: Draft) -> None:
    task = draft.data.task if draft.data else None
    suited = losses_for(task or Task.REGRESSION)[:1]
    last = _last_output(draft)
    fixes = tuple(add_after_fix(draft.diagram, kind, last) for kind in suited)
    message = "There is no loss yet: it measures how wrong the network is, and training makes it small."
    draft.error("no-loss", message, *((last[0],) if last else ()), fixes=fixes)


def losses_for(task: Task) -> list[NodeKind]:
    """The loss kinds that suit a task, in the order of the palette."""
    return [kind for kind in all_kinds() if isinstance(kind, LossKind) and task in kind.suits]


def _last_output(draft: Draft) -> Endpoint | None:
    """The output that nothing reads and that lies furthest to the right; an input node only where there is nothing else."""
    ends = [
        (not isinstance(kind, SourceKind), draft.diagram.nodes[node].position[0], node)
        for node, kind in draft.kinds.items()
        if kind.outputs and not draft.diagram.outgoing(node)
    ]
    if not ends:
        return None
    node = max(ends)[2]
    return node, draft.kinds[node].outputs[0].name


def _report_missing(draft: Draft, target: Endpoint, free: list[FreeOutput]) -> None:
    node, name = target[0], draft.name(target[0])
    fixes = _connecting(draft, target, free)
    if node not in draft.needed:
        message = f"Nothing is wired to {name}, and it does not lead to a loss: training does not use it."
        draft.warn("unreachable", message, node, fixes=(*fixes, delete_fix(draft.diagram, node)))
        return
    ports = draft.kinds[node].inputs
    place = (
        "" if len(ports) == 1 else f" at {next(port.title or port.name for port in ports if port.name == target[1])}"
    )
    draft.error(
        "missing-input", f"{name} has no wire coming in{place}: connect what it should read.", node, fixes=fixes
    )


def _free_outputs(draft: Draft) -> list[FreeOutput]:
    """The outputs that nothing reads yet, and those of the sources of data, which may well be read twice."""
    found = []
    for node, kind in draft.kinds.items():
        is_read = bool(draft.diagram.outgoing(node))
        if kind.outputs and (not is_read or isinstance(kind, SourceKind)):
            found.append((is_read, *draft.diagram.nodes[node].position, node))
    return found


def _connecting(draft: Draft, target: Endpoint, free: list[FreeOutput]) -> tuple[Fix, ...]:
    """The offer to wire the nearest output to the left that nothing reads yet, or else the nearest there is."""
    after = _reading_from(draft, target[0])
    x, y = draft.diagram.nodes[target[0]].position
    near = [
        (is_read, place_x > x, abs(place_x - x) + abs(place_y - y), node)
        for is_read, place_x, place_y, node in free
        if node not in after
    ]
    if not near:
        return ()
    nearest = min(near)[3]
    source = nearest, draft.kinds[nearest].outputs[0].name
    return (connect_fix(draft.diagram, source, target, draft.name(nearest)),)


def _reading_from(draft: Draft, node: str) -> set[str]:
    """A node and all that its output leads to: wiring one of those back to it would close a loop."""
    seen, waiting = {node}, [node]
    while waiting:
        for wire in draft.diagram.outgoing(waiting.pop()):
            if wire.target[0] not in seen:
                seen.add(wire.target[0])
                waiting.append(wire.target[0])
    return seen
