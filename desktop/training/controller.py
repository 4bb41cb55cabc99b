"""TrainingController: the state machine between the buttons, the document and the training thread.

It lives on the GUI thread and is the only one there that knows of the worker. Between runs it holds the parameters; during a
run the worker does. An edit of the diagram during a run is one transaction: halt, take the parameters, compile, carry over what
still fits, go on. If the diagram has errors in between, the run waits and goes on when they are mended.
"""

from contextlib import suppress
from dataclasses import replace
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from core.compiler.compile import Compilation
from core.compiler.plan import Plan
from core.datasets.dataset import Dataset
from core.diagram import edits
from core.diagram.change import Change
from core.diagram.records import TrainingSettings
from core.errors import NeuroloomError
from core.inspection.snapshot import ProbeRequest, Snapshot
from core.training.events import RunEnded, TrainingEvent
from desktop.document_bridge import DocumentBridge
from desktop.training.gate import Gate, RightOfWay
from desktop.training.mailbox import Mailbox
from desktop.training.preview import Preview
from desktop.training.request import TrainingRequest
from desktop.training.screen_clock import ScreenClock
from desktop.training.state import RunState
from desktop.training.telemetry import Telemetry
from desktop.training.weights import Weights
from desktop.training.worker import TrainingWorker

FloatArray = NDArray[np.floating[Any]]

PREVIEW_MILLISECONDS = 40
HALT_MILLISECONDS = 2000
REST = 10.0
LIVE_SETTINGS = {"batch_size", "epochs"}


