"""Recovery snapshots: what a crash leaves behind, and how it comes back.

Every open document has a lock, and from its first change on a snapshot beside it. A clean end removes both. Where a
snapshot lies whose lock nobody holds, its window has crashed. When to write is up to the caller; nothing here has a timer.
"""

import contextlib
import json
import os
import re
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import ProjectFileError
from core.storage import strict_json
from core.storage.atomic import move_file, write_atomically
from core.storage.lock import Lock
from core.storage.project import Project, check_read_back, load_project, project_to_bytes
from core.storage.reading import read_file, reason

TRASH_DAYS = 7

_DOCUMENT_ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_TRASHED = re.compile(r"([0-9]{1,12})-[A-Za-z0-9_-]{1,64}\.nloom", re.ASCII)
_MAX_INFO_BYTES = 64 * 1024
_DAY = 24 * 3600


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a crashed window left: ``origin`` is the file that the document came from, ``saved_at`` seconds since 1970."""

    document_id: str
    path: Path
    origin: Path | None
    title: str
    saved_at: float


class SnapshotWriter:
    """Keeps the snapshot of one open document, whose lock it holds. ``write`` may be called in any thread, one at a time."""

    def __init__(self, folder: Path, document_id: str, lock: Lock) -> None:
        self._folder = folder
        self._lock = lock
        self.document_id = document_id

    @property
    def path(self) -> Path:
        """Where the snapshot is, once there is one."""
        return _snapshot_path(self._folder, self.document_id)

    def describe(self, origin: Path | None, title: str = "") -> None:
        """Note which file the document belongs to, at its opening and after a Save As. Raises ProjectFileError."""
        info = {"origin": None if origin is None else os.path.realpath(origin), "title": title}
        data = json.dumps(info).encode()
        write_atomically(_info_path(self._folder, self.document_id), data, keep_previous=False)

    def write(self, project: Project) -> None:
        """Replace the snapshot by this state of the document. Raises ProjectFileError; the last snapshot is then kept."""
        data = project_to_bytes(project)
        write_atomically(self.path, data, lambda data: check_read_back(data, project), keep_previous=False)

    def clear(self) -> None:
        """Remove the snapshot, because the document has just been saved."""
        self.path.unlink(missing_ok=True)

    def close(self) -> None:
        """The document is closed, and nothing of it needs to be recovered."""
        if self._lock.is_held:
            _remove_all(self._folder, self.document_id)
            self._lock.release()


class RecoveryStore:
    """The folder of all snapshots of this user, shared by all windows and processes; made where it does not exist."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._trash = folder / "trash"
        try:
            self._trash.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise ProjectFileError(f"The folder for recovery cannot be made: {reason(error)}.") from None

    def open(self, origin: Path | None = None, title: str = "", document_id: str | None = None) -> SnapshotWriter:
        """The writer for a document that has just been opened or made. Raises ProjectFileError if its id is in use."""
        key = document_id or secrets.token_hex(8)
        writer = SnapshotWriter(self._folder, key, self._take(key))
        writer.describe(origin, title)
        return writer

    def is_open(self, origin: Path, besides: str = "") -> bool:
        """Whether a living window, other than the one with the document id ``besides``, has this file open."""
        wanted = os.path.realpath(origin)
        others = (key for key in self._document_ids() if key != besides and self._info(key).get("origin") == wanted)
        return any(self._is_held(key) for key in others)

    def crashed(self) -> tuple[Snapshot, ...]:
        """The snapshots that crashed windows have left, newest first."""
        found = [snapshot for key in self._document_ids() if (snapshot := self._abandoned(key))]
        return tuple(sorted(found, key=lambda snapshot: -snapshot.saved_at))

    def restore(self, snapshot: Snapshot) -> tuple[Project, SnapshotWriter]:
        """The project of a snapshot, and the writer that continues it; the snapshot stays until ``clear`` or ``close``.

        Raises ProjectFileError if it cannot be read, or if another window is restoring it.
        """
        lock = self._take(snapshot.document_id)
        try:
            project = load_project(snapshot.path)
        except BaseException:
            lock.release()
            raise
        return project, SnapshotWriter(self._folder, snapshot.document_id, lock)

    def discard(self, snapshot: Snapshot) -> None:
        """Move a snapshot to the trash, where it stays for seven days. Raises ProjectFileError."""
        lock = self._take(snapshot.document_id)
        try:
            move_file(snapshot.path, self._trash / f"{int(time.time())}-{snapshot.document_id}.nloom")
            _remove_all(self._folder, snapshot.document_id)
        except OSError as error:
            raise ProjectFileError(f"The snapshot cannot be discarded: {reason(error)}.") from None
        finally:
            lock.release()

    def trashed(self) -> tuple[Path, ...]:
        """The snapshots in the trash, oldest first."""
        return tuple(path for _, path in sorted(self._trash_entries()))

    def empty_trash(self) -> None:
        """Remove what has been in the trash for more than seven days."""
        for since, path in self._trash_entries():
            if time.time() - since > TRASH_DAYS * _DAY:
                path.unlink(missing_ok=True)

    def _take(self, key: str) -> Lock:
        if not _DOCUMENT_ID.fullmatch(key):
            raise ProjectFileError(f"{key[:80]!r} cannot be the id of a document.")
        lock = self._try_take(key)
        if lock is None:
            raise ProjectFileError("This document is open in another window.")
        return lock

    def _try_take(self, key: str) -> Lock | None:
        try:
            return Lock.take(_lock_path(self._folder, key))
        except OSError as error:
            raise ProjectFileError(f"The folder for recovery cannot be used: {reason(error)}.") from None

    def _is_held(self, key: str) -> bool:
        if not _lock_path(self._folder, key).exists():
            return False
        lock = self._try_take(key)
        if lock is not None:
            lock.release()
        return lock is None

    def _abandoned(self, key: str) -> Snapshot | None:
        """The snapshot with this id, if its window has crashed; what is left of a window that had none is cleared away."""
        lock = self._try_take(key)
        if lock is None:
            return None
        try:
            path = _snapshot_path(self._folder, key)
            if not path.exists():
                _remove_all(self._folder, key)
                return None
            info = self._info(key)
            origin = info.get("origin")
            title = info.get("title", "")
            return Snapshot(
                document_id=key,
                path=path,
                origin=Path(origin) if isinstance(origin, str) else None,
                title=title if isinstance(title, str) else "",
                saved_at=path.stat().st_mtime,
            )
        finally:
            lock.release()

    def _info(self, key: str) -> dict[str, Any]:
        """What was noted of a document; nothing, if the note is missing or damaged."""
        with contextlib.suppress(ProjectFileError):
            info = strict_json.parse(read_file(_info_path(self._folder, key), _MAX_INFO_BYTES), "The note")
            if isinstance(info, dict):
                return info
        return {}

    def _document_ids(self) -> list[str]:
        names = {path.stem for path in self._folder.iterdir() if path.suffix in {".nloom", ".json"}}
        return sorted(name for name in names if _DOCUMENT_ID.fullmatch(name))

    def _trash_entries(self) -> Iterator[tuple[int, Path]]:
        for path in self._trash.iterdir():
            match = _TRASHED.fullmatch(path.name)
            if match:
                yield int(match[1]), path


def _snapshot_path(folder: Path, key: str) -> Path:
    return folder / f"{key}.nloom"


def _info_path(folder: Path, key: str) -> Path:
    return folder / f"{key}.json"


def _lock_path(folder: Path, key: str) -> Path:
    return folder / f"{key}.lock"


def _remove_all(folder: Path, key: str) -> None:
    _snapshot_path(folder, key).unlink(missing_ok=True)
    _info_path(folder, key).unlink(missing_ok=True)
