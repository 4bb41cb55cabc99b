"""Connect: drags a new wire from a port; into empty space it asks which node shall be at its other end."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt

from core.diagram.records import Endpoint
from desktop.canvas.gestures.gesture import Gesture, Modifiers
from desktop.canvas.gestures.wire_in_hand import WireInHand

if TYPE_CHECKING:
    from desktop.canvas.view import CanvasView

THRESHOLD = 6.0


class ConnectGesture(Gesture):
    """A new wire from an output port, or backwards from an input port."""

    hint = "Drop on a lit port to connect, on empty canvas to add a node, Esc cancels"
    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, view: "CanvasView", start: QPointF, port: Endpoint, output: bool) -> None:
        super().__init__(view, start)
        self._hand = WireInHand(view, port, output)

    def move(self, point: QPointF, modifiers: Modifiers) -> None:
        self._hand.move(point)

    def finish(self, point: QPointF, modifiers: Modifiers) -> None:
        self._hand.move(point)
        target, trial = self._hand.target, self._hand.trial
        self._hand.let_go()
        if target is None or trial is None:
            if (point - self.start).manhattanLength() * self.view.zoom > THRESHOLD and self._is_empty(point):
                self.view.adding.search(point, self._hand.fixed, self._hand.output)
        elif trial.fits and trial.change is not None:
            source, end = self._hand.ends(target)
            self.view.apply(trial.change, f"Connect {self.view.name(source[0])} to {self.view.name(end[0])}")
        else:
            self.view.refuse(trial, point)

    def cancel(self) -> None:
        self._hand.let_go()

    def _is_empty(self, point: QPointF) -> bool:
        return self.view.canvas.node_at(point) is None
