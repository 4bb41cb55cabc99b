"""LossHistory: the measured points of a run as curves over epochs, from its first step to its last, in bounded memory."""

import numpy as np

from core.training.events import Diverged, EpochEnded, RunEnded, RunStarted, StepsTaken
from desktop.plots.series import Series
from desktop.training.telemetry import Telemetry

ENOUGH_EPOCHS = 8


class LossHistory:
    """Losses per epoch; while there are few epochs, the mean batch losses in between stand in for the training loss.

    ``diverged_at`` is the epoch at which the last run went wrong, or None; ``has_diverged`` stays until ``clear``.
    """

    def __init__(self) -> None:
        self.validation = Series()
        self.metric = Series()
        self.diverged_at: float | None = None
        self.has_diverged = False
        self._epochs = Series()
        self._batches = Series()
        self._steps_per_epoch = 0
        self._held_out = True
        self._base = self._latest = (0, 0)
        self._base_x = 0.0

    @property
    def training(self) -> Series:
        """The training loss over epochs."""
        return self._epochs if len(self._epochs) > ENOUGH_EPOCHS else self._batches

    @property
    def last_x(self) -> float | None:
        """The epoch of the newest point, or None before the first."""
        return float(self.training.x[-1]) if len(self.training) else None

    def begin_run(self, event: RunStarted) -> None:
        """A run starts where the last one stopped, also in the middle of an epoch."""
        self._steps_per_epoch = event.steps_per_epoch
        self._held_out = event.validation_samples > 0
        self.diverged_at = None
        self._base = self._latest
        self._base_x = max(
            (float(series.x[-1]) for series in (self._epochs, self._batches) if len(series)), default=0.0
        )
        if not len(self._batches):
            self._batches.append(0.0, event.loss)
            self._epochs.append(0.0, event.loss)

    def add(self, telemetry: Telemetry) -> None:
        """Add what was measured."""
        self._add_steps(telemetry.steps)
        self._add_epochs(telemetry.epochs)

    def end_run(self, event: RunEnded) -> None:
        """A run is over; of one that diverged, show the way up, and what the parameters that were put back give."""
        if event.stopped != "diverged" or not self._steps_per_epoch:
            return
        last = self._epochs.x[-1] if len(self._epochs) else -np.inf
        x = max(self._base_x + event.steps / self._steps_per_epoch, float(last))
        tail = self._batches.x > last
        self._epochs.extend(self._batches.x[tail].tolist(), self._batches.y[tail].tolist())
        for series in (self._epochs, self._batches):
            series.append(x, event.loss_last)
        if self._held_out:
            self.validation.append(x, event.validation_loss)
        self.metric.append(x, event.metric_value)

    def note_divergence(self, event: Diverged) -> None:
        """The run went wrong here, or a single step did."""
        self.has_diverged = True
        if self._steps_per_epoch:
            self.diverged_at = self._base_x + (event.step - self._base[0]) / self._steps_per_epoch

    def clear(self) -> None:
        """Begin again at epoch 0."""
        for series in (self.validation, self.metric, self._epochs, self._batches):
            series.clear()
        self._base = self._latest = (0, 0)
        self._base_x = 0.0
        self.diverged_at, self.has_diverged = None, False

    def _add_steps(self, steps: tuple[StepsTaken, ...]) -> None:
        if not steps or not self._steps_per_epoch:
            return
        x = [self._epoch_of(event) for event in steps]
        self._batches.extend(x, [event.mean_loss for event in steps])
        self._latest = (steps[-1].step, steps[-1].epoch)

    def _epoch_of(self, event: StepsTaken) -> float:
        """Where steps lie in time; within their epoch also after another batch size has made epochs longer or shorter."""
        over = event.epoch - self._base[1]
        steps = (event.step - self._base[0]) / self._steps_per_epoch
        return self._base_x + min(max(steps, over), over + 1)

    def _add_epochs(self, epochs: tuple[EpochEnded, ...]) -> None:
        if not epochs:
            return
        x = [self._base_x + (event.epoch - self._base[1]) for event in epochs]
        self._epochs.extend(x, [event.loss for event in epochs])
        if self._held_out:
            self.validation.extend(x, [event.validation_loss for event in epochs])
        self.metric.extend(x, [event.validation_metric for event in epochs])
        self._latest = (epochs[-1].step, epochs[-1].epoch)
