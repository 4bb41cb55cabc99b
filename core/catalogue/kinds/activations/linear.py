"""The linear activation: no bend at all."""

from typing import Any

from core.catalogue.activation import ActivationKind
from core.catalogue.glyphs import curve_glyph
from core.ops.activations import Identity
from core.ops.elementwise import Activation


class LinearKind(ActivationKind):
    """The value as it is."""

    key = "linear"
    title = "Linear"
    synonyms = ("identity", "none", "no activation", "pass through", "activation")
    help = (
        "Passes every value on as it is. "
        "It is right for outputs that may be any number, and useless between two layers, which then act as one."
    )
    formula = r"f(z) = z"
    glyph = curve_glyph(Identity())
    order = 10

    def op(self, settings: Any) -> Activation:
        return Identity()
