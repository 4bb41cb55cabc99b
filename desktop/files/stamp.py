"""Stamp: what tells that a file is still the one that was read."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Stamp:
    """Time of the last change in nanoseconds, size in bytes, and the file's number on its disk."""

    changed: int
    size: int
    inode: int


def stamp_of(path: Path) -> Stamp | None:
    """The stamp of a file as it is now, or None where it cannot be had."""
    try:
        status = path.stat()
    except OSError:
        return None
    return Stamp(status.st_mtime_ns, status.st_size, status.st_ino)
