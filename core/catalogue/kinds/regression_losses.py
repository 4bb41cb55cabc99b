"""Losses for targets that are numbers: how far the prediction is off, squared or not."""

from typing import Annotated, Any

import msgspec

from core.catalogue.kind import Task
from core.catalogue.loss import WeightedLossKind
from core.ops.losses import Huber, LogCosh, MeanAbsoluteError, MeanSquaredError, RootMeanSquaredError


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


class HuberKind(WeightedLossKind):
    """Squared near 0, straight far out."""

    key = "huber"
    title = "Huber"
    synonyms = ("smooth L1", "robust", "outliers", "regression", "cost", "error")
    help = (
        "Counts small errors squared and errors beyond delta only by their size. "
        "A few wild targets therefore do not pull the whole network towards them."
    )
    formula = (
        r"h(e) = \begin{cases} \frac{1}{2} e^2 & |e| \le \delta \\ "
        r"\delta \left(|e| - \frac{\delta}{2}\right) & |e| > \delta \end{cases}"
    )
    glyph = "M2 5 L7.5 15 C9.5 18.7 14.5 18.7 16.5 15 L22 5 M7.5 20.5 H16.5"
    suits = frozenset({Task.REGRESSION})
    op = Huber
    order = 32

    class Hyperparameters(WeightedLossKind.Hyperparameters, frozen=True, kw_only=True, forbid_unknown_fields=True):
        delta: Annotated[
            float,
            msgspec.Meta(
                gt=0, le=1e6, title="Delta", description="The error from which on only the size counts, not the square."
            ),
        ] = 1.0

    def headline(self, settings: Any) -> str:
        return f"delta {settings.delta:g}"

    def arguments(self, settings: Any) -> dict[str, Any]:
        return {**super().arguments(settings), "delta": settings.delta}


class LogCoshKind(WeightedLossKind):
    """Huber's loss without corners."""

    key = "log_cosh"
    title = "Log-cosh"
    synonyms = ("logcosh", "hyperbolic cosine", "smooth", "robust", "outliers", "regression", "cost", "error")
    help = (
        "Takes the logarithm of the hyperbolic cosine of each error: about half its square near 0, about its size far out. "
        "It is as robust as Huber's loss, bends smoothly everywhere, and has nothing to set."
    )
    formula = r"L = \frac{1}{n} \sum_i \ln \cosh\left(y_i - t_i\right)"
    glyph = "M2 4 L6 11 C10 18.5 14 18.5 18 11 L22 4 M8 20.5 H9 M11.5 20.5 H12.5 M15 20.5 H16"
    suits = frozenset({Task.REGRESSION})
    op = LogCosh
    order = 34
