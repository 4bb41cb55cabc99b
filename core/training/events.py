"""What a training run tells of itself, as frozen events; nothing here is a live array of the model."""

import math
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class RunStarted:
    """The run is about to take its first step; ``metric`` is "accuracy", "r2", or "validation_loss" where nothing is compared."""

    parameters: int
    training_samples: int
    validation_samples: int
    steps_per_epoch: int
    metric: str
    loss: float


@dataclass(frozen=True, slots=True)
class StepsTaken:
    """Some steps were taken since the last event: ``loss`` is a recent batch's, ``mean_loss`` the mean over them.

    On a small network the loss of every fourth step stands for all; ``epoch`` counts the epochs that are over; ``learning_rate``
    is that of the last step, as the schedule had it (nan where nobody told).
    """

    step: int
    epoch: int
    steps: int
    loss: float
    mean_loss: float
    seconds: float
    learning_rate: float = math.nan


@dataclass(frozen=True, slots=True)
class EpochEnded:
    """An epoch is over and the whole network was measured; losses are means over all samples of each part.

    ``learning_rate`` is that of its last step.
    """

    step: int
    epoch: int
    loss: float
    validation_loss: float
    metric_value: float
    validation_metric: float
    seconds: float
    learning_rate: float = math.nan


@dataclass(frozen=True, slots=True)
class Diverged:
    """A number stopped being finite, or the loss grew beyond all bounds; the model holds the last sound parameters again.

    ``node`` and ``quantity`` ("loss", "gradient of h/weight", "h/weight", "output of h") say where it was seen first; ``cause`` are
    a few sentences for the person: what happened, and what to try.
    """

    step: int
    epoch: int
    node: str
    quantity: str
    cause: str

    @property
    def diagnosis(self) -> str:
        """When it was, and the cause; who counts steps from elsewhere replaces ``step``."""
        return f"Step {self.step:,}: {self.cause}"


@dataclass(frozen=True, slots=True)
class RunEnded:
    """The last event of every run; ``stopped`` is "epochs", "steps", "target", "early", "diverged" or "interrupted".

    "early" is early stopping: the validation loss had not become better for as many epochs as the settings allow.
    ``steps`` and ``epochs`` count from the making of the trainer. The losses at both ends are means over all samples that are
    learned from; ``metric_value`` is measured on the samples that are held out (on all, where none are).
    """

    stopped: str
    steps: int
    epochs: int
    seconds: float
    loss_first: float
    loss_last: float
    validation_loss: float
    metric: str
    metric_value: float
    diagnosis: str | None = None


TrainingEvent: TypeAlias = RunStarted | StepsTaken | EpochEnded | Diverged | RunEnded
