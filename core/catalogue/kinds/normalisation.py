"""Batch and layer normalisation: values brought to mean 0 and variance 1, so that deep networks train."""

from abc import abstractmethod
from typing import Annotated, Any

import msgspec

from core.catalogue.kind import Builder, Category, NodeKind, Shapes, Value, Values
from core.catalogue.trained import TrainedHyperparameters
from core.ops.layout import inside
from core.ops.normalisation import BatchNormalisation, LayerNormalisation, Normalisation
from core.ops.op import ParameterBlock, Shape

Epsilon = Annotated[
    float,
    msgspec.Meta(
        ge=1e-12,
        le=1,
        title="Epsilon",
        description="A small number that is added to the variance, so that nothing is divided by 0.",
    ),
]


class NormalisationKind(NodeKind):
    """A kind that keeps the shape, and scales and shifts each feature."""

    category = Category.SHAPING

    @abstractmethod
    def op(self, settings: Any) -> Normalisation:
        """The op with these settings."""

    @abstractmethod
    def blocks(self, settings: Any, shape: Shape) -> tuple[ParameterBlock, ...]:
        """The parameter blocks for an input of this engine shape."""

    def infer_shape(self, settings: Any, shapes: Shapes) -> dict[str, Shape]:
        return {"output": shapes["input"][0]}

    def parameters(self, settings: Any, shapes: Shapes) -> tuple[ParameterBlock, ...]:
        return self.blocks(settings, inside(shapes["input"][0]))

    def lower(self, settings: Any, values: Values, builder: Builder) -> dict[str, Value]:
        (value,) = values["input"]
        return {"output": builder.apply(self.op(settings), value, blocks=self.blocks(settings, value.shape))}


class BatchNormalisationKind(NormalisationKind):
    """Mean and variance of each feature over the batch; a frozen node keeps to what it has seen, in training too."""

    key = "batch_normalisation"
    title = "Batch normalisation"
    synonyms = ("batch norm", "batch normalization", "BN", "standardize", "running mean", "internal covariate shift")
    help = (
        "Brings every feature to mean 0 and variance 1 over the batch, then scales and shifts it by two trained numbers. "
        "After training, and for a batch of one, it uses the running averages of mean and variance that it saw while it trained."
    )
    formula = r"y = \gamma \frac{x - \mu_B}{\sqrt{\sigma_B^2 + \epsilon}} + \beta"
    glyph = "M3 21 V5 M3 21 H21 M6 19 C9 19 9 7 12 7 C15 7 15 19 18 19 M12 3 V21"
    order = 60

    class Hyperparameters(TrainedHyperparameters, frozen=True, kw_only=True, forbid_unknown_fields=True):
        momentum: Annotated[
            float,
            msgspec.Meta(
                ge=0,
                le=1,
                title="Momentum",
                description="How far each batch moves the running averages towards its own mean and variance.",
            ),
        ] = 0.1
        epsilon: Epsilon = 1e-5

    def op(self, settings: Any) -> BatchNormalisation:
        return BatchNormalisation(settings.epsilon, settings.momentum, settings.frozen)

    def blocks(self, settings: Any, shape: Shape) -> tuple[ParameterBlock, ...]:
        op = self.op(settings)
        return op.block(shape), op.state_block(shape)


class LayerNormalisationKind(NormalisationKind):
    """Mean and variance over the features of each sample."""

    key = "layer_normalisation"
    title = "Layer normalisation"
    synonyms = ("layer norm", "layer normalization", "LN", "standardize", "transformer", "instance")
    help = (
        "Brings the features of every sample to mean 0 and variance 1, in a sequence step by step, then scales and shifts each by two trained numbers. "
        "It does not depend on the batch, and works the same while training and after."
    )
    formula = r"y = \gamma \frac{x - \mu_x}{\sqrt{\sigma_x^2 + \epsilon}} + \beta"
    glyph = "M3 21 H21 M3 3 V21 M5 12 H21 M6 10 V12 M9 6 V12 M12 12 V17 M15 8 V12 M18 12 V16"
    order = 70

    class Hyperparameters(TrainedHyperparameters, frozen=True, kw_only=True, forbid_unknown_fields=True):
        epsilon: Epsilon = 1e-5

    def op(self, settings: Any) -> LayerNormalisation:
        return LayerNormalisation(settings.epsilon)

    def blocks(self, settings: Any, shape: Shape) -> tuple[ParameterBlock, ...]:
        return (self.op(settings).block(shape),)
