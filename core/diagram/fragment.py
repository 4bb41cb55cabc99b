"""A Fragment is a part of a diagram on its way through the clipboard: copied from one place, pasted in another."""

from collections.abc import Iterable, Mapping

import msgspec

from core.diagram.change import Change
from core.diagram.diagram import Diagram
from core.diagram.ids import FreshIds
from core.diagram.records import Endpoint, Frame, Node, Note, Position, Wire

PASTE_OFFSET: Position = (24.0, 24.0)


class Fragment(msgspec.Struct, frozen=True, kw_only=True):
    """Nodes, the wires among them, notes and frames; whatever else they referred to has been left out."""

    nodes: tuple[Node, ...] = ()
    wires: tuple[Wire, ...] = ()
    notes: tuple[Note, ...] = ()
    frames: tuple[Frame, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.nodes or self.notes or self.frames)


def copy(
    diagram: Diagram, nodes: Iterable[str] = (), notes: Iterable[str] = (), frames: Iterable[str] = ()
) -> Fragment:
    """The fragment made of some nodes, notes and frames of a diagram, and of the wires among these nodes."""
    chosen = {key: diagram.nodes[key] for key in nodes}
    inner = [wire for key in chosen for wire in diagram.incoming(key) if wire.source[0] in chosen]
    return Fragment(
        nodes=tuple(chosen.values()),
        wires=tuple(inner),
        notes=tuple(_kept_note(diagram.notes[key], chosen) for key in dict.fromkeys(notes)),
        frames=tuple(_kept_frame(diagram.frames[key], chosen) for key in dict.fromkeys(frames)),
    )


def paste(diagram: Diagram, fragment: Fragment, at: Position | None = None) -> Change:
    """Add a fragment under fresh ids; the new records are ``change.added``.

    Its upper left corner comes to ``at``, or a little below and to the right of where it was copied.
    """
    shift = PASTE_OFFSET
    placed: list[Node | Note | Frame] = [*fragment.nodes, *fragment.notes, *fragment.frames]
    if at is not None and placed:
        shift = (
            at[0] - min(record.position[0] for record in placed),
            at[1] - min(record.position[1] for record in placed),
        )
    ids = FreshIds(diagram)
    renamed = {node.id: ids.node(node.kind) for node in fragment.nodes}
    nodes = [
        msgspec.structs.replace(node, id=renamed[node.id], position=_moved(node.position, shift))
        for node in fragment.nodes
    ]
    wires = [
        Wire(id=ids.wire(), source=_at(wire.source, renamed), target=_at(wire.target, renamed), order=wire.order)
        for wire in fragment.wires
    ]
    notes = [
        msgspec.structs.replace(
            note,
            id=ids.note(),
            position=_moved(note.position, shift),
            target=None if note.target is None else renamed[note.target],
        )
        for note in fragment.notes
    ]
    frames = [
        msgspec.structs.replace(
            frame,
            id=ids.frame(),
            position=_moved(frame.position, shift),
            nodes=tuple(renamed[node] for node in frame.nodes),
        )
        for frame in fragment.frames
    ]
    return Change(added=(*nodes, *wires, *notes, *frames))


def _kept_note(note: Note, nodes: Mapping[str, Node]) -> Note:
    return note if note.target in nodes else msgspec.structs.replace(note, target=None)


def _kept_frame(frame: Frame, nodes: Mapping[str, Node]) -> Frame:
    return msgspec.structs.replace(frame, nodes=tuple(node for node in frame.nodes if node in nodes))


def _moved(position: Position, shift: Position) -> Position:
    return position[0] + shift[0], position[1] + shift[1]


def _at(end: Endpoint, renamed: Mapping[str, str]) -> Endpoint:
    return renamed[end[0]], end[1]
