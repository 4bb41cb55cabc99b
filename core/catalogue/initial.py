"""How a person chooses the numbers that weights start with: the initializers by name, and the number that one of them takes."""

from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from core.catalogue.activation import choice
from core.ops.initializers import INITIALIZERS, constant, with_number

_CONSTANT = constant.__name__

if TYPE_CHECKING:
    Initializer = str
else:
    Initializer = choice(
        (*INITIALIZERS, _CONSTANT), "Initializer", "How the weights are drawn before training; biases start at 0."
    )

InitialValue = Annotated[
    float,
    msgspec.Meta(
        ge=-1e6, le=1e6, title="Initial value", description="What all weights start at, with the initializer constant."
    ),
]


def initializer_of(settings: Any) -> str:
    """The key for ``core.ops.initializers`` of a node with the hyperparameters ``initializer`` and ``initial_value``."""
    chosen: str = settings.initializer
    return with_number(chosen, settings.initial_value) if chosen == _CONSTANT else chosen
