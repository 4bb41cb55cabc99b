"""Where the keyboard goes when a field is done: back to the canvas, so that undo and the arrow keys answer there.

A line of text keeps undo and redo to itself by default, even where it has nothing to take back.
"""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDialog, QLineEdit, QMainWindow, QWidget

_Standard = QKeySequence.StandardKey


def give_back(field: QWidget) -> None:
    """Let the middle of the main window have the keyboard again; in a dialog the field keeps it."""
    above = field.parentWidget()
    while above is not None and not isinstance(above, QMainWindow | QDialog):
        above = above.parentWidget()
    if isinstance(above, QMainWindow) and (middle := above.centralWidget()) is not None:
        above.activateWindow()  # The field may lie in a dock that floats.
        middle.setFocus()
    elif above is None:
        field.clearFocus()


def is_for_the_document(field: QLineEdit, event: QEvent) -> bool:
    """Whether a key press that Qt asks the field about is an undo or redo that the field has nothing for."""
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    if event.matches(_Standard.Undo):
        return not field.isUndoAvailable()
    return event.matches(_Standard.Redo) and not field.isRedoAvailable()
