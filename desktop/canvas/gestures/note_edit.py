"""Note edit: one text field laid over a note; leaving it keeps the text, Esc drops it."""

from collections.abc import Callable

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractScrollArea, QPlainTextEdit
from shiboken6 import Shiboken

from desktop import theme

LONGEST = 64 * 1024


class NoteEditor(QPlainTextEdit):
    """The one editor over the canvas."""

    def __init__(self, view: QAbstractScrollArea) -> None:
        super().__init__(view.viewport())
        self._view = view
        self.setObjectName("noteEditor")
        self.setAccessibleName("Text of the note")
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self._done: Callable[[str], None] | None = None
        self.hide()

    def edit(self, rect: QRect, text: str, done: Callable[[str], None]) -> None:
        """Edit a text in a rectangle of the viewport; ``done`` gets the text if it is kept."""
        now = theme.current()
        self.setStyleSheet(
            f"background: {now.card}; color: {now.text}; border: 2px solid {now.accent}; border-radius: 7px;"
        )
        self._done = done
        self.setGeometry(rect.adjusted(0, 0, 0, 8))
        self.setPlainText(text)
        self.selectAll()
        self.show()
        self.raise_()
        self.setFocus()

    def close_editor(self, keep: bool) -> None:
        """End editing."""
        done, self._done = self._done, None
        # The editor loses the focus once more while the window is being destroyed around it.
        if done is None or not Shiboken.isValid(self._view):
            return
        self.hide()
        if keep:
            done(self.toPlainText()[:LONGEST])
        self._view.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_editor(False)
        elif event.key() == Qt.Key.Key_Return and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.close_editor(True)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.close_editor(True)
