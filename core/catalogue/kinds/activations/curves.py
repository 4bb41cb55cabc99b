"""Activations that are waves, bells and parabolas; as nodes they also transform inputs."""

from typing import Any

from core.catalogue.activation import ActivationKind
from core.catalogue.glyphs import curve_glyph
from core.ops.activations import Absolute, Gaussian, Sine, Square
from core.ops.elementwise import Activation


class SineKind(ActivationKind):
    """A wave."""

    key = "sin"
    title = "Sine"
    synonyms = ("sin", "wave", "periodic", "SIREN", "feature transform", "activation")
    help = (
        "Takes the sine of every value, a wave between -1 and 1. "
        "After an input it offers the network something that repeats; between layers it draws fine detail."
    )
    formula = r"f(z) = \sin(z)"
    glyph = curve_glyph(Sine())
    order = 120

    def op(self, settings: Any) -> Activation:
        return Sine()


class GaussianKind(ActivationKind):
    """A bell."""

    key = "gaussian"
    title = "Gaussian"
    synonyms = ("bell curve", "bump", "radial", "normal", "exp", "feature transform", "activation")
    help = (
        "Is 1 where the value is 0, and falls to 0 on both sides. "
        "A unit with it answers to a narrow band of weighted sums, and to nothing else."
    )
    formula = r"f(z) = e^{-z^2}"
    glyph = curve_glyph(Gaussian())
    order = 130

    def op(self, settings: Any) -> Activation:
        return Gaussian()


class AbsoluteKind(ActivationKind):
    """How far from zero."""

    key = "absolute"
    title = "Absolute value"
    synonyms = ("abs", "magnitude", "modulus", "size", "feature transform", "activation")
    help = (
        "Drops the sign of every value. "
        "A single unit with it can solve XOR, which no single unit with a rising curve can."
    )
    formula = r"f(z) = |z|"
    glyph = curve_glyph(Absolute())
    order = 140

    def op(self, settings: Any) -> Activation:
        return Absolute()


class SquareKind(ActivationKind):
    """A number times itself."""

    key = "squared"
    title = "Square"
    synonyms = ("power of two", "x squared", "quadratic", "parabola", "feature transform", "activation")
    help = (
        "Multiplies every value by itself. "
        "After the inputs it lets one layer draw circles, which are straight lines in terms of the squares."
    )
    formula = r"f(z) = z^2"
    glyph = curve_glyph(Square())
    order = 150

    def op(self, settings: Any) -> Activation:
        return Square()
