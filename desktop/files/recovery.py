"""Keeps what is open, so that a crash costs at most five seconds of editing and a minute of training.

A snapshot is written one second after the last change, and every five seconds while changes keep coming; while a run goes on,
its parameters are taken along once a minute, and else as they are. Writing happens in a thread of its own, one snapshot at a
time: a slow disk must not be felt.
"""

import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from core.errors import NeuroloomError
from core.storage.project import Project
from core.storage.recovery import RecoveryStore, Snapshot, SnapshotWriter
from desktop.document_bridge import DocumentBridge
from desktop.files.controller import FileController
from desktop.training.controller import TrainingController
from desktop.training.state import RunState

QUIET_SECONDS = 1.0
LONGEST_SECONDS = 5.0
TRAINING_SECONDS = 60.0
NEWER_ON_DISK = "“{name}” was saved after this copy was kept. Saving asks before it writes over that."

Parameters = dict[str, NDArray[np.floating[Any]]]


class RecoveryKeeper(QObject):
    """The snapshot of the document that is open in this window; nothing of it is left after a clean end."""

    written = Signal()
    """A snapshot is on the disk."""
    troubled = Signal(str)
    """Something that the person should know, as a sentence."""

    def __init__(
        self, folder: Path, bridge: DocumentBridge, controller: TrainingController, files: FileController
    ) -> None:
        super().__init__(files)
        self._bridge = bridge
        self._controller = controller
        self._files = files
        self._store = RecoveryStore(folder)
        self._writer: SnapshotWriter | None = None
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="recovery")
        self._job: Future[None] | None = None
        self._first_change: float | None = None
        self._parameters: Parameters | None = None
        self._parameters_at = 0.0
        self._told = False
        self._restoring = False
        self._edit_timer = QTimer(self)
        self._edit_timer.setSingleShot(True)
        self._edit_timer.timeout.connect(self.keep)
        self._training_timer = QTimer(self)
        self._training_timer.setInterval(round(TRAINING_SECONDS * 1000))
        self._training_timer.timeout.connect(self.keep)
        bridge.changed.connect(lambda _change: self._on_change())
        controller.state_changed.connect(self._on_state)
        controller.parameters_changed.connect(self._on_parameters)
        files.opened.connect(self._on_opened)
        files.saved.connect(self._on_saved)
        self._open_writer()

    def crashed(self) -> tuple[Snapshot, ...]:
        """What crashed windows have left, newest first; old trash is emptied on the way."""
        with suppress(OSError, NeuroloomError):
            self._store.empty_trash()
            return self._store.crashed()
        return ()

    def restore(self, snapshot: Snapshot) -> None:
        """Open what a crash left; its snapshot stays until the next good save. Raises ProjectFileError."""
        project, writer = self._store.restore(snapshot)
        is_older = _is_older(snapshot)
        if not is_older:
            # The fingerprint is the snapshot's. Left as it is, it makes the next save ask: the file is another one.
            project.fingerprint = ""
        self._close_writer()
        self._writer = writer
        self._restoring = True
        try:
            name = snapshot.title or (snapshot.origin.name if snapshot.origin is not None else "")
            self._files.show_restored(project, snapshot.origin, name)
        finally:
            self._restoring = False
        if is_older and snapshot.origin is not None:
            self.troubled.emit(NEWER_ON_DISK.format(name=snapshot.origin.name))

    def discard(self, snapshot: Snapshot) -> None:
        """Move what a crash left to the trash. Raises ProjectFileError."""
        self._store.discard(snapshot)

    def is_open_elsewhere(self, path: Path) -> bool:
        """Whether another living window has this file open."""
        with suppress(OSError, NeuroloomError):
            return self._store.is_open(path, self._writer.document_id if self._writer is not None else "")
        return False

    def keep(self) -> None:
        """Write a snapshot of the document as it is now."""
        if self._writer is None:
            return
        if self._job is not None and not self._job.done():
            self._edit_timer.start(round(QUIET_SECONDS * 1000))
            return
        self._edit_timer.stop()
        self._first_change = None
        project = self._bridge.project(self._checkpoint())
        self._job = self._pool.submit(_write, self._writer, project)
        self._job.add_done_callback(self._on_done)

    def wait(self) -> None:
        """Wait until the snapshot that is being written is on the disk."""
        if self._job is not None:
            self._job.exception()

    def close(self) -> None:
        """A clean end: nothing of this document needs to be recovered."""
        self._stop()
        self._close_writer()

    def abandon(self) -> None:
        """An end that nobody was asked about: what is unsaved now is offered at the next start."""
        if self._files.is_unsaved:
            self.wait()
            self._parameters = None  # The last word: not those of up to a minute ago.
            self.keep()
            self._writer = None  # The lock goes with the process, the snapshot stays.
        self.close()

    def _stop(self) -> None:
        self._edit_timer.stop()
        self._training_timer.stop()
        self._pool.shutdown(wait=True)

    def _checkpoint(self) -> Parameters | None:
        """The parameters as they are; while a run changes them all the time, copied at most once a minute."""
        if self._controller.state is not RunState.RUNNING:
            self._parameters = None
            return self._controller.parameters()
        now = time.monotonic()
        if self._parameters is None or now - self._parameters_at >= TRAINING_SECONDS:
            self._parameters = self._controller.parameters()
            self._parameters_at = now
        return self._parameters

    def _on_change(self) -> None:
        now = time.monotonic()
        if self._first_change is None:
            self._first_change = now
        left = self._first_change + LONGEST_SECONDS - now
        self._edit_timer.start(max(0, round(min(QUIET_SECONDS, left) * 1000)))

    def _on_parameters(self) -> None:
        """Other parameters than those of the last snapshot: a run has ended, or it begins again."""
        self._parameters = None
        if self._files.is_unsaved:
            self._on_change()

    def _on_state(self, state: RunState) -> None:
        self._parameters = None  # Those of an earlier run must not come back with a later edit.
        if state is RunState.PAUSED and self._files.is_unsaved:
            self._on_change()
        if state is RunState.RUNNING:
            self._training_timer.start()
        else:
            self._training_timer.stop()

    def _on_opened(self) -> None:
        self._edit_timer.stop()
        self._first_change = self._parameters = None
        if not self._restoring:
            self._close_writer()
            self._open_writer()
        path = self._bridge.path
        if path is not None and self.is_open_elsewhere(path):
            self.troubled.emit(
                f"“{path.name}” is open in another window too. Saving here asks before it writes over that."
            )

    def _on_saved(self) -> None:
        self._edit_timer.stop()
        self._first_change = self._parameters = None
        if self._writer is not None:
            self.wait()
            with suppress(OSError, NeuroloomError):
                self._writer.clear()
                self._writer.describe(self._bridge.path, self._files.name)

    def _open_writer(self) -> None:
        try:
            self._writer = self._store.open(self._bridge.path, self._files.name)
        except (OSError, NeuroloomError) as error:
            self._writer = None
            self._tell(str(error))

    def _close_writer(self) -> None:
        if self._writer is not None:
            self.wait()
            with suppress(OSError, NeuroloomError):
                self._writer.close()
            self._writer = None

    def _on_done(self, job: "Future[None]") -> None:
        """Called in the writing thread, so it only emits."""
        error = job.exception() if not job.cancelled() else None
        if error is not None:
            self._tell(str(error))
        elif not job.cancelled():
            self.written.emit()

    def _tell(self, sentence: str) -> None:
        if not self._told:
            self._told = True
            self.troubled.emit(f"Work is not being kept for the case of a crash. {sentence}")


def _is_older(snapshot: Snapshot) -> bool:
    """Whether the file that the snapshot belongs to was written after it, as by a later session that declined it."""
    with suppress(OSError):
        return snapshot.origin is not None and snapshot.origin.stat().st_mtime > snapshot.saved_at
    return False


def _write(writer: SnapshotWriter, project: Project) -> None:
    writer.write(project)
