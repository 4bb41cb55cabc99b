"""What neurons have in common, however they answer: one weighted sum over all wires, at every step where the wires are sequences."""

from typing import Any

from core.catalogue.initial import initializer_of
from core.catalogue.kind import Builder, ShapeError, Shapes, Value
from core.catalogue.sequences import over_time, repeat_rows
from core.catalogue.shapes import stack
from core.ops.layout import SEQUENCE
from core.ops.linear import Linear
from core.ops.op import ParameterBlock, Shape
from core.ops.structure import Concatenate


def weighed_shape(name: str, shapes: tuple[Shape, ...]) -> Shape:
    """The shape of one sum over all wires; ``name`` is what the kind calls itself. Raises ShapeError where they do not go together."""
    wires = over_time(shapes)
    for shape in dict.fromkeys(wires):  # A neuron may have very many wires, and most of them bring the same.
        if len(shape) not in (1, SEQUENCE):
            raise ShapeError(
                f"{name} wants single values or rows of values, and this is {stack(shape)}.", remedy="needs-row"
            )
        if shape[:-1] != wires[0][:-1]:
            raise ShapeError(
                f"{name} reads all its wires at every step of time, and here are {stack(wires[0])} and {stack(shape)}."
            )
    return (*wires[0][:-1], 1)


def weights(settings: Any, shapes: Shapes) -> ParameterBlock:
    """The weights of one sum over the wires at ``input``, with the hyperparameters ``bias``, ``initializer`` and ``initial_value``."""
    fan_in = sum(shape[-1] for shape in shapes["input"])
    return Linear(1, settings.bias).block(fan_in, initializer_of(settings))


def weighted_sum(settings: Any, wires: tuple[Value, ...], builder: Builder) -> Value:
    """Write the ops of the weighted sum."""
    values = repeat_rows(wires, builder)
    value = values[0] if len(values) == 1 else builder.apply(Concatenate(), *values)
    return builder.apply(Linear(1, settings.bias), value, blocks=(weights(settings, {"input": (value.shape,)}),))
