"""A part of the overview that edits the training settings: rows of fields, and one sentence about what was refused."""

from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from core.diagram import edits
from core.diagram.records import TrainingSettings
from desktop.document_bridge import DocumentBridge
from desktop.forms.number_field import NumberField, NumberRange
from desktop.inspector.form import add_field


class TrainingSection(QWidget):
    """A column of captioned fields; what they ask for becomes a Change of the document."""

    def __init__(self, bridge: DocumentBridge) -> None:
        super().__init__()
        self.bridge = bridge
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(10)
        self._refusal = QLabel()
        self._refusal.setWordWrap(True)
        self._refusal.setProperty("textRole", "error")
        self._refusal.hide()
        self.column.addWidget(self._refusal)

    @property
    def training(self) -> TrainingSettings:
        """The settings as they stand now."""
        return self.bridge.diagram.training

    @property
    def refusal(self) -> str:
        """Why the last input was refused; "" where all is well."""
        return self._refusal.text()

    def refresh(self) -> None:
        """Show the settings as they stand now."""

    def forget(self) -> None:
        """Drop what was typed and not confirmed."""
        for field in self.findChildren(QLineEdit):
            field.setModified(False)
        self.refuse("")

    def refuse(self, sentence: str) -> None:
        """Say why an input was refused; "" takes it back."""
        self._refusal.setText(sentence)
        self._refusal.setVisible(bool(sentence))

    def add(self, widget: QWidget) -> None:
        """Set a widget below all others, above the sentence."""
        self.column.insertWidget(self.column.count() - 1, widget)

    def number(self, allowed: NumberRange, tip: str) -> NumberField:
        """A field for a number whose refusals are said here."""
        field = NumberField(allowed)
        field.setToolTip(tip)
        field.refused.connect(self.refuse)
        return field

    def row(self, text: str, field: QWidget) -> QWidget:
        """A field with its label on the left."""
        widget = QWidget()
        row = QHBoxLayout(widget)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        label = QLabel(text)
        label.setBuddy(field)
        label.setToolTip(field.toolTip())
        row.addWidget(label, 1)
        add_field(row, field)
        return widget

    def apply(self, what: str, stepped: bool, **fields: Any) -> None:
        """Set fields of the settings as one undo step; steps in a row become one."""
        change = edits.set_training(self.bridge.diagram, **fields)
        self.bridge.apply(change, f"Set {what}", f"training {what}" if stepped else None)
