"""Telemetry: what a run measured since the window last looked, with a bound on how much that can be.

A tiny network ends thousands of epochs in a second. The points are kept as two short lists which are thinned to every
second point when they grow past their bound; the plots keep the shape of the curve, and the newest point is always exact.
"""

from dataclasses import dataclass
from typing import TypeVar

from core.training.events import EpochEnded, StepsTaken

MAX_POINTS = 256

Point = TypeVar("Point")


@dataclass(frozen=True, slots=True)
class GradientNorms:
    """``norms``: node -> L2 norm of the gradient of its parameters at ``step``."""

    step: int
    norms: dict[str, float]


@dataclass(frozen=True, slots=True)
class Telemetry:
    """Points in order of time; ``steps_per_second`` is the pace of the last half second."""

    epochs: tuple[EpochEnded, ...] = ()
    steps: tuple[StepsTaken, ...] = ()
    gradients: tuple[GradientNorms, ...] = ()
    steps_per_second: float = 0.0

    def then(self, later: "Telemetry") -> "Telemetry":
        """Both as one, thinned to the bound."""
        return Telemetry(
            tuple(thinned([*self.epochs, *later.epochs])),
            tuple(thinned([*self.steps, *later.steps])),
            tuple(thinned([*self.gradients, *later.gradients])),
            later.steps_per_second,
        )


def thinned(points: list[Point]) -> list[Point]:
    """Every second point until at most MAX_POINTS are left; the newest stays."""
    while len(points) > MAX_POINTS:
        points = points[::-2][::-1]
    return points
