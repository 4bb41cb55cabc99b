"""Note edit: one text field laid over a note or a title; leaving it keeps the text.

Esc leaves the text that was there before. Where there was none, it keeps what was written: nothing is lost by it.
"""

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
        self.setTabChangesFocus(True)
        self._done: Callable[[str | None], None] | None = None
        self._had_text = False
        self._one_line = False
        self.hide()

    def edit(self, rect: QRect, text: str, done: Callable[[str | None], None], *, one_line: bool = False) -> None:
        """Edit a text in a rectangle of the viewport; ``done`` gets the new text, or None where the old one stays."""
        now = theme.current()
        self.setStyleSheet(
            f"background: {now.card}; color: {now.text}; border: 2px solid {now.accent}; border-radius: 7px;"
        )
        self._done = done
        self._had_text, self._one_line = bool(text), one_line
        bars = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if one_line else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.setVerticalScrollBarPolicy(bars)
        self.setLineWrapMode(self.LineWrapMode.NoWrap if one_line else self.LineWrapMode.WidgetWidth)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
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
        done(self.toPlainText()[:LONGEST] if keep or not self._had_text else None)
        self._view.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_editor(False)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._ends(event):
            self.close_editor(True)
        else:
            super().keyPressEvent(event)

    def _ends(self, event: QKeyEvent) -> bool:
        """Whether Enter ends the editing here, and does not begin a new line."""
        return self._one_line or bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.close_editor(True)
