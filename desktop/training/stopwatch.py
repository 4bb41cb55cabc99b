"""Stopwatch: how long a person has waited for a run, which is longer than it took to compute where it was slowed down."""

from time import monotonic

from desktop.training.state import RunState


class Stopwatch:
    """Counts the seconds of RUNNING; a run that begins from IDLE begins to count anew, and pauses do not count."""

    def __init__(self) -> None:
        self._state = RunState.IDLE
        self._counted = 0.0
        self._since = 0.0

    @property
    def seconds(self) -> float:
        """The seconds of the present run, or of the last one where there is none."""
        return self._counted + (monotonic() - self._since if self._state is RunState.RUNNING else 0.0)

    def follow(self, state: RunState) -> None:
        """Take note of what training does from now on."""
        if self._state is RunState.IDLE:
            self._counted = 0.0
        else:
            self._counted = self.seconds
        self._state, self._since = state, monotonic()
