"""Early stopping: end a run when what is held out has not become better for a while (Prechelt, 1998).

It watches the validation loss, epoch by epoch; where no samples are held out, that is the loss of all samples.
"""

import math
from numbers import Integral
from typing import Protocol

from core.errors import TrainingError
from core.training.calls import FloatArray


class EarlyStoppingSettings(Protocol):
    """Stop after ``patience`` epochs without an improvement of more than ``min_improvement``."""

    @property
    def patience(self) -> int: ...
    @property
    def min_improvement(self) -> float: ...
    @property
    def restore_best(self) -> bool: ...


class Patience:
    """Follows the validation loss of a run; None for settings never loses patience."""

    def __init__(self, settings: EarlyStoppingSettings | None) -> None:
        self._settings = settings
        self._best_loss = math.inf
        self._best: FloatArray | None = None
        self._waited = 0

    @property
    def is_lost(self) -> bool:
        """Whether there were as many epochs without an improvement as are allowed."""
        return self._settings is not None and self._waited >= self._settings.patience

    def note_epoch(self, loss: float, parameters: FloatArray) -> None:
        """An epoch is over, and this is its validation loss; the parameters are copied if they are the best so far."""
        if self._settings is None:
            return
        if loss < self._best_loss - self._settings.min_improvement:
            self._best_loss, self._waited = loss, 0
            if self._settings.restore_best:
                self._best = parameters.copy()
        else:
            self._waited += 1

    def restore(self, parameters: FloatArray) -> None:
        """Write the best parameters back, where they were kept."""
        if self._best is not None:
            parameters[...] = self._best


def check_early_stopping(settings: EarlyStoppingSettings) -> None:
    """Raises TrainingError for a patience or an improvement that makes no sense."""
    if not isinstance(settings.patience, Integral) or settings.patience < 1:
        raise TrainingError(f"The patience is {settings.patience} epochs; it must be a whole number from 1 up.")
    if not 0.0 <= settings.min_improvement < math.inf:
        raise TrainingError(f"The least improvement is {settings.min_improvement:g}; it must be from 0 up.")
