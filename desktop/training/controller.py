"""TrainingController: the state machine between the buttons, the document and the training thread.

It lives on the GUI thread. Between runs it holds the parameters; during a run the worker does. An edit of the diagram during a run is
one transaction: halt, take the parameters, compile, carry over what still fits, go on. If the diagram has errors in between, the
run waits, and goes on when they are mended.
"""

from contextlib import suppress
from dataclasses import replace
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from core.compiler.columns import wire_columns
from core.compiler.compile import Compilation
from core.compiler.plan import Plan
from core.datasets.dataset import Dataset
from core.diagram import edits
from core.diagram.records import TrainingSettings
from core.errors import NeuroloomError
from core.inspection.snapshot import ProbeRequest, Snapshot
from core.training.events import Diverged, RunEnded, TrainingEvent
from desktop.document_bridge import DocumentBridge
from desktop.right_of_way import right_of_way
from desktop.training.host import HALT_MILLISECONDS, WorkerHost
from desktop.training.preview import Preview
from desktop.training.request import TrainingRequest
from desktop.training.state import RunState
from desktop.training.telemetry import Telemetry
from desktop.training.weights import Weights
from desktop.training.worker import TrainingWorker

FloatArray = NDArray[np.floating[Any]]

PREVIEW_MILLISECONDS = 40
LARGEST_SEED = 2**31


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
    measured = Signal(object)
    """A Measured: how good the network is, when it is looked at between two runs."""
    run_ended = Signal(object)
    """RunEnded."""
    network_gone = Signal()
    """The diagram is no network any more: there is nothing to show until it is one again."""
    parameters_changed = Signal()
    """The parameters are other ones, and no training step did it; or a run has ended."""
    history_cleared = Signal()
    """Training begins again from step 0; curves drawn so far belong to an earlier run."""
    notice = Signal(str)
    """A sentence for the person: why training waits, stopped, or does not start."""

    def __init__(self, bridge: DocumentBridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._state = RunState.IDLE
        self._plan: Plan | None = None
        self._dataset: Dataset | None = None
        self._settings: TrainingSettings = bridge.diagram.training
        self._weights = Weights(bridge.parameters)
        self._step = self._epoch = self._epoch_of_start = 0
        self._goes_on_when_mended = False
        self._probe = ProbeRequest()
        self._snapshot: Snapshot | None = None
        self._steps_per_second: float | None = None
        self._host = WorkerHost(self)
        self._host.lifecycle.connect(self._on_lifecycle)
        self._host.failed.connect(self._on_failed)
        self._host.telemetry_ready.connect(self._on_telemetry)
        self._host.snapshot_ready.connect(self._show)
        self._preview: Preview | None = None
        self._preview_timer = QTimer(self)
        self._preview_timer.setSingleShot(True)
        self._preview_timer.setInterval(PREVIEW_MILLISECONDS)
        self._preview_timer.timeout.connect(self._show_preview)
        bridge.replaced.connect(self._on_replaced)
        bridge.changed.connect(self._on_changed)
        bridge.compiled.connect(self._on_compiled)

    # What can be read.

    @property
    def bridge(self) -> DocumentBridge:
        """The open document."""
        return self._bridge

    @property
    def state(self) -> RunState:
        """What training does now."""
        return self._state

    @property
    def snapshot(self) -> Snapshot | None:
        """The newest Snapshot, or None as long as the diagram does not compile."""
        return self._snapshot

    @property
    def step_count(self) -> int:
        """Steps that the parameters were trained for since they were initialized."""
        return self._host.progress[0] if self._host.is_busy else self._step

    def parameters(self) -> dict[str, FloatArray] | None:
        """Copies of the parameters as they are now, bit for bit; None as long as there is no network."""
        return self._host.copy_parameters() or self._weights.copies() or None

    # What the buttons do.

    def start(self) -> None:
        """Start a run, or go on with one that was paused."""
        if not self._is_ready():
            return
        if self._host.is_busy:
            self._host.post(lambda worker: worker.set_paused(False))
        else:
            self._begin(paused=False)
        self._enter(RunState.RUNNING)

    def pause(self) -> None:
        """Hold the run after the present slice of steps."""
        self._goes_on_when_mended = False
        if self._state is RunState.RUNNING:
            self._host.post(lambda worker: worker.set_paused(True))
            self._enter(RunState.PAUSED)

    def step(self) -> None:
        """Take exactly one step, and stay paused."""
        if not self._is_ready():
            return
        if not self._host.is_busy:
            self._begin(paused=True)
        self._host.post(TrainingWorker.take_single_step)
        self._enter(RunState.PAUSED)

    def stop(self) -> None:
        """End the run at its next step; the parameters stay as they are then."""
        self._goes_on_when_mended = False
        if self._host.is_busy:
            self._host.stop()
        else:
            self._enter(RunState.IDLE)

    def reset(self, new_seed: bool = False) -> None:
        """Begin again: with the same initial parameters, or with others that a new seed gives; training does not start."""
        if self._state is RunState.CLOSING:
            return
        self._halt()
        self._goes_on_when_mended = False
        if new_seed:
            seed = (self._bridge.diagram.training.seed + 1) % LARGEST_SEED
            self._bridge.apply(edits.set_training(self._bridge.diagram, seed=seed), "New initial weights")
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
        right_of_way().full_speed = steps_per_second is None
        self._host.post(lambda worker: worker.set_steps_per_second(steps_per_second))

    def set_parameters(self, parameters: dict[str, FloatArray]) -> None:
        """Put these values in place of the present ones; the run, if there is one, goes on with them."""
        kept = {name: np.array(value) for name, value in parameters.items()}
        self._weights.keep(kept)
        self._host.post(lambda worker: worker.load(kept))
        self.parameters_changed.emit()
        self._refresh_preview()

    def set_request(self, **flags: Any) -> None:
        """Say what the views want to see, by the fields of ProbeRequest."""
        probe = replace(self._probe, **flags)
        if probe != self._probe:
            self._probe = probe
            self._host.post(lambda worker: worker.set_probe(probe))
            self._refresh_preview()

    def close(self, milliseconds: int = 1000) -> bool:
        """End everything and refuse new starts; False if the thread did not end in time."""
        self._enter(RunState.CLOSING)
        self._preview_timer.stop()
        return self._halt(milliseconds)

    # The run.

    def _is_ready(self) -> bool:
        """Whether a run can begin or go on; if the diagram is what stands in the way, say why."""
        if self._state is RunState.CLOSING:
            return False
        ready = self._plan is not None and self._dataset is not None and bool(self._plan.losses)
        if not ready:
            self.notice.emit(f"Training cannot start yet. {self._why_not()}")
        return ready

    def _begin(self, *, paused: bool) -> None:
        assert self._plan is not None
        assert self._dataset is not None
        if self._state is RunState.IDLE:
            self._epoch_of_start = self._epoch
        done = self._epoch - self._epoch_of_start
        request = TrainingRequest(
            plan=self._plan,
            dataset=self._dataset,
            settings=msgspec.structs.replace(self._settings, epochs=max(1, self._settings.epochs - done)),
            parameters=self._weights.copies(),
            optimizer_state=self._weights.optimizer_state,
            epochs_before=done,
            probe=self._probe,
            step=self._step,
            epoch=self._epoch,
            paused=paused,
            steps_per_second=self._steps_per_second,
        )
        self._preview_timer.stop()
        self._host.begin(request)

    def _halt(self, milliseconds: int = HALT_MILLISECONDS) -> bool:
        """End the worker, if there is one, and take over what it has learned."""
        worker, in_time = self._host.halt(milliseconds)
        if worker is not None:
            self._weights.keep(worker.parameters)
            self._weights.optimizer_state = worker.optimizer_state
            self._step, self._epoch = worker.step, worker.epoch
        return in_time

    def _on_lifecycle(self, event: TrainingEvent) -> None:
        if not isinstance(event, RunEnded):
            self.training_event.emit(event)
            if isinstance(event, Diverged):
                self.notice.emit(event.diagnosis)
            return
        self._halt()
        self._enter(RunState.IDLE)
        self.training_event.emit(event)
        self.run_ended.emit(event)
        self.parameters_changed.emit()

    def _on_failed(self, sentence: str) -> None:
        self._halt()
        self._enter(RunState.IDLE)
        self.notice.emit(sentence)

    def _enter(self, state: RunState) -> None:
        if self._state not in (state, RunState.CLOSING):
            self._state = state
            self.state_changed.emit(state)

    def _why_not(self) -> str:
        errors = self._bridge.compilation.errors
        if errors:
            return errors[0].message
        if self._dataset is None:
            return "Choose data to learn from."
        return "The diagram has no loss: add one, and wire the output to it."

    # What can be seen.

    def _on_telemetry(self, telemetry: Telemetry) -> None:
        self.telemetry_ready.emit(telemetry)
        if telemetry.steps:
            self.training_event.emit(telemetry.steps[-1])
        if telemetry.epochs:
            self.training_event.emit(telemetry.epochs[-1])

    def _show(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self.snapshot_ready.emit(snapshot)

    def _refresh_preview(self) -> None:
        if not self._host.is_busy and self._state is not RunState.CLOSING:
            self._preview_timer.start()

    def _show_preview(self) -> None:
        """Show the network as it is, between runs."""
        if self._host.is_busy or self._plan is None or self._dataset is None:
            return
        # What cannot be probed cannot be trained either, and the Problems panel says why.
        with suppress(NeuroloomError):
            if self._preview is None:
                self._preview = Preview(self._plan, self._dataset, self._settings)
            self._show(self._preview.snapshot(self._weights.current, self._probe, self._step, self._epoch))
            if self._preview.measured is not None:
                self.measured.emit(self._preview.measured)

    def _forget_history(self) -> None:
        self._step = self._epoch = self._epoch_of_start = 0
        self.history_cleared.emit()
        self._refresh_preview()

    # The document.

    def _on_replaced(self) -> None:
        self._halt()
        self._goes_on_when_mended = False
        self._enter(RunState.IDLE)
        self._plan = self._dataset = self._preview = self._snapshot = None
        self._settings = self._bridge.diagram.training
        self._weights = Weights(self._bridge.parameters)
        self._forget_history()

    def _on_changed(self) -> None:
        before, after = self._settings, self._bridge.diagram.training
        if before == after:
            return
        self._settings = after
        if after.seed != before.seed and self._plan is not None:
            self._take_seed(self._plan, after.seed)
        if _can_change_live(before, after):
            self._change_live(before, after)
        elif before.dataset == after.dataset:  # Other data compile anew, and come back as a Compilation.
            self._change_course(self._plan, self._dataset)

    def _take_seed(self, plan: Plan, seed: int) -> None:
        """Other initial weights: at once where nothing was trained or loaded, else with the next reset."""
        self._preview = None  # The seed also says which samples are held out.
        self._weights.take_seed(plan, seed)
        if not (self._host.is_busy or self._step or self._bridge.parameters):
            self._weights.reset()
            self.parameters_changed.emit()
        self._refresh_preview()

    def _change_live(self, before: TrainingSettings, after: TrainingSettings) -> None:
        if after.optimizer != before.optimizer:
            self._host.post(lambda worker: worker.set_learning_rate(after.optimizer.learning_rate))
        if after.batch_size != before.batch_size:
            self._host.post(lambda worker: worker.set_batch_size(after.batch_size))
        if after.epochs != before.epochs:
            epochs = max(1, after.epochs - (self._epoch - self._epoch_of_start))
            self._host.post(lambda worker: worker.set_epochs(epochs))

    def _on_compiled(self, compilation: Compilation) -> None:
        dataset = self._bridge.dataset
        if dataset is not self._dataset or not _differ_in_rates_alone(compilation.plan, self._plan):
            self._change_course(compilation.plan, dataset)
        elif compilation.plan is not None:
            self._change_rates(compilation.plan)
            self._weights.name_wires(wire_columns(self._bridge.diagram, compilation))

    def _change_rates(self, plan: Plan) -> None:
        """Nodes were frozen, let go, or given other learning rates: the run takes it over as it goes."""
        if plan != self._plan:
            self._plan = plan
            rates = {block.node: block.rate for block in plan.parameters}
            self._host.post(lambda worker: worker.set_rates(rates))

    def _change_course(self, plan: Plan | None, dataset: Dataset | None) -> None:
        """The transaction: halt, carry over what fits, go on; or wait until the diagram is whole again."""
        if self._state is RunState.CLOSING:
            return
        goes_on = self._state is RunState.RUNNING or self._goes_on_when_mended
        self._halt()
        self._plan, self._dataset, self._preview = plan, dataset, None
        if plan is not None:
            columns = wire_columns(self._bridge.diagram, self._bridge.compilation)
            self._weights.adopt(plan, self._settings.seed, columns)
        can_run = plan is not None and dataset is not None and bool(plan.losses)
        self._goes_on_when_mended = goes_on and not can_run
        if goes_on and can_run:
            self._begin(paused=False)
            self._enter(RunState.RUNNING)
        elif self._state is RunState.RUNNING:
            self._enter(RunState.PAUSED)
            self.notice.emit(f"Training waits. {self._why_not()} It goes on as soon as this is mended.")
        if plan is None:
            self._snapshot = None
            self.network_gone.emit()
        self.parameters_changed.emit()
        self._refresh_preview()


def _differ_in_rates_alone(one: Plan | None, other: Plan | None) -> bool:
    """Whether two plans are the same network, whatever the rates are at which its nodes learn."""
    return _at_one_rate(one) == _at_one_rate(other)


def _at_one_rate(plan: Plan | None) -> Plan | None:
    if plan is None:
        return None
    return replace(plan, parameters=tuple(replace(block, rate=1.0) for block in plan.parameters))


def _can_change_live(before: TrainingSettings, after: TrainingSettings) -> bool:
    """Whether a run can take over the new settings without starting anew; the seed matters to the next start alone."""
    optimizer = msgspec.structs.replace(before.optimizer, learning_rate=after.optimizer.learning_rate)
    same = msgspec.structs.replace(
        before, optimizer=optimizer, batch_size=after.batch_size, epochs=after.epochs, seed=after.seed
    )
    return same == after
