"""The thread side of training: it runs one request, obeys commands between slices of steps, and touches nothing of the window.

The thread owns its model. What happens once in a run comes back as a queued signal; what happens all the time goes into two
mailboxes. Every signal carries the number of the run, so that a late word of a run that was given up is told from the present one.
"""

import logging
import queue
from collections.abc import Callable
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QThread, Signal

from core.errors import NeuroloomError
from core.inspection.probe import Prober, gradient_norms
from core.inspection.snapshot import ProbeRequest, Snapshot
from core.model.model import Model
from core.training.events import Diverged, RunEnded, RunStarted, TrainingEvent
from core.training.trainer import Trainer
from desktop.right_of_way import Gate
from desktop.training.logbook import Logbook
from desktop.training.mailbox import Mailbox
from desktop.training.pace import Pace
from desktop.training.request import TrainingRequest
from desktop.training.telemetry import Telemetry

FloatArray = NDArray[np.floating[Any]]
Command = Callable[["TrainingWorker"], None]

SLICE_SECONDS = 0.008

log = logging.getLogger(__name__)


class TrainingWorker(QThread):
    """Runs one TrainingRequest from its first step to its RunEnded.

    After ``finished``, ``parameters`` holds the parameters that the run ended with, and ``optimizer_state`` what its update rule remembers.
    """

    lifecycle = Signal(int, object)
    """(run, RunStarted, Diverged or RunEnded)."""
    failed = Signal(int, str)
    """(run, sentence): the run ended by a fault."""
    settled = Signal(int)
    """(run): the worker waits now, and its mailboxes hold the newest there is."""

    def __init__(
        self,
        number: int,
        request: TrainingRequest,
        telemetry: Mailbox[Telemetry],
        snapshots: Mailbox[Snapshot],
        gate: Gate,
    ) -> None:
        super().__init__()
        self.setObjectName(f"training-{number}")
        self.number = number
        self.parameters: dict[str, FloatArray] = {}
        self.optimizer_state = request.optimizer_state
        self._request = request
        self._pace = Pace(request.steps_per_second)
        self._logbook = Logbook(telemetry, request.step, request.epoch)
        self._snapshots = snapshots
        self._gate = gate
        self._commands: queue.SimpleQueue[Command] = queue.SimpleQueue()
        self._stop = False
        self._paused = request.paused
        self._probe = request.probe
        self._model: Model | None = None

    # Called from the window's thread.

    @property
    def step(self) -> int:
        """Steps that the parameters were trained for."""
        return self._logbook.step

    @property
    def epoch(self) -> int:
        """Epochs that the parameters were trained for."""
        return self._logbook.epoch

    def post(self, command: Command) -> None:
        """Have ``command(worker)`` called on the worker's thread, between two slices of steps."""
        self._commands.put(command)

    def stop(self) -> None:
        """End the run at the next step; returns at once."""
        self._stop = True
        self._gate.open()
        self.post(_nothing)

    def copy_parameters(self) -> dict[str, FloatArray] | None:
        """The parameters as they are between two steps; None if the run has none yet. Waits for a slice at most."""
        answer: queue.SimpleQueue[dict[str, FloatArray]] = queue.SimpleQueue()
        self._gate.open()
        self.post(lambda worker: answer.put(worker._trained_model().copy_parameters()))
        while self.isRunning():
            try:
                return answer.get(timeout=0.05)
            except queue.Empty:
                self._gate.open()
        return dict(self.parameters) or None

    # Commands, on the worker's thread.

    def set_paused(self, paused: bool) -> None:
        """Hold the run, or let it go on."""
        self._paused = paused
        self._pace.restart()
        self._settle()

    def take_single_step(self) -> None:
        """Take one more step, and stay paused."""
        self._paused = True
        self._note(self._trainer.step_once())
        self._settle()

    def set_probe(self, probe: ProbeRequest) -> None:
        """Compute from now on what ``probe`` asks for."""
        self._probe = probe
        self._settle()

    def load(self, parameters: dict[str, FloatArray]) -> None:
        """Go on with these parameters."""
        self._trained_model().load(parameters)
        self._settle()

    def set_steps_per_second(self, steps_per_second: float | None) -> None:
        """Hold the pace down; None is full speed."""
        self._pace.set_limit(steps_per_second)
        self._trainer.slice_seconds = self._slice_seconds()

    def set_learning_rate(self, learning_rate: float) -> None:
        """Use this learning rate from the next step on."""
        self._trainer.set_learning_rate(learning_rate)

    def set_batch_size(self, batch_size: int) -> None:
        """Use this batch size from the next epoch on."""
        self._trainer.set_batch_size(batch_size)

    def set_epochs(self, epochs: int) -> None:
        """End the run after this many epochs."""
        self._trainer.set_epochs(epochs)

    def set_rates(self, nodes: dict[str, float]) -> None:
        """Multiply the moves of these nodes by these factors from the next step on; 0 holds a node still."""
        self._trainer.set_rates(nodes)

    # The run.

    def run(self) -> None:
        """The thread's own function; QThread calls it."""
        try:
            self._prepare()
            self._train()
        except NeuroloomError as error:
            self.failed.emit(self.number, str(error))
        except Exception as error:
            log.exception("training run %d failed", self.number)
            sentence = f"Training stopped by a fault in the program: {type(error).__name__}: {error}"
            self.failed.emit(self.number, sentence)
        finally:
            self._conclude()

    def _prepare(self) -> None:
        request = self._request
        model = Model(request.plan, seed=request.settings.seed)
        model.load(request.parameters)
        self.parameters = model.copy_parameters()
        self._trainer = Trainer(
            model,
            request.dataset,
            request.settings,
            slice_seconds=self._slice_seconds(),
            epochs_before=request.epochs_before,
            optimizer_state=request.optimizer_state,
        )
        self._prober = Prober(request.plan, request.dataset, self._trainer.validation_indices)
        self._model = model

    def _train(self) -> None:
        events = self._trainer.events(self._is_told_to_stop)
        while True:
            self._obey()
            event = next(events, None)
            if event is None:
                return
            self._note(event)
            self._logbook.publish(self._pace.steps_per_second)
            if self._snapshots.is_empty and self._pace.snapshot_is_due():
                self._take_snapshot()

    def _is_told_to_stop(self) -> bool:
        """Asked after every step; the moment to let the window go first."""
        if self._gate.is_closed and not self._stop:
            self._gate.pass_through()
        return self._stop

    def _obey(self) -> None:
        """Carry out the commands that came; wait for more while the run is paused, or ahead of its pace."""
        while True:
            try:
                self._commands.get_nowait()(self)
                continue
            except queue.Empty:
                pass
            wait = self._pace.seconds_to_wait()
            if self._stop or not (self._paused or wait):
                return
            try:
                self._commands.get(timeout=None if self._paused else wait)(self)
            except queue.Empty:
                return

    def _note(self, event: TrainingEvent) -> None:
        """Send what happens once, keep what happens all the time."""
        taken = self._logbook.note(event)
        if taken:
            self._pace.count(taken)
            if self._pace.gradients_are_due():
                self._logbook.note_gradients(gradient_norms(self._trained_model()))
        if isinstance(event, RunStarted | Diverged | RunEnded):
            self._logbook.publish(self._pace.steps_per_second, force=isinstance(event, RunEnded))
            self.lifecycle.emit(self.number, self._logbook.told(event))

    def _settle(self) -> None:
        """Where the run waits now, leave the newest there is, and say so."""
        if self._paused and not self._stop:
            self._logbook.publish(self._pace.steps_per_second, force=True)
            self._take_snapshot()
            self.settled.emit(self.number)

    def _take_snapshot(self) -> None:
        started = perf_counter()
        snapshot = self._prober.take(
            self._trained_model(),
            self._probe,
            step=self.step,
            epoch=self.epoch,
            loss=self._logbook.loss,
            steps_per_second=self._pace.steps_per_second,
        )
        self._snapshots.put(snapshot)
        self._pace.snapshot_took(perf_counter() - started)

    def _conclude(self) -> None:
        """Leave the last word in the mailboxes, and let go of everything large."""
        if self._model is None:
            return
        self.parameters = self._model.copy_parameters()
        self.optimizer_state = self._trainer.optimizer_state
        self._take_snapshot()
        self._logbook.publish(self._pace.steps_per_second, force=True)
        self._model = None
        del self._trainer, self._prober

    def _trained_model(self) -> Model:
        assert self._model is not None
        return self._model

    def _slice_seconds(self) -> float:
        return SLICE_SECONDS if self._pace.limit is None else 0.0


def _nothing(worker: TrainingWorker) -> None:
    """A command that only wakes the worker up."""
