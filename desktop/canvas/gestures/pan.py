"""Pan: the canvas follows the hand, with the middle button or with Space held down."""

from PySide6.QtCore import QPointF, Qt

from desktop.canvas.gestures.gesture import Gesture, Modifiers


class PanGesture(Gesture):
    """Keeps the point of the scene that was taken hold of under the mouse."""

    hint = "Release to stop moving the view"
    cursor = Qt.CursorShape.ClosedHandCursor

    def move(self, point: QPointF, modifiers: Modifiers) -> None:
        self.view.pan_by(point - self.start)

    def finish(self, point: QPointF, modifiers: Modifiers) -> None:
        self.view.pan_by(point - self.start)

    def cancel(self) -> None:
        here = self.view.mapToScene(self.view.last_mouse)
        self.view.pan_by(here - self.start)
