"""Room: where a node goes that comes between two others, and what must step aside to the right for it.

The diagram knows no sizes, so whoever asks says how wide each node is drawn; a position is the middle of a node.
"""

from collections.abc import Callable, Mapping

from core.diagram.change import Change
from core.diagram.diagram import Diagram
from core.diagram.edits import move
from core.diagram.limits import MAX_COORDINATE
from core.diagram.records import Position

GAP = 64.0
"""How much of a wire is to be seen between two nodes, in canvas pixels."""
_SAME_COLUMN = 8.0

Widths = Callable[[str], float]
"""Node id -> how wide the node is drawn."""


def room_between(
    diagram: Diagram, source: str, target: str, width: float, width_of: Widths, wished: float | None = None
) -> tuple[float, Change]:
    """Where across a new node of ``width`` lies between two nodes, as near to ``wished`` as can be, and the change that makes room.

    The target steps to the right with all that is wired to it and lies no further left. A wire that leads back is left as it is.
    """
    left = diagram.nodes[source].position[0]
    right = diagram.nodes[target].position[0]
    if wished is None:
        wished = (left + right) / 2
    if right <= left:
        return wished, Change()
    first = left + width_of(source) / 2 + GAP + width / 2
    last = right - width_of(target) / 2 - GAP - width / 2
    missing = first - last
    if missing <= 0:
        return min(max(wished, first), last), Change()
    return first, _pushed(diagram, source, target, missing)


def free_place(place: Position, size: Position, taken: Mapping[str, tuple[Position, Position]]) -> Position:
    """The nearest place straight above or below ``place`` where a node of ``size`` covers none of ``taken`` (id -> place, size)."""
    x, y = place
    boxes = sorted(
        (other[1], (other_size[1] + size[1]) / 2)
        for other, other_size in taken.values()
        if abs(other[0] - x) < (other_size[0] + size[0]) / 2
    )
    below, above = y, y
    for middle, reach in boxes:
        if abs(middle - below) < reach:
            below = middle + reach + GAP / 2
    for middle, reach in reversed(boxes):
        if abs(middle - above) < reach:
            above = middle - reach - GAP / 2
    nearest = below if below - y <= y - above else above
    return x, max(-MAX_COORDINATE, min(MAX_COORDINATE, nearest))


def _pushed(diagram: Diagram, source: str, target: str, distance: float) -> Change:
    """The target and what is wired to it, however far away, and lies no further left, moved to the right."""
    edge = diagram.nodes[target].position[0] - _SAME_COLUMN
    found = {target}
    waiting = [target]
    while waiting:
        node = waiting.pop()
        ends = [wire.source[0] for wire in diagram.incoming(node)]
        ends += [wire.target[0] for wire in diagram.outgoing(node)]
        fresh = {end for end in ends if end != source and diagram.nodes[end].position[0] >= edge} - found
        found |= fresh
        waiting += fresh
    frames = [frame for frame in diagram.frames.values() if frame.nodes and found.issuperset(frame.nodes)]
    notes = [note for note in diagram.notes.values() if note.target in found]
    return move(
        diagram,
        {key: _shifted(diagram.nodes[key].position, distance) for key in found},
        {note.id: _shifted(note.position, distance) for note in notes},
        {frame.id: _shifted(frame.position, distance) for frame in frames},
    )


def _shifted(place: Position, distance: float) -> Position:
    return min(MAX_COORDINATE, place[0] + distance), place[1]
