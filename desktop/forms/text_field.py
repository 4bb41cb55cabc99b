"""A text in a form, confirmed by Enter or by leaving the field; Escape brings back what was there."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget


class TextField(QLineEdit):
    """Asks by ``committed``; shows what it is told."""

    committed = Signal(str)

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(title)
        self._value: str | None = ""
        self.editingFinished.connect(self._commit)

    @property
    def value(self) -> str | None:
        """The text that the field was last told; None where several differ."""
        return self._value

    def set_value(self, value: str | None) -> None:
        """Show a text; None is shown as an empty field, "several"."""
        self._value = value
        if not (self.hasFocus() and self.isModified()):
            self._show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.isModified():
            self._show()
        else:
            super().keyPressEvent(event)

    def _commit(self) -> None:
        if self.isModified():
            text = self.text().strip()
            self.setModified(False)
            if text != self._value:
                self.committed.emit(text)
            self._show()

    def _show(self) -> None:
        self.setText(self._value or "")
        if self._value is None:
            self.setPlaceholderText("several")
        self.setModified(False)
