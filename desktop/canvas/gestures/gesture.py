"""What every gesture is: started by a press, moved, and then finished or cancelled, never both."""

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt

if TYPE_CHECKING:
    from desktop.canvas.view import CanvasView

Modifiers = Qt.KeyboardModifier


class Gesture(ABC):
    """One gesture under way on a view; ``hint`` says in the status bar what it can do."""

    hint = ""
    cursor = Qt.CursorShape.ArrowCursor

    def __init__(self, view: "CanvasView", start: QPointF) -> None:
        self.view = view
        self.start = start

    @abstractmethod
    def move(self, point: QPointF, modifiers: Modifiers) -> None:
        """The mouse is at a point of the scene."""

    @abstractmethod
    def finish(self, point: QPointF, modifiers: Modifiers) -> None:
        """The button was released there: carry it out."""

    @abstractmethod
    def cancel(self) -> None:
        """Leave everything as it was before."""
