"""The perceptron: a neuron that answers 0 or 1, and learns by its own rule."""

from typing import Annotated, Any

import msgspec

from core.catalogue.initial import Initializer, InitialValue
from core.catalogue.kind import Builder, Category, Form, NodeKind, Port, Shapes, Value, Values
from core.catalogue.trained import TrainedHyperparameters
from core.catalogue.weighing import weighed_shape, weighted_sum, weights
from core.ops.op import ParameterBlock, Shape
from core.ops.perceptron import PerceptronStep


class Perceptron(NodeKind):
    """One weighted sum over all wires, and a step that learns."""

    key = "perceptron"
    title = "Perceptron"
    category = Category.NEURONS
    form = Form.CIRCLE
    synonyms = ("Rosenblatt", "threshold unit", "binary neuron", "linear classifier", "step", "delta rule", "AND OR")
    help = (
        "Answers 1 where its weighted sum reaches 0, else 0, and learns by adding (target - answer) times each input to its weight. "
        "A step has no slope, so gradients would leave its weights where they are; this rule needs none, "
        "works best with the mean squared error and a batch of 1, and finds every answer that one straight line can give."
    )
    formula = r"y = H\left(\sum_i w_i x_i + b\right), \quad \Delta w_i = \eta \left(t - y\right) x_i"
    glyph = "M7 12 a5 5 0 1 0 10 0 a5 5 0 1 0 -10 0 M9.5 14 H12 V10 H14.5 M2 5 L8 9 M2 12 H7 M2 19 L8 15 M17 12 H22"
    inputs = (Port("input", "Inputs", many=True, weighted=True),)
    remedies = frozenset({"flat-slope"})
    order = 15

    class Hyperparameters(TrainedHyperparameters, frozen=True, kw_only=True, forbid_unknown_fields=True):
        bias: Annotated[
            bool, msgspec.Meta(title="Bias", description="Whether the perceptron adds a number of its own.")
        ] = True
        initializer: Initializer = "zeros"
        initial_value: InitialValue = 0.1

    def infer_shape(self, settings: Any, shapes: Shapes) -> dict[str, Shape]:
        return {"output": weighed_shape("A perceptron", shapes["input"])}

    def parameters(self, settings: Any, shapes: Shapes) -> tuple[ParameterBlock, ...]:
        return (weights(settings, shapes),)

    def lower(self, settings: Any, values: Values, builder: Builder) -> dict[str, Value]:
        return {"output": builder.apply(PerceptronStep(), weighted_sum(settings, values["input"], builder))}
