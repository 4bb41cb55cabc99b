"""How the network is trained: the optimizer with its numbers, batch size, epochs, validation share, seed.

What the chosen optimizer does not read is not offered.
"""

import msgspec
from PySide6.QtWidgets import QWidget

from core.training.optimizers import RULES, customary_fields
from desktop.document_bridge import DocumentBridge
from desktop.forms.choice_field import ChoiceField
from desktop.forms.number_field import NumberField
from desktop.forms.training_settings import BATCH_SIZE, COURSE, FINE, RATE, Setting
from desktop.inspector.page import section
from desktop.inspector.record_section import RecordSection
from desktop.inspector.training_section import TrainingSection


class CourseSection(TrainingSection):
    """Optimizer, learning rate, and the numbers of a run."""

    def __init__(self, bridge: DocumentBridge) -> None:
        super().__init__(bridge)
        self.optimizer = ChoiceField("Optimizer", [(key, rule.title) for key, rule in RULES.items()])
        self.fields: dict[str, NumberField] = {}
        self._rows: dict[str, QWidget] = {}
        self.add(self.row("Optimizer", self.optimizer))
        self.add(self._number_row(RATE))
        for row in COURSE:
            self.add(self._number_row(row))
        self.optimizer.committed.connect(self._set_optimizer)

    def refresh(self) -> None:
        rule = RULES.get(self.training.optimizer.key)
        self.optimizer.set_value(self.training.optimizer.key)
        self.optimizer.setToolTip("" if rule is None else f"{rule.help} ({rule.source})")
        self._rows[BATCH_SIZE.name].setVisible(rule is None or not rule.full_batch)
        self.fields[RATE.name].set_value(self.training.optimizer.learning_rate)
        for row in COURSE:
            self.fields[row.name].set_value(getattr(self.training, row.name))

    def _number_row(self, row: Setting) -> QWidget:
        field = self.number(row.allowed, row.tip)
        field.setObjectName(f"training-{row.name}")
        field.committed.connect(lambda value, stepped: self._set(row, value, stepped))
        self.fields[row.name] = field
        self._rows[row.name] = self.row(row.allowed.title, field)
        return self._rows[row.name]

    def _set_optimizer(self, key: str) -> None:
        before = self.training.optimizer
        self.apply("optimizer", False, optimizer=msgspec.structs.replace(before, **customary_fields(before, key)))

    def _set(self, row: Setting, value: float, stepped: bool) -> None:
        what = row.allowed.title.lower()
        if row is RATE:
            optimizer = msgspec.structs.replace(self.training.optimizer, learning_rate=value)
            self.apply(what, stepped, optimizer=optimizer)
        else:
            self.apply(what, stepped, **{row.name: value})


class FineSection(RecordSection):
    """What only some optimizers have, under the optimizer's name."""

    def __init__(self, bridge: DocumentBridge) -> None:
        super().__init__(bridge, "optimizer")
        self._title = section("")
        self.add(self._title)
        self.add_rows(FINE)

    def refresh(self) -> None:
        rule = RULES.get(self.record.key)
        read = () if rule is None else rule.settings
        self._title.setText("" if rule is None else rule.title.upper())
        self.setVisible(any(name in read for name in self.fields))
        self.show_rows(read)
