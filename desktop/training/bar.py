"""The training bar: one line with the buttons, the three big numbers, the settings that matter, the speed, and the file."""

from dataclasses import replace

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QSizePolicy, QVBoxLayout, QWidget

from core.compiler.compile import Compilation
from core.training.events import EpochEnded, RunEnded, RunStarted, StepsTaken, TrainingEvent
from desktop.actions import ActionTable
from desktop.document_bridge import DocumentBridge
from desktop.forms.numbers import DASH, count_text, loss_text, metric_text, metric_title, pace_text
from desktop.training.controller import TrainingController
from desktop.training.ending import ending_sentence
from desktop.training.figure import Figure, Tone
from desktop.training.file_label import FileLabel
from desktop.training.pace_slider import PaceSlider
from desktop.training.preview import Measured
from desktop.training.settings_fields import TrainingFields
from desktop.training.state import RunState
from desktop.training.stopwatch import Stopwatch
from desktop.training.telemetry import Telemetry
from desktop.training.transport import RESET, STEP, STOP, PlayButton, SquareButton

_RIGHT = Qt.AlignmentFlag.AlignRight
GOOD_METRIC = 0.9
"""From here on the metric is shown in the colour of success."""


class TrainingBar(QWidget):
    """Follows document and controller; ``status_message`` says why an input was refused, and how a run ended."""

    status_message = Signal(str)
    _row_spacing = 10

    def __init__(
        self,
        bridge: DocumentBridge,
        controller: TrainingController,
        actions: ActionTable,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("trainingBar")
        self.setAccessibleName("Training")
        self._bridge = bridge
        self._controller = controller
        self._actions = actions
        self._metric = ""
        self._held_out = True
        self._hidden: list[tuple[str, Tone]] = []
        self._stopwatch = Stopwatch()
        self._add_actions()
        self.epoch_figure = Figure("Epoch", "88,888")
        self.loss_figure = Figure("Loss", "8.8e\u22128")
        self.metric_figure = Figure(
            "Accuracy", "88.8\u202f%", tuple(f"Validation {name}" for name in ("accuracy", "R²"))
        )
        self.fields = TrainingFields(bridge, self.status_message.emit)
        self.pace = PaceSlider()
        self.pace_label = QLabel()
        self.file_label = FileLabel(bridge)
        self._build()
        self.pace.chosen.connect(controller.set_speed)
        controller.set_speed(self.pace.speed)
        controller.state_changed.connect(self._stopwatch.follow)
        controller.state_changed.connect(self._show_state)
        controller.training_event.connect(self._show_event)
        controller.telemetry_ready.connect(self._show_telemetry)
        controller.history_cleared.connect(self._forget)
        controller.measured.connect(self._show_measured)
        bridge.compiled.connect(self._show_compilation)
        self._forget()
        self._show_compilation(bridge.compilation)

    # ------------------------------------------------------------- how it is built

    def _add_actions(self) -> None:
        add, controller = self._actions.add, self._controller
        run_keys = ("F5", "Ctrl+Return")
        self._start = add("training.start", "&Train", controller.start, run_keys, tip="Train the network")
        self._pause = add("training.pause", "&Pause", controller.pause, run_keys, tip="Hold the run, to go on later")
        self._step = add("training.step", "&Step", controller.step, "F10", tip="Take one step, and stay paused")
        self._stop = add("training.stop", "S&top", controller.stop, "Shift+F5", tip="End the run")
        self._reset = add(
            "training.reset",
            "&Reset weights",
            controller.reset,
            "Ctrl+Shift+F5",
            tip="Begin again from the same initial weights",
        )
        self._reset_new = add(
            "training.reset_new_seed",
            "Reset with &new weights",
            lambda: controller.reset(new_seed=True),
            tip="Begin again from other initial weights, drawn with a new seed",
        )

    def _build(self) -> None:
        self.play = PlayButton(self._start, self._pause)
        reset = SquareButton(self._reset, RESET)
        self._reset_menu = QMenu(reset)
        self._reset_menu.addActions([self._reset, self._reset_new])
        reset.clicked.disconnect()
        reset.clicked.connect(lambda: self._reset_menu.popup(reset.mapToGlobal(reset.rect().bottomLeft())))
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 14, 6)
        row.setSpacing(self._row_spacing)
        row.addWidget(self.play)
        row.addSpacing(2)
        for button in (SquareButton(self._step, STEP), SquareButton(self._stop, STOP), reset):
            row.addWidget(button)
        row.addSpacing(8)
        for figure in (self.epoch_figure, self.loss_figure, self.metric_figure):
            row.addWidget(figure)
        row.addWidget(_separator())
        row.addWidget(self.fields)
        line = _separator()
        row.addWidget(line)
        row.addWidget(self.pace)
        self._gives_way = ((self.pace_label, self.file_label), (line, self.pace))
        row.addStretch(1)
        row.addLayout(self._right())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def _right(self) -> QVBoxLayout:
        self.pace_label.setProperty("textRole", "caption")
        self.pace_label.ensurePolished()
        widest = self.pace_label.fontMetrics().horizontalAdvance(pace_text(88_800))
        self.pace_label.setMinimumWidth(widest + 2)  # Nothing moves when training goes faster.
        self.pace_label.setAlignment(_RIGHT)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addStretch(1)
        column.addWidget(self.pace_label, 0, _RIGHT)
        column.addWidget(self.file_label)
        column.addStretch(1)
        return column

    def minimumSizeHint(self) -> QSize:
        """Room for what never gives way: on a narrow screen the file goes first, which the title tells too, then the speed."""
        needed = super().minimumSizeHint()
        gone = sum(self._width(group) for group in self._gives_way if not group[0].isHidden())
        return QSize(needed.width() - gone, needed.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as much as there is room for."""
        needed = self.minimumSizeHint().width() + sum(self._width(group) for group in self._gives_way)
        for group in self._gives_way:
            fits = needed <= event.size().width()
            for widget in group:
                widget.setVisible(fits)
            needed -= self._width(group)
        super().resizeEvent(event)

    def _width(self, group: tuple[QWidget, QWidget]) -> int:
        """What a group takes up: two labels above each other, or a line and what stands beside it."""
        first, second = (max(widget.minimumWidth(), widget.minimumSizeHint().width()) for widget in group)
        gap = self._row_spacing
        return max(first, second) + gap if group[0] is self.pace_label else first + second + 2 * gap

    # ------------------------------------------------------------- what it shows

    def _show_state(self, _state: RunState) -> None:
        state = self._controller.state
        ready = self._bridge.compilation.ok and state is not RunState.CLOSING
        running = state is RunState.RUNNING
        for action, enabled in (
            (self._start, ready and not running),
            (self._pause, running),
            (self._step, ready),
            (self._stop, state in (RunState.RUNNING, RunState.PAUSED)),
            (self._reset, ready),
            (self._reset_new, ready),
        ):
            action.setEnabled(enabled)
        self._start.setText("&Go on" if state is RunState.PAUSED else "&Train")
        self.play.set_running(running)
        if not running:
            steps = self._controller.step_count if self._bridge.compilation.ok else 0
            self.pace_label.setText(count_text(steps, "step") if steps else "")

    def _show_compilation(self, compilation: Compilation) -> None:
        why = self._why_not(compilation)
        self._actions.set_tip("training.start", f"Training cannot start yet. {why}" if why else "Train the network")
        self._actions.set_tip(
            "training.step", f"There is nothing to step. {why}" if why else "Take one step, and stay paused"
        )
        dataset = self._bridge.dataset
        if dataset is not None and self._controller.state is RunState.IDLE and not self._metric:
            held_out = self._bridge.diagram.training.validation_fraction > 0
            self._name_metric("r2" if dataset.task == "regression" else "accuracy", held_out)
        self._put_by(not compilation.ok and self._controller.step_count > 0)
        self._show_state(self._controller.state)

    def _put_by(self, hidden: bool) -> None:
        """Where there is no network there are no figures of it; they are back as soon as it is."""
        figures = (self.epoch_figure, self.loss_figure, self.metric_figure)
        if hidden and not self._hidden:
            self._hidden = [(figure.value, figure.tone) for figure in figures]
            for figure in figures:
                figure.set_value(DASH)
        elif self._hidden and not hidden:
            for figure, shown in zip(figures, self._hidden):
                figure.set_value(*shown)
            self._hidden = []

    def _why_not(self, compilation: Compilation) -> str:
        if self._bridge.dataset_problem:
            return self._bridge.dataset_problem
        return compilation.errors[0].message if compilation.errors else ""

    def _show_event(self, event: TrainingEvent) -> None:
        if isinstance(event, RunStarted):
            self._metric = event.metric
            self._name_metric(event.metric, event.validation_samples > 0)
        elif isinstance(event, StepsTaken):
            self.loss_figure.set_value(loss_text(event.mean_loss))
            self.epoch_figure.set_value(f"{event.epoch:,}")
        elif isinstance(event, EpochEnded):
            self.epoch_figure.set_value(f"{event.epoch:,}")
            self._show_metric(event.validation_metric)
        elif isinstance(event, RunEnded):
            self._show_ending(event)

    def _show_ending(self, event: RunEnded) -> None:
        """Say how it ended; after a divergence the last loss is no number, and the controller says why."""
        if event.stopped == "diverged":
            self.loss_figure.set_value("∞", Tone.BAD)
            # The parameters were put back: what was measured before is not theirs.
            self._show_metric(event.metric_value)
        else:
            self.status_message.emit(ending_sentence(replace(event, seconds=self._stopwatch.seconds)))

    def _show_measured(self, measured: Measured) -> None:
        """What came trained with its file says at once how good it is, before the first step."""
        if self._bridge.parameters is not None and not self._controller.step_count and not self._metric:
            self.loss_figure.set_value(loss_text(measured.loss))
            self._show_metric(measured.validation_metric, measured.metric)

    def _show_metric(self, value: float, name: str = "") -> None:
        """Of the samples that are held out, or of all where none are."""
        tone = Tone.GOOD if value >= GOOD_METRIC else Tone.PLAIN
        self.metric_figure.set_value(metric_text(name or self._metric or "accuracy", value), tone)

    def _show_telemetry(self, telemetry: Telemetry) -> None:
        if self._controller.state is RunState.RUNNING:
            self.pace_label.setText(pace_text(telemetry.steps_per_second))

    def _name_metric(self, name: str, held_out: bool) -> None:
        """A complete table is validated on the samples that are learned from: there is nothing to call validation."""
        dataset = self._bridge.dataset
        self._held_out = held_out = held_out and dataset is not None and not dataset.validate_on_training
        title = metric_title(name)
        inner = title if title[1:2].isdigit() or not title[1:2].islower() else title.lower()
        self.metric_figure.set_caption(f"Validation {inner}" if held_out else title)

    def _forget(self) -> None:
        self._metric = ""
        self._hidden = []
        self.epoch_figure.set_value("0")
        self.loss_figure.set_value(DASH)
        self.metric_figure.set_value(DASH)
        self._show_compilation(self._bridge.compilation)


def _separator() -> QFrame:
    line = QFrame()
    line.setFrameShape(QFrame.Shape.VLine)
    return line
