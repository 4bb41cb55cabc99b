"""What a trainer has to be told, whoever tells it: a diagram's record, a test, a notebook."""

import math
from numbers import Integral
from typing import Protocol

from core.errors import TrainingError
from core.training.clipping import ClippingSettings, check_clipping
from core.training.early_stopping import EarlyStoppingSettings, check_early_stopping
from core.training.optimizers import OptimizerSettings, check_optimizer
from core.training.regularization import RegularizationSettings, check_regularization
from core.training.schedules import ScheduleSettings, check_schedule

TARGET_METRICS = ("accuracy", "r2", "validation_loss")


class TargetSettings(Protocol):
    """Stop once ``metric`` has reached ``value``."""

    @property
    def metric(self) -> str: ...
    @property
    def value(self) -> float: ...


class TrainerSettings(Protocol):
    """How to train; ``seed`` draws the split and the order of the samples."""

    @property
    def optimizer(self) -> OptimizerSettings: ...
    @property
    def batch_size(self) -> int: ...
    @property
    def epochs(self) -> int: ...
    @property
    def seed(self) -> int: ...
    @property
    def validation_fraction(self) -> float: ...
    @property
    def target(self) -> TargetSettings | None: ...
    @property
    def schedule(self) -> ScheduleSettings: ...
    @property
    def regularization(self) -> RegularizationSettings: ...
    @property
    def clipping(self) -> ClippingSettings: ...
    @property
    def early_stopping(self) -> EarlyStoppingSettings | None: ...


def check_settings(settings: TrainerSettings, metric: str) -> None:
    """Raises TrainingError, in a sentence, for the first setting that no run could follow."""
    check_optimizer(settings.optimizer)
    check_schedule(settings.schedule)
    check_regularization(settings.regularization)
    check_clipping(settings.clipping)
    check_count("batch size", settings.batch_size, "such as 32")
    check_count("number of epochs", settings.epochs, "such as 100")
    if not isinstance(settings.seed, Integral) or settings.seed < 0:
        raise TrainingError(f"The seed is {settings.seed}; it must be a whole number from 0 up.")
    if not 0.0 <= settings.validation_fraction < 1.0:
        raise TrainingError(
            f"The validation fraction is {settings.validation_fraction:g}; it must be from 0 to below 1, such as 0.2."
        )
    if settings.target is not None:
        _check_target(settings.target, metric)
    if settings.early_stopping is not None:
        check_early_stopping(settings.early_stopping)


def check_count(name: str, value: int, example: str) -> None:
    """Raises TrainingError unless the value is a whole number from 1 up."""
    if not 1 <= value < math.inf or value != int(value):
        raise TrainingError(f"The {name} is {value}; it must be a whole number from 1 up, {example}.")


def _check_target(target: TargetSettings, metric: str) -> None:
    if target.metric not in TARGET_METRICS:
        raise TrainingError(f"A run cannot stop at {target.metric!r}; choose one of {', '.join(TARGET_METRICS)}.")
    if target.metric not in ("validation_loss", metric):
        raise TrainingError(
            f"A run cannot stop at a target for {target.metric}: this network is measured by {metric}. "
            f"Set a target for {metric} or for validation_loss."
        )
    if not math.isfinite(target.value):
        raise TrainingError(f"The target for {target.metric} is {target.value}; it must be a number.")
