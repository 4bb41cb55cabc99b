"""What the kinds that bring several wires together have in common."""

from abc import abstractmethod
from typing import Any, ClassVar

from core.catalogue.kind import Builder, Category, NodeKind, Port, ShapeError, Shapes, Value, Values
from core.catalogue.shapes import in_words
from core.ops.op import Op, Shape


class JoiningKind(NodeKind):
    """A kind with one port for many wires; a single wire passes unchanged."""

    category = Category.JOINING
    inputs = (Port("input", "Inputs", many=True),)
    op: ClassVar[type[Op]]

    @abstractmethod
    def infer_shape(self, settings: Any, shapes: Shapes) -> dict[str, Shape]:
        """The shape of all inputs together. Raises ShapeError where they do not go together."""

    def lower(self, settings: Any, values: Values, builder: Builder) -> dict[str, Value]:
        wires = values["input"]
        return {"output": wires[0] if len(wires) == 1 else builder.apply(self.op(), *wires)}


class ElementwiseKind(JoiningKind):
    """A joining kind that works on values in equal places, so that all inputs must have one shape."""

    def infer_shape(self, settings: Any, shapes: Shapes) -> dict[str, Shape]:
        first = shapes["input"][0]
        for shape in shapes["input"]:
            if shape != first:
                raise ShapeError(
                    f"{self.title} goes through its inputs place by place, so they must have one shape; "
                    f"these are {in_words(first)} and {in_words(shape)}."
                )
        return {"output": first}
