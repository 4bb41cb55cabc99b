"""Choosable: one of many drawn things in a grid, which a double-click or Enter chooses and which the arrow keys walk."""

from collections.abc import Sequence
from typing import TypeVar

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

_STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_CHOOSING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


Thing = TypeVar("Thing", bound="Choosable")


class Choosable(QWidget):
    """A widget that stands for ``key``; subclasses draw it.

    ``activated`` carries the key, ``neighbour_wanted`` asks to move the focus by (dx, dy), ``focused`` tells that it has it.
    """

    activated = Signal(str)
    focused = Signal()
    neighbour_wanted = Signal(int, int)

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key = key

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.activated.emit(self.key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _STEPS:
            self.neighbour_wanted.emit(*_STEPS[key])
        elif key in _CHOOSING:
            self.activated.emit(self.key)
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.focused.emit()
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()


def neighbour(shown: Sequence[Thing], thing: Thing, dx: int, dy: int) -> Thing | None:
    """The next one sideways, or the nearest one in the next row; None at the edge."""
    if dx:
        at = shown.index(thing) + dx
        return shown[at] if 0 <= at < len(shown) else None
    beyond = [other for other in shown if (other.y() - thing.y()) * dy > 0]
    return min(beyond, key=lambda other: (abs(other.y() - thing.y()), abs(other.x() - thing.x())), default=None)
