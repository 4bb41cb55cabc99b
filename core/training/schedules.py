"""Learning-rate schedules: which share of the learning rate a step takes, by how much of the run is done.

The rate that a person sets, also while the network trains, is the base; a schedule multiplies it by a share that depends on the
place in the run alone. Rates change from step to step. Warm-up comes before a schedule, which then runs over what is left.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

from core.errors import TrainingError

CYCLE_RISE = 0.3
"""The part of a cycle in which the rate rises."""
CYCLE_START = 25.0
"""A cycle begins at the rate divided by this, and ends at its beginning divided by CYCLE_END."""
CYCLE_END = 1e4
LEAST_SHARE = 1e-12
"""No share is smaller, for some rules divide by the rate."""


class ScheduleSettings(Protocol):
    """The settings of all schedules together; a schedule ignores what it does not read. ``every`` and ``warmup`` count epochs."""

    @property
    def key(self) -> str: ...
    @property
    def factor(self) -> float: ...
    @property
    def every(self) -> int: ...
    @property
    def final(self) -> float: ...
    @property
    def warmup(self) -> float: ...


@dataclass(frozen=True, slots=True)
class _NoSchedule:
    key: str = "constant"
    factor: float = 1.0
    every: int = 1
    final: float = 1.0
    warmup: float = 0.0


NO_SCHEDULE: ScheduleSettings = _NoSchedule()


@dataclass(frozen=True, slots=True)
class Place:
    """``step`` (from 0) of a run of ``steps``, with ``per_epoch`` steps in an epoch; all of them after the warm-up."""

    step: float
    steps: float
    per_epoch: int


@dataclass(frozen=True, slots=True)
class Schedule:
    """A row of the table: ``settings`` are the fields of ScheduleSettings that it reads, ``share`` what it multiplies the rate by.

    ``help`` is a sentence for a student, ``source`` the paper.
    """

    title: str
    settings: tuple[str, ...]
    share: Callable[[Place, ScheduleSettings], float]
    help: str
    source: str


def _constant(place: Place, settings: ScheduleSettings) -> float:
    """``1``."""
    return 1.0


def _step(place: Place, settings: ScheduleSettings) -> float:
    """``factor ^ floor(epoch / every)``."""
    # The small number makes up for what is lost where an epoch is put together from steps.
    drops = math.floor(place.step / place.per_epoch / settings.every + 1e-9)
    return math.pow(settings.factor, drops)


def _exponential(place: Place, settings: ScheduleSettings) -> float:
    """``factor ^ (epoch / every)``, from step to step."""
    return math.pow(settings.factor, place.step / place.per_epoch / settings.every)


def _cosine(place: Place, settings: ScheduleSettings) -> float:
    """``final + (1 - final) (1 + cos(pi step / steps)) / 2``."""
    done = min(place.step / place.steps, 1.0)
    return settings.final + (1.0 - settings.final) * (1.0 + math.cos(math.pi * done)) / 2.0


def _one_cycle(place: Place, settings: ScheduleSettings) -> float:
    """From 1/25 up to 1 over three tenths of the run, then down to 1/250,000, both along half a cosine."""
    low = 1.0 / CYCLE_START
    top = max(CYCLE_RISE * place.steps - 1.0, 0.0)
    if place.step < top:
        return _between(low, 1.0, place.step / top)
    fall = max(place.steps - 1.0 - top, 1.0)
    return _between(1.0, low / CYCLE_END, min((place.step - top) / fall, 1.0))


def _between(start: float, end: float, done: float) -> float:
    return end + (start - end) / 2.0 * (1.0 + math.cos(math.pi * done))


SCHEDULES: Mapping[str, Schedule] = MappingProxyType(
    {
        "constant": Schedule(
            "Constant",
            ("warmup",),
            _constant,
            "The learning rate stays as it is set.",
            "Warm-up: Goyal et al., 2017",
        ),
        "step": Schedule(
            "Steps",
            ("factor", "every", "warmup"),
            _step,
            "The learning rate is multiplied by the factor each time so many epochs are over.",
            "He et al., 2016",
        ),
        "exponential": Schedule(
            "Exponential",
            ("factor", "every", "warmup"),
            _exponential,
            "The learning rate shrinks evenly, by the factor in so many epochs.",
            "Robbins and Monro, 1951",
        ),
        "cosine": Schedule(
            "Cosine",
            ("final", "warmup"),
            _cosine,
            "The learning rate falls along half a wave to its final share at the end of the run.",
            "Loshchilov and Hutter, 2017",
        ),
        "one_cycle": Schedule(
            "One cycle",
            (),
            _one_cycle,
            "The learning rate rises from a 25th to its full size in three tenths of the run, then falls to almost nothing.",
            "Smith and Topin, 2019",
        ),
    }
)


def share(settings: ScheduleSettings, epoch: float, epochs: float, per_epoch: int) -> float:
    """What the rate is multiplied by ``epoch`` epochs (whole and a part) after the start of a run of ``epochs``.

    While it warms up, ``(step + 1) / (steps of the warm-up)``.
    """
    schedule = SCHEDULES[settings.key]
    warmup = settings.warmup if "warmup" in schedule.settings else 0.0
    first = round(warmup * per_epoch)
    step = epoch * per_epoch
    if step < first - 1e-6:
        return (step + 1.0) / first
    place = Place(max(step - first, 0.0), max(epochs * per_epoch - first, 1.0), per_epoch)
    return max(schedule.share(place, settings), LEAST_SHARE)


def is_constant(settings: ScheduleSettings) -> bool:
    """Whether every step takes the rate as it is set."""
    return settings.key == "constant" and not settings.warmup


def check_schedule(settings: ScheduleSettings) -> None:
    """Raises TrainingError for an unknown schedule, or a setting of this schedule that is out of range."""
    schedule = SCHEDULES.get(settings.key)
    if schedule is None:
        raise TrainingError(f"There is no schedule {settings.key!r}; choose one of {', '.join(SCHEDULES)}.")
    if "factor" in schedule.settings and not 0.0 < settings.factor <= 1.0:
        raise TrainingError(
            f"{schedule.title}: the factor is {settings.factor:g}; it must be above 0 and at most 1, such as 0.5."
        )
    if "every" in schedule.settings and (settings.every != int(settings.every) or settings.every < 1):
        raise TrainingError(f"{schedule.title}: every {settings.every} epochs; it must be a whole number from 1 up.")
    if "final" in schedule.settings and not 0.0 <= settings.final <= 1.0:
        raise TrainingError(f"{schedule.title}: the final share is {settings.final:g}; it must be from 0 to 1.")
    if "warmup" in schedule.settings and not 0.0 <= settings.warmup < math.inf:
        raise TrainingError(f"The warm-up is {settings.warmup:g} epochs; it must be from 0 up, such as 2.")
