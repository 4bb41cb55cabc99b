"""Nothing selected: the network in numbers, the data it learns from, and how it is trained; all of it can be set here."""

from typing import Any

import msgspec
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from core.compiler.compile import Compilation
from core.datasets.options import OptionField
from core.datasets.registry import DatasetInfo, dataset_keys
from core.diagram import edits
from core.diagram.records import DatasetChoice, TargetChoice, TrainingSettings
from core.training.optimizers import RULES
from desktop.document_bridge import DocumentBridge
from desktop.forms.choice_field import ChoiceField
from desktop.forms.number_field import NumberField, NumberRange
from desktop.forms.numbers import count_text, metric_title
from desktop.forms.switch import Switch
from desktop.inspector.form import FIELD_WIDTH
from desktop.inspector.heading import Heading, caption
from desktop.inspector.page import Page, muted_label, rule, section

RANGES = {
    "learning_rate": NumberRange("Learning rate", minimum=0, exclusive_minimum=True, maximum=1e6, ladder=True),
    "momentum": NumberRange("Momentum", minimum=0, maximum=1, exclusive_maximum=True),
    "beta1": NumberRange("Beta 1", minimum=0, maximum=1, exclusive_maximum=True),
    "beta2": NumberRange("Beta 2", minimum=0, maximum=1, exclusive_maximum=True),
    "epsilon": NumberRange("Epsilon", minimum=0, exclusive_minimum=True, maximum=1, ladder=True),
}
COURSE = {
    "batch_size": NumberRange("Batch size", whole=True, minimum=1, maximum=1_000_000),
    "epochs": NumberRange("Epochs", whole=True, minimum=1, maximum=10_000_000),
    "validation_fraction": NumberRange("Validation share", minimum=0, maximum=0.9),
    "seed": NumberRange("Seed", whole=True, minimum=0, maximum=2**31 - 1),
}
TIPS = {
    "learning_rate": "How far each step goes. A change applies at once, also while training.",
    "momentum": "How much of the last step is kept in the next one.",
    "beta1": "How long Adam remembers the direction of the gradient.",
    "beta2": "How long Adam remembers the size of the gradient.",
    "epsilon": "A small number that keeps Adam from dividing by zero.",
    "batch_size": "How many samples one step looks at.",
    "epochs": "How often a run goes through all training samples.",
    "validation_fraction": "The share of the samples that the network never learns from, from 0 to 0.9.",
    "seed": "The same seed gives the same initial weights and the same order of samples.",
}
TARGETS = ("accuracy", "r2", "validation_loss")
TARGET_RANGES = {
    "accuracy": NumberRange("Accuracy to stop at", minimum=0, maximum=1),
    "r2": NumberRange("R² to stop at", maximum=1),
    "validation_loss": NumberRange("Validation loss to stop at", minimum=0),
}