class TrainingController(QObject):
    """Starts, holds and ends runs, and hands on what they tell at the pace of the screen."""

    state_changed = Signal(object)
    """A RunState."""
    training_event = Signal(object)
    """RunStarted, Diverged, RunEnded, and the newest StepsTaken and EpochEnded at the pace of the screen."""
    telemetry_ready = Signal(object)
    """A Telemetry: every point that was measured since the last one."""
    snapshot_ready = Signal(object)
    """A Snapshot of the network as it is now."""
    run_ended = Signal(object)
    """RunEnded."""
    parameters_changed = Signal()
    """The parameters are other ones, and no training step did it."""
    history_cleared = Signal()
    """Training begins again from step 0; curves drawn so far belong to an earlier run."""
    notice = Signal(str)
    """A sentence for the person: why training waits, or does not start."""

    def __init__(self, bridge: DocumentBridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._state = RunState.IDLE
        self._plan: Plan | None = None
        self._dataset: Dataset | None = None
        self._settings: TrainingSettings = bridge.diagram.training
        self._weights = Weights(bridge.parameters)
        self._worker: TrainingWorker | None = None
        self._last_number = 0
        self._step = 0
        self._epoch = 0
        self._epochs_before_run = 0
        self._goes_on_when_mended = False
        self._probe = ProbeRequest()
        self._preview: Preview | None = None
        self._snapshot: Snapshot | None = None
        self._steps_per_second: float | None = None
        self._telemetry: Mailbox[Telemetry] = Mailbox()
        self._snapshots: Mailbox[Snapshot] = Mailbox()
        self._gate = Gate()
        self._right_of_way = RightOfWay(self._gate, self)
        self._clock = ScreenClock(self._read_mailboxes, REST, self)
        self._preview_timer = QTimer(self)
        self._preview_timer.setSingleShot(True)
        self._preview_timer.setInterval(PREVIEW_MILLISECONDS)
        self._preview_timer.timeout.connect(self._show_preview)
        bridge.replaced.connect(self._on_replaced)
        bridge.changed.connect(self._on_changed)
        bridge.compiled.connect(self._on_compiled)

    # ------------------------------------------------------------- what can be read

    @property
    def state(self) -> RunState:
        """What training does now."""
        return self._state

    @property
    def snapshot(self) -> Snapshot | None:
        """The newest Snapshot, or None as long as the diagram does not compile."""
        return self._snapshot

    @property
    def bridge(self) -> DocumentBridge:
        """The open document."""
        return self._bridge

    @property
    def step_count(self) -> int:
        """Steps that the parameters were trained for since they were initialized."""
        return self._step if self._worker is None else self._worker.step

    def parameters(self) -> dict[str, FloatArray] | None:
        """Copies of the parameters as they are now, bit for bit; None as long as there is no network."""
        if self._plan is None and not self._weights.current:
            return None
        if self._worker is not None and (latest := self._worker.copy_parameters()):
            return latest
        return self._weights.copies() or None

    # ------------------------------------------------------------- what the buttons do

    def start(self) -> None:
        """Start a run, or go on with one that was paused."""
        self._run(paused=False)

    def pause(self) -> None:
        """Hold the run after the present slice of steps."""
        self._goes_on_when_mended = False
        if self._state is RunState.RUNNING:
            if self._worker is not None:
                self._worker.post(lambda worker: worker.set_paused(True))
            self._enter(RunState.PAUSED)

    def step(self) -> None:
        """Take exactly one step, and stay paused."""
        if self._state is RunState.RUNNING:
            self.pause()
        self._run(paused=True)
        if self._worker is not None:
            self._worker.post(TrainingWorker.take_single_step)
            self._clock.start()

    def stop(self) -> None:
        """End the run at its next step; the parameters stay as they are then."""
        self._goes_on_when_mended = False
        if self._worker is not None:
            self._worker.stop()
        elif self._state is RunState.PAUSED:
            self._enter(RunState.IDLE)

    def reset(self, new_seed: bool = False) -> None:
        """Begin again: with the same initial parameters, or with others that a new seed gives; training does not start."""
        if self._state is RunState.CLOSING:
            return
        self._halt()
        self._goes_on_when_mended = False
        if new_seed:
            seed = (self._bridge.diagram.training.seed + 1) % 2**31
            self._bridge.apply(edits.set_training(self._bridge.diagram, seed=seed), "New initial weights")
            if self._plan is not None:
                self._weights.start_afresh(self._plan, seed)
        else:
            self._weights.reset()
        self._enter(RunState.IDLE)
        self._forget_history()
        self.parameters_changed.emit()

    def set_learning_rate(self, learning_rate: float) -> None:
        """Change the learning rate in the document; a run takes it over at its next step."""
        diagram = self._bridge.diagram
        optimizer = msgspec.structs.replace(diagram.training.optimizer, learning_rate=learning_rate)
        self._bridge.apply(edits.set_training(diagram, optimizer=optimizer), "Learning rate", "learning rate")

    def set_speed(self, steps_per_second: float | None) -> None:
        """Hold training down to this pace; None is full speed."""
        self._steps_per_second = steps_per_second
        if self._worker is not None:
            self._worker.post(lambda worker: worker.set_steps_per_second(steps_per_second))

    def set_parameters(self, parameters: dict[str, FloatArray]) -> None:
        """Put these values in place of the present ones; the run, if there is one, goes on with them."""
        kept = {name: np.array(value) for name, value in parameters.items()}
        self._weights.keep(kept)
        if self._worker is not None:
            self._worker.post(lambda worker: worker.load(kept))
        self.parameters_changed.emit()
        self._refresh_preview()

    def set_request(self, **flags: Any) -> None:
        """Say what the views want to see, by the fields of ProbeRequest."""
        probe = replace(self._probe, **flags)
        if probe == self._probe:
            return
        self._probe = probe
        if self._worker is not None:
            self._worker.post(lambda worker: worker.set_probe(probe))
        self._refresh_preview()

    def close(self, milliseconds: int = 1000) -> bool:
        """End everything and refuse new starts; False if the thread did not end in time."""
        self._enter(RunState.CLOSING)
        self._preview_timer.stop()
        self._clock.stop()
        return self._halt(milliseconds)

    # ------------------------------------------------------------- the run

    def _run(self, *, paused: bool) -> None:
        if self._state is RunState.CLOSING:
            return
        if self._plan is None or self._dataset is None or not self._plan.losses:
            self.notice.emit(self._why_not())
            return
        if self._worker is None:
            self._begin(self._plan, self._dataset, paused)
        elif not paused:
            self._worker.post(lambda worker: worker.set_paused(False))
        self._enter(RunState.PAUSED if paused else RunState.RUNNING)
        if not paused:
            self._clock.start()

    def _begin(self, plan: Plan, dataset: Dataset, paused: bool) -> None:
        if self._state is RunState.IDLE:
            self._epochs_before_run = self._epoch
        done = self._epoch - self._epochs_before_run
        settings = msgspec.structs.replace(self._settings, epochs=max(1, self._settings.epochs - done))
        request = TrainingRequest(
            plan=plan,
            dataset=dataset,
            settings=settings,
            parameters=self._weights.copies(),
            probe=self._probe,
            step=self._step,
            epoch=self._epoch,
            paused=paused,
            steps_per_second=self._steps_per_second,
        )
        self._last_number += 1
        worker = TrainingWorker(self._last_number, request, self._telemetry, self._snapshots, self._gate, self)
        worker.lifecycle.connect(self._on_lifecycle)
        worker.failed.connect(self._on_failed)
        worker.finished.connect(worker.deleteLater)
        self._worker = worker
        self._right_of_way.start()
        worker.start()

    def _halt(self, milliseconds: int = HALT_MILLISECONDS) -> bool:
        """End the worker and take over its parameters; its run has no RunEnded."""
        worker, self._worker = self._worker, None
        self._clock.stop()
        self._right_of_way.stop()
        if worker is None:
            return True
        worker.stop()
        worker.quit()
        in_time = worker.wait(milliseconds)
        self._take_over(worker)
        self._read_mailboxes()
        return in_time

    def _take_over(self, worker: TrainingWorker) -> None:
        self._weights.keep(worker.parameters)
        self._step, self._epoch = worker.step, worker.epoch

    def _on_lifecycle(self, number: int, event: TrainingEvent) -> None:
        worker = self._worker
        if worker is None or number != worker.number:
            return
        if not isinstance(event, RunEnded):
            self.training_event.emit(event)
            return
        self._halt()
        self._enter(RunState.IDLE)
        self.training_event.emit(event)
        self.run_ended.emit(event)
        self.parameters_changed.emit()

    def _on_failed(self, number: int, sentence: str) -> None:
        if self._worker is None or number != self._worker.number:
            return
        self._halt()
        self._enter(RunState.IDLE)
        self.notice.emit(sentence)

    def _enter(self, state: RunState) -> None:
        if self._state not in (state, RunState.CLOSING):
            self._state = state
            self.state_changed.emit(state)

    def _why_not(self) -> str:
        compilation = self._bridge.compilation
        if compilation.errors:
            return f"Training cannot start yet. {compilation.errors[0].message}"
        if self._dataset is None:
            return "Training cannot start yet: choose data to learn from."
        return "Training cannot start yet: the diagram has no loss. Add one, and wire the output to it."

    # ------------------------------------------------------------- what comes back

    def _read_mailboxes(self) -> None:
        telemetry = self._telemetry.take()
        if telemetry is not None:
            self.telemetry_ready.emit(telemetry)
            for points in (telemetry.steps, telemetry.epochs):
                if points:
                    self.training_event.emit(points[-1])
        snapshot = self._snapshots.take()
        if snapshot is not None:
            self._snapshot = snapshot
            self.snapshot_ready.emit(snapshot)

    def _refresh_preview(self) -> None:
        if self._worker is None and self._state is not RunState.CLOSING:
            self._preview_timer.start()

    def _show_preview(self) -> None:
        """Show the network as it is; a plan that cannot be probed is one that the Problems panel speaks of."""
        if self._worker is not None or self._plan is None or self._dataset is None:
            return
        with suppress(NeuroloomError):
            if self._preview is None:
                self._preview = Preview(self._plan, self._dataset, self._settings)
            self._snapshot = self._preview.snapshot(self._weights.current, self._probe, self._step, self._epoch)
            self.snapshot_ready.emit(self._snapshot)

    def _forget_history(self) -> None:
        self._step = self._epoch = self._epochs_before_run = 0
        self._telemetry.take()
        self._snapshots.take()
        self.history_cleared.emit()
        self._refresh_preview()

    # ------------------------------------------------------------- the document

    def _on_replaced(self) -> None:
        self._halt()
        self._goes_on_when_mended = False
        self._enter(RunState.IDLE)
        self._plan = self._dataset = self._preview = self._snapshot = None
        self._settings = self._bridge.diagram.training
        self._weights = Weights(self._bridge.parameters)
        self._forget_history()

    def _on_changed(self, change: Change) -> None:
        before, after = self._settings, self._bridge.diagram.training
        if before == after:
            return
        self._settings = after
        same_rule = msgspec.structs.replace(before.optimizer, learning_rate=after.optimizer.learning_rate)
        live = msgspec.structs.replace(
            before, optimizer=same_rule, batch_size=after.batch_size, epochs=after.epochs, seed=after.seed
        )
        if live == after:
            self._change_live(before, after)
        elif before.dataset == after.dataset:
            self._change_course(self._plan, self._dataset)

    def _change_live(self, before: TrainingSettings, after: TrainingSettings) -> None:
        if self._worker is None:
            return
        if after.optimizer != before.optimizer:
            self._worker.post(lambda worker: worker.set_learning_rate(after.optimizer.learning_rate))
        if after.batch_size != before.batch_size:
            self._worker.post(lambda worker: worker.set_batch_size(after.batch_size))
        if after.epochs != before.epochs:
            epochs = max(1, after.epochs - (self._epoch - self._epochs_before_run))
            self._worker.post(lambda worker: worker.set_epochs(epochs))

    def _on_compiled(self, compilation: Compilation) -> None:
        dataset = self._bridge.dataset
        if compilation.plan == self._plan and dataset is self._dataset:
            return
        self._change_course(compilation.plan, dataset)

    def _change_course(self, plan: Plan | None, dataset: Dataset | None) -> None:
        """The transaction: halt, carry over what fits, go on; or wait until the diagram is whole again."""
        if self._state is RunState.CLOSING:
            return
        goes_on = self._state is RunState.RUNNING or self._goes_on_when_mended
        self._halt()
        self._plan, self._dataset, self._preview = plan, dataset, None
        if plan is None or dataset is None:
            self._goes_on_when_mended = goes_on
            self._snapshot = None
            if self._state is RunState.RUNNING:
                self._enter(RunState.PAUSED)
                self.notice.emit(f"{self._why_not()} Training goes on as soon as this is mended.")
            return
        self._weights.adopt(plan, self._settings.seed)
        self._goes_on_when_mended = False
        if goes_on:
            self._run(paused=False)
        self.parameters_changed.emit()
        self._refresh_preview()
