"""The events of a drag that comes in with the left button, for whatever release of PySide6 runs the tests.

From 6.12 on PySide6 calls the constructors deprecated that take whole pixels, which 6.11 has alone.
"""

import warnings

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget

_HAND = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)


def drag_over(target: QWidget, place: QPoint, data: QMimeData) -> bool:
    """Bring data over a widget without letting go; whether the widget would take it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        enter = QDragEnterEvent(place, Qt.DropAction.CopyAction, data, *_HAND)
        move = QDragMoveEvent(place, Qt.DropAction.CopyAction, data, *_HAND)
    QApplication.sendEvent(target, enter)
    if enter.isAccepted():
        QApplication.sendEvent(target, move)
    return enter.isAccepted()


def drop_on(target: QWidget, place: QPoint, data: QMimeData) -> bool:
    """Bring data over a widget and let go; whether the widget took it."""
    if not drag_over(target, place, data):
        return False
    drop = QDropEvent(QPointF(place), Qt.DropAction.CopyAction, data, *_HAND)
    QApplication.sendEvent(target, drop)
    return drop.isAccepted()
