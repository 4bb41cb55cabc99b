"""Fixes: the mends that diagnostics propose, each a Change that can be undone."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from core.catalogue.hyperparameters import is_valid
from core.catalogue.kind import NodeKind
from core.compiler.diagnostics import Fix
from core.diagram.change import Change, Update
from core.diagram.diagram import Diagram
from core.diagram.edits import add_node, connect, delete, disconnect, new_node_id
from core.diagram.ids import FreshIds
from core.diagram.limits import MAX_COORDINATE
from core.diagram.records import Endpoint, Node, Position, Record, Wire

GAP = 200.0
"""How far beside its neighbour a new node is put, in canvas pixels."""


def delete_fix(diagram: Diagram, node: str) -> Fix:
    """Take a node and its wires away."""
    return Fix("Delete it", delete(diagram, (node,)))


def remove_wire_fix(diagram: Diagram, wire: Wire, title: str = "Remove the wire") -> Fix:
    """Take one wire away."""
    return Fix(title, disconnect(diagram, (wire.id,)))


def connect_fix(diagram: Diagram, source: Endpoint, target: Endpoint, name: str) -> Fix:
    """Wire two nodes."""
    return Fix(f"Connect {name}", connect(diagram, source, target))


def settings_fix(diagram: Diagram, title: str, nodes: Iterable[str], values: Mapping[str, Any]) -> Fix:
    """Set hyperparameters of some nodes; the others of each node stay."""
    updates = []
    for key in nodes:
        node = diagram.nodes[key]
        changed = msgspec.structs.replace(node, hyperparameters={**node.hyperparameters, **values})
        updates.append(Update(node, changed))
    return Fix(title, Change(updated=tuple(updates)))


def reset_fix(diagram: Diagram, kind: NodeKind, node: str) -> Fix:
    """Take away the hyperparameters that are not valid, so that their defaults hold."""
    record = diagram.nodes[node]
    kept = {name: value for name, value in record.hyperparameters.items() if is_valid(kind, name, value)}
    changed = msgspec.structs.replace(record, hyperparameters=kept)
    return Fix("Reset to default", Change(updated=(Update(record, changed),)))


def clear_fix(diagram: Diagram, node: str, title: str) -> Fix:
    """Take all hyperparameters of a node away, so that their defaults hold."""
    record = diagram.nodes[node]
    changed = msgspec.structs.replace(record, hyperparameters={})
    return Fix(title, Change(updated=(Update(record, changed),)))


def replace_fix(diagram: Diagram, node: str, old: str, kind: NodeKind) -> Fix:
    """Make a node one of another kind with the same ports; settings that the other kind has too are kept."""
    record = diagram.nodes[node]
    kept = {name: value for name, value in record.hyperparameters.items() if is_valid(kind, name, value)}
    changed = msgspec.structs.replace(record, kind=kind.key, hyperparameters=kept)
    return Fix(f"Replace {old} by {kind.title}", Change(updated=(Update(record, changed),)))


def insert_fix(
    diagram: Diagram, wires: Iterable[Wire], kind: NodeKind, settings: Mapping[str, Any] | None = None, detail: str = ""
) -> Fix:
    """Put a node of this kind into the middle of each wire."""
    fresh = FreshIds(diagram)
    added: list[Record] = []
    updated: list[Update] = []
    for wire in wires:
        key = fresh.node(kind.key)
        place = _between(diagram.nodes[wire.source[0]].position, diagram.nodes[wire.target[0]].position)
        added.append(Node(id=key, kind=kind.key, position=place, hyperparameters=dict(settings or {})))
        added.append(Wire(id=fresh.wire(), source=wire.source, target=(key, kind.inputs[0].name)))
        updated.append(Update(wire, msgspec.structs.replace(wire, source=(key, kind.outputs[0].name))))
    title = f"Insert {kind.title}" + (f" with {detail}" if detail else "")
    return Fix(title, Change(added=tuple(added), updated=tuple(updated)))


def add_after_fix(diagram: Diagram, kind: NodeKind, source: Endpoint | None) -> Fix:
    """Add a node of this kind to the right of another one, and wire it to that."""
    beside = diagram.nodes[source[0]].position if source else _rightmost(diagram)
    change, key = add_node(diagram, kind.key, _shifted(beside, GAP))
    if source:
        wire = Wire(id=FreshIds(diagram).wire(), source=source, target=(key, kind.inputs[0].name))
        change = Change(added=(*change.added, wire))
    return Fix(f"Add {kind.title}", change)


def add_before_fix(diagram: Diagram, kind: NodeKind, targets: Iterable[Endpoint]) -> Fix:
    """Add a node of this kind to the left of others, and wire it to them."""
    targets = tuple(targets)
    fresh = FreshIds(diagram)
    place = (0.0, 0.0)
    if targets:
        positions = [diagram.nodes[node].position for node, _ in targets]
        place = _shifted((min(x for x, _ in positions), positions[0][1]), -GAP)
    key = new_node_id(diagram, kind.key)
    wires = [Wire(id=fresh.wire(), source=(key, kind.outputs[0].name), target=target) for target in targets]
    return Fix(f"Add {kind.title}", Change(added=(Node(id=key, kind=kind.key, position=place), *wires)))


def _between(start: Position, end: Position) -> Position:
    return ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)


def _shifted(place: Position, distance: float) -> Position:
    return (min(MAX_COORDINATE, max(-MAX_COORDINATE, place[0] + distance)), place[1])


def _rightmost(diagram: Diagram) -> Position:
    return max((node.position for node in diagram.nodes.values()), default=(-GAP, 0.0))
