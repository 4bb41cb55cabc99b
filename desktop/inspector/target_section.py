"""When a run may stop early: once a metric is good enough."""

import msgspec

from core.diagram.records import TargetChoice
from desktop.document_bridge import DocumentBridge
from desktop.forms.choice_field import ChoiceField
from desktop.forms.number_field import NumberRange
from desktop.forms.numbers import metric_title
from desktop.forms.switch import Switch
from desktop.forms.training_settings import metrics_of
from desktop.inspector.training_section import TrainingSection

RANGES = {
    "accuracy": NumberRange("Accuracy to stop at", minimum=0, maximum=1),
    "r2": NumberRange("R² to stop at", maximum=1),
    "validation_loss": NumberRange("Validation loss to stop at", minimum=0),
}
FIRST_VALUES = {"accuracy": 0.99, "r2": 0.99, "validation_loss": 0.01}


class TargetSection(TrainingSection):
    """A switch, and while it is on, which metric and which value."""

    def __init__(self, bridge: DocumentBridge) -> None:
        super().__init__(bridge)
        self.switch = Switch("Stop at a target")
        self.switch.setToolTip("End the run as soon as the network is good enough.")
        self.metric_choice = ChoiceField("Metric to stop at", ())
        self.value = self.number(RANGES["accuracy"], "")
        self.add(self.row("Stop at a target", self.switch))
        self._rows = (self.row("Metric", self.metric_choice), self.row("Value", self.value))
        for row in self._rows:
            self.add(row)
        self.switch.clicked.connect(self._switch)
        self.metric_choice.committed.connect(self._set_metric)
        self.value.committed.connect(self._set_value)

    def refresh(self) -> None:
        target = self.training.target
        self.switch.setChecked(target is not None)
        for row in self._rows:
            row.setVisible(target is not None)
        if target is not None:
            metrics = self._metrics()
            self.metric_choice.set_choices([(name, metric_title(name)) for name in metrics])
            self.metric_choice.set_value(target.metric)
            self.value.allowed = RANGES.get(target.metric, NumberRange("Value to stop at"))
            self.value.set_value(target.value)

    def _metrics(self) -> tuple[str, ...]:
        return metrics_of(self.training.dataset.key, self.bridge.compilation.plan)

    def _switch(self, on: bool) -> None:
        metric = self._metrics()[0]
        self.apply("target", False, target=TargetChoice(metric=metric, value=FIRST_VALUES[metric]) if on else None)

    def _set_metric(self, metric: str) -> None:
        self.apply("target", False, target=TargetChoice(metric=metric, value=FIRST_VALUES[metric]))

    def _set_value(self, value: float, stepped: bool) -> None:
        if self.training.target is not None:
            self.apply("target", stepped, target=msgspec.structs.replace(self.training.target, value=value))
