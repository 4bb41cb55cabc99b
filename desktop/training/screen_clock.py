"""ScreenClock: does something again and again at the pace of the screen, and more seldom where it is dear.

Drawing takes time away from training. The clock measures how long the window is busy after each call, up to the moment when the event
loop has nothing left to do, and lets a multiple of that go by before the next.
"""

from collections.abc import Callable
from time import perf_counter

from PySide6.QtCore import QObject, Qt, QTimer

from desktop.right_of_way import right_of_way

FRAME_MILLISECONDS = 33
LONGEST_MILLISECONDS = 500


class ScreenClock(QObject):
    """Calls ``look`` between ``start`` and ``stop``; ``rest`` is how many times its cost goes by before the next call."""

    def __init__(self, look: Callable[[], None], rest: float, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._pause = rest
        self._began = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._drawn = QTimer(self)
        self._drawn.setSingleShot(True)
        self._drawn.setInterval(0)
        self._drawn.timeout.connect(self._rest)

    def start(self) -> None:
        """Look at the next frame, and go on looking."""
        if not (self._timer.isActive() or self._drawn.isActive()):
            self._timer.start(FRAME_MILLISECONDS)

    def stop(self) -> None:
        """Look no more."""
        self._timer.stop()
        self._drawn.stop()

    def _tick(self) -> None:
        self._began = perf_counter()
        right_of_way().claim()
        self._drawn.start()
        self._look()

    def _rest(self) -> None:
        """The event loop is idle again: what was to be drawn has been drawn."""
        busy = (perf_counter() - self._began) * 1000
        pause = self._pause * (2 if right_of_way().full_speed else 1)
        wait = max(FRAME_MILLISECONDS - busy, pause * busy, 1.0)
        self._timer.start(round(min(LONGEST_MILLISECONDS, wait)))
