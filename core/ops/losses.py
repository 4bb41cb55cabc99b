"""The loss functions, all of them by name: one number for how wrong a prediction is, and which way to push it.

Every loss is a mean, over the batch and over the outputs where there are several numbers to predict (so does PyTorch), or
over the batch where the outputs are the shares of one answer.
"""

from core.ops.cross_entropies import (
    BinaryCrossEntropy,
    BinaryCrossEntropyFromLogits,
    CategoricalCrossEntropy,
    CategoricalCrossEntropyFromLogits,
)
from core.ops.divergences import NormalDivergence, ShareDivergence
from core.ops.error_losses import Huber, LogCosh, MeanAbsoluteError, MeanSquaredError, RootMeanSquaredError
from core.ops.margins import ClassHinge, Hinge

__all__ = [
    "BinaryCrossEntropy",
    "BinaryCrossEntropyFromLogits",
    "CategoricalCrossEntropy",
    "CategoricalCrossEntropyFromLogits",
    "ClassHinge",
    "Hinge",
    "Huber",
    "LogCosh",
    "MeanAbsoluteError",
    "MeanSquaredError",
    "NormalDivergence",
    "RootMeanSquaredError",
    "ShareDivergence",
]
