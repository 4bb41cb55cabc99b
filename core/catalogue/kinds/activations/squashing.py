"""Activations that squash any number into a fixed range."""

from typing import Any

from core.catalogue.activation import ActivationKind
from core.catalogue.glyphs import curve_glyph
from core.ops.activations import HardSigmoid, Sigmoid, Softsign, Step, Tanh
from core.ops.elementwise import Activation


class SigmoidKind(ActivationKind):
    """From 0 to 1."""

    key = "sigmoid"
    title = "Sigmoid"
    synonyms = ("logistic", "squash", "S-curve", "probability", "logit", "activation")
    help = (
        "Squashes any number into the range from 0 to 1, steepest at 0. "
        "Read its output as a probability; far from 0 its slope is nearly flat, and learning slows down."
    )
    formula = r"\sigma(z) = \frac{1}{1 + e^{-z}}"
    glyph = curve_glyph(Sigmoid())
    order = 30

    def op(self, settings: Any) -> Activation:
        return Sigmoid()


class HardSigmoidKind(ActivationKind):
    """From 0 to 1 in straight lines."""

    key = "hard_sigmoid"
    title = "Hard sigmoid"
    synonyms = ("piecewise linear sigmoid", "hard logistic", "squash", "relu6", "clip", "activation")
    help = (
        "A sigmoid made of three straight lines: 0 up to -3, 1 from 3 on, and a ramp between. "
        "It is cheap to compute, and outside the ramp its slope is 0, so that learning stops there."
    )
    formula = r"f(z) = \min\left(\max\left(\frac{z}{6} + \frac{1}{2}, 0\right), 1\right)"
    glyph = "M2 20 H6 L18 4 H22"
    order = 35

    def op(self, settings: Any) -> Activation:
        return HardSigmoid()


class TanhKind(ActivationKind):
    """From -1 to 1."""

    key = "tanh"
    title = "Tanh"
    synonyms = ("hyperbolic tangent", "squash", "S-curve", "tangens hyperbolicus", "activation")
    help = (
        "Squashes any number into the range from -1 to 1, and passes small numbers almost unchanged. "
        "Its outputs lie around 0, which helps the layer after it to learn."
    )
    formula = r"\tanh(z) = \frac{e^{z} - e^{-z}}{e^{z} + e^{-z}}"
    glyph = curve_glyph(Tanh())
    order = 40

    def op(self, settings: Any) -> Activation:
        return Tanh()


class SoftsignKind(ActivationKind):
    """From -1 to 1, slowly."""

    key = "softsign"
    title = "Softsign"
    synonyms = ("Elliott", "squash", "S-curve", "soft sign", "activation")
    help = (
        "Squashes any number into the range from -1 to 1 as tanh does, and levels out far more slowly. "
        "Its slope far from 0 is small and yet never quite gone."
    )
    formula = r"f(z) = \frac{z}{1 + |z|}"
    glyph = curve_glyph(Softsign())
    order = 45

    def op(self, settings: Any) -> Activation:
        return Softsign()


class StepKind(ActivationKind):
    """0 or 1."""

    key = "step"
    title = "Step"
    synonyms = ("threshold", "heaviside", "perceptron", "binary", "on off", "hard limit", "activation")
    help = (
        "Answers 1 from zero upwards and 0 below, as the first artificial neurons did. "
        "Its slope is zero everywhere, so gradients cannot pass it and nothing before it learns."
    )
    formula = r"H(z) = \begin{cases} 1 & z \ge 0 \\ 0 & z < 0 \end{cases}"
    glyph = curve_glyph(Step())
    order = 20

    def op(self, settings: Any) -> Activation:
        return Step()
