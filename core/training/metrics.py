"""How good the answers are, as one number that people know: accuracy where there are classes, R2 for quantities.

A metric is made for fixed targets, so that what depends on them alone is worked out once; it is asked after every epoch.
Answers and targets have the sample shape and then the sample number as their last axis.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.compiler.plan import LossBinding, Plan
from core.ops.layout import PICTURE
from core.ops.op import LossOp

FloatArray: TypeAlias = NDArray[np.floating[Any]]
Metric: TypeAlias = Callable[[FloatArray], float]


def judged_by(plan: Plan) -> LossBinding | None:
    """The loss whose answers a network is judged by: the first that compares them with something."""
    return next((loss for loss in plan.losses if loss.target_slot is not None), None)


def metric_name(loss: LossBinding | None, task: str) -> str:
    """What answers are measured by: "accuracy" or, for quantities and for the samples themselves, "r2".

    Where nothing is compared there is "validation_loss" alone.
    """
    if loss is None:
        return "validation_loss"
    return "r2" if task == "regression" or loss.compares_inputs else "accuracy"


def metric_for(loss: LossBinding, task: str, targets: FloatArray, yes_above: float = LossOp.boundary) -> Metric:
    """That metric, as a function of the answers alone; the points of a picture are judged together."""
    if loss.compares_inputs or targets.ndim == PICTURE + 1:
        return explained_share(targets)
    return r_squared(targets) if task == "regression" else accuracy(targets, yes_above)


def accuracy(targets: FloatArray, yes_above: float = LossOp.boundary) -> Metric:
    """The share of right answers.

    One output speaks for class 1 above ``yes_above``, which is 0.5 for a probability; of several the largest speaks, and is right where the
    target of its class is the largest (of several that share it, each is right). In a sequence every step is an answer of
    its own, except where the target is all zeros, which asks nothing.
    """
    wanted = _columns(targets)
    if len(wanted) == 1:
        ones = wanted[0] > 0.5
        return lambda answers: float(np.count_nonzero((_columns(answers)[0] > yes_above) == ones)) / len(ones)
    asked = wanted.any(axis=0)
    right = (wanted == wanted.max(axis=0)) & asked
    count, column = int(np.count_nonzero(asked)) or 1, np.arange(wanted.shape[1])
    return lambda answers: float(np.count_nonzero(right[np.argmax(_columns(answers), axis=0), column])) / count


def r_squared(targets: FloatArray) -> Metric:
    """``R2 = 1 - sum (t - y)^2 / sum (t - mean t)^2``, averaged over the outputs.

    The steps of a sequence count as samples. 1 is perfect, 0 is no better than always answering the mean. Where the targets are all the same, the spread that the
    error is compared with is 0: then R2 is 1 for exact answers and 0 for others (the convention of scikit-learn).
    """
    wanted = _columns(targets).astype(np.float64)
    spread = np.square(wanted - wanted.mean(axis=1, keepdims=True)).sum(axis=1)
    constant = spread == 0.0
    divisor = np.where(constant, 1.0, spread)

    def measure(answers: FloatArray) -> float:
        error = np.square(wanted - _columns(answers)).sum(axis=1)
        return float(np.where(constant, error == 0.0, 1.0 - error / divisor).mean())

    return measure


def explained_share(targets: FloatArray) -> Metric:
    """``R2 = 1 - sum (t - y)^2 / sum (t - mean t)^2`` over all values of all samples together, each with the mean of its place.

    So a pixel that is nearly always dark counts for little. Where the targets are all the same, R2 is 1 for exact answers and 0
    for others.
    """
    wanted = _rows(targets).astype(np.float64)
    spread = float(np.square(wanted - wanted.mean(axis=1, keepdims=True)).sum())

    def measure(answers: FloatArray) -> float:
        error = float(np.square(wanted - _rows(answers)).sum())
        return 1.0 - error / spread if spread else float(error == 0.0)

    return measure


def _columns(scores: FloatArray) -> FloatArray:
    """(classes, samples); the steps of a sequence (time, classes, samples) become samples."""
    if scores.ndim == 3:
        scores = np.moveaxis(scores, 1, 0)
        return scores.reshape(len(scores), -1)
    return _rows(scores)


def _rows(values: FloatArray) -> FloatArray:
    return values.reshape(-1, values.shape[-1])
