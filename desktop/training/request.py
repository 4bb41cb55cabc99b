"""TrainingRequest: everything that a run needs, frozen on the GUI thread, so that the worker touches nothing that lives."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.compiler.plan import Plan
from core.datasets.dataset import Dataset
from core.diagram.records import TrainingSettings
from core.inspection.snapshot import ProbeRequest

FloatArray = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class TrainingRequest:
    """One run: the plan, the data, the settings, and the parameters to begin with (copies).

    ``optimizer_state`` is what the update rule remembers from before, of which a run takes what still fits; ``epochs_before`` are those
    of the same run that were over before, for its schedule. ``step`` and ``epoch`` say how far the parameters were trained before, so that the curves go on where they stopped;
    ``paused`` runs wait for their first single step; ``steps_per_second`` holds the pace down, None is full speed.
    """

    plan: Plan
    dataset: Dataset
    settings: TrainingSettings
    parameters: dict[str, FloatArray] = field(default_factory=dict)
    optimizer_state: dict[str, FloatArray] = field(default_factory=dict)
    epochs_before: int = 0
    probe: ProbeRequest = field(default_factory=ProbeRequest)
    step: int = 0
    epoch: int = 0
    paused: bool = False
    steps_per_second: float | None = None
