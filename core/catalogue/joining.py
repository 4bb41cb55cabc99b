"""What the kinds that bring several wires together have in common."""

from abc import abstractmethod
from typing import Any, ClassVar

from core.catalogue.kind import Builder, Category, NodeKind, Port, ShapeError, Shapes, Value, Values
from core.catalogue.sequences import over_time, repeat_rows
from core.catalogue.shapes import in_words
from core.ops.op import Op, Shape


class JoiningKind(NodeKind):
    """A kind with one port for many wires; a single wire passes unchanged, and a row joins a sequence at every step of time."""

    category = Category.JOINING
    inputs = (Port("input", "Inputs", many=True),)
    op: ClassVar[type[Op]]

    @abstractmethod
    def infer_shape(self, settings: Any, shapes: Shapes) -> dict[str, Shape]:
        """The shape of all inputs together. Raises ShapeError where they do not go together."""

    def lower(self, settings: Any, values: Values, builder: Builder) -> dict[str, Value]:
        wires = repeat_rows(values["input"], builder)
        return {"output": wires[0] if len(wires) == 1 else builder.apply(self.op(), *wires)}


class ElementwiseKind(JoiningKind):
    """A joining kind that works on values in equal places, so that all inputs must have one shape; a row joins every step of a sequence."""

    def infer_shape(self, settings: Any, shapes: Shapes) -> dict[str, Shape]:
        return {"output": one_shape(self, shapes["input"])}


class PairKind(NodeKind):
    """A joining kind with two ports of one wire each, told apart by their names: their order matters, or there are only two."""

    category = Category.JOINING
    op: ClassVar[type[Op]]

    def infer_shape(self, settings: Any, shapes: Shapes) -> dict[str, Shape]:
        return {"output": one_shape(self, tuple(shape for port in self.inputs for shape in shapes[port.name]))}

    def lower(self, settings: Any, values: Values, builder: Builder) -> dict[str, Value]:
        pair = repeat_rows(tuple(value for port in self.inputs for value in values[port.name]), builder)
        return {"output": builder.apply(self.op(), *pair)}


def one_shape(kind: NodeKind, drawn: tuple[Shape, ...]) -> Shape:
    """The one shape that all inputs of a node have, rows being repeated over time. Raises ShapeError where they differ."""
    wires = over_time(drawn)
    for index, shape in enumerate(wires):
        if shape != wires[0]:
            raise ShapeError(
                f"{kind.title} goes through its inputs place by place, so they must have one shape; "
                f"these are {in_words(drawn[0])} and {in_words(drawn[index])}."
            )
    return wires[0]
