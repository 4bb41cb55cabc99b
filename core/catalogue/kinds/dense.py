"""The Dense layer: every unit sees every value of the row before it."""

from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from core.catalogue.activation import activate, activation_blocks, activation_choices, choice
from core.catalogue.initial import Initializer, InitialValue, initializer_of
from core.catalogue.kind import Builder, Category, NodeKind, Port, ShapeError, Shapes, Value, Values
from core.catalogue.shapes import stack
from core.catalogue.trained import TrainedHyperparameters
from core.ops.layout import SEQUENCE
from core.ops.linear import Linear
from core.ops.op import ParameterBlock, Shape

if TYPE_CHECKING:
    Activation = str
else:
    Activation = choice(activation_choices(), "Activation", "The function that every unit's weighted sum goes through.")


class Dense(NodeKind):
    """A weighted sum per unit, and an activation."""

    key = "dense"
    title = "Dense"
    category = Category.NEURONS
    synonyms = (
        "fully connected",
        "FC",
        "linear layer",
        "hidden layer",
        "MLP",
        "perceptron",
        "affine",
        "units",
        "layer",
    )
    help = (
        "A layer of units, each of which weighs all values of the row before it, adds its bias and applies the activation. "
        "More units can draw finer shapes, and take longer to train."
    )
    formula = r"y = f(W x + b)"
    glyph = (
        "M2.2 4 a1.8 1.8 0 1 0 3.6 0 a1.8 1.8 0 1 0 -3.6 0 M2.2 12 a1.8 1.8 0 1 0 3.6 0 a1.8 1.8 0 1 0 -3.6 0 M2.2 20 a1.8 1.8 0 1 0 3.6 0 a1.8 1.8 0 1 0 -3.6 0 "
        "M18.2 8 a1.8 1.8 0 1 0 3.6 0 a1.8 1.8 0 1 0 -3.6 0 M18.2 16 a1.8 1.8 0 1 0 3.6 0 a1.8 1.8 0 1 0 -3.6 0 "
        "M5.75 4.44 L18.3 7.56 M5.44 5.08 L18.6 14.9 M5.75 11.6 L18.3 8.44 M5.75 12.4 L18.3 15.6 M5.44 18.9 L18.6 9.08 M5.75 19.6 L18.3 16.4"
    )
    inputs = (Port("input", "Input", weighted=True),)
    remedies = frozenset({"output-size"})
    order = 20

    class Hyperparameters(TrainedHyperparameters, frozen=True, kw_only=True, forbid_unknown_fields=True):
        units: Annotated[
            int,
            msgspec.Meta(
                ge=1, le=4096, title="Units", description="How many values the layer puts out.", extra={"unit": "units"}
            ),
        ] = 8
        activation: Activation = "linear"
        bias: Annotated[
            bool, msgspec.Meta(title="Bias", description="Whether every unit adds a number of its own.")
        ] = True
        initializer: Initializer = "glorot_uniform"
        initial_value: InitialValue = 0.1

    def headline(self, settings: Any) -> str:
        return "1 unit" if settings.units == 1 else f"{settings.units} units"

    def infer_shape(self, settings: Any, shapes: Shapes) -> dict[str, Shape]:
        (shape,) = shapes["input"]
        if len(shape) not in (1, SEQUENCE):
            raise ShapeError(f"Dense wants a row of values, and this is {stack(shape)}.", remedy="needs-row")
        return {"output": (*shape[:-1], settings.units)}

    def parameters(self, settings: Any, shapes: Shapes) -> tuple[ParameterBlock, ...]:
        linear = Linear(settings.units, settings.bias).block(shapes["input"][0][-1], initializer_of(settings))
        return linear, *activation_blocks(settings.activation, self.infer_shape(settings, shapes)["output"])

    def lower(self, settings: Any, values: Values, builder: Builder) -> dict[str, Value]:
        (value,) = values["input"]
        linear, *_ = self.parameters(settings, {"input": (value.shape,)})
        total = builder.apply(Linear(settings.units, settings.bias), value, blocks=(linear,))
        return {"output": activate(settings.activation, total, builder)}
