"""The thread side of training: it runs one request, obeys commands between slices of steps, and touches nothing of the window.

The thread owns its model. What happens once in a run comes back as a queued signal; what happens all the time goes into two
mailboxes. Every signal carries the number of the run, so that a late word of a run that was given up is told from the present one.
"""

import logging
import queue
from collections.abc import Callable
from dataclasses import replace
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QThread, Signal

from core.errors import NeuroloomError
from core.inspection.probe import Prober, gradient_norms
from core.inspection.snapshot import ProbeRequest, Snapshot
from core.model.model import Model
from core.training.events import Diverged, EpochEnded, RunEnded, RunStarted, StepsTaken, TrainingEvent
from core.training.trainer import Trainer
from desktop.training.gate import Gate
from desktop.training.mailbox import Mailbox
from desktop.training.pace import Pace
from desktop.training.request import TrainingRequest
from desktop.training.telemetry import GradientNorms, Telemetry, thinned

FloatArray = NDArray[np.floating[Any]]
Command = Callable[["TrainingWorker"], None]

SLICE_SECONDS = 0.008

log = logging.getLogger(__name__)


class TrainingWorker(QThread):
    """Runs one TrainingRequest from its first step to its RunEnded.

    After ``finished``, ``parameters`` holds the parameters that the run ended with.
    """

    lifecycle = Signal(int, object)
    """(run, RunStarted, Diverged or RunEnded)."""
    failed = Signal(int, str)
    """(run, sentence): the run ended by a fault of the program."""

    def __init__(
        self,
        number: int,
        request: TrainingRequest,
        telemetry: Mailbox[Telemetry],
        snapshots: Mailbox[Snapshot],
        gate: Gate,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(f"training-{number}")
        self.number = number
        self.parameters: dict[str, FloatArray] = {}
        self.step = request.step
        self.epoch = request.epoch
        self._request = request
        self._telemetry = telemetry
        self._snapshots = snapshots
        self._commands: queue.SimpleQueue[Command] = queue.SimpleQueue()
        self._gate = gate
        self._stop = False
        self._paused = request.paused
        self._single_steps = 0
        self._probe = request.probe
        self._pending_epochs: list[EpochEnded] = []
        self._pending_steps: list[StepsTaken] = []
        self._pending_gradients: list[GradientNorms] = []
        self._pace = Pace(request.steps_per_second)

    # ------------------------------------------------------------- called from the window's thread

    def post(self, command: Command) -> None:
        """Have ``command(worker)`` called on the worker's thread, between two slices of steps."""
        self._commands.put(command)

    def stop(self) -> None:
        """End the run at the next step; returns at once."""
        self._stop = True
        self._gate.open()
        self.post(_nothing)

    def copy_parameters(self, seconds: float = 2.0) -> dict[str, FloatArray] | None:
        """The parameters as they are between two steps; None if the worker does not answer in time."""
        answer: queue.SimpleQueue[dict[str, FloatArray]] = queue.SimpleQueue()
        self._gate.open()
        self.post(lambda worker: answer.put(worker._model.copy_parameters()))
        try:
            return answer.get(timeout=seconds)
        except queue.Empty:
            return dict(self.parameters) or None

    # ------------------------------------------------------------- commands, on the worker's thread

    def set_paused(self, paused: bool) -> None:
        """Hold the run, or let it go on."""
        self._paused = paused
        self._pace.restart()

    def take_single_step(self) -> None:
        """Take one more step although the run is paused."""
        self._single_steps += 1

    def set_probe(self, probe: ProbeRequest) -> None:
        """Compute from now on what ``probe`` asks for."""
        self._probe = probe

    def set_steps_per_second(self, steps_per_second: float | None) -> None:
        """Hold the pace down; None is full speed."""
        self._pace.set_limit(steps_per_second)
        self._trainer.slice_seconds = self._slice_seconds()

    def load(self, parameters: dict[str, FloatArray]) -> None:
        """Go on with these parameters."""
        self._model.load(parameters)

    def set_learning_rate(self, learning_rate: float) -> None:
        """Use this learning rate from the next step on."""
        self._trainer.set_learning_rate(learning_rate)

    def set_batch_size(self, batch_size: int) -> None:
        """Use this batch size from the next epoch on."""
        self._trainer.set_batch_size(batch_size)

    def set_epochs(self, epochs: int) -> None:
        """End the run after this many epochs."""
        self._trainer.set_epochs(epochs)

    # ------------------------------------------------------------- the run

    def run(self) -> None:
        """The thread's own function; QThread calls it."""
        try:
            self._prepare()
            self._train()
        except NeuroloomError as error:
            self.failed.emit(self.number, str(error))
        except Exception as error:
            log.exception("training run %d failed", self.number)
            self.failed.emit(
                self.number, f"Training stopped by a fault in the program: {type(error).__name__}: {error}"
            )
        finally:
            self._conclude()

    def _prepare(self) -> None:
        request = self._request
        self._model = Model(request.plan, seed=request.settings.seed)
        self._model.load(request.parameters)
        self.parameters = self._model.copy_parameters()
        self._trainer = Trainer(self._model, request.dataset, request.settings, slice_seconds=self._slice_seconds())
        self._prober = Prober(request.plan, request.dataset, self._trainer.validation_indices)

    def _train(self) -> None:
        events = self._trainer.events(self._is_told_to_stop)
        while True:
            self._obey()
            event = next(events, None)
            if event is None:
                return
            self._note(event)
            self._show()

    def _is_told_to_stop(self) -> bool:
        """Asked after every step."""
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
            if self._stop:
                return
            if self._paused:
                if self._single_steps:
                    self._single_steps -= 1
                    self._note(self._trainer.step_once())
                    self._show(always=True)
                    continue
                self._commands.get()(self)
            elif (wait := self._pace.seconds_to_wait()) > 0:
                try:
                    self._commands.get(timeout=wait)(self)
                except queue.Empty:
                    return
            else:
                return

    def _note(self, event: TrainingEvent) -> None:
        """Send what happens once, keep what happens all the time."""
        match event:
            case StepsTaken():
                self._pace.count(event.steps)
                event = replace(event, step=event.step + self._request.step, epoch=event.epoch + self._request.epoch)
                self.step, self.epoch = event.step, event.epoch
                self._last_loss = event.loss
                self._pending_steps.append(event)
                if self._pace.gradients_are_due():
                    self._pending_gradients.append(GradientNorms(self.step, gradient_norms(self._model)))
            case EpochEnded():
                event = replace(event, step=event.step + self._request.step, epoch=event.epoch + self._request.epoch)
                self.step, self.epoch = event.step, event.epoch
                self._pending_epochs.append(event)
            case RunEnded() | Diverged():
                self._publish(final=True)
                self.lifecycle.emit(self.number, event)
            case RunStarted():
                self._last_loss = event.loss
                self.lifecycle.emit(self.number, event)

    def _show(self, *, always: bool = False) -> None:
        self._publish()
        if always or (self._snapshots.is_empty and self._pace.snapshot_is_due()):
            started = perf_counter()
            self._snapshots.put(self._snapshot())
            self._pace.snapshot_took(perf_counter() - started)

    def _snapshot(self) -> Snapshot:
        return self._prober.take(
            self._model,
            self._probe,
            step=self.step,
            epoch=self.epoch,
            loss=self._last_loss,
            steps_per_second=self._pace.steps_per_second,
        )

    def _publish(self, *, final: bool = False) -> None:
        self._pending_epochs = thinned(self._pending_epochs)
        self._pending_steps = thinned(self._pending_steps)
        self._pending_gradients = thinned(self._pending_gradients)
        if not (self._telemetry.is_empty or final):
            return
        news = Telemetry(
            tuple(self._pending_epochs),
            tuple(self._pending_steps),
            tuple(self._pending_gradients),
            self._pace.steps_per_second,
        )
        left = self._telemetry.take()
        self._telemetry.put(news if left is None else left.then(news))
        self._pending_epochs, self._pending_steps, self._pending_gradients = [], [], []

    def _conclude(self) -> None:
        """Leave the last word in the mailboxes and let go of everything large."""
        model = getattr(self, "_model", None)
        if model is None:
            return
        self.parameters = model.copy_parameters()
        if hasattr(self, "_prober"):
            self._snapshots.put(self._snapshot())
            self._publish(final=True)
        for name in ("_model", "_trainer", "_prober"):
            self.__dict__.pop(name, None)

    def _slice_seconds(self) -> float:
        return SLICE_SECONDS if self._pace.limit is None else 0.0


def _nothing(worker: TrainingWorker) -> None:
    """A command that only wakes the worker up."""
