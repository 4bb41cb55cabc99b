"""Re-attach: picks up an end of a wire and puts it on another port; dropped in the void, the wire is deleted."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt

from core.diagram import edits
from core.diagram.records import Wire
from desktop.canvas.gestures.gesture import Gesture, Modifiers
from desktop.canvas.gestures.wire_in_hand import WireInHand

if TYPE_CHECKING:
    from desktop.canvas.view import CanvasView


class ReattachGesture(Gesture):
    """One end of a wire in hand: its source (``output``) or its target."""

    hint = "Drop on a lit port to re-attach, on empty canvas to delete the wire, Esc cancels"
    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, view: "CanvasView", start: QPointF, wire: Wire, output: bool) -> None:
        super().__init__(view, start)
        self._wire = wire
        fixed = wire.target if output else wire.source
        self._hand = WireInHand(view, fixed, not output, wire.id)
        self._left = False
        view.canvas.wires.change(wire.id, dimmed=True)

    def move(self, point: QPointF, modifiers: Modifiers) -> None:
        self._left = self._left or (point - self.start).manhattanLength() * self.view.zoom > 6.0
        if self._left:
            self._hand.move(point)

    def finish(self, point: QPointF, modifiers: Modifiers) -> None:
        self.move(point, modifiers)
        target, trial = self._hand.target, self._hand.trial
        self.cancel()
        if not self._left:
            self.view.selection.set(wires=(self._wire.id,))
        elif target is None or trial is None:
            if self.view.canvas.node_at(point) is None:
                self.view.apply(edits.disconnect(self.view.bridge.diagram, [self._wire.id]), "Delete wire")
                self.view.toast.show_text("Wire deleted")
        elif trial.fits and trial.change is not None:
            self.view.apply(trial.change, "Re-attach wire")
        else:
            self.view.refuse(trial, point)

    def cancel(self) -> None:
        self._hand.let_go()
        if self._wire.id in self.view.canvas.wires.wires:
            self.view.canvas.wires.change(self._wire.id, dimmed=False)
