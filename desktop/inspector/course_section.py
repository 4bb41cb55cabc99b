"""How the network is trained: the optimizer with its numbers, batch size, epochs, validation share, seed."""

import msgspec
from PySide6.QtWidgets import QWidget

from core.training.optimizers import RULES
from desktop.document_bridge import DocumentBridge
from desktop.forms.choice_field import ChoiceField
from desktop.forms.number_field import NumberField
from desktop.forms.training_settings import COURSE, FINE, RATE, Setting
from desktop.inspector.page import section
from desktop.inspector.training_section import TrainingSection


class CourseSection(TrainingSection):
    """Optimizer, learning rate, and the numbers of a run."""

    def __init__(self, bridge: DocumentBridge) -> None:
        super().__init__(bridge)
        self.optimizer = ChoiceField("Optimizer", [(key, rule.title) for key, rule in RULES.items()])
        self.fields: dict[str, NumberField] = {}
        self.add(self.row("Optimizer", self.optimizer))
        self.add(self._number_row(RATE))
        for row in COURSE:
            self.add(self._number_row(row))
        self.optimizer.committed.connect(self._set_optimizer)

    def refresh(self) -> None:
        self.optimizer.set_value(self.training.optimizer.key)
        self.fields[RATE.name].set_value(self.training.optimizer.learning_rate)
        for row in COURSE:
            self.fields[row.name].set_value(getattr(self.training, row.name))

    def _number_row(self, row: Setting) -> QWidget:
        field = self.number(row.allowed, row.tip)
        field.setObjectName(f"training-{row.name}")
        field.committed.connect(lambda value, stepped: self._set(row, value, stepped))
        self.fields[row.name] = field
        return self.row(row.allowed.title, field)

    def _set_optimizer(self, key: str) -> None:
        self.apply("optimizer", False, optimizer=msgspec.structs.replace(self.training.optimizer, key=key))

    def _set(self, row: Setting, value: float, stepped: bool) -> None:
        what = row.allowed.title.lower()
        if row is RATE:
            optimizer = msgspec.structs.replace(self.training.optimizer, learning_rate=value)
            self.apply(what, stepped, optimizer=optimizer)
        else:
            self.apply(what, stepped, **{row.name: value})


class FineSection(TrainingSection):
    """What only some optimizers have, under the optimizer's name."""

    def __init__(self, bridge: DocumentBridge) -> None:
        super().__init__(bridge)
        self.fields: dict[str, NumberField] = {}
        self._rows: dict[str, QWidget] = {}
        self._title = section("")
        self.add(self._title)
        for row in FINE:
            field = self.number(row.allowed, row.tip)
            field.setObjectName(f"training-{row.name}")
            field.committed.connect(lambda value, stepped, row=row: self._set(row, value, stepped))
            self.fields[row.name] = field
            self._rows[row.name] = self.row(row.allowed.title, field)
            self.add(self._rows[row.name])

    def refresh(self) -> None:
        rule = RULES.get(self.training.optimizer.key)
        read = () if rule is None else rule.settings
        self._title.setText("" if rule is None else rule.title.upper())
        self.setVisible(any(row.name in read for row in FINE))
        for row in FINE:
            self.fields[row.name].set_value(getattr(self.training.optimizer, row.name))
            self._rows[row.name].setVisible(row.name in read)

    def _set(self, row: Setting, value: float, stepped: bool) -> None:
        optimizer = msgspec.structs.replace(self.training.optimizer, **{row.name: value})
        self.apply(row.allowed.title.lower(), stepped, optimizer=optimizer)
