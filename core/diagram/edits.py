"""The verbs: each edit is a pure function from a diagram to the Change that carries it out.

Nothing here applies anything, and nothing asks whether the result is allowed: ``DiagramDocument.apply`` does both. An id
that does not exist raises EditError.
"""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import msgspec

from core.diagram.change import Change, Update, change_between
from core.diagram.diagram import DEFAULT_INPUT, DEFAULT_OUTPUT, Diagram
from core.diagram.fragment import Fragment, copy, paste
from core.diagram.ids import FreshIds
from core.diagram.records import Endpoint, Frame, Node, Note, Position, Record, Table, Wire
from core.errors import EditError

__all__ = [
    "Fragment",
    "add_frame",
    "add_node",
    "add_note",
    "connect",
    "copy",
    "delete",
    "disconnect",
    "insert_on_wire",
    "move",
    "new_node_id",
    "paste",
    "reattach",
    "replace_kind",
    "set_hyperparameter",
    "set_title",
    "set_training",
    "update_frame",
    "update_note",
]

Found = TypeVar("Found", Node, Wire, Note, Frame)


def new_node_id(diagram: Diagram, kind: str) -> str:
    """A free id for a node of this kind: the kind and the first free number."""
    return FreshIds(diagram).node(kind)


def add_node(
    diagram: Diagram,
    kind: str,
    position: Position,
    title: str = "",
    hyperparameters: Mapping[str, Any] | None = None,
) -> tuple[Change, str]:
    """A new node; with its id."""
    key = new_node_id(diagram, kind)
    node = Node(id=key, kind=kind, title=title, position=position, hyperparameters=dict(hyperparameters or {}))
    return Change(added=(node,)), key


def connect(diagram: Diagram, source: Endpoint, target: Endpoint, replacing: Iterable[str] = ()) -> Change:
    """A new wire, last among those at its target port; ``replacing`` names wires that go in the same step."""
    removed = tuple(_wire(diagram, key) for key in dict.fromkeys(replacing))
    wire = Wire(id=FreshIds(diagram).wire(), source=source, target=target, order=_next_order(diagram, target))
    return Change(added=(wire,), removed=removed)


def disconnect(diagram: Diagram, wires: Iterable[str]) -> Change:
    """Remove wires."""
    return Change(removed=tuple(_wire(diagram, key) for key in dict.fromkeys(wires)))


def delete(
    diagram: Diagram,
    nodes: Iterable[str] = (),
    wires: Iterable[str] = (),
    notes: Iterable[str] = (),
    frames: Iterable[str] = (),
) -> Change:
    """Remove nodes with their wires, and wires, notes and frames; a note that pointed at a removed node stays, without arrow."""
    gone = {key: _node(diagram, key) for key in nodes}
    cut = {key: _wire(diagram, key) for key in wires}
    for key in gone:
        cut.update((wire.id, wire) for wire in (*diagram.incoming(key), *diagram.outgoing(key)))
    dead_notes = {key: _note(diagram, key) for key in notes}
    dead_frames = {key: _frame(diagram, key) for key in frames}
    updated = [update for update in _let_go(diagram, gone) if not _is_dead(update.before, dead_notes, dead_frames)]
    removed: tuple[Record, ...] = (*cut.values(), *gone.values(), *dead_notes.values(), *dead_frames.values())
    return Change(updated=tuple(updated), removed=removed)


def move(
    diagram: Diagram,
    nodes: Mapping[str, Position] | None = None,
    notes: Mapping[str, Position] | None = None,
    frames: Mapping[str, Position] | None = None,
) -> Change:
    """Put nodes, notes and frames elsewhere; a frame takes the nodes along that it carries and that are not named."""
    wanted = dict(nodes or {})
    for key, position in (frames or {}).items():
        frame = _frame(diagram, key)
        shift = position[0] - frame.position[0], position[1] - frame.position[1]
        for carried in frame.nodes:
            old = _node(diagram, carried).position
            wanted.setdefault(carried, (old[0] + shift[0], old[1] + shift[1]))
    pairs: list[tuple[Record, Record]] = []
    pairs += [_replaced(_node(diagram, key), position=place) for key, place in wanted.items()]
    pairs += [_replaced(_note(diagram, key), position=place) for key, place in (notes or {}).items()]
    pairs += [_replaced(_frame(diagram, key), position=place) for key, place in (frames or {}).items()]
    return change_between(pairs)


def set_hyperparameter(diagram: Diagram, nodes: str | Iterable[str], name: str, value: Any) -> Change:
    """Set one hyperparameter of one or several nodes; the value None takes it away, so that the default holds again."""
    pairs: list[tuple[Record, Record]] = []
    for key in [nodes] if isinstance(nodes, str) else nodes:
        node = _node(diagram, key)
        values = {**node.hyperparameters, name: value}
        if value is None:
            del values[name]
        pairs.append(_replaced(node, hyperparameters=values))
    return change_between(pairs)


