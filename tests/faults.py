"""A stand-in for the ``os`` module that fails at the call it is told to: how a save is tried at each of its I/O calls."""

import errno
import os
from collections.abc import Callable
from typing import Any

WATCHED = (
    "open",
    "fdopen",
    "fstat",
    "stat",
    "write",
    "fsync",
    "fchmod",
    "close",
    "link",
    "replace",
    "unlink",
    "listdir",
)
"""Every call of the system that a save may make through the ``os`` module."""


class FaultyOs:
    """Behaves like ``os``, counts the watched calls, and at number ``at`` (from 1) does what ``fault`` says.

    Faults: "once" and "for ever" raise EIO before the call is made, "after" once it was made, "full" raises ENOSPC once,
    "short" writes half of what was asked for, "exit before" and "exit after" end the process on the spot.
    """

    def __init__(self, at: int = 0, fault: str = "once", exit_process: Callable[[int], Any] = os._exit) -> None:
        self.calls: list[str] = []
        self._at = at
        self._fault = fault
        self._exit = exit_process

    def __getattr__(self, name: str) -> Any:
        real = getattr(os, name)
        if name not in WATCHED:
            return real

        def call(*arguments: Any, **named: Any) -> Any:
            self.calls.append(name)
            number = len(self.calls)
            if number < self._at or self._at == 0 or (number > self._at and self._fault != "for ever"):
                return real(*arguments, **named)
            return self._fail(name, real, arguments, named)

        return call

    def _fail(self, name: str, real: Callable[..., Any], arguments: tuple[Any, ...], named: dict[str, Any]) -> Any:
        if self._fault in ("once", "for ever"):
            raise OSError(errno.EIO, "Input/output error")
        if self._fault == "full":
            raise OSError(errno.ENOSPC, "No space left on device")
        if self._fault == "exit before":
            self._exit(77)
        if self._fault == "short" and name == "write":
            descriptor, data = arguments
            return real(descriptor, data[: max(1, len(data) // 2)])
        try:
            result = real(*arguments, **named)
        finally:
            if self._fault == "exit after":
                self._exit(77)
        if self._fault == "after":
            raise OSError(errno.EIO, "Input/output error")
        return result
