"""ActivationKind: the kinds that bend a value, which are nodes of their own and choices of neurons and layers.

Whatever is declared in ``kinds/activations`` can be chosen in a Dense layer, and in a Neuron where it works on each value by
itself; nothing else needs to be told.
"""

import importlib
import inspect
import pkgutil
from abc import abstractmethod
from functools import cache
from typing import Annotated, Any, ClassVar, Literal

import msgspec

from core.catalogue.hyperparameters import parse
from core.catalogue.kind import Builder, Category, NodeKind, Shapes, Value, Values
from core.ops.activations import Identity
from core.ops.elementwise import Activation
from core.ops.layout import inside
from core.ops.op import ParameterBlock, Shape


class ActivationKind(NodeKind):
    """A kind that is one op of one input and keeps the shape; ``elementwise`` is False where values depend on each other."""

    category = Category.ACTIVATIONS
    elementwise: ClassVar[bool] = True

    @abstractmethod
    def op(self, settings: Any) -> Activation:
        """The op with these settings."""

    def infer_shape(self, settings: Any, shapes: Shapes) -> dict[str, Shape]:
        return {"output": shapes["input"][0]}

    def parameters(self, settings: Any, shapes: Shapes) -> tuple[ParameterBlock, ...]:
        return self.op(settings).blocks(inside(shapes["input"][0]))

    def lower(self, settings: Any, values: Values, builder: Builder) -> dict[str, Value]:
        (value,) = values["input"]
        op = self.op(settings)
        return {"output": builder.apply(op, value, blocks=op.blocks(value.shape))}


@cache
def activation_kinds() -> dict[str, ActivationKind]:
    """The activation kinds by key, in the order of the palette."""
    from core.catalogue.kinds import activations

    found: list[ActivationKind] = []
    for module_info in pkgutil.iter_modules(activations.__path__, activations.__name__ + "."):
        module = importlib.import_module(module_info.name)
        for _, declared in inspect.getmembers(module, inspect.isclass):
            if issubclass(declared, ActivationKind) and declared.__module__ == module.__name__:
                found.append(declared())
    return {kind.key: kind for kind in sorted(found, key=lambda kind: (kind.order, kind.title))}


def activation_choices(*, elementwise: bool = False, trained: bool = True) -> tuple[str, ...]:
    """The keys that a hyperparameter ``activation`` may have.

    ``elementwise`` leaves out those that mix values, ``trained=False`` those that have parameters of their own.
    """
    return tuple(
        key
        for key, kind in activation_kinds().items()
        if (kind.elementwise or not elementwise) and (trained or not activation_op(key).blocks((1,)))
    )


def activation_op(key: str) -> Activation:
    """The op of the activation with this key, as it is when nobody sets anything."""
    kind = activation_kinds()[key]
    return kind.op(parse(kind, {}))


def activation_blocks(key: str, shape: Shape) -> tuple[ParameterBlock, ...]:
    """The parameters of a chosen activation on values of this engine shape, which belong to the node that chose it."""
    return activation_op(key).blocks(shape)


def activate(key: str, value: Value, builder: Builder) -> Value:
    """``value`` after the activation with this key, as it is when nobody sets anything; the identity costs no step.

    A kind that calls this declares ``activation_blocks`` among its parameters.
    """
    op = activation_op(key)
    return value if isinstance(op, Identity) else builder.apply(op, value, blocks=op.blocks(value.shape))


def choice(values: tuple[str, ...], title: str, description: str) -> Any:
    """The type of a hyperparameter that is one of ``values``, for values that are only known when the program runs."""
    return Annotated[Literal[values], msgspec.Meta(title=title, description=description)]
