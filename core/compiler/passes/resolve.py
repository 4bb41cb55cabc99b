"""Resolve: which kind each node is, with which settings, and which wires end where a kind says they may."""

from collections.abc import Iterator

from core.catalogue.hyperparameters import parse
from core.catalogue.kind import NodeKind, Port
from core.catalogue.registry import find_kind
from core.compiler.draft import Draft
from core.compiler.fixes import delete_fix, remove_wire_fix, reset_fix
from core.diagram.diagram import Diagram
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
    joined: set[tuple[Endpoint, Endpoint]] = set()
    for wire in _wires_by_target(draft.diagram):
        problem = _wire_problem(draft, wire, joined)
        if problem:
            ends = tuple(key for key in (wire.source[0], wire.target[0]) if key in draft.diagram.nodes)
            draft.error("bad-wire", problem, *ends, wires=(wire.id,), fixes=(remove_wire_fix(draft.diagram, wire),))
        elif wire.source[0] in draft.kinds and wire.target[0] in draft.kinds:
            joined.add((wire.source, wire.target))
            draft.wires.setdefault(wire.target, []).append(wire)


def _wires_by_target(diagram: Diagram) -> Iterator[Wire]:
    """Every wire, those of one port in their order."""
    for node in diagram.nodes:
        yield from diagram.incoming(node)
    yield from (wire for wire in diagram.wires.values() if wire.target[0] not in diagram.nodes)


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


def _wire_problem(draft: Draft, wire: Wire, joined: set[tuple[Endpoint, Endpoint]]) -> str | None:
    """What is wrong with the ends of a wire; at a node of unknown kind any port may be right."""
    start, end = wire.source[0], wire.target[0]
    for key in (start, end):
        if key not in draft.diagram.nodes:
            return f"A wire ends at {key!r}, and there is no such node."
    source, target = draft.kinds.get(start), draft.kinds.get(end)
    if source and not _named(source.outputs, wire.source[1]):
        return f"{draft.name(start)} has no output called {wire.source[1]!r}, where a wire starts."
    if target is None:
        return None
    port = _named(target.inputs, wire.target[1])
    if port is None:
        return f"{draft.name(end)} has no input called {wire.target[1]!r}, where a wire ends."
    if (wire.source, wire.target) in joined:
        return f"{draft.name(start)} and {draft.name(end)} are joined by two wires, and one is enough."
    if not port.many and wire.target in draft.wires:
        return f"{draft.name(end)} takes one wire, and this is one more."
    return None


def _named(ports: tuple[Port, ...], name: str) -> Port | None:
    for port in ports:
        if port.name == name:
            return port
    return None
