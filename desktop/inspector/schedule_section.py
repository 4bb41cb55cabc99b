"""How the learning rate changes over a run: the schedule, and what the chosen one reads."""

from core.training.schedules import SCHEDULES
from desktop.document_bridge import DocumentBridge
from desktop.forms.choice_field import ChoiceField
from desktop.forms.training_settings import SCHEDULE
from desktop.inspector.record_section import RecordSection


class ScheduleSection(RecordSection):
    """A choice of schedules, and the numbers of the chosen one; the warm-up is offered with all that can have one."""

    def __init__(self, bridge: DocumentBridge) -> None:
        super().__init__(bridge, "schedule")
        self.choice = ChoiceField("Schedule", [(key, schedule.title) for key, schedule in SCHEDULES.items()])
        self.choice.setObjectName("training-schedule")
        self.add(self.row("Schedule", self.choice))
        self.add_rows(SCHEDULE)
        self.choice.committed.connect(lambda key: self.set_fields("schedule", False, key=key))

    def refresh(self) -> None:
        schedule = SCHEDULES.get(self.record.key)
        self.choice.set_value(self.record.key)
        self.choice.setToolTip("" if schedule is None else f"{schedule.help} ({schedule.source})")
        self.show_rows(() if schedule is None else schedule.settings)
