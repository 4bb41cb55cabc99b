"""The data that the network learns from: which set, what it is for, its options, and how much of it there is."""

from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.datasets.options import OptionField
from core.datasets.registry import DatasetInfo, dataset_keys
from core.diagram.records import DatasetChoice
from desktop.document_bridge import DocumentBridge
from desktop.forms.choice_field import ChoiceField
from desktop.forms.number_field import NumberField, NumberRange
from desktop.forms.numbers import count_text
from desktop.forms.training_settings import data_fields
from desktop.inspector.heading import caption
from desktop.inspector.page import muted_label
from desktop.inspector.training_section import TrainingSection

_TASKS = {"regression": "numbers to predict", "binary": "yes or no", "classes": "classes"}
MOST_NAMES = 4


class DataSection(TrainingSection):
    """Chooses the data and its options."""

    def __init__(self, bridge: DocumentBridge) -> None:
        super().__init__(bridge)
        self.choice = ChoiceField("Data", [(info.key, info.title) for info in dataset_keys()])
        self._goal, self._samples = muted_label(), muted_label()
        self._options: dict[str, NumberField] = {}
        self._option_rows: list[QWidget] = []
        self._options_of = ""
        holder = QWidget()
        self._option_column = QVBoxLayout(holder)
        self._option_column.setContentsMargins(0, 0, 0, 0)
        self._option_column.setSpacing(10)
        for widget in (self.choice, self._goal, holder, self._samples):
            self.add(widget)
        self.choice.committed.connect(self._set_data)

    def refresh(self) -> None:
        chosen = self.training.dataset
        info = _info(chosen.key)
        self.choice.set_value(chosen.key)
        self._goal.setText("" if info is None else info.goal)
        if chosen.key != self._options_of:
            self._options_of = chosen.key
            self._make_options(() if info is None else info.options)
        for option in () if info is None else info.options:
            self._options[option.name].set_value(chosen.options.get(option.name, option.default))

    def show_size(self) -> None:
        """Say how many samples there are and what they are; this makes the data if it is not made yet."""
        data = self.bridge.dataset
        if data is None:
            self._samples.setText(self.bridge.dataset_problem)
            return
        share = 0 if data.validate_on_training else self.training.validation_fraction
        rest = len(data) - round(len(data) * (1 - share))
        inputs = _sample_text(data.input_shape)
        names = f": {', '.join(data.class_names)}" if 0 < len(data.class_names) <= MOST_NAMES else ""
        held = f"{rest:,} for validation" if rest else ""
        self._samples.setText(caption(count_text(len(data), "sample"), held, inputs, _TASKS[data.task] + names))

    def option_field(self, name: str) -> NumberField:
        """The field of an option of the present data. Raises KeyError if it has none of this name."""
        return self._options[name]

    def _make_options(self, options: tuple[OptionField, ...]) -> None:
        for row in self._option_rows:
            self._option_column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._options = {}
        self._option_rows = [self._option_row(option) for option in options]
        for row in self._option_rows:
            self._option_column.addWidget(row)

    def _option_row(self, option: OptionField) -> QWidget:
        allowed = NumberRange(option.title, whole=option.kind == "int", minimum=option.minimum, maximum=option.maximum)
        field = self.number(allowed, option.help)
        field.setObjectName(f"data-{option.name}")
        field.committed.connect(lambda value, stepped: self._set_option(option.name, value, stepped))
        self._options[option.name] = field
        return self.row(f"{option.title} ({option.unit})" if option.unit else option.title, field)

    def _set_data(self, key: str) -> None:
        self.apply("data", False, **data_fields(self.training, DatasetChoice(key=key)))

    def _set_option(self, name: str, value: Any, stepped: bool) -> None:
        chosen = self.training.dataset
        options = {**chosen.options, name: value}
        self.apply(f"{name} of the data", stepped, dataset=DatasetChoice(key=chosen.key, options=options))


def _sample_text(shape: tuple[int, ...]) -> str:
    """What one sample is: so many inputs, so many steps of so many, or a picture."""
    if len(shape) == 1:
        return count_text(shape[0], "input")
    if len(shape) == 2:
        return f"{count_text(shape[0], 'step')} of {count_text(shape[1], 'input')}"
    return f"{' × '.join(map(str, shape))} pictures"


def _info(key: str) -> DatasetInfo | None:
    return next((info for info in dataset_keys() if info.key == key), None)
