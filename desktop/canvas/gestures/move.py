"""Move: drags the selection; a single unwired node that is dropped on a wire goes into it, if both new wires may."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from core.diagram import edits
from core.diagram.change import Change
from core.diagram.records import Position
from desktop.canvas.gestures.gesture import Gesture, Modifiers
from desktop.canvas.hits import Hit
from desktop.canvas.insertion import Insertion, Insertions
from desktop.canvas.overlay import Hints

if TYPE_CHECKING:
    from desktop.canvas.view import CanvasView

THRESHOLD = 4.0
"""Pixels of the screen that the mouse must go before anything moves."""
GRID = 12.0


class MoveGesture(Gesture):
    """Shows the moved things where they would be, and changes the document once, at the end."""

    hint = "Drop on a wire to insert the node, Ctrl snaps to the grid, Esc cancels"

    def __init__(self, view: "CanvasView", start: QPointF, pressed: Hit) -> None:
        super().__init__(view, start)
        self._pressed = pressed
        self._before = self._positions()
        self._moving = False
        self._insertions = self._possible_insertions()
        self._insertion: Insertion | None = None

    def move(self, point: QPointF, modifiers: Modifiers) -> None:
        shift = point - self.start
        if not self._moving and shift.manhattanLength() * self.view.zoom < THRESHOLD:
            return
        self._moving = True
        self.view.canvas.preview_positions(self._moved(shift, modifiers))
        self._look_for_wire()

    def finish(self, point: QPointF, modifiers: Modifiers) -> None:
        self.view.overlay.show_hints()
        self.view.canvas.preview_positions(self._before)
        if not self._moving:
            self._select_only_pressed(modifiers)
            return
        change = self._change(self._moved(point - self.start, modifiers))
        if self._insertion is not None:
            diagram = self.view.bridge.diagram.apply(change)
            change = change.then(self._insertion.roomy_change(diagram, self.view.canvas.body_width))
        label = "Insert on wire" if self._insertion is not None else "Move"
        self.view.apply(change, label)

    def cancel(self) -> None:
        self.view.overlay.show_hints()
        self.view.canvas.preview_positions(self._before)

    def _select_only_pressed(self, modifiers: Modifiers) -> None:
        """A mere click on one of several selected things selects that one alone."""
        if modifiers & (Modifiers.ShiftModifier | Modifiers.ControlModifier):
            return
        node, note = self._pressed.node, self._pressed.note
        self.view.selection.set(nodes=() if node is None else (node,), notes=() if note is None else (note,))

    def _positions(self) -> dict[str, Position]:
        """Of what is selected, and of the nodes that a selected frame carries."""
        diagram, selection = self.view.bridge.diagram, self.view.selection
        found = {key: diagram.nodes[key].position for key in selection.nodes if key in diagram.nodes}
        for key in selection.notes:
            if key in diagram.notes:
                found[key] = diagram.notes[key].position
            elif key in diagram.frames:
                frame = diagram.frames[key]
                found[key] = frame.position
                found.update({node: diagram.nodes[node].position for node in frame.nodes})
        return found

    def _moved(self, shift: QPointF, modifiers: Modifiers) -> dict[str, Position]:
        snaps = self.view.snaps_to_grid != bool(modifiers & Modifiers.ControlModifier)
        return {
            key: (_snapped(x + shift.x(), snaps), _snapped(y + shift.y(), snaps))
            for key, (x, y) in self._before.items()
        }

    def _change(self, positions: dict[str, Position]) -> Change:
        diagram = self.view.bridge.diagram
        return edits.move(
            diagram,
            nodes={key: place for key, place in positions.items() if key in diagram.nodes},
            notes={key: place for key, place in positions.items() if key in diagram.notes},
            frames={key: place for key, place in positions.items() if key in diagram.frames},
        )

    def _possible_insertions(self) -> Insertions | None:
        """Only a node that is moved alone can go into a wire."""
        key = next(iter(self._before), "")
        node = self.view.bridge.diagram.nodes.get(key)
        return Insertions(self.view, node.kind, key) if node is not None and len(self._before) == 1 else None

    def _look_for_wire(self) -> None:
        if self._insertions is None:
            return
        item = self.view.canvas.nodes[next(iter(self._before))]
        self._insertion = self._insertions.at(item.pos())
        wires = self.view.canvas.wires.wires
        curve = None if self._insertion is None else wires[self._insertion.wire].curve
        self.view.overlay.show_hints(Hints(target_wire=curve))


def _snapped(value: float, snaps: bool) -> float:
    return round(value / GRID) * GRID if snaps else round(value, 1)
