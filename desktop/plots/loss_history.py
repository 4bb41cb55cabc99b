"""LossHistory: the measured points of a run as curves over epochs, from its first step to its last, in bounded memory."""

from core.training.events import EpochEnded, RunStarted, StepsTaken
from desktop.plots.series import Series
from desktop.training.telemetry import Telemetry

ENOUGH_EPOCHS = 8


class LossHistory:
    """Losses per epoch; while there are few epochs, the mean batch losses in between stand in for the training loss."""

    def __init__(self) -> None:
        self.validation = Series()
        self.metric = Series()
        self._epochs = Series()
        self._batches = Series()
        self._steps_per_epoch = 0
        self._base = (0, 0)
        self._latest = (0, 0)

    @property
    def training(self) -> Series:
        """The training loss over epochs."""
        return self._epochs if len(self._epochs) > ENOUGH_EPOCHS else self._batches

    @property
    def last_x(self) -> float | None:
        """The epoch of the newest point, or None before the first."""
        return float(self.training.x[-1]) if len(self.training) else None

    def begin_run(self, event: RunStarted) -> None:
        """A run starts where the last one stopped."""
        self._steps_per_epoch = event.steps_per_epoch
        self._base = self._latest
        if not len(self._batches):
            self._batches.append(0.0, event.loss)
            self._epochs.append(0.0, event.loss)

    def add(self, telemetry: Telemetry) -> None:
        """Add what was measured."""
        self._add_steps(telemetry.steps)
        self._add_epochs(telemetry.epochs)

    def clear(self) -> None:
        """Begin again at epoch 0."""
        for series in (self.validation, self.metric, self._epochs, self._batches):
            series.clear()
        self._base = self._latest = (0, 0)

    def _add_steps(self, steps: tuple[StepsTaken, ...]) -> None:
        if not steps or not self._steps_per_epoch:
            return
        first_step, first_epoch = self._base
        x = [first_epoch + (event.step - first_step) / self._steps_per_epoch for event in steps]
        self._batches.extend(x, [event.mean_loss for event in steps])
        self._latest = (steps[-1].step, steps[-1].epoch)

    def _add_epochs(self, epochs: tuple[EpochEnded, ...]) -> None:
        if not epochs:
            return
        x = [float(event.epoch) for event in epochs]
        self._epochs.extend(x, [event.loss for event in epochs])
        self.validation.extend(x, [event.validation_loss for event in epochs])
        self.metric.extend(x, [event.validation_metric for event in epochs])
        self._latest = (epochs[-1].step, epochs[-1].epoch)
