"""The head of a page of the inspector: a title, which may be editable, and one small line under it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desktop.forms.text_field import TextField


class Heading(QWidget):
    """Asks by ``renamed`` for another title."""

    renamed = Signal(str)

    def __init__(self, *, editable: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(1)
        self._label = QLabel()
        self._label.setProperty("textRole", "title")
        self._label.setWordWrap(True)
        self.field = TextField("Title")
        self.field.setObjectName("nodeTitle")
        self.field.setProperty("fieldRole", "title")
        self.field.setToolTip("Click to give it a name of your own.")
        self.field.setMaxLength(200)
        self.field.setTextMargins(-2, 0, 0, 0)  # in line with the labels below
        self._caption = QLabel()
        self._caption.setProperty("textRole", "muted")
        self._caption.setWordWrap(True)
        self._label.setVisible(not editable)
        self.field.setVisible(editable)
        for widget in (self._label, self.field, self._caption):
            layout.addWidget(widget)
        self.field.committed.connect(self.renamed)

    def set_title(self, title: str, *, otherwise: str = "") -> None:
        """Show a title; while an editable one is empty, ``otherwise`` stands there."""
        self._label.setText(title)
        self.field.set_value(title)
        self.field.offer((), otherwise)

    def set_caption(self, text: str) -> None:
        """Show the small line; "" hides it."""
        if text != self._caption.text():
            self._caption.setText(text)
        self._caption.setVisible(bool(text))

    @property
    def caption(self) -> str:
        """The small line."""
        return self._caption.text()


def caption(*parts: str) -> str:
    """Parts of a small line, which breaks between them and nowhere else."""
    unbroken = (part.replace(" ", "\u00a0").replace("-", "\u2011") for part in parts if part)
    return " · ".join(unbroken)
