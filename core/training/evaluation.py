"""Measuring a network on many samples at once: the mean loss, and the metric that people know."""

from typing import NamedTuple

import numpy as np

from core.capacity import CHUNK
from core.model.model import BoundStep, Model
from core.ops.op import Array, LossOp
from core.training.batching import Part
from core.training.metrics import judged_by, metric_for


class Measurement(NamedTuple):
    """The mean loss over a part, and its metric (the loss again, where the network compares nothing)."""

    loss: float
    metric: float


class Measured(NamedTuple):
    """A network on what it learns from, and on what is held out."""

    learned: Measurement
    held_out: Measurement


class Evaluation:
    """Measures a model on what it learns from and on what is held out (which is the same where nothing is)."""

    def __init__(self, model: Model, learned: Part, held_out: Part | None, task: str) -> None:
        self._learned = Evaluator(model, learned, task)
        self._held_out = None if held_out is None else Evaluator(model, held_out, task)

    def measure(self) -> Measured:
        """Run the network over both parts."""
        with np.errstate(all="ignore"):
            learned = self._learned.measure()
            return Measured(learned, learned if self._held_out is None else self._held_out.measure())


class Evaluator:
    """Measures a model on one part of the data; everything is prepared once."""

    def __init__(self, model: Model, part: Part, task: str) -> None:
        self._part = part
        self._judge = judged_by(model.plan)
        if self._judge is not None:
            targets = part.targets[self._judge.node]
            self._answers = np.empty_like(targets)
            self._metric = metric_for(self._judge, task, targets, model.plan.boundary)
        self._losses = [op for step in model.plan.steps if isinstance(op := step.op, LossOp)]
        self._chunks = [self._chunk(model, start) for start in range(0, len(part), CHUNK)]
        self._counts = np.array([bound.batch for bound, _, _ in self._chunks])

    def measure(self) -> Measurement:
        """Run the network over the whole part, as it would answer a user (without dropout)."""
        numbers = np.empty((len(self._chunks), len(self._losses)))
        loss = 0.0
        for row, (bound, pairs, columns) in zip(numbers, self._chunks):
            for place, values in pairs:
                np.copyto(place, values)
            bound.forward()
            loss = bound.loss
            row[:] = [float(part.number) for part in bound.losses]
            if self._judge is not None:
                np.copyto(self._answers[..., columns], bound.predictions[self._judge.node])
        if len(self._chunks) > 1:
            loss = sum(op.weight * op.merge(column, self._counts) for op, column in zip(self._losses, numbers.T))
        return Measurement(loss, loss if self._judge is None else self._metric(self._answers))

    def _chunk(self, model: Model, start: int) -> tuple[BoundStep, tuple[tuple[Array, Array], ...], slice]:
        """What runs over some samples, what to copy into it first, and which samples these are."""
        samples = self._part.columns(start, start + CHUNK)
        bound = model.bound(len(samples), training=False)
        return bound, samples.fill(bound), slice(start, start + CHUNK)
