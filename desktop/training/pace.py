"""Pace: how fast a run goes, how fast it may go, and how often it may stop to be looked at.

Looking must not cost much: a snapshot is due at most thirty times a second, and never so often that taking it uses more than
a small share of the time, however large the network is.
"""

from collections import deque
from time import perf_counter

SNAPSHOT_SECONDS = 1 / 30
HURRIED_SNAPSHOT_SECONDS = 1 / 16
"""Between two snapshots: at a pace that is held down, and at full speed, where each costs steps."""

SNAPSHOT_SHARE = 0.03
GRADIENT_SECONDS = 1 / 60
WINDOW_SECONDS = 0.5


class Pace:
    """Counts steps; ``limit`` is the greatest number of steps per second, or None."""

    def __init__(self, limit: float | None = None) -> None:
        self.limit = limit
        self.steps_per_second = 0.0
        self._count = 0
        self._since = perf_counter()
        self._next_step = self._since
        self._next_snapshot = 0.0
        self._next_gradients = 0.0
        self._costs: deque[float] = deque([SNAPSHOT_SECONDS * SNAPSHOT_SHARE], maxlen=4)

    def set_limit(self, limit: float | None) -> None:
        """Hold the pace down from now on; None is full speed."""
        self.limit = limit
        self.restart()

    def restart(self) -> None:
        """Forget the time that went by while nothing was to be done."""
        self._since = self._next_step = perf_counter()
        self._count = 0

    def count(self, steps: int) -> None:
        """Some steps were taken."""
        now = perf_counter()
        self._count += steps
        if self.limit:
            self._next_step = max(self._next_step + steps / self.limit, now - 0.1)
        if now - self._since >= WINDOW_SECONDS or not self.steps_per_second:
            self.steps_per_second = self._count / max(now - self._since, 1e-6)
            self._count, self._since = 0, now

    def seconds_to_wait(self) -> float:
        """How long the next step has to wait; 0 at full speed."""
        return max(0.0, self._next_step - perf_counter()) if self.limit else 0.0

    def snapshot_is_due(self) -> bool:
        """Whether enough time went by since the last snapshot."""
        return perf_counter() >= self._next_snapshot

    def snapshot_took(self, seconds: float) -> None:
        """A snapshot was taken, and cost this many seconds; the least of the last few counts, the first is always dear."""
        self._costs.append(seconds)
        least = HURRIED_SNAPSHOT_SECONDS if self.limit is None else SNAPSHOT_SECONDS
        self._next_snapshot = perf_counter() + max(least, min(self._costs) / SNAPSHOT_SHARE)

    def gradients_are_due(self) -> bool:
        """Whether enough time went by since the last look at the gradients."""
        now = perf_counter()
        if now < self._next_gradients:
            return False
        self._next_gradients = now + GRADIENT_SECONDS
        return True
