"""A part of the overview that edits one record within the training settings, each of its numbers in a row."""

from typing import Any

import msgspec
from PySide6.QtWidgets import QWidget

from desktop.document_bridge import DocumentBridge
from desktop.forms.number_field import NumberField
from desktop.forms.training_settings import Setting
from desktop.inspector.training_section import TrainingSection


class RecordSection(TrainingSection):
    """Rows for the numbers of ``training.<record>``; which of them are shown is up to whoever derives from it."""

    def __init__(self, bridge: DocumentBridge, record: str) -> None:
        super().__init__(bridge)
        self.fields: dict[str, NumberField] = {}
        self._record = record
        self._rows: dict[str, QWidget] = {}

    @property
    def record(self) -> Any:
        """The record as it stands now."""
        return getattr(self.training, self._record)

    def add_rows(self, settings: tuple[Setting, ...]) -> None:
        """A row for each of these numbers."""
        for setting in settings:
            field = self.number(setting.allowed, setting.tip)
            field.setObjectName(f"training-{self._record}-{setting.name}")
            field.committed.connect(lambda value, stepped, setting=setting: self._set_number(setting, value, stepped))
            self.fields[setting.name] = field
            self._rows[setting.name] = self.row(setting.allowed.title, field)
            self.add(self._rows[setting.name])

    def show_rows(self, names: tuple[str, ...]) -> None:
        """Show these rows with the numbers of the record, and no others."""
        for name, row in self._rows.items():
            row.setVisible(name in names)
            if self.record is not None:
                self.fields[name].set_value(getattr(self.record, name))

    def set_fields(self, what: str, stepped: bool, **fields: Any) -> None:
        """Set fields of the record as one undo step."""
        self.apply(what, stepped, **{self._record: msgspec.structs.replace(self.record, **fields)})

    def _set_number(self, setting: Setting, value: float, stepped: bool) -> None:
        self.set_fields(setting.allowed.title.lower(), stepped, **{setting.name: value})
