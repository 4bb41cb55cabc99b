"""Fixes: the mends that diagnostics propose, each a Change that can be undone."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from core.catalogue.hyperparameters import is_valid
from core.catalogue.kind import Form, NodeKind
from core.catalogue.registry import find_kind
from core.compiler.diagnostics import Fix
from core.diagram.change import Change, Update
from core.diagram.diagram import Diagram
from core.diagram.edits import add_node, connect, delete, disconnect, new_node_id
from core.diagram.ids import FreshIds
from core.diagram.limits import MAX_COORDINATE
from core.diagram.records import Endpoint, Node, Position, Record, Wire
from core.diagram.room import GAP, free_place, room_between

_SIZES = {Form.CIRCLE: (64.0, 110.0), Form.SQUARE: (168.0, 110.0), Form.CARD: (168.0, 140.0)}
"""As large as a node may be drawn, in canvas pixels: a square becomes a card where it stands for more than one value."""


def delete_fix(diagram: Diagram, node: str) -> Fix:
    """Take a node and its wires away."""
    return Fix("Delete it", delete(diagram, (node,)))


def remove_wire_fix(diagram: Diagram, wire: Wire, title: str = "Remove the wire") -> Fix:
    """Take one wire away."""
    return Fix(title, disconnect(diagram, (wire.id,)))


def connect_fix(diagram: Diagram, source: Endpoint, target: Endpoint, name: str) -> Fix:
    """Wire two nodes; ``name`` is that of the first, and the second is what the finding is about."""
    return Fix(f"Connect {name} to it", connect(diagram, source, target))


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
    """Put a node of this kind into each wire; what is behind it steps aside."""
    fresh = FreshIds(diagram)
    added: list[Record] = []
    updated: list[Update] = []
    moved = Change()
    for wire in wires:
        key = fresh.node(kind.key)
        place, pushed = _between(diagram, wire, _SIZES[kind.form][0])
        diagram, moved = diagram.apply(pushed), moved.then(pushed)
        added.append(Node(id=key, kind=kind.key, position=place, hyperparameters=dict(settings or {})))
        added.append(Wire(id=fresh.wire(), source=wire.source, target=(key, kind.inputs[0].name)))
        updated.append(Update(wire, msgspec.structs.replace(wire, source=(key, kind.outputs[0].name))))
    title = f"Insert {kind.title}" + (f" with {detail}" if detail else "")
    return Fix(title, moved.then(Change(added=tuple(added), updated=tuple(updated))))


def add_after_fix(diagram: Diagram, kind: NodeKind, source: Endpoint | None) -> Fix:
    """Add a node of this kind to the right of another one, and wire it to that."""
    beside = source[0] if source else _rightmost(diagram)
    place = (0.0, 0.0) if beside is None else _beside(diagram, diagram.nodes[beside].position, kind, (beside,), 1)
    change, key = add_node(diagram, kind.key, place)
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
        leftmost = (min(x for x, _ in positions), positions[0][1])
        place = _beside(diagram, leftmost, kind, [node for node, _ in targets], -1)
    key = new_node_id(diagram, kind.key)
    wires = [Wire(id=fresh.wire(), source=(key, kind.outputs[0].name), target=target) for target in targets]
    return Fix(f"Add {kind.title}", Change(added=(Node(id=key, kind=kind.key, position=place), *wires)))


def _size(diagram: Diagram, node: str) -> Position:
    """About how large a node is drawn."""
    kind = find_kind(diagram.nodes[node].kind)
    return _SIZES[Form.CARD if kind is None else kind.form]


def _between(diagram: Diagram, wire: Wire, width: float) -> tuple[Position, Change]:
    """Where a node of this width goes in a wire, and what makes room for it."""
    source, target = wire.source[0], wire.target[0]
    x, pushed = room_between(diagram, source, target, width, lambda node: _size(diagram, node)[0])
    return (x, (diagram.nodes[source].position[1] + diagram.nodes[target].position[1]) / 2), pushed


def _beside(diagram: Diagram, place: Position, kind: NodeKind, neighbours: Iterable[str], side: int) -> Position:
    """A free place for a new node to the right (1) or to the left (-1) of its neighbours."""
    size = _SIZES[kind.form]
    distance = side * ((max(_size(diagram, node)[0] for node in neighbours) + size[0]) / 2 + GAP)
    x = min(MAX_COORDINATE, max(-MAX_COORDINATE, place[0] + distance))
    return free_place(
        (x, place[1]), size, {key: (node.position, _size(diagram, key)) for key, node in diagram.nodes.items()}
    )


def _rightmost(diagram: Diagram) -> str | None:
    return max(diagram.nodes, key=lambda key: diagram.nodes[key].position, default=None)
