"""Resolve: which kind each node is, with which settings, and which wires end where a kind says they may."""

from collections.abc import Container, Mapping
from itertools import groupby

from core.catalogue.hyperparameters import parse
from core.catalogue.kind import NodeKind, Port
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
    outputs = {node: {port.name for port in kind.outputs} for node, kind in draft.kinds.items()}
    for key in draft.diagram.nodes:
        _take_wires(draft, key, outputs)
    for wire in draft.diagram.wires.values():
        if wire.target[0] not in draft.diagram.nodes:
            _report_wire(draft, wire)


def _take_wires(draft: Draft, node: str, outputs: Mapping[str, Container[str]]) -> None:
    """Keep the wires that end at a node, port by port in their order; those that cannot be are reported."""
    kind = draft.kinds.get(node)
    ports = {port.name: port for port in kind.inputs} if kind else {}
    for name, wires in groupby(draft.diagram.incoming(node), lambda wire: wire.target[1]):
        port = ports.get(name)
        taken: list[Wire] = []
        joined: set[Endpoint] = set()
        for wire in wires:
            source = wire.source
            known = outputs.get(source[0])
            # Most wires are sound, and a diagram may have very many: they are told by the least that it takes.
            sound = port and known is not None and source[1] in known and source not in joined
            if sound and (not taken or (port and port.many)):
                joined.add(source)
                taken.append(wire)
            else:
                _report_wire(draft, wire, again=source in joined, taken=bool(taken))
        if taken:
            draft.wires[node, name] = taken


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


def _report_wire(draft: Draft, wire: Wire, *, again: bool = False, taken: bool = False) -> None:
    """Say what is wrong with a wire, if anything is: whether it is there ``again``, or its port is ``taken``."""
    problem = _wire_problem(draft, wire, again, taken)
    if problem:
        ends = tuple(key for key in (wire.source[0], wire.target[0]) if key in draft.diagram.nodes)
        draft.error("bad-wire", problem, *ends, wires=(wire.id,), fixes=(remove_wire_fix(draft.diagram, wire),))


def _wire_problem(draft: Draft, wire: Wire, again: bool, taken: bool) -> str | None:
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
    if again:
        return f"{draft.name(start)} and {draft.name(end)} are joined by two wires, and one is enough."
    if not port.many and taken:
        return f"{draft.name(end)} takes one wire, and this is one more."
    return None


def _named(ports: tuple[Port, ...], name: str) -> Port | None:
    for port in ports:
        if port.name == name:
            return port
    return None
