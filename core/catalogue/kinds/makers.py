"""Sources that need no data: a fixed value, and noise."""

from typing import Annotated, Any, Literal

import msgspec

from core.catalogue.kind import Builder, Form, Shapes, Value, Values
from core.catalogue.maker import MakerKind, Size
from core.ops.noise import Constant, Noise
from core.ops.op import Shape


class ConstantKind(MakerKind):
    """Always the same value."""

    key = "constant_value"
    title = "Constant"
    form = Form.SQUARE
    synonyms = ("bias", "one", "fixed value", "number", "bias as an extra input", "always on")
    help = (
        "Puts out the same number for every sample. "
        "A constant of 1 wired to a neuron without a bias is its bias, drawn as an input with a weight of its own."
    )
    formula = r"y = c"
    glyph = "M4 4 H20 V20 H4 Z M9.5 9.5 L12 7.5 V17 M9.5 17 H14.5"
    order = 20

    class Hyperparameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
        value: Annotated[
            float, msgspec.Meta(ge=-1e6, le=1e6, title="Value", description="The number that it puts out.")
        ] = 1.0
        size: Size = 1

    def headline(self, settings: Any) -> str:
        return f"{settings.value:g}"

    def infer_shape(self, settings: Any, shapes: Shapes) -> dict[str, Shape]:
        return {"output": (settings.size,)}

    def lower(self, settings: Any, values: Values, builder: Builder) -> dict[str, Value]:
        return {"output": builder.apply(Constant(settings.value, settings.size))}


class NoiseKind(MakerKind):
    """Never the same value."""

    key = "noise_source"
    title = "Noise"
    synonyms = ("random", "random numbers", "normal", "uniform", "disturbance", "generator input")
    help = (
        "Puts out random numbers, new ones for every sample in every step of training. "
        "Outside training it puts out their mean, unless it is set to always draw."
    )
    formula = r"y = m + s\,r, \quad r \sim N(0, 1) \;\text{or}\; U(-1, 1)"
    glyph = "M2 12 L4 8 L6 15 L8 5 L10 18 L12 9 L14 14 L16 4 L18 17 L20 10 L22 12"
    order = 30

    class Hyperparameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
        distribution: Annotated[
            Literal["normal", "uniform"],
            msgspec.Meta(title="Distribution", description="Whether numbers near the mean are likelier than others."),
        ] = "normal"
        mean: Annotated[
            float, msgspec.Meta(ge=-1e6, le=1e6, title="Mean", description="The middle of the numbers (m).")
        ] = 0.0
        spread: Annotated[
            float,
            msgspec.Meta(
                ge=0, le=1e6, title="Spread", description="Standard deviation if normal, half the range if uniform (s)."
            ),
        ] = 1.0
        always: Annotated[bool, msgspec.Meta(title="Always", description="Whether it draws outside training, too.")] = (
            False
        )
        size: Size = 1

    def headline(self, settings: Any) -> str:
        return str(settings.distribution)

    def infer_shape(self, settings: Any, shapes: Shapes) -> dict[str, Shape]:
        return {"output": (settings.size,)}

    def lower(self, settings: Any, values: Values, builder: Builder) -> dict[str, Value]:
        even = settings.distribution == "uniform"
        return {"output": builder.apply(Noise(settings.size, settings.mean, settings.spread, even, settings.always))}
