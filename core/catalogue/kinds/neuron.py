"""The Neuron: one unit whose wires each carry a weight, so that a network can be drawn cell by cell."""

from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from core.catalogue.activation import activate, activation_blocks, activation_choices, activation_kinds, choice
from core.catalogue.initial import Initializer, InitialValue
from core.catalogue.kind import Builder, Category, Form, NodeKind, Port, Shapes, Value, Values
from core.catalogue.trained import TrainedHyperparameters
from core.catalogue.weighing import weighed_shape, weighted_sum, weights
from core.ops.op import ParameterBlock, Shape

if TYPE_CHECKING:
    Activation = str
else:
    Activation = choice(
        activation_choices(elementwise=True), "Activation", "The function that the weighted sum goes through."
    )


class Neuron(NodeKind):
    """One weighted sum over all wires, and an activation."""

    key = "neuron"
    title = "Neuron"
    category = Category.NEURONS
    form = Form.CIRCLE
    synonyms = ("perceptron", "unit", "cell", "node", "weighted sum", "single neuron", "logistic unit")
    help = (
        "Multiplies the value on each wire by the wire's weight, adds everything up with the bias, and applies the activation. "
        "Training finds the weights and the bias."
    )
    formula = r"y = f\left(\sum_i w_i x_i + b\right)"
    glyph = "M7 12 a5 5 0 1 0 10 0 a5 5 0 1 0 -10 0 M2 5 L8 9 M2 12 H7 M2 19 L8 15 M17 12 H22"
    inputs = (Port("input", "Inputs", many=True, weighted=True),)
    order = 10

    class Hyperparameters(TrainedHyperparameters, frozen=True, kw_only=True, forbid_unknown_fields=True):
        activation: Activation = "sigmoid"
        bias: Annotated[
            bool, msgspec.Meta(title="Bias", description="Whether the neuron adds a number of its own.")
        ] = True
        initializer: Initializer = "glorot_uniform"
        initial_value: InitialValue = 0.1

    def headline(self, settings: Any) -> str:
        return activation_kinds()[settings.activation].title

    def infer_shape(self, settings: Any, shapes: Shapes) -> dict[str, Shape]:
        return {"output": weighed_shape("A neuron", shapes["input"])}

    def parameters(self, settings: Any, shapes: Shapes) -> tuple[ParameterBlock, ...]:
        return weights(settings, shapes), *activation_blocks(settings.activation, (1,))

    def lower(self, settings: Any, values: Values, builder: Builder) -> dict[str, Value]:
        return {"output": activate(settings.activation, weighted_sum(settings, values["input"], builder), builder)}
