"""Softmax: turns a row of numbers into probabilities that add up to 1."""

from typing import Any

from core.catalogue.activation import ActivationKind
from core.ops.activations import Softmax
from core.ops.elementwise import Activation


class SoftmaxKind(ActivationKind):
    """Probabilities of several classes."""

    key = "softmax"
    title = "Softmax"
    elementwise = False
    synonyms = ("probabilities", "normalized exponential", "classes", "classification", "multinomial", "activation")
    help = (
        "Turns a row of numbers into probabilities: all above 0, and 1 in sum. "
        "It stands at the end of a network that chooses one of several classes."
    )
    formula = r"f(z)_k = \frac{e^{z_k}}{\sum_j e^{z_j}}"
    glyph = "M3 21 H21 M5 21 V17 H8 V21 M10.5 21 V4 H13.5 V21 M16 21 V13 H19 V21"
    order = 110

    def op(self, settings: Any) -> Activation:
        return Softmax()
