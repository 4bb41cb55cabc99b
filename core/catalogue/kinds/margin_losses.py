"""Losses that ask for a margin: right is not enough, it has to be right by 1."""

from core.catalogue.kind import Task
from core.catalogue.loss import WeightedLossKind
from core.ops.losses import ClassHinge, Hinge


class HingeKind(WeightedLossKind):
    """A margin for yes-or-no answers."""

    key = "hinge"
    title = "Hinge"
    synonyms = ("SVM", "support vector machine", "margin", "max margin", "yes or no", "classification", "cost")
    help = (
        "Wants answers above 1 for yes and below -1 for no, and punishes only what falls short of that. "
        "Put no sigmoid before it: the answer may be any number, and its sign decides."
    )
    formula = r"L = \frac{1}{n} \sum_i \max\left(0, 1 - s_i y_i\right), \quad s_i = 2 t_i - 1"
    glyph = "M3 4 L14 17 H21 M14 14 V20"
    suits = frozenset({Task.BINARY})
    op = Hinge
    order = 60


class ClassHingeKind(WeightedLossKind):
    """A margin for one answer out of several."""

    key = "class_hinge"
    title = "Class hinge"
    synonyms = ("multi-class hinge", "multi margin", "SVM", "Weston Watkins", "classes", "classification", "cost")
    help = (
        "Wants the score of the right class to lead each other score by 1, and punishes only what falls short of that. "
        "Put no softmax before it: scores may be any numbers, and the largest decides."
    )
    formula = r"L = \frac{1}{K} \sum_{k \ne y} \max\left(0, 1 + z_k - z_y\right)"
    glyph = "M3 4 L11 14 H21 M3 10 L11 20 H21"
    suits = frozenset({Task.CLASSES})
    op = ClassHinge
    order = 65
