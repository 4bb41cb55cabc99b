"""Pan: the canvas follows the hand, with the middle button or with Space held down."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt

from desktop.canvas.gestures.gesture import Gesture, Modifiers

if TYPE_CHECKING:
    from desktop.canvas.view import CanvasView


class PanGesture(Gesture):
    """Keeps the point of the scene that was taken hold of under the mouse."""

    hint = "Release to stop moving the view"
    cursor = Qt.CursorShape.ClosedHandCursor

    def __init__(self, view: "CanvasView", start: QPointF) -> None:
        super().__init__(view, start)
        self._before = view.horizontalScrollBar().value(), view.verticalScrollBar().value()

    def move(self, point: QPointF, modifiers: Modifiers) -> None:
        self.view.pan_by(point - self.start)

    def finish(self, point: QPointF, modifiers: Modifiers) -> None:
        self.view.pan_by(point - self.start)

    def cancel(self) -> None:
        self.view.horizontalScrollBar().setValue(self._before[0])
        self.view.verticalScrollBar().setValue(self._before[1])
