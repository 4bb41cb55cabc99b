"""Activations that let large numbers pass and hold back negative ones: sharp (ReLU and kin) or rounded."""

from typing import Annotated, Any

import msgspec

from core.catalogue.activation import ActivationKind
from core.catalogue.glyphs import curve_glyph
from core.catalogue.trained import TrainedHyperparameters
from core.ops.activations import Elu, Gelu, LeakyRelu, Mish, PRelu, Relu, Selu, Silu, Softplus
from core.ops.elementwise import Activation


class ReluKind(ActivationKind):
    """Nothing below zero."""

    key = "relu"
    title = "ReLU"
    synonyms = ("rectified linear unit", "rectifier", "ramp", "hinge", "max zero", "activation", "non-linearity")
    help = (
        "Passes positive numbers on as they are and turns negative ones into 0. "
        "It is cheap, and its slope of 1 lets gradients through many layers."
    )
    formula = r"f(z) = \max(0, z)"
    glyph = curve_glyph(Relu())
    remedies = frozenset({"linear-stack"})
    order = 50

    def op(self, settings: Any) -> Activation:
        return Relu()


class LeakyReluKind(ActivationKind):
    """A little below zero."""

    key = "leaky_relu"
    title = "Leaky ReLU"
    synonyms = ("leaky rectifier", "LReLU", "negative slope", "rectified linear unit", "activation")
    help = (
        "Passes positive numbers on as they are, and negative ones multiplied by a small slope. "
        "A unit can therefore not fall silent for good, as one with ReLU can."
    )
    formula = r"f(z) = \begin{cases} z & z \ge 0 \\ \alpha z & z < 0 \end{cases}"
    glyph = curve_glyph(LeakyRelu(0.2))
    order = 60

    class Hyperparameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
        slope: Annotated[
            float,
            msgspec.Meta(
                ge=0, le=1, title="Slope", description="What negative numbers are multiplied by (alpha in the formula)."
            ),
        ] = 0.01

    def headline(self, settings: Any) -> str:
        return f"slope {settings.slope:g}"

    def op(self, settings: Any) -> Activation:
        return LeakyRelu(settings.slope)


class PReluKind(ActivationKind):
    """A slope below zero that is learned."""

    key = "prelu"
    title = "PReLU"
    synonyms = ("parametric relu", "learned slope", "trainable leaky relu", "rectified linear unit", "activation")
    help = (
        "A leaky ReLU that learns its slope for negative numbers together with the weights. "
        "Chosen inside a neuron or a layer, the slope is a parameter of that node, one for all of its units."
    )
    formula = r"f(z) = \begin{cases} z & z > 0 \\ s z & z \le 0 \end{cases}"
    glyph = "M3 14 H12 L21 3 M3 17.5 L12 14 M3 21 L12 14"
    order = 65

    class Hyperparameters(TrainedHyperparameters, frozen=True, kw_only=True, forbid_unknown_fields=True):
        initial_slope: Annotated[
            float,
            msgspec.Meta(ge=0, le=1, title="Initial slope", description="Where the slope starts (s in the formula)."),
        ] = 0.25
        each_feature: Annotated[
            bool,
            msgspec.Meta(
                title="One for each feature", description="Whether every feature or channel learns a slope of its own."
            ),
        ] = False

    def headline(self, settings: Any) -> str:
        return f"slope from {settings.initial_slope:g}"

    def op(self, settings: Any) -> Activation:
        return PRelu(settings.initial_slope, settings.each_feature)


class SoftplusKind(ActivationKind):
    """A rounded ramp."""

    key = "softplus"
    title = "Softplus"
    synonyms = ("smooth relu", "soft rectifier", "log exp", "positive", "activation")
    help = (
        "A ReLU with a rounded corner, whose output is always above 0. "
        "It suits outputs that must be positive, such as a spread or a rate."
    )
    formula = r"f(z) = \ln\left(1 + e^{z}\right)"
    glyph = curve_glyph(Softplus())
    order = 70

    def op(self, settings: Any) -> Activation:
        return Softplus()


class EluKind(ActivationKind):
    """Runs out smoothly below zero."""

    key = "elu"
    title = "ELU"
    synonyms = ("exponential linear unit", "smooth relu", "activation")
    help = (
        "Passes positive numbers on as they are, and lets negative ones run out smoothly towards minus alpha. "
        "Its outputs average closer to 0 than those of ReLU, which can speed up learning."
    )
    formula = r"f(z) = \begin{cases} z & z \ge 0 \\ \alpha \left(e^{z} - 1\right) & z < 0 \end{cases}"
    glyph = curve_glyph(Elu(1.0))
    order = 80

    class Hyperparameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
        alpha: Annotated[
            float,
            msgspec.Meta(gt=0, le=10, title="Alpha", description="How far below 0 the output can go."),
        ] = 1.0

    def headline(self, settings: Any) -> str:
        return f"alpha {settings.alpha:g}"

    def op(self, settings: Any) -> Activation:
        return Elu(settings.alpha)


class SeluKind(ActivationKind):
    """Keeps mean and spread."""

    key = "selu"
    title = "SELU"
    synonyms = ("scaled exponential linear unit", "self-normalizing", "SNN", "activation")
    help = (
        "An ELU scaled by two exact numbers, with which values of mean 0 and variance 1 keep both from layer to layer. "
        "Start the weights with LeCun's initializer, or the balance is lost."
    )
    formula = r"f(z) = 1.0507 \begin{cases} z & z > 0 \\ 1.6733 \left(e^{z} - 1\right) & z \le 0 \end{cases}"
    glyph = curve_glyph(Selu())
    order = 85

    def op(self, settings: Any) -> Activation:
        return Selu()


class GeluKind(ActivationKind):
    """Weighs a number by how likely a normal draw is to lie below it."""

    key = "gelu"
    title = "GELU"
    synonyms = ("gaussian error linear unit", "smooth relu", "transformer", "activation")
    help = (
        "Multiplies a number by the share of a normal distribution that lies below it: a ReLU with a soft dip. "
        "Transformers, the networks behind language models, use it between their layers."
    )
    formula = r"f(z) = z \int_{-\infty}^{z} \frac{1}{\sqrt{2 \pi}} e^{-t^2/2} dt"
    glyph = curve_glyph(Gelu())
    order = 90

    def op(self, settings: Any) -> Activation:
        return Gelu()


class SiluKind(ActivationKind):
    """A number times its own sigmoid."""

    key = "silu"
    title = "SiLU"
    synonyms = ("swish", "sigmoid linear unit", "smooth relu", "activation")
    help = "Multiplies a number by its own sigmoid: a ReLU with a soft dip below zero. It is also known as swish."
    formula = r"f(z) = z\,\sigma(z)"
    glyph = curve_glyph(Silu())
    order = 100

    def op(self, settings: Any) -> Activation:
        return Silu()


class MishKind(ActivationKind):
    """A number times the tanh of its softplus."""

    key = "mish"
    title = "Mish"
    synonyms = ("smooth relu", "self-regularized", "tanh of softplus", "activation")
    help = (
        "Multiplies a number by the tanh of its softplus: a ReLU with a soft dip below zero, as SiLU is. "
        "It was found by trying out, and does a little better than ReLU in some deep networks."
    )
    formula = r"f(z) = z \tanh\left(\ln\left(1 + e^{z}\right)\right)"
    glyph = curve_glyph(Mish())
    order = 105

    def op(self, settings: Any) -> Activation:
        return Mish()
