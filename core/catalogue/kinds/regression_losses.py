"""Losses for targets that are numbers: how far the prediction is off, squared or not."""

from core.catalogue.kind import Task
from core.catalogue.loss import WeightedLossKind
from core.ops.losses import MeanAbsoluteError, MeanSquaredError, RootMeanSquaredError


class MeanSquaredErrorKind(WeightedLossKind):
    """The mean of the squared differences."""

    key = "mean_squared_error"
    title = "Mean squared error"
    synonyms = ("MSE", "L2 loss", "squared loss", "quadratic cost", "least squares", "regression", "cost", "error")
    help = (
        "Squares the difference between prediction and target, and takes the mean over all values. "
        "Large misses count far more than small ones, which suits targets that are numbers."
    )
    formula = r"L = \frac{1}{n} \sum_i \left(y_i - t_i\right)^2"
    glyph = "M3 4 C6 24 18 24 21 4 M3 20.5 H21"
    suits = frozenset({Task.REGRESSION})
    op = MeanSquaredError
    order = 10


class RootMeanSquaredErrorKind(WeightedLossKind):
    """The root of the mean of the squared differences."""

    key = "root_mean_squared_error"
    title = "Root mean squared error"
    synonyms = ("RMSE", "root mean square", "standard error", "regression", "cost", "error")
    help = (
        "Takes the square root of the mean squared error, so that the loss has the unit of the target itself. "
        "It ranks networks as the mean squared error does, and is easier to read."
    )
    formula = r"L = \sqrt{\frac{1}{n} \sum_i \left(y_i - t_i\right)^2}"
    glyph = "M2 13 L5 11 L8 20 L12 4 H22 M13 8 C14.5 20 19.5 20 21 8"
    suits = frozenset({Task.REGRESSION})
    op = RootMeanSquaredError
    order = 20


class MeanAbsoluteErrorKind(WeightedLossKind):
    """The mean of the absolute differences."""

    key = "mean_absolute_error"
    title = "Mean absolute error"
    synonyms = ("MAE", "L1 loss", "absolute loss", "least absolute deviations", "regression", "robust", "cost", "error")
    help = (
        "Takes the mean of how far predictions lie from their targets, in either direction. "
        "A few wild targets disturb it less than they disturb the mean squared error."
    )
    formula = r"L = \frac{1}{n} \sum_i \left|y_i - t_i\right|"
    glyph = "M3 5 L12 19 L21 5 M3 20.5 H21"
    suits = frozenset({Task.REGRESSION})
    op = MeanAbsoluteError
    order = 30
