"""Logbook: what the worker writes down between two looks of the window, counted from where the parameters began.

The trainer counts from the start of its run; people count from the first step of the weights, over pauses, edits and restarts.
"""

from dataclasses import replace
from typing import TypeVar

from core.training.events import Diverged, EpochEnded, RunEnded, RunStarted, StepsTaken, TrainingEvent
from desktop.training.mailbox import Mailbox
from desktop.training.telemetry import GradientNorms, Telemetry, thinned

Point = TypeVar("Point", StepsTaken, EpochEnded, Diverged)


class Logbook:
    """``step``, ``epoch`` and ``loss`` are the newest; ``step`` and ``epoch`` go on from where earlier runs stopped."""

    def __init__(self, mailbox: Mailbox[Telemetry], step: int, epoch: int) -> None:
        self.step, self.epoch = step, epoch
        self.loss = float("nan")
        self._mailbox = mailbox
        self._first = (step, epoch)
        self._epochs: list[EpochEnded] = []
        self._steps: list[StepsTaken] = []
        self._gradients: list[GradientNorms] = []
        self._diagnosis: str | None = None

    def note(self, event: TrainingEvent) -> int:
        """Write an event down; how many steps it tells of."""
        match event:
            case StepsTaken():
                self.loss = event.loss
                self._steps.append(self._moved(event))
                self._steps = thinned(self._steps)
                return event.steps
            case EpochEnded():
                self._epochs.append(self._moved(event))
                self._epochs = thinned(self._epochs)
            case RunStarted():
                self.loss = event.loss
            case Diverged():
                self._diagnosis = self._moved(event).diagnosis
            case RunEnded():
                self.loss = event.loss_last
        return 0

    def told(self, event: TrainingEvent) -> TrainingEvent:
        """What has just been written down, in the words of people: they count from the first step of the weights."""
        if isinstance(event, Diverged):
            return replace(event, step=self.step, epoch=self.epoch)
        return replace(event, diagnosis=self._diagnosis) if isinstance(event, RunEnded) else event

    def note_gradients(self, norms: dict[str, float]) -> None:
        """Write down how large the gradients are at the newest step."""
        self._gradients.append(GradientNorms(self.step, norms))
        self._gradients = thinned(self._gradients)

    def publish(self, steps_per_second: float, *, force: bool = False) -> None:
        """Put everything into the mailbox if the last was taken; with ``force`` in any case, together with what lies there."""
        if not (self._mailbox.is_empty or force):
            return
        news = Telemetry(tuple(self._epochs), tuple(self._steps), tuple(self._gradients), steps_per_second)
        left = self._mailbox.take()
        self._mailbox.put(news if left is None else left.then(news))
        self._epochs, self._steps, self._gradients = [], [], []

    def _moved(self, event: Point) -> Point:
        self.step, self.epoch = event.step + self._first[0], event.epoch + self._first[1]
        return replace(event, step=self.step, epoch=self.epoch)
