"""How much the program takes on at once: parameters, memory, samples in one pass; asked before anything is allocated."""

import ctypes
import os
import sys

MAX_PARAMETERS = 50_000_000
"""The most that a project file takes, and the most values that a wire may carry for one sample."""
TRAINING_BYTES_PER_PARAMETER = 44
"""In float32: the parameter, its gradient, the room to work out its update, the two moments of Adam, and two bookmarks of
parameter and moments, from which a run that diverges is looked through again."""
CHUNK = 512
"""Samples in one forward pass: enough to make the cost of a call vanish, few enough to stay in the cache."""
MEMORY_SHARE = 4
"""A network may take up to one part in so many of the machine's memory."""


def room_for_training() -> int | None:
    """The bytes that training a network may take, or None where the system does not say how much memory there is."""
    memory = total_memory()
    return None if memory is None else memory // MEMORY_SHARE


def total_memory() -> int | None:
    """The memory of this machine in bytes, or None where the system does not say."""
    try:
        return _ask()
    except (AttributeError, OSError, ValueError):
        return None


if sys.platform == "win32":  # pragma: no cover

    class _MemoryStatus(ctypes.Structure):
        """MEMORYSTATUSEX of the Windows API."""

        _fields_ = [
            ("length", ctypes.c_ulong),
            ("load", ctypes.c_ulong),
            ("total_physical", ctypes.c_ulonglong),
            ("others", ctypes.c_ulonglong * 6),
        ]

    def _ask() -> int | None:
        status = _MemoryStatus()
        status.length = ctypes.sizeof(status)
        known = ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))
        return int(status.total_physical) if known else None

else:

    def _ask() -> int | None:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
