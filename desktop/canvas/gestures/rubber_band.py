"""Rubber band: selects what it touches; Shift adds to the selection, Ctrl toggles."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF

from desktop.canvas.gestures.gesture import Gesture, Modifiers
from desktop.canvas.overlay import Hints

if TYPE_CHECKING:
    from desktop.canvas.view import CanvasView


class RubberBandGesture(Gesture):
    """A rectangle from the press to the mouse."""

    hint = "Shift adds to the selection, Ctrl toggles, Esc cancels"

    def __init__(self, view: "CanvasView", start: QPointF) -> None:
        super().__init__(view, start)
        self._before = (view.selection.nodes, view.selection.wires, view.selection.notes)

    def move(self, point: QPointF, modifiers: Modifiers) -> None:
        band = QRectF(self.start, point).normalized()
        self.view.overlay.show_hints(Hints(band=band))
        self._select(band, modifiers)

    def finish(self, point: QPointF, modifiers: Modifiers) -> None:
        self._select(QRectF(self.start, point).normalized(), modifiers)
        self.view.overlay.show_hints()

    def cancel(self) -> None:
        self.view.overlay.show_hints()
        self.view.selection.set(*self._before)

    def _select(self, band: QRectF, modifiers: Modifiers) -> None:
        scene = self.view.canvas
        nodes = frozenset(key for key, item in scene.nodes.items() if item.body.intersects(band))
        notes = frozenset(key for key, item in scene.notes.items() if item.body.intersects(band))
        notes |= {key for key, item in scene.frames.items() if band.contains(item.sceneBoundingRect())}
        before_nodes, before_wires, before_notes = self._before
        if modifiers & Modifiers.ControlModifier:
            self.view.selection.set(before_nodes ^ nodes, before_wires, before_notes ^ notes)
        elif modifiers & Modifiers.ShiftModifier:
            self.view.selection.set(before_nodes | nodes, before_wires, before_notes | notes)
        else:
            self.view.selection.set(nodes, (), notes)
