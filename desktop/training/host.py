"""WorkerHost: keeps at most one training thread, and hands on what comes from it at the pace of the screen.

All of it runs on the GUI thread. A thread that is let go is first told to stop, then waited for within a bound, and never terminated;
one that does not end in time keeps its own reference until it does.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from core.inspection.snapshot import Snapshot
from core.training.events import TrainingEvent
from desktop.right_of_way import right_of_way
from desktop.training.mailbox import Mailbox
from desktop.training.request import TrainingRequest
from desktop.training.screen_clock import ScreenClock
from desktop.training.telemetry import Telemetry
from desktop.training.worker import Command, TrainingWorker

FloatArray = NDArray[np.floating[Any]]

HALT_MILLISECONDS = 2000
REST = 20.0

_late: list[TrainingWorker] = []
"""Workers that did not end in time: a QThread object must outlive its thread, so they are kept until the program ends."""


def wait_for_late(milliseconds: int) -> bool:
    """Wait for workers that did not end in time, each so long at most; whether none is left."""
    _late[:] = [worker for worker in _late if not worker.wait(milliseconds)]
    return not _late


class WorkerHost(QObject):
    """One worker at a time; what it says is handed on only while it is the present one."""

    lifecycle = Signal(object)
    """RunStarted, Diverged or RunEnded."""
    failed = Signal(str)
    """A sentence: the run ended by a fault."""
    telemetry_ready = Signal(object)
    snapshot_ready = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker: TrainingWorker | None = None
        self._last_number = 0
        self._telemetry: Mailbox[Telemetry] = Mailbox()
        self._snapshots: Mailbox[Snapshot] = Mailbox()
        self._gate = right_of_way().gate
        self._clock = ScreenClock(self.read_mailboxes, REST, self)

    @property
    def is_busy(self) -> bool:
        """Whether there is a worker, running or paused."""
        return self._worker is not None

    @property
    def progress(self) -> tuple[int, int]:
        """(step, epoch) of the worker; there must be one."""
        assert self._worker is not None
        return self._worker.step, self._worker.epoch

    def begin(self, request: TrainingRequest) -> None:
        """Start a thread for this request; there must be none."""
        assert self._worker is None
        self._last_number += 1
        worker = TrainingWorker(self._last_number, request, self._telemetry, self._snapshots, self._gate)
        worker.lifecycle.connect(self._on_lifecycle)
        worker.failed.connect(self._on_failed)
        worker.settled.connect(self._on_settled)
        self._worker = worker
        self._clock.start()
        worker.start()

    def post(self, command: Command) -> None:
        """Have ``command(worker)`` called on the worker's thread, if there is one."""
        if self._worker is not None:
            self._worker.post(command)
            self._clock.start()

    def stop(self) -> None:
        """End the run at its next step; its RunEnded comes later."""
        if self._worker is not None:
            self._worker.stop()

    def halt(self, milliseconds: int = HALT_MILLISECONDS) -> tuple[TrainingWorker | None, bool]:
        """End the worker now, without a RunEnded; the worker with its last words, and whether it ended in time."""
        worker, self._worker = self._worker, None
        self._clock.stop()
        if worker is None:
            return None, True
        worker.stop()
        worker.quit()
        in_time = worker.wait(milliseconds)
        if not in_time:
            _late.append(worker)
        self.read_mailboxes()
        return worker, in_time

    def copy_parameters(self) -> dict[str, FloatArray] | None:
        """The parameters as they are between two steps; None without a worker, or if it has none yet."""
        return None if self._worker is None else self._worker.copy_parameters()

    def read_mailboxes(self) -> None:
        """Hand on what there is."""
        telemetry = self._telemetry.take()
        if telemetry is not None:
            self.telemetry_ready.emit(telemetry)
        snapshot = self._snapshots.take()
        if snapshot is not None:
            self.snapshot_ready.emit(snapshot)

    def empty_mailboxes(self) -> None:
        """Throw away what nobody wants any more."""
        self._telemetry.take()
        self._snapshots.take()

    def _is_present(self, number: int) -> bool:
        return self._worker is not None and self._worker.number == number

    def _on_lifecycle(self, number: int, event: TrainingEvent) -> None:
        if self._is_present(number):
            self.lifecycle.emit(event)

    def _on_failed(self, number: int, sentence: str) -> None:
        if self._is_present(number):
            self.failed.emit(sentence)

    def _on_settled(self, number: int) -> None:
        """The worker waits: show what it left, and look no more until it goes on."""
        if self._is_present(number):
            self._clock.stop()
            self.read_mailboxes()
