"""RunState: the four states that training can be in, as the window sees it.

Closing is a state of its own because it refuses what every other state allows: a new start.
"""

from enum import StrEnum


class RunState(StrEnum):
    """IDLE: no run; RUNNING: steps are taken; PAUSED: a run waits; CLOSING: the window goes away."""

    IDLE = "idle"
    RUNNING = "running"
    PAUSED = "paused"
    CLOSING = "closing"
