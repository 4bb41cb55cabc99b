"""The one clock of a canvas: up to thirty ticks a second while there is something to move, and none when there is not.

What runs while a network trains at full speed asks for a calmer pace, since every frame of it is taken from the training.
"""

from collections.abc import Callable
from time import perf_counter

from PySide6.QtCore import QObject, QTimer

from desktop.right_of_way import right_of_way

INTERVAL = 33
CALM_INTERVAL = 66
"""Milliseconds between two ticks: while there is time for every frame, and while training wants it."""

Tick = Callable[[float], bool]
"""Called with the seconds since the last tick; False ends it."""


class Clock(QObject):
    """Calls what was added to it once per tick, until it says that it is done."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._ticks: dict[Tick, int] = {}
        self._last = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL)
        self._timer.timeout.connect(self._on_timeout)

    @property
    def running(self) -> bool:
        """Whether anything moves."""
        return self._timer.isActive()

    def add(self, tick: Tick, interval: int = INTERVAL) -> None:
        """Call ``tick`` from now on; the shortest interval that was asked for holds for all."""
        self._ticks[tick] = interval
        self._adopt_pace()
        if not self._timer.isActive():
            self._last = perf_counter()
            self._timer.start()

    def remove(self, tick: Tick) -> None:
        """Call ``tick`` no more."""
        self._ticks.pop(tick, None)
        self._adopt_pace()
        if not self._ticks:
            self._timer.stop()

    def stop(self) -> None:
        """Forget everything that moves."""
        self._ticks.clear()
        self._timer.stop()

    def _adopt_pace(self) -> None:
        interval = min(self._ticks.values(), default=INTERVAL)
        if interval != self._timer.interval():  # Setting it starts a running timer anew.
            self._timer.setInterval(interval)

    def _on_timeout(self) -> None:
        right_of_way().claim()
        now = perf_counter()
        seconds, self._last = now - self._last, now
        for tick in tuple(self._ticks):
            if not tick(seconds):
                self.remove(tick)
