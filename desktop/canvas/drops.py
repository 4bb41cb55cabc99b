"""What is dragged onto the canvas from elsewhere: a kind from the palette becomes a gesture like any other."""

from typing import TYPE_CHECKING

from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent

from desktop.canvas.gestures.drop_kind import DropKindGesture
from desktop.kinds.drag import kind_in

if TYPE_CHECKING:
    from desktop.canvas.view import CanvasView


def enter(view: "CanvasView", event: QDragEnterEvent) -> None:
    """A drag has come over the canvas."""
    kind = kind_in(event.mimeData())
    if kind is None:
        event.ignore()
        return
    view.cancel_gesture()
    view.begin(DropKindGesture(view, view.scene_point(event.position()), kind))
    event.acceptProposedAction()


def move(view: "CanvasView", event: QDragMoveEvent) -> None:
    """The drag goes on."""
    if isinstance(view.gesture, DropKindGesture):
        view.gesture.move(view.scene_point(event.position()), event.modifiers())
        event.acceptProposedAction()
    else:
        event.ignore()


def drop(view: "CanvasView", event: QDropEvent) -> None:
    """What was dragged is let go."""
    if not isinstance(view.gesture, DropKindGesture):
        event.ignore()
        return
    view.finish_gesture(view.scene_point(event.position()), event.modifiers())
    event.acceptProposedAction()
    view.setFocus()
