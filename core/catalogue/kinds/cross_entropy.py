"""Losses for targets that are classes: how surprised the network is by the right answer."""

from typing import Annotated

import msgspec

from core.catalogue.class_weights import ClassLossKind
from core.catalogue.kind import Task
from core.catalogue.loss import WeightedLossKind
from core.ops.activations import Sigmoid, Softmax
from core.ops.losses import (
    BinaryCrossEntropy,
    BinaryCrossEntropyFromLogits,
    CategoricalCrossEntropy,
    CategoricalCrossEntropyFromLogits,
)
from core.ops.op import Shape


class BinaryCrossEntropyKind(ClassLossKind):
    """Cross-entropy of yes-or-no answers."""

    key = "binary_cross_entropy"
    title = "Binary cross-entropy"
    synonyms = ("BCE", "log loss", "logistic loss", "negative log-likelihood", "yes or no", "classification", "cost")
    help = (
        "Compares probabilities between 0 and 1 with yes-or-no targets, and punishes confident mistakes hardest. "
        "Put a sigmoid before it; the two are then computed together, which keeps extreme values exact."
    )
    formula = r"L = -\frac{1}{n} \sum_i \left[t_i \ln y_i + (1 - t_i) \ln(1 - y_i)\right]"
    glyph = "M4 3 C5 15 9 19 21 20 M20 3 C19 15 15 19 3 20"
    suits = frozenset({Task.BINARY})
    op = BinaryCrossEntropy
    logits_of = Sigmoid
    op_from_logits = BinaryCrossEntropyFromLogits
    order = 40

    class Hyperparameters(WeightedLossKind.Hyperparameters, frozen=True, kw_only=True, forbid_unknown_fields=True):
        class_weights: Annotated[
            str,
            msgspec.Meta(
                max_length=4096,
                title="Class weights",
                description="How much no and yes count: two numbers with a comma between; empty for both alike.",
                examples=["", "1, 2.5"],
            ),
        ] = ""

    def classes(self, shape: Shape) -> int:
        return 2


class CategoricalCrossEntropyKind(ClassLossKind):
    """Cross-entropy of one answer out of several."""

    key = "categorical_cross_entropy"
    title = "Categorical cross-entropy"
    synonyms = (
        "CCE",
        "softmax loss",
        "log loss",
        "negative log-likelihood",
        "NLL",
        "classes",
        "classification",
        "cost",
    )
    help = (
        "Looks at the probability that the network gives to the right class, and punishes it for being small. "
        "Put a softmax before it; the two are then computed together, which keeps extreme values exact."
    )
    formula = r"L = -\frac{1}{n} \sum_i \sum_k t_{ik} \ln y_{ik}"
    glyph = "M3 3 C4 14 8 18 21 19 M6 15 a2.2 2.2 0 1 0 4.4 0 a2.2 2.2 0 1 0 -4.4 0 M3 22 H21"
    suits = frozenset({Task.CLASSES})
    op = CategoricalCrossEntropy
    logits_of = Softmax
    op_from_logits = CategoricalCrossEntropyFromLogits
    order = 50
