"""Reading a user's file whole, within a limit, and nothing but a file: a pipe or a device would never end."""

import hashlib
import os
import stat
from pathlib import Path

from core.errors import ProjectFileError
from core.storage.limits import MAX_FILE_BYTES

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


def read_file(path: str | Path, limit: int = MAX_FILE_BYTES) -> bytes:
    """The contents of a file. Raises ProjectFileError if it cannot be read, is no file, or is longer than ``limit`` bytes."""
    try:
        descriptor = os.open(path, _FLAGS)
    except (OSError, ValueError) as error:
        raise ProjectFileError(f"{_name(path)} cannot be opened: {reason(error)}.") from None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise ProjectFileError(f"{_name(path)} is not a file.")
        _check_size(path, status.st_size, limit)
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise ProjectFileError(f"{_name(path)} cannot be read: {reason(error)}.") from None
    finally:
        os.close(descriptor)
    _check_size(path, len(data), limit)
    return data


def fingerprint(data: bytes) -> str:
    """What tells one content of a file from another."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def reason(error: Exception) -> str:
    """Why the system refused something, as half a sentence."""
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return text[:1].lower() + text[1:]


def _check_size(path: str | Path, size: int, limit: int) -> None:
    if size > limit:
        raise ProjectFileError(f"{_name(path)} is {size:,} bytes long; at most {limit:,} are allowed.")


def _name(path: str | Path) -> str:
    return os.path.basename(os.fspath(path))[:200] or "The project file"
