"""The one clock of a canvas: thirty ticks a second while there is something to move, and none when there is not."""

from collections.abc import Callable
from time import perf_counter

from PySide6.QtCore import QObject, QTimer

from desktop.right_of_way import right_of_way

INTERVAL = 33

Tick = Callable[[float], bool]
"""Called with the seconds since the last tick; False ends it."""


class Clock(QObject):
    """Calls what was added to it once per tick, until it says that it is done."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._ticks: list[Tick] = []
        self._last = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL)
        self._timer.timeout.connect(self._on_timeout)

    @property
    def running(self) -> bool:
        """Whether anything moves."""
        return self._timer.isActive()

    def add(self, tick: Tick) -> None:
        """Call ``tick`` from now on, if it is not called already."""
        if tick not in self._ticks:
            self._ticks.append(tick)
        if not self._timer.isActive():
            self._last = perf_counter()
            self._timer.start()

    def remove(self, tick: Tick) -> None:
        """Call ``tick`` no more."""
        if tick in self._ticks:
            self._ticks.remove(tick)
        if not self._ticks:
            self._timer.stop()

    def stop(self) -> None:
        """Forget everything that moves."""
        self._ticks.clear()
        self._timer.stop()

    def _on_timeout(self) -> None:
        right_of_way().claim()
        now = perf_counter()
        seconds, self._last = now - self._last, now
        for tick in tuple(self._ticks):
            if not tick(seconds):
                self.remove(tick)
