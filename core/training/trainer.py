"""The trainer: takes steps until something says stop, and tells of its run in frozen events.

``events`` is a generator: whoever runs it decides when the next slice of steps is taken, so a paused run is simply not
advanced, and the trainer needs no thread and no lock. It knows plans and data, and nothing of diagrams.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from time import perf_counter

import numpy as np

from core.datasets.dataset import Dataset
from core.errors import TrainingError
from core.model.model import Model
from core.training.batching import part
from core.training.divergence import Trail
from core.training.early_stopping import Patience
from core.training.evaluation import Evaluation, Measured, Measurement
from core.training.events import Diverged, EpochEnded, RunEnded, RunStarted, StepsTaken, TrainingEvent
from core.training.metrics import judged_by, metric_name
from core.training.optimizers import FloatArray, Optimizer
from core.training.optimizers.places import Places
from core.training.settings import TargetSettings, TrainerSettings, check_count, check_settings
from core.training.split import Indices, split
from core.training.stepping import Pace, Stepper, Stretch

LOSS_GROWTH = 1e6
"""A loss this many times as large as the first one (or as 1) counts as diverged, although it is still a number."""


class Trainer:
    """Trains a model on a dataset.

    ``slice_seconds`` is how long steps are taken between two looks at the outside (0: one step). The same seed, data and
    settings give the same parameters, bit for bit, wherever slices end. A run that goes on where another stopped is told how many
    ``epochs_before`` there were, for its schedule, and the ``optimizer_state`` of the other, of which it takes what still fits.
    Raises TrainingError if the settings, or the data for this model, make no sense.
    """

    def __init__(
        self,
        model: Model,
        dataset: Dataset,
        settings: TrainerSettings,
        *,
        slice_seconds: float = 0.008,
        max_steps: int | None = None,
        max_epochs: int | None = None,
        epochs_before: int = 0,
        optimizer_state: Mapping[str, FloatArray] | None = None,
    ) -> None:
        self.metric = metric_name(judged_by(model.plan), dataset.task)
        check_settings(settings, self.metric)
        if not model.plan.num_parameters:
            raise TrainingError("There is nothing to train: no node has weights. Add a neuron or a dense layer.")
        self.slice_seconds = slice_seconds
        self._model = model
        self._target = settings.target
        self._max_steps = math.inf if max_steps is None else _counted("number of steps", max_steps)
        self._epochs = settings.epochs if max_epochs is None else _counted("number of epochs", max_epochs)
        self._split = split(dataset, settings.validation_fraction, settings.seed)
        learned = part(model.plan, dataset, self._split.training, model.vector.dtype)
        self._optimizer = Optimizer(
            settings.optimizer,
            model.vector,
            model.gradient_vector,
            Places(model.plan.parameters, model.vector.size),
            settings.regularization,
            settings.clipping,
        )
        if optimizer_state is not None:
            self._optimizer.take_named(optimizer_state)
        self._pace = Pace(settings.schedule, self._epochs, epochs_before)
        self._stepper = Stepper(model, learned, self._optimizer, settings.batch_size, settings.seed, self._pace)
        held_out = None
        if self._split.held_out:
            held_out = part(model.plan, dataset, self._split.validation, model.vector.dtype)
        self._evaluation = Evaluation(model, learned, held_out, dataset.task)
        self._patience = Patience(settings.early_stopping)
        self._trail = Trail(self._stepper)
        self._clock = Clock()
        self._reached = False

    # The state of the run.

    @property
    def step(self) -> int:
        """Steps taken."""
        return self._stepper.step

    @property
    def epoch(self) -> int:
        """Epochs completed."""
        return self._stepper.epoch

    @property
    def training_indices(self) -> Indices:
        """The samples that are learned from, by their number in the dataset."""
        return self._split.training

    @property
    def validation_indices(self) -> Indices:
        """The samples that are held out; all samples where nothing is."""
        return self._split.validation

    @property
    def optimizer_state(self) -> dict[str, FloatArray]:
        """A copy of what the update rule remembers, by parameter: ``rule/quantity/node/parameter``."""
        return self._optimizer.named_state()

    # What may be changed between two events.

    def set_learning_rate(self, rate: float) -> None:
        """Use this learning rate from the next step on. Raises TrainingError unless it is above 0."""
        self._optimizer.learning_rate = rate

    def set_batch_size(self, size: int) -> None:
        """Use this batch size from the next epoch on. Raises TrainingError unless it is at least 1."""
        self._stepper.batch_size = _counted("batch size", size)

    def set_epochs(self, epochs: int) -> None:
        """End the run after this many epochs in all. Raises TrainingError unless it is at least 1."""
        self._epochs = self._pace.epochs = _counted("number of epochs", epochs)

    def set_rates(self, nodes: Mapping[str, float]) -> None:
        """Multiply the moves of these nodes by these factors from the next step on; 0 holds a node still, whatever the rule.

        A node that is let go again begins with an empty memory of its own. Raises TrainingError unless the factors are from 0 to
        1,000,000.
        """
        self._optimizer.set_rates(nodes)
        self._stepper.rebind()

    # Running.

    def evaluate(self) -> tuple[float, float, float, float]:
        """(loss, validation loss, metric, validation metric) of the network as it is now."""
        learned, held_out = self._evaluation.measure()
        return learned.loss, held_out.loss, learned.metric, held_out.metric

    def step_once(self) -> StepsTaken | Diverged:
        """Take a single step, also beyond the last epoch."""
        with self._clock.running(), np.errstate(all="ignore"):
            self._trail.open_slice()
            stretch = self._stepper.run(_never, math.inf, self.step + 1)
            if not (stretch.sound and self._stepper.is_finite):
                return self._trail.find_fault()
            self._trail.close_slice()
        return self._taken([stretch], self.step)

    def events(self, stop: Callable[[], bool] | None = None) -> Iterator[TrainingEvent]:
        """Run until the epochs or steps are over, the target is reached, patience is lost, the run diverges, or ``stop`` returns True.

        The first event is RunStarted and the last RunEnded; ``stop`` is asked after every step.
        """
        stop = stop or _never
        begun = self._clock.seconds
        first = self._evaluation.measure().learned.loss
        self._trail.note_loss(first)
        self._stepper.loss_limit = LOSS_GROWTH * (max(1.0, first) if math.isfinite(first) else 1.0)
        self._reached = False
        yield RunStarted(
            parameters=self._model.plan.num_parameters,
            training_samples=len(self._split.training),
            validation_samples=len(self._split.validation) if self._split.held_out else 0,
            steps_per_epoch=self._stepper.steps_per_epoch,
            metric=self.metric,
            loss=first,
        )
        reason, diagnosis = None, None
        while reason is None:
            told, reason = self._slice(stop)
            for event in told:
                diagnosis = event.diagnosis if isinstance(event, Diverged) else None
                yield event
        yield self._ended(reason, diagnosis, self._clock.seconds - begun, first)

    def _slice(self, stop: Callable[[], bool]) -> tuple[list[TrainingEvent], str | None]:
        """Take steps for the length of a slice: what there is to tell, and why the run is over if it is."""
        told: list[TrainingEvent] = []
        stretches: list[Stretch] = []
        fault = None
        with self._clock.running() as started, np.errstate(all="ignore"):
            deadline = started + self.slice_seconds
            self._trail.open_slice()
            reason = self._finished(stop)
            while reason is None:
                stretches.append(self._stepper.run(stop, deadline, self._max_steps))
                reason = self._look(stretches[-1], stop, told)
                if perf_counter() >= deadline:
                    break
            last_step = self.step
            if reason == "diverged" or not self._stepper.is_finite:
                fault = self._trail.find_fault()
            else:
                self._trail.close_slice()
        if stretches:
            told.append(self._taken(stretches, last_step))
        if fault is not None:
            told.append(fault)
            reason = "diverged"
        return told, reason

    def _look(self, stretch: Stretch, stop: Callable[[], bool], told: list[TrainingEvent]) -> str | None:
        """After some steps: measure the network if an epoch is over; why the run is over if it is."""
        if not stretch.sound:
            return "diverged"
        if stretch.epoch_over:
            now = self._evaluation.measure()
            if not now.learned.loss <= self._stepper.loss_limit:
                return "diverged"
            self._trail.note_loss(now.learned.loss)
            self._reached = self._target is not None and _reaches(self._target, now.held_out)
            self._patience.note_epoch(now.held_out.loss, self._model.vector)
            told.append(self._epoch_ended(now))
        return self._finished(stop)

    def _finished(self, stop: Callable[[], bool]) -> str | None:
        if self._reached:
            return "target"
        if self._patience.is_lost:
            return "early"
        if self.epoch >= self._epochs:
            return "epochs"
        if self.step >= self._max_steps:
            return "steps"
        return "interrupted" if stop() else None

    # Events.

    def _taken(self, stretches: list[Stretch], step: int) -> StepsTaken:
        steps = sum(stretch.steps for stretch in stretches)
        mean = sum(stretch.total for stretch in stretches) / sum(stretch.measured for stretch in stretches)
        rate = float(self._optimizer.rate)
        return StepsTaken(step, self.epoch, steps, stretches[-1].loss, mean, self._clock.last, rate)

    def _epoch_ended(self, now: Measured) -> EpochEnded:
        return EpochEnded(
            step=self.step,
            epoch=self.epoch,
            loss=now.learned.loss,
            validation_loss=now.held_out.loss,
            metric_value=now.learned.metric,
            validation_metric=now.held_out.metric,
            seconds=self._clock.seconds,
            learning_rate=float(self._optimizer.rate),
        )

    def _ended(self, reason: str, diagnosis: str | None, seconds: float, loss_first: float) -> RunEnded:
        if reason in ("early", "epochs", "steps"):
            self._patience.restore(self._model.vector)
        now = self._evaluation.measure()
        return RunEnded(
            stopped=reason,
            steps=self.step,
            epochs=self.epoch,
            seconds=seconds,
            loss_first=loss_first,
            loss_last=now.learned.loss,
            validation_loss=now.held_out.loss,
            metric=self.metric,
            metric_value=now.held_out.metric,
            diagnosis=diagnosis,
        )


class Clock:
    """Adds up the time that a run has really run: neither pauses, nor what its reader does between two events."""

    def __init__(self) -> None:
        self._before = 0.0
        self._started: float | None = None
        self.last = 0.0
        """Seconds of the last stretch of time."""

    @property
    def seconds(self) -> float:
        """Seconds so far, with the stretch under way."""
        return self._before + (0.0 if self._started is None else perf_counter() - self._started)

    @contextmanager
    def running(self) -> Iterator[float]:
        """Counts the time within a with-block; gives the time at which it began."""
        self._started = started = perf_counter()
        try:
            yield started
        finally:
            self.last = perf_counter() - started
            self._before += self.last
            self._started = None


def _reaches(target: TargetSettings, held_out: Measurement) -> bool:
    if target.metric == "validation_loss":
        return held_out.loss <= target.value
    return held_out.metric >= target.value


def _counted(name: str, value: int) -> int:
    check_count(name, value, "such as 100")
    return value


def _never() -> bool:
    return False
