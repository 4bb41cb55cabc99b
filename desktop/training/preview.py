"""Preview: the snapshot of a network that is not being trained, so that canvas and plots are alive before the first step."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.compiler.plan import Plan
from core.datasets.dataset import Dataset
from core.diagram.records import TrainingSettings
from core.errors import NeuroloomError
from core.inspection.probe import Prober
from core.inspection.snapshot import ProbeRequest, Snapshot
from core.model.model import Model
from core.training.trainer import Trainer

FloatArray = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class Measured:
    """How good a network is that is not being trained; ``metric`` is "accuracy" or "r2"."""

    metric: str
    loss: float
    validation_loss: float
    metric_value: float
    validation_metric: float


class Preview:
    """A model with its prober, for one plan on one dataset. Raises ModelError where they do not fit each other."""

    def __init__(self, plan: Plan, dataset: Dataset, settings: TrainingSettings) -> None:
        self._model = Model(plan, seed=settings.seed)
        self._trainer = _trainer(self._model, dataset, settings)
        held_out = None if self._trainer is None else self._trainer.validation_indices
        self._prober = Prober(plan, dataset, held_out)
        self.measured: Measured | None = None

    def snapshot(self, parameters: dict[str, FloatArray], probe: ProbeRequest, step: int, epoch: int) -> Snapshot:
        """What the network answers with these parameters, and its loss on the training samples; ``measured`` has the rest."""
        self._model.load(parameters)
        if self._trainer is not None:
            self.measured = Measured(self._trainer.metric, *self._trainer.evaluate())
        loss = float("nan") if self.measured is None else self.measured.loss
        return self._prober.take(self._model, probe, step=step, epoch=epoch, loss=loss)


def _trainer(model: Model, dataset: Dataset, settings: TrainingSettings) -> Trainer | None:
    """None for a network that cannot be trained: it has no loss, or nothing to train."""
    try:
        return Trainer(model, dataset, settings) if model.plan.losses else None
    except NeuroloomError:
        return None
