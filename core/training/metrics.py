"""How good the answers are, as one number that people know: accuracy where there are classes, R2 for quantities."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.floating[Any]]


def metric_name(task: str) -> str:
    """ "r2" for regression, else "accuracy"."""
    return "r2" if task == "regression" else "accuracy"


def accuracy(predictions: FloatArray, targets: FloatArray) -> float:
    """The share of samples that are given their own class; both arrays are (outputs, samples).

    One output is a probability and speaks for class 1 above 0.5; of several the largest speaks.
    """
    if len(targets) == 1:
        return float(np.mean((predictions > 0.5) == (targets > 0.5)))
    return float(np.mean(predictions.argmax(axis=0) == targets.argmax(axis=0)))


def r_squared(predictions: FloatArray, targets: FloatArray) -> float:
    """``R2 = 1 - sum (t - y)^2 / sum (t - mean t)^2``, averaged over the outputs; both arrays are (outputs, samples).

    1 is perfect, 0 is no better than always answering the mean. Where the targets are all the same, the spread that the
    error is compared with is 0: then R2 is 1 for exact answers and 0 for others (the convention of scikit-learn).
    """
    targets = np.asarray(targets, np.float64)
    error = np.square(targets - predictions).sum(axis=1)
    spread = np.square(targets - targets.mean(axis=1, keepdims=True)).sum(axis=1)
    constant = spread == 0.0
    scores = 1.0 - error / np.where(constant, 1.0, spread)
    return float(np.where(constant, error == 0.0, scores).mean())


def measure(task: str, predictions: FloatArray, targets: FloatArray) -> float:
    """The metric of this task; sample axes are flattened, the batch axis is last."""
    samples = targets.shape[-1]
    flat_predictions, flat_targets = predictions.reshape(-1, samples), targets.reshape(-1, samples)
    return (r_squared if task == "regression" else accuracy)(flat_predictions, flat_targets)
