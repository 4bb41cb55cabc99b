"""Kullback-Leibler divergences: of what an encoder puts out from a normal distribution, and of predicted shares from true ones."""

from typing import Any

import msgspec

from core.catalogue.kind import Builder, Category, LossKind, Port, ShapeError, Shapes, Task, Value, Values
from core.catalogue.loss import Weight, WeightedLossKind, weight_headline
from core.catalogue.shapes import in_words
from core.ops.activations import Softmax
from core.ops.losses import NormalDivergence, ShareDivergence
from core.ops.op import LossOp, Shape


class NormalDivergenceKind(LossKind):
    """Keeps a code close to normal."""

    key = "kullback_leibler"
    title = "Kullback-Leibler"
    category = Category.LOSS
    synonyms = ("KL divergence", "VAE", "variational autoencoder", "latent", "regularization", "relative entropy")
    help = (
        "Measures how far the codes of a variational autoencoder lie from a normal distribution, and needs no target. "
        "Give it a small weight beside the loss that compares pictures, or every code becomes the same."
    )
    formula = r"L = \frac{1}{2 n} \sum_i \sum_k \left(\mu_{ik}^2 + e^{v_{ik}} - 1 - v_{ik}\right)"
    glyph = "M2 20 C8 20 7 5 10 5 C13 5 12 20 18 20 M6 20 C12 20 12 9 15 9 C18 9 18 20 22 20"
    inputs = (Port("mean", "Mean"), Port("log_variance", "Logarithm of the variance"))
    has_target = False
    order = 70

    class Hyperparameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
        weight: Weight = 1.0

    def headline(self, settings: Any) -> str:
        return weight_headline(settings)

    def infer_shape(self, settings: Any, shapes: Shapes) -> dict[str, Shape]:
        (mean,), (log_variance,) = shapes["mean"], shapes["log_variance"]
        if mean != log_variance:
            raise ShapeError(
                f"{self.title} wants a mean and a variance for each value of the code; "
                f"these are {in_words(mean)} and {in_words(log_variance)}."
            )
        return {}

    def loss(self, settings: Any, values: Values, builder: Builder) -> tuple[LossOp, tuple[Value, ...]]:
        return NormalDivergence(weight=settings.weight), (*values["mean"], *values["log_variance"])


class ShareDivergenceKind(WeightedLossKind):
    """How far predicted shares lie from true ones."""

    key = "share_divergence"
    title = "Divergence of shares"
    synonyms = ("KL divergence", "relative entropy", "distillation", "soft targets", "information gain", "cost")
    help = (
        "Compares two distributions: the shares that are predicted, and targets that are shares themselves. "
        "It is 0 where both are the same, while cross-entropy then still is the entropy of the target."
    )
    formula = r"L = \frac{1}{n} \sum_i \sum_k t_{ik} \ln \frac{t_{ik}}{y_{ik}}"
    glyph = "M4 20 V10 H8 V20 M10 20 V4 H14 V20 M16 20 V14 H20 V20 M3 13 H9 M9 8 H15 M15 11 H21"
    suits = frozenset({Task.CLASSES})
    op = ShareDivergence
    logits_of = Softmax
    order = 75
