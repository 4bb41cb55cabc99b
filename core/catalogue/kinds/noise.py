"""Kinds that disturb what passes through them while a network trains."""

from typing import Annotated, Any

import msgspec

from core.catalogue.joining import PairKind
from core.catalogue.kind import Builder, Category, NodeKind, Port, Shapes, Value, Values
from core.ops.noise import GaussianNoise, Sample
from core.ops.op import Shape


class GaussianNoiseKind(NodeKind):
    """A little off, each time differently."""

    key = "gaussian_noise"
    title = "Gaussian noise"
    category = Category.SHAPING
    synonyms = ("jitter", "random", "denoising", "regularization", "augmentation", "disturb")
    help = (
        "Adds random numbers to every value while training, new ones in each step. "
        "After the inputs of an autoencoder it makes the network learn to remove noise; outside training nothing is added."
    )
    formula = r"y = x + s\,r, \quad r \sim N(0, 1)"
    glyph = "M2 14 C6 4 9 4 12 12 C15 20 18 20 22 10 M4 5 V7 M3 6 H5 M12 4 V6 M11 5 H13 M19 3 V5 M18 4 H20"
    order = 60

    class Hyperparameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
        deviation: Annotated[
            float,
            msgspec.Meta(ge=0, le=1e6, title="Standard deviation", description="How large the noise typically is (s)."),
        ] = 0.1

    def headline(self, settings: Any) -> str:
        return f"deviation {settings.deviation:g}"

    def infer_shape(self, settings: Any, shapes: Shapes) -> dict[str, Shape]:
        return {"output": shapes["input"][0]}

    def lower(self, settings: Any, values: Values, builder: Builder) -> dict[str, Value]:
        (value,) = values["input"]
        return {"output": builder.apply(GaussianNoise(settings.deviation), value)}


class SampleKind(PairKind):
    """A draw from what an encoder says."""

    key = "latent_sample"
    title = "Sample"
    category = Category.SHAPING
    synonyms = ("reparameterization", "variational autoencoder", "VAE", "latent", "draw", "sampling")
    help = (
        "Draws each value from a normal distribution whose mean and variance arrive here, in a way that gradients can pass. "
        "It stands in the middle of a variational autoencoder; outside training it passes the mean on."
    )
    formula = r"y = \mu + e^{v / 2}\,r, \quad r \sim N(0, 1)"
    glyph = "M2 19 C8 19 8 5 12 5 C16 5 16 19 22 19 M9 22 H15 M14 11 V19 M12.5 17 L14 19 L15.5 17"
    inputs = (Port("mean", "Mean"), Port("log_variance", "Logarithm of the variance"))
    op = Sample
    order = 70
