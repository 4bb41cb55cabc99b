"""Mailbox: one value on its way from the training thread to the window; the newest wins, and nothing ever queues.

A signal per value would fill the window's event queue faster than it can be drawn. A mailbox holds at most one value, so a
slow reader costs memory for one, and sees the latest.
"""

from collections import deque
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Mailbox(Generic[Value]):
    """A box for one value that one thread puts and another takes; both calls are atomic and never wait."""

    def __init__(self) -> None:
        self._box: deque[Value] = deque(maxlen=1)

    def put(self, value: Value) -> None:
        """Leave a value; one that was not taken yet is thrown away."""
        self._box.append(value)

    def take(self) -> Value | None:
        """The value, if there is one; the box is empty afterwards."""
        try:
            return self._box.popleft()
        except IndexError:
            return None

    @property
    def is_empty(self) -> bool:
        """Whether the last value was taken."""
        return not self._box
