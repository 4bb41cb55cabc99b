"""Writing a user's file so that at every moment the old contents or the new ones are there, and never a third thing.

This is the only module that opens a user's file for writing, and it never opens the file itself: it writes a neighbour,
flushes it to the disk, keeps the present version as ``NAME~``, and then renames. Whoever dies in between leaves at worst a
neighbour behind, which a later save clears away.
"""

import contextlib
import errno
import hashlib
import os
import secrets
import stat
import time
from collections.abc import Callable
from pathlib import Path

from core.errors import ProjectFileError
from core.storage.reading import fingerprint, read_file, reason

_FLAGS = (
    os.O_WRONLY
    | os.O_CREAT
    | os.O_EXCL
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_NEW_FILE_MODE = 0o666
_ABANDONED_SECONDS = 24 * 3600
_NO_FOLDER_FSYNC = {errno.EINVAL, errno.ENOTSUP, errno.EBADF}
_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK, errno.EXDEV, errno.EINVAL}


class FileChangedError(ProjectFileError):
    """Someone else has changed the file since it was read: ask before writing over it."""


def write_atomically(
    path: str | Path,
    data: bytes,
    verify: Callable[[bytes], None] | None = None,
    expected: str | None = None,
    keep_previous: bool = True,
) -> str:
    """Replace the contents of a file, or make it; the fingerprint of what is now in it.

    ``verify`` may raise to stop the save before anything is touched. ``expected`` is the fingerprint of the contents that
    the caller knows of. With ``keep_previous`` the old contents stay as ``NAME~``.
    Raises FileChangedError if the contents are not the expected ones, and ProjectFileError if the save failed; the old
    contents are then still in place, unless only the last step, making the rename outlast a power cut, has failed.
    """
    if verify is not None:
        verify(data)
    target, mode = _destination(path)
    if expected is not None and mode is not None and fingerprint(read_file(target)) != expected:
        raise FileChangedError(f"{target.name} has been changed by another program since it was opened.")
    try:
        _replace(target, data, mode, keep_previous)
    except OSError as error:
        raise ProjectFileError(f"{target.name} could not be saved: {reason(error)}.") from error
    with contextlib.suppress(OSError):
        _clear_abandoned(target)
    return fingerprint(data)


def move_file(source: Path, target: Path) -> None:
    """Give a file another name in the same file system, replacing what had it. Raises OSError."""
    os.replace(source, target)
    _sync_folder(target.parent)
    if source.parent != target.parent:
        _sync_folder(source.parent)


def _destination(path: str | Path) -> tuple[Path, int | None]:
    """The file that a path leads to, through any links, and its permissions, or None if it does not exist."""
    name = os.path.basename(path)[:200]
    try:
        target = Path(os.path.realpath(path))
        status = os.stat(target)
    except FileNotFoundError:
        return target, None
    except (OSError, ValueError) as error:
        raise ProjectFileError(f"{name!r} could not be saved: {reason(error)}.") from None
    if not stat.S_ISREG(status.st_mode):
        raise ProjectFileError(f"{name!r} is not a file, so nothing can be saved there.")
    return target, stat.S_IMODE(status.st_mode)


def _replace(target: Path, data: bytes, mode: int | None, keep_previous: bool) -> None:
    neighbour = _neighbour(target)
    try:
        _write_new(neighbour, data, mode)
        if keep_previous and mode is not None:
            _keep(target, mode)
        os.replace(neighbour, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(neighbour)
        raise
    _sync_folder(target.parent)


def _write_new(path: Path, data: bytes, mode: int | None) -> None:
    descriptor = os.open(path, _FLAGS, _NEW_FILE_MODE if mode is None else mode)
    try:
        if mode is not None and hasattr(os, "fchmod"):
            os.fchmod(descriptor, mode)
        rest = memoryview(data)
        while rest:
            written = os.write(descriptor, rest)
            if written <= 0:
                raise OSError(errno.EIO, "nothing more can be written")
            rest = rest[written:]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _keep(target: Path, mode: int) -> None:
    """Let the present contents be ``NAME~`` as well; ``NAME`` itself is not touched."""
    previous = target.with_name(target.name + "~")
    link = _neighbour(target)
    try:
        try:
            os.link(target, link)
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            _write_new(link, read_file(target), mode)
        os.replace(link, previous)
    finally:
        # Renaming one name of a file to another name of the same file does nothing at all, so the link may still be there.
        with contextlib.suppress(OSError):
            os.unlink(link)


def _sync_folder(folder: Path) -> None:
    """Make a rename outlast a power cut; Windows does so by itself, and some file systems cannot."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0))
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NO_FOLDER_FSYNC:
            raise
    finally:
        os.close(descriptor)


def _neighbour(target: Path) -> Path:
    return target.with_name(f"{_neighbour_prefix(target)}{secrets.token_hex(8)}.tmp")


def _neighbour_prefix(target: Path) -> str:
    """Short whatever the file is called, since the longest names leave no room for a suffix."""
    return f".neuroloom-{hashlib.blake2b(os.fsencode(target.name), digest_size=6).hexdigest()}-"


def _clear_abandoned(target: Path) -> None:
    """Remove what saves of this file left behind when they were killed, once no save can still be at work on it."""
    prefix = _neighbour_prefix(target)
    for name in os.listdir(target.parent):
        if name.startswith(prefix) and name.endswith(".tmp"):
            path = target.with_name(name)
            with contextlib.suppress(OSError):
                if time.time() - os.stat(path, follow_symlinks=False).st_mtime > _ABANDONED_SECONDS:
                    os.unlink(path)
