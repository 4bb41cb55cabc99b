"""How much memory this machine has."""

import ctypes
import os
import sys


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
