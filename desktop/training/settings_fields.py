"""The training settings that the bar offers: data, optimizer, learning rate, batch, epochs; each a field under its caption.

They edit the document as everything else does; the controller hears of it there, and a run takes over what it can.
"""

from collections.abc import Callable
from typing import Any

import msgspec
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from core.datasets.registry import dataset_keys
from core.diagram import edits
from core.diagram.records import DatasetChoice, TrainingSettings
from core.training.optimizers import RULES, customary_fields
from desktop.document_bridge import DocumentBridge
from desktop.forms.choice_field import ChoiceField
from desktop.forms.number_field import NumberField
from desktop.forms.training_settings import BATCH_SIZE, EPOCHS, RATE, Setting, data_fields


class TrainingFields(QWidget):
    """A row of captioned fields that follows the document."""

    def __init__(self, bridge: DocumentBridge, refused: Callable[[str], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.data = ChoiceField("Data", [(info.key, info.title) for info in dataset_keys()])
        self.optimizer = ChoiceField("Optimizer", [(key, rule.title) for key, rule in RULES.items()])
        self.learning_rate, self.batch_size, self.epochs = (_number(setting) for setting in (RATE, BATCH_SIZE, EPOCHS))
        for choice in (self.data, self.optimizer):
            choice.setSizeAdjustPolicy(ChoiceField.SizeAdjustPolicy.AdjustToContents)  # where there is room for it
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(10)
        for caption, field, least, most in (
            ("Data", self.data, 92, 260),
            ("Optimizer", self.optimizer, 84, 200),
            ("Learning rate", self.learning_rate, 82, 82),
            ("Batch", self.batch_size, 58, 58),
            ("Epochs", self.epochs, 66, 66),
        ):
            field.setMinimumWidth(least)
            field.setMaximumWidth(most)
            self._row.addLayout(_captioned(caption, field))
        self.data.committed.connect(self._set_data)
        self.optimizer.committed.connect(self._set_optimizer)
        self.learning_rate.committed.connect(self._set_learning_rate)
        self.batch_size.committed.connect(lambda value, stepped: self._set("batch size", stepped, batch_size=value))
        self.epochs.committed.connect(lambda value, stepped: self._set("epochs", stepped, epochs=value))
        for field in (self.learning_rate, self.batch_size, self.epochs):
            field.refused.connect(refused)
        bridge.changed.connect(lambda _change: self.show_settings(bridge.diagram.training))
        bridge.replaced.connect(lambda: self.show_settings(bridge.diagram.training))
        self.show_settings(bridge.diagram.training)

    def show_settings(self, training: TrainingSettings) -> None:
        """Show these settings."""
        self.data.set_value(training.dataset.key)
        self.optimizer.set_value(training.optimizer.key)
        self.learning_rate.set_value(training.optimizer.learning_rate)
        self.batch_size.set_value(training.batch_size)
        rule = RULES.get(training.optimizer.key)
        self.batch_size.setEnabled(rule is None or not rule.full_batch)
        self.epochs.set_value(training.epochs)

    def _set_data(self, key: str) -> None:
        self._set("data", False, **data_fields(self._bridge.diagram.training, DatasetChoice(key=key)))

    def _set_optimizer(self, key: str) -> None:
        before = self._bridge.diagram.training.optimizer
        optimizer = msgspec.structs.replace(before, **customary_fields(before, key))
        self._set("optimizer", False, optimizer=optimizer)

    def _set_learning_rate(self, value: float, stepped: bool) -> None:
        optimizer = msgspec.structs.replace(self._bridge.diagram.training.optimizer, learning_rate=value)
        self._set("learning rate", stepped, optimizer=optimizer)

    def _set(self, what: str, stepped: bool, **fields: Any) -> None:
        change = edits.set_training(self._bridge.diagram, **fields)
        self._bridge.apply(change, f"Set {what}", f"training {what}" if stepped else None)


def _number(setting: Setting) -> NumberField:
    field = NumberField(setting.allowed)
    field.setToolTip(setting.tip)
    return field


def _captioned(caption: str, field: QWidget) -> QVBoxLayout:
    label = QLabel(caption)
    label.setProperty("textRole", "caption")
    label.setBuddy(field)
    column = QVBoxLayout()
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2)
    column.addWidget(label)
    column.addWidget(field)
    return column
