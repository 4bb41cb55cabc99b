"""A form of hyperparameters, built from their declarations alone: a row for each, with its range and meaning as a tip."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from core.catalogue.hyperparameters import HyperparameterField
from desktop.forms.choice_field import ChoiceField
from desktop.forms.number_field import NumberField, NumberRange
from desktop.forms.refusal import mark_refused
from desktop.forms.switch import Switch
from desktop.forms.text_field import TextField
from desktop.inspector.names import choice_title

FIELD_WIDTH, LEAST_WIDTH = 136, 84
"""How wide a field is; it gives way to a long name beside it."""
SEVERAL = None
"""What a form is told where several nodes have different values."""


class HyperparameterForm(QWidget):
    """Asks by ``asked`` (name, value, whether it was stepped to); shows values, and says what was refused.

    The rows that follow the field ``last`` are on ``rest``, a widget of their own, which whoever makes the form puts further down.
    """

    asked = Signal(str, object, bool)

    def __init__(
        self, declared: tuple[HyperparameterField, ...], last: str | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.declared = declared
        self.rest = QWidget()
        self._show: dict[str, Callable[[Any], None]] = {}
        self._fields: dict[str, QWidget] = {}
        self._column, below = _column(self), _column(self.rest)
        names = [field.name for field in declared]
        first = names.index(last) + 1 if last in names else len(names)
        for number, field in enumerate(declared):
            (self._column if number < first else below).addLayout(self._row(field))
        self._refusal = QLabel()
        self._refusal.setWordWrap(True)
        self._refusal.setProperty("textRole", "error")
        self._refusal.hide()
        self._column.addWidget(self._refusal)

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Show these values; None stands for several different ones."""
        for field in self.declared:
            self._show[field.name](values.get(field.name, field.default))

    def forget(self) -> None:
        """Drop what was typed and not confirmed, and the sentence about it."""
        for widget in self._fields.values():
            if isinstance(widget, QLineEdit):
                widget.setModified(False)
                mark_refused(widget, "")
        self.refuse("")

    def field_widget(self, name: str) -> QWidget:
        """The widget of a hyperparameter. Raises KeyError if the form has none of this name."""
        return self._fields[name]

    @property
    def refusal(self) -> str:
        """Why something was not done, as it is shown; "" where all is well."""
        return self._refusal.text()

    def refuse(self, sentence: str) -> None:
        """Say why something was not done; "" takes it back."""
        self._refusal.setText(sentence)
        self._refusal.setVisible(bool(sentence))

    def complain(self, name: str, sentence: str) -> None:
        """Say what is wrong with the value that a field has; "" takes it back."""
        if mark_refused(self._fields[name], sentence) or sentence:
            self.refuse(sentence)

    def _row(self, field: HyperparameterField) -> QHBoxLayout:
        widget = self._widget(field)
        widget.setObjectName(f"hyperparameter-{field.name}")
        widget.setToolTip(field_tip(field))
        self._fields[field.name] = widget
        label = QLabel(field.title)
        label.setToolTip(widget.toolTip())
        label.setBuddy(widget)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(label, 1)
        add_field(row, widget)
        return row

    def _widget(self, field: HyperparameterField) -> QWidget:
        if field.kind in ("int", "float"):
            return self._number(field)
        if field.kind == "choice":
            return self._choice(field)
        return self._switch(field) if field.kind == "bool" else self._text(field)

    def _number(self, field: HyperparameterField) -> NumberField:
        widget = NumberField(number_range(field))
        widget.committed.connect(lambda value, stepped: self._ask(field.name, value, stepped))
        widget.refused.connect(self.refuse)
        self._show[field.name] = widget.set_value
        return widget

    def _choice(self, field: HyperparameterField) -> ChoiceField:
        widget = ChoiceField(field.title, [(key, choice_title(key)) for key in field.choices])
        widget.committed.connect(lambda key: self._ask(field.name, key, False))
        self._show[field.name] = widget.set_value
        return widget

    def _switch(self, field: HyperparameterField) -> Switch:
        widget = Switch(field.title)
        widget.clicked.connect(lambda checked: self._ask(field.name, checked, False))
        self._show[field.name] = lambda value: widget.setChecked(bool(value))
        return widget

    def _text(self, field: HyperparameterField) -> QLineEdit:
        widget = TextField(field.title)
        widget.committed.connect(lambda text: self._ask(field.name, text, False))
        self._show[field.name] = widget.set_value
        return widget

    def _ask(self, name: str, value: Any, stepped: bool) -> None:
        self.refuse("")
        self.asked.emit(name, value, stepped)


def add_field(row: QHBoxLayout, field: QWidget) -> None:
    """Put a field at the right end of a row that begins with its name, which takes what the field does not want."""
    if isinstance(field, Switch):
        row.addWidget(field, 0, Qt.AlignmentFlag.AlignRight)
        return
    field.setMinimumWidth(LEAST_WIDTH)
    field.setMaximumWidth(FIELD_WIDTH)
    field.setSizePolicy(QSizePolicy.Policy.Expanding, field.sizePolicy().verticalPolicy())
    row.addWidget(field, 100)


def _column(widget: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(8)
    return column


def number_range(field: HyperparameterField) -> NumberRange:
    """The range that a number's declaration allows."""
    return NumberRange(
        title=field.title,
        whole=field.kind == "int",
        minimum=field.minimum,
        maximum=field.maximum,
        exclusive_minimum=field.exclusive_minimum,
        exclusive_maximum=field.exclusive_maximum,
    )


def field_tip(field: HyperparameterField) -> str:
    """The meaning of a hyperparameter, with its range, unit and default."""
    low = "" if field.minimum is None else f"{field.minimum:,g}"
    high = "" if field.maximum is None else f"{field.maximum:,g}"
    span = f"{low} to {high}" if low and high else f"from {low}" if low else f"up to {high}" if high else ""
    if span and field.unit:
        span += f" {field.unit}"
    default = choice_title(field.default) if field.kind == "choice" else field.default
    start = "" if field.kind in ("bool", "text") else f"Starts at {default}."
    return " ".join(part for part in (field.help, f"{span[:1].upper()}{span[1:]}." if span else "", start) if part)
