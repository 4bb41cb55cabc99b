"""Parts of training that most networks do without: a switch, and what belongs to it while it is on."""

from collections.abc import Mapping

import msgspec

from core.diagram.records import EarlyStoppingChoice
from desktop.document_bridge import DocumentBridge
from desktop.forms.switch import Switch
from desktop.forms.training_settings import CLIPPING, EARLY_STOPPING, REGULARIZATION, Setting
from desktop.inspector.record_section import RecordSection


class SwitchedSection(RecordSection):
    """A switch over a record whose numbers are all 0 while it is off; switched on, it begins with ``first``.

    Numbers that a person sets to 0 one after the other stay in sight until the switch is turned or the page is left.
    """

    def __init__(
        self,
        bridge: DocumentBridge,
        record: str,
        title: str,
        tip: str,
        settings: tuple[Setting, ...],
        first: Mapping[str, float],
    ) -> None:
        super().__init__(bridge, record)
        self.switch = Switch(title)
        self.switch.setObjectName(f"training-{record}")
        self.switch.setToolTip(tip)
        self.add(self.row(title, self.switch))
        self.add_rows(settings)
        self._first = dict(first)
        self._kept_open = False
        self.switch.clicked.connect(self._switch)

    def refresh(self) -> None:
        numbers = msgspec.structs.asdict(self.record)
        is_on = self._kept_open or any(numbers.values())
        self._kept_open = is_on
        self.switch.setChecked(is_on)
        self.show_rows(tuple(numbers) if is_on else ())

    def forget(self) -> None:
        super().forget()
        self._kept_open = False

    def _switch(self, on: bool) -> None:
        self._kept_open = on
        none = dict.fromkeys(self.fields, 0.0)
        self.set_fields(self.switch.accessibleName().lower(), False, **(self._first if on else none))
        self.refresh()


def regularization_section(bridge: DocumentBridge) -> SwitchedSection:
    """What keeps weights small."""
    return SwitchedSection(
        bridge,
        "regularization",
        "Regularization",
        "Keeps weights small, so that the network does not learn its samples by heart. The loss shown is without the penalty.",
        REGULARIZATION,
        {"l2": 0.001},
    )


def clipping_section(bridge: DocumentBridge) -> SwitchedSection:
    """What keeps a steep place from throwing the network far off."""
    return SwitchedSection(
        bridge,
        "clipping",
        "Gradient clipping",
        "Keeps one steep place from throwing the network far off, as happens in recurrent networks.",
        CLIPPING,
        {"norm": 1.0},
    )


class EarlyStoppingSection(RecordSection):
    """A switch, and while it is on, patience, what counts as better, and whether the best parameters come back."""

    def __init__(self, bridge: DocumentBridge) -> None:
        super().__init__(bridge, "early_stopping")
        self.switch = Switch("Early stopping")
        self.switch.setObjectName("training-early_stopping")
        self.switch.setToolTip("End the run when the validation loss has not become better for a while.")
        self.best = Switch("Go back to the best")
        self.best.setToolTip("At its end the run takes the parameters of the epoch with the lowest validation loss.")
        self.add(self.row("Early stopping", self.switch))
        self.add_rows(EARLY_STOPPING)
        self._best_row = self.row("Go back to the best", self.best)
        self.add(self._best_row)
        self.switch.clicked.connect(self._switch)
        self.best.clicked.connect(lambda on: self.set_fields("the best", False, restore_best=on))

    def refresh(self) -> None:
        is_on = self.record is not None
        self.switch.setChecked(is_on)
        self.show_rows(tuple(self.fields) if is_on else ())
        self._best_row.setVisible(is_on)
        self.best.setChecked(is_on and self.record.restore_best)

    def _switch(self, on: bool) -> None:
        self.apply("early stopping", False, early_stopping=EarlyStoppingChoice() if on else None)