class OverviewPage(Page):
    """The page of the diagram as a whole."""

    def __init__(self, bridge: DocumentBridge) -> None:
        super().__init__()
        self._bridge = bridge
        self.heading = Heading()
        self.heading.set_title("Network")
        self.fields: dict[str, NumberField] = {}
        self._rows: dict[str, QWidget] = {}
        self._options: dict[str, NumberField] = {}
        self._option_widgets: list[QWidget] = []
        self._options_of = ""
        self._build()

    # ------------------------------------------------------------- how it is built

    def _build(self) -> None:
        self.data = ChoiceField("Data", [(info.key, info.title) for info in dataset_keys()])
        self.optimizer = ChoiceField("Optimizer", [(key, rule_.title) for key, rule_ in RULES.items()])
        self._goal, self._samples = muted_label(), muted_label()
        self._refusal = QLabel()
        self._refusal.setWordWrap(True)
        self._refusal.setProperty("textRole", "error")
        self._refusal.hide()
        self._option_rows = QVBoxLayout()
        self._option_rows.setSpacing(10)
        self.column.addWidget(self.heading)
        self.column.addWidget(rule())
        self.column.addWidget(section("Data"))
        self.column.addWidget(self.data)
        self.column.addWidget(self._goal)
        self.column.addLayout(self._option_rows)
        self.column.addWidget(self._samples)
        self.column.addWidget(rule())
        self.column.addWidget(section("Training"))
        self.column.addWidget(self._row("Optimizer", self.optimizer))
        self.column.addWidget(self._number_row("learning_rate", RANGES["learning_rate"]))
        for name, allowed in COURSE.items():
            self.column.addWidget(self._number_row(name, allowed))
        self._build_target()
        self.column.addWidget(self._refusal)
        self._fine = section("Optimizer")
        self.column.addWidget(self._fine)
        for name, allowed in RANGES.items():
            if name not in self.fields:
                self.column.addWidget(self._number_row(name, allowed))
        self.column.addStretch(1)
        self.data.committed.connect(self._set_data)
        self.optimizer.committed.connect(self._set_optimizer)

    def _build_target(self) -> None:
        self.target = Switch("Stop at a target")
        self.target.setToolTip("End the run as soon as the network is good enough.")
        self.target_metric = ChoiceField("Metric to stop at", [(name, metric_title(name)) for name in TARGETS])
        self.target_value = NumberField(TARGET_RANGES["accuracy"])
        self.column.addWidget(self._row("Stop at a target", self.target))
        self._metric_row = self._row("Metric", self.target_metric)
        self._value_row = self._row("Value", self.target_value)
        self.column.addWidget(self._metric_row)
        self.column.addWidget(self._value_row)
        self.target.clicked.connect(self._switch_target)
        self.target_metric.committed.connect(self._set_target_metric)
        self.target_value.committed.connect(self._set_target_value)
        self.target_value.refused.connect(self._refuse)

    def _number_row(self, name: str, allowed: NumberRange) -> QWidget:
        field = NumberField(allowed)
        field.setObjectName(f"training-{name}")
        field.setToolTip(TIPS[name])
        setter = self._set_optimizer_field if name in RANGES else self._set_course
        field.committed.connect(lambda value, stepped: setter(name, value, stepped))
        field.refused.connect(self._refuse)
        self.fields[name] = field
        self._rows[name] = self._row(allowed.title, field)
        return self._rows[name]

    def _row(self, text: str, field: QWidget) -> QWidget:
        widget = QWidget()
        row = QHBoxLayout(widget)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        label = QLabel(text)
        label.setBuddy(field)
        label.setToolTip(field.toolTip())
        if not isinstance(field, Switch):
            field.setFixedWidth(FIELD_WIDTH)
        row.addWidget(label, 1)
        row.addWidget(field)
        return widget

    # ------------------------------------------------------------- what it shows

    def turn_to(self, ids: tuple[str, ...]) -> None:
        for field in (*self.fields.values(), *self._options.values(), self.target_value):
            field.setModified(False)
        self._refuse("")

    def refresh(self) -> None:
        training = self._bridge.diagram.training
        self.data.set_value(training.dataset.key)
        self._show_options(training.dataset)
        self.optimizer.set_value(training.optimizer.key)
        used = RULES[training.optimizer.key].settings if training.optimizer.key in RULES else ()
        for name in RANGES:
            self.fields[name].set_value(getattr(training.optimizer, name))
            self._rows[name].setVisible(name in used)
        self._fine.setVisible(len(used) > 1)
        self._fine.setText(self.optimizer.currentText().upper())
        for name in COURSE:
            self.fields[name].set_value(getattr(training, name))
        self._show_target(training)

    def show_compilation(self, compilation: Compilation) -> None:
        nodes = count_text(len(self._bridge.diagram.nodes), "node")
        parameters = count_text(compilation.parameter_count, "parameter")
        macs = count_text(compilation.macs, "multiply-add")
        self.heading.set_caption(caption(nodes, parameters, macs))
        self._show_samples()

    def _show_samples(self) -> None:
        dataset = self._bridge.dataset
        if dataset is None:
            self._samples.setText(self._bridge.dataset_problem)
            return
        shape = " × ".join(map(str, dataset.input_shape))
        inputs = count_text(dataset.input_shape[0], "input") if len(dataset.input_shape) == 1 else f"{shape} pictures"
        held_out = 0 if dataset.validate_on_training else self._bridge.diagram.training.validation_fraction
        learned = round(len(dataset) * (1 - held_out))
        what = {"regression": "numbers to predict", "binary": "yes or no", "classes": "classes"}[dataset.task]
        names = f": {', '.join(dataset.class_names)}" if 0 < len(dataset.class_names) <= 4 else ""
        rest = len(dataset) - learned
        held = f"{rest:,} for validation" if rest else ""
        self._samples.setText(caption(count_text(len(dataset), "sample"), held, inputs, what + names))

    def _show_options(self, choice: DatasetChoice) -> None:
        info = _info(choice.key)
        self._goal.setText("" if info is None else info.goal)
        if choice.key != self._options_of:
            self._options_of = choice.key
            for row in self._option_widgets:
                self._option_rows.removeWidget(row)
                row.hide()
                row.deleteLater()
            self._option_widgets = []
            self._options = {}
            for option in () if info is None else info.options:
                self._option_widgets.append(self._option_row(option))
                self._option_rows.addWidget(self._option_widgets[-1])
        for option in () if info is None else info.options:
            self._options[option.name].set_value(choice.options.get(option.name, option.default))

    def _option_row(self, option: OptionField) -> QWidget:
        allowed = NumberRange(option.title, whole=option.kind == "int", minimum=option.minimum, maximum=option.maximum)
        field = NumberField(allowed)
        field.setObjectName(f"data-{option.name}")
        field.setToolTip(option.help)
        field.committed.connect(lambda value, stepped: self._set_option(option.name, value, stepped))
        field.refused.connect(self._refuse)
        self._options[option.name] = field
        unit = f" ({option.unit})" if option.unit else ""
        return self._row(f"{option.title}{unit}", field)

    def option_field(self, name: str) -> NumberField:
        """The field of an option of the present data. Raises KeyError if it has none of this name."""
        return self._options[name]

    def _show_target(self, training: TrainingSettings) -> None:
        target = training.target
        self.target.setChecked(target is not None)
        self._metric_row.setVisible(target is not None)
        self._value_row.setVisible(target is not None)
        if target is not None:
            self.target_metric.set_value(target.metric)
            self.target_value.allowed = TARGET_RANGES.get(target.metric, NumberRange("Value to stop at"))
            self.target_value.set_value(target.value)

    def _refuse(self, sentence: str) -> None:
        self._refusal.setText(sentence)
        self._refusal.setVisible(bool(sentence))

    # ------------------------------------------------------------- what it asks for

    @property
    def _training(self) -> TrainingSettings:
        return self._bridge.diagram.training

    def _set_data(self, key: str) -> None:
        self._apply("data", False, dataset=DatasetChoice(key=key))

    def _set_option(self, name: str, value: Any, stepped: bool) -> None:
        choice = self._training.dataset
        options = {**choice.options, name: value}
        self._apply(f"{name} of the data", stepped, dataset=DatasetChoice(key=choice.key, options=options))

    def _set_optimizer(self, key: str) -> None:
        self._apply("optimizer", False, optimizer=msgspec.structs.replace(self._training.optimizer, key=key))

    def _set_optimizer_field(self, name: str, value: float, stepped: bool) -> None:
        optimizer = msgspec.structs.replace(self._training.optimizer, **{name: value})
        self._apply(RANGES[name].title.lower(), stepped, optimizer=optimizer)

    def _set_course(self, name: str, value: float, stepped: bool) -> None:
        self._apply(COURSE[name].title.lower(), stepped, **{name: value})

    def _switch_target(self, on: bool) -> None:
        dataset = self._bridge.dataset
        metric = "r2" if dataset is not None and dataset.task == "regression" else "accuracy"
        self._apply("target", False, target=TargetChoice(metric=metric, value=0.99) if on else None)

    def _set_target_metric(self, metric: str) -> None:
        value = 0.01 if metric == "validation_loss" else 0.99
        self._apply("target", False, target=TargetChoice(metric=metric, value=value))

    def _set_target_value(self, value: float, stepped: bool) -> None:
        if self._training.target is not None:
            self._apply("target", stepped, target=msgspec.structs.replace(self._training.target, value=value))

    def _apply(self, what: str, stepped: bool, **fields: Any) -> None:
        change = edits.set_training(self._bridge.diagram, **fields)
        self._bridge.apply(change, f"Set {what}", f"training {what}" if stepped else None)


def _info(key: str) -> DatasetInfo | None:
    return next((info for info in dataset_keys() if info.key == key), None)