def set_title(diagram: Diagram, node: str, title: str) -> Change:
    """Give a node another title; "" lets the kind's own title be shown."""
    return change_between([_replaced(_node(diagram, node), title=title)])


def replace_kind(diagram: Diagram, node: str, kind: str, hyperparameters: Mapping[str, Any] | None = None) -> Change:
    """Make a node one of another kind; its id, title, place and wires stay."""
    return change_between([_replaced(_node(diagram, node), kind=kind, hyperparameters=dict(hyperparameters or {}))])


def set_training(diagram: Diagram, **fields: Any) -> Change:
    """Change fields of the TrainingSettings: ``set_training(diagram, epochs=10)``."""
    return change_between([_replaced(diagram.training, **fields)])


def insert_on_wire(
    diagram: Diagram, wire: str, node: Node, input_port: str = DEFAULT_INPUT, output_port: str = DEFAULT_OUTPUT
) -> Change:
    """Put a node into a wire, adding it where it is not there yet; the wire keeps its target, and its place there."""
    old = _wire(diagram, wire)
    new_wire = Wire(
        id=FreshIds(diagram).wire(),
        source=old.source,
        target=(node.id, input_port),
        order=_next_order(diagram, (node.id, input_port)),
    )
    new_node = () if diagram.nodes.get(node.id) == node else (node,)
    rest = msgspec.structs.replace(old, source=(node.id, output_port))
    return Change(added=(*new_node, new_wire), updated=(Update(old, rest),))


def reattach(diagram: Diagram, wire: str, source: Endpoint | None = None, target: Endpoint | None = None) -> Change:
    """Move one end of a wire, or both, to another port; at a new target it becomes the last one."""
    old = _wire(diagram, wire)
    new = old if source is None else msgspec.structs.replace(old, source=source)
    if target is not None and target != old.target:
        new = msgspec.structs.replace(new, target=target, order=_next_order(diagram, target))
    return change_between([(old, new)])


def add_note(diagram: Diagram, text: str, position: Position, target: str | None = None) -> tuple[Change, str]:
    """A new note, with an arrow to the node ``target`` where one is given; with its id."""
    key = FreshIds(diagram).note()
    return Change(added=(Note(id=key, text=text, position=position, target=target),)), key


def update_note(diagram: Diagram, note: str, **fields: Any) -> Change:
    """Change fields of a note: ``update_note(diagram, "note1", text="Why?")``."""
    return change_between([_replaced(_note(diagram, note), **fields)])


def add_frame(
    diagram: Diagram, title: str, position: Position, size: Position, nodes: Iterable[str] = ()
) -> tuple[Change, str]:
    """A new frame that carries these nodes; with its id."""
    key = FreshIds(diagram).frame()
    return Change(added=(Frame(id=key, title=title, position=position, size=size, nodes=tuple(nodes)),)), key


def update_frame(diagram: Diagram, frame: str, **fields: Any) -> Change:
    """Change fields of a frame."""
    return change_between([_replaced(_frame(diagram, frame), **fields)])


def _replaced(record: Record, **fields: Any) -> tuple[Record, Record]:
    return record, msgspec.structs.replace(record, **fields)


def _next_order(diagram: Diagram, target: Endpoint) -> int:
    orders = [wire.order for wire in diagram.incoming(target[0]) if wire.target == target]
    return max(orders, default=-1) + 1


def _let_go(diagram: Diagram, nodes: Mapping[str, Node]) -> list[Update]:
    """Notes and frames that named one of these nodes, without them."""
    updates = [
        Update(note, msgspec.structs.replace(note, target=None))
        for note in diagram.notes.values()
        if note.target in nodes
    ]
    for frame in diagram.frames.values():
        kept = tuple(node for node in frame.nodes if node not in nodes)
        if len(kept) < len(frame.nodes):
            updates.append(Update(frame, msgspec.structs.replace(frame, nodes=kept)))
    return updates


def _is_dead(record: Record, notes: Mapping[str, Note], frames: Mapping[str, Frame]) -> bool:
    if isinstance(record, Note):
        return record.id in notes
    return isinstance(record, Frame) and record.id in frames


def _node(diagram: Diagram, key: str) -> Node:
    return _found(diagram.nodes, "nodes", key)


def _wire(diagram: Diagram, key: str) -> Wire:
    return _found(diagram.wires, "wires", key)


def _note(diagram: Diagram, key: str) -> Note:
    return _found(diagram.notes, "notes", key)


def _frame(diagram: Diagram, key: str) -> Frame:
    return _found(diagram.frames, "frames", key)


def _found(table: Mapping[str, Found], name: Table, key: str) -> Found:
    record = table.get(key)
    if record is None:
        raise EditError(f"There is no entry {key!r} among the {name} of this diagram.")
    return record
