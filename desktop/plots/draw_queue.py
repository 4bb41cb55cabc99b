"""DrawQueue: plots that have something new are redrawn one after the other, never several in one frame.

Each plot takes a few milliseconds. All at once they would make the window late for a click; one at a time they are not noticed.
"""

from collections import deque
from typing import Protocol
from weakref import ReferenceType, ref

from PySide6.QtCore import QObject
from shiboken6 import Shiboken

from desktop.lifetime import remembered
from desktop.training.screen_clock import ScreenClock

REST = 30.0


class Drawable(Protocol):
    """What can stand in the queue."""

    def draw_now(self) -> None:
        """Draw the newest data."""


class DrawQueue(QObject):
    """First come, first served; who is in the queue already keeps the place."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: deque[ReferenceType[Drawable]] = deque()
        self._clock = ScreenClock(self._draw_next, REST, self)

    def add(self, drawable: Drawable) -> None:
        """Have it drawn when its turn comes."""
        place = ref(drawable)
        if place not in self._waiting:
            self._waiting.append(place)
        self._clock.start()

    def _draw_next(self) -> None:
        while self._waiting:
            drawable = self._waiting.popleft()()
            if drawable is not None and Shiboken.isValid(drawable):
                drawable.draw_now()
                return
        self._clock.stop()


@remembered()
def draw_queue() -> DrawQueue:
    """The one queue of the application."""
    return DrawQueue()
