"""Resolve: which kind each node is, with which settings, and which wires end where a kind says they may."""

from core.catalogue.hyperparameters import parse
from core.catalogue.kind import NodeKind
from core.catalogue.registry import find_kind
from core.compiler.draft import Draft
from core.compiler.fixes import delete_fix, remove_wire_fix, reset_fix
from core.diagram.records import Endpoint, Node, Wire
from core.errors import HyperparameterError


def resolve(draft: Draft) -> None:
    """Fill ``kinds``, ``settings`` and ``wires``."""
    for node in draft.diagram.nodes.values():
        kind = find_kind(node.kind)
        if kind is None:
            _report_unknown(draft, node)
        else:
            draft.kinds[node.id] = kind
            _read_settings(draft, node, kind)
    for wire in _sorted_wires(draft):
        problem = _wire_problem(draft, wire)
        if problem:
            ends = tuple(key for key in (wire.source[0], wire.target[0]) if key in draft.diagram.nodes)
            draft.error("bad-wire", problem, *ends, wires=(wire.id,), fixes=(remove_wire_fix(draft.diagram, wire),))
        elif wire.source[0] in draft.kinds and wire.target[0] in draft.kinds:
            draft.wires.setdefault(wire.target, []).append(wire)


def _report_unknown(draft: Draft, node: Node) -> None:
    message = (
        f"This version of Neuroloom does not know the kind {node.kind!r} of the node {node.title or node.id!r}. "
        "It is kept as it is and saved again, but it cannot be trained."
    )
    draft.error("unknown-kind", message, node.id, fixes=(delete_fix(draft.diagram, node.id),))


def _read_settings(draft: Draft, node: Node, kind: NodeKind) -> None:
    try:
        draft.settings[node.id] = parse(kind, node.hyperparameters)
    except HyperparameterError as error:
        draft.error("bad-hyperparameter", str(error), node.id, fixes=(reset_fix(draft.diagram, kind, node.id),))


def _sorted_wires(draft: Draft) -> list[Wire]:
    """Every wire, those of one port in their order, whatever order the diagram lists them in."""
    return sorted(draft.diagram.wires.values(), key=lambda wire: (wire.target, wire.order, wire.id))


def _wire_problem(draft: Draft, wire: Wire) -> str | None:
    """What is wrong with the ends of a wire; at a node of unknown kind any port may be right."""
    for key, _ in (wire.source, wire.target):
        if key not in draft.diagram.nodes:
            return f"A wire ends at {key!r}, and there is no such node."
    source, target = draft.kinds.get(wire.source[0]), draft.kinds.get(wire.target[0])
    if source and all(port.name != wire.source[1] for port in source.outputs):
        return f"{draft.name(wire.source[0])} has no output called {wire.source[1]!r}, where a wire starts."
    if target is None:
        return None
    port = next((port for port in target.inputs if port.name == wire.target[1]), None)
    if port is None:
        return f"{draft.name(wire.target[0])} has no input called {wire.target[1]!r}, where a wire ends."
    return _crowding(draft, wire.source, wire.target, port.many)


def _crowding(draft: Draft, source: Endpoint, target: Endpoint, many: bool) -> str | None:
    others = draft.wires.get(target, [])
    if others and not many:
        return f"{draft.name(target[0])} takes one wire, and this is one more."
    if any(wire.source == source for wire in others):
        return f"{draft.name(source[0])} and {draft.name(target[0])} are joined by two wires; one is enough."
    return None
