"""The Neuron: one unit whose wires each carry a weight, so that a network can be drawn cell by cell."""

from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from core.catalogue.activation import activate, activation_blocks, activation_choices, activation_kinds, choice
from core.catalogue.initial import Initializer, InitialValue, initializer_of
from core.catalogue.kind import Builder, Category, Form, NodeKind, Port, ShapeError, Shapes, Value, Values
from core.catalogue.sequences import over_time, repeat_rows
from core.catalogue.shapes import stack
from core.catalogue.trained import TrainedHyperparameters
from core.ops.layout import SEQUENCE
from core.ops.linear import Linear
from core.ops.op import ParameterBlock, Shape
from core.ops.structure import Concatenate

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
        wires = over_time(shapes["input"])
        for shape in wires:
            if len(shape) not in (1, SEQUENCE):
                raise ShapeError(
                    f"A neuron wants single values or rows of values, and this is {stack(shape)}.",
                    remedy="needs-row",
                )
            if shape[:-1] != wires[0][:-1]:
                raise ShapeError(
                    f"A neuron reads all its wires at every step of time, and here are {stack(wires[0])} and {stack(shape)}."
                )
        return {"output": (*wires[0][:-1], 1)}

    def parameters(self, settings: Any, shapes: Shapes) -> tuple[ParameterBlock, ...]:
        fan_in = sum(shape[-1] for shape in shapes["input"])
        linear = Linear(1, settings.bias).block(fan_in, initializer_of(settings))
        return linear, *activation_blocks(settings.activation, (1,))

    def lower(self, settings: Any, values: Values, builder: Builder) -> dict[str, Value]:
        wires = repeat_rows(values["input"], builder)
        value = wires[0] if len(wires) == 1 else builder.apply(Concatenate(), *wires)
        linear, *_ = self.parameters(settings, {"input": (value.shape,)})
        total = builder.apply(Linear(1, settings.bias), value, blocks=(linear,))
        return {"output": activate(settings.activation, total, builder)}
