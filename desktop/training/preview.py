"""Preview: the snapshot of a network that is not being trained, so that canvas and plots are alive before the first step."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.compiler.plan import Plan
from core.datasets.dataset import Dataset
from core.diagram.records import TrainingSettings
from core.inspection.probe import Prober
from core.inspection.snapshot import ProbeRequest, Snapshot
from core.model.model import Model
from core.training.trainer import Trainer

FloatArray = NDArray[np.floating[Any]]


class Preview:
    """A model and a prober for one plan on one dataset, made when they are first needed."""

    def __init__(self, plan: Plan, dataset: Dataset, settings: TrainingSettings) -> None:
        self._model = Model(plan, seed=settings.seed)
        held_out = Trainer(self._model, dataset, settings).validation_indices if plan.losses else None
        self._prober = Prober(plan, dataset, held_out)

    def snapshot(self, parameters: dict[str, FloatArray], probe: ProbeRequest, step: int, epoch: int) -> Snapshot:
        """What the network answers with these parameters."""
        self._model.load(parameters)
        return self._prober.take(self._model, probe, step=step, epoch=epoch)
