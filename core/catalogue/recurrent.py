"""What RNN, GRU and LSTM have in common as nodes: ports, directions, what they put out, and how their weights start."""

from abc import abstractmethod
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import msgspec

from core.catalogue.activation import activation_kinds, choice
from core.catalogue.attending import MASK, check_sequence
from core.catalogue.hyperparameters import parse
from core.catalogue.initial import Initializer, InitialValue, initializer_of
from core.catalogue.kind import Builder, Category, NodeKind, Port, ShapeError, Shapes, Value, Values
from core.catalogue.shapes import counted, stack
from core.catalogue.trained import TrainedHyperparameters
from core.ops.elementwise import Activation
from core.ops.initializers import INITIALIZERS, glorot_uniform, orthogonal
from core.ops.op import ParameterBlock, Shape
from core.ops.recurrent.at_end import AtEnd
from core.ops.recurrent.curves import CURVES
from core.ops.recurrent.recurrence import Recurrent
from core.ops.structure import Concatenate

STATE = Port("state", "Initial state", optional=True, help="What it says before the first step; else zeros.")
SIDES = {"forward": (False,), "backward": (True,), "both": (False, True)}
"""The directions: for each reading whether it goes from the last step to the first."""

if TYPE_CHECKING:
    RecurrentInitializer = str
else:
    RecurrentInitializer = choice(
        tuple(INITIALIZERS), "Recurrent initializer", "How the weights from state to state are drawn before training."
    )


class RecurrentHyperparameters(TrainedHyperparameters, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The base of the hyperparameters of recurrent kinds."""

    units: Annotated[
        int,
        msgspec.Meta(
            ge=1, le=4096, title="Units", description="How many values the state consists of.", extra={"unit": "units"}
        ),
    ] = 16
    output: Annotated[
        Literal["last", "every"],
        msgspec.Meta(
            title="Output", description="Whether the state after the last step is put out, or the one after every step."
        ),
    ] = "last"
    direction: Annotated[
        Literal["forward", "backward", "both"],
        msgspec.Meta(
            title="Direction",
            description="Which end is read first; both reads with two sets of weights and puts out their states side by side.",
        ),
    ] = "forward"
    initializer: Initializer = glorot_uniform.__name__
    initial_value: InitialValue = 0.1
    recurrent_initializer: RecurrentInitializer = orthogonal.__name__


class RecurrentKind(NodeKind):
    """A kind that reads a sequence step by step and remembers in states; ``starts`` are the ports for what these start from.

    Where the mask is 0 nothing is read: the states stay, and are put out again. Both directions start from the same states.
    """

    category = Category.RECURRENCE
    inputs: ClassVar[tuple[Port, ...]] = (Port("input", "Input"), STATE, MASK)
    outputs = (
        Port("output", "Output"),
        Port("state", "Final state", help="What it said last, to begin another layer with."),
    )
    starts: ClassVar[tuple[str, ...]] = (STATE.name,)

    @abstractmethod
    def op(self, settings: Any, **frame: Any) -> Recurrent:
        """The op with these settings and the fields that ``Recurrent`` declares."""

    def headline(self, settings: Any) -> str:
        return counted(settings.units, "unit")

    def infer_shape(self, settings: Any, shapes: Shapes) -> dict[str, Shape]:
        (shape,) = shapes["input"]
        check_sequence(self.title, shape)
        time = shape[0]
        wanted = {**dict.fromkeys(self.starts, (settings.units,)), MASK.name: (time, 1)}
        for port in self.inputs[1:]:
            for given in shapes.get(port.name, ()):
                if given != wanted[port.name]:
                    raise ShapeError(
                        f"{port.title} of {self.title} is {stack(wanted[port.name])}, and this is {stack(given)}."
                    )
        state = (len(SIDES[settings.direction]) * settings.units,)
        return {"output": (time, *state) if settings.output == "every" else state, "state": state}

    def parameters(self, settings: Any, shapes: Shapes) -> tuple[ParameterBlock, ...]:
        features = shapes["input"][0][1]
        return tuple(block for prefix in _prefixes(settings) for block in self.blocks(settings, features, prefix))

    def blocks(self, settings: Any, features: int, prefix: str) -> tuple[ParameterBlock, ...]:
        """The parameters of one direction."""
        return self.op(settings).blocks(features, initializer_of(settings), settings.recurrent_initializer, prefix)

    def lower(self, settings: Any, values: Values, builder: Builder) -> dict[str, Value]:
        (source,) = values["input"]
        mask = values.get(MASK.name, ())
        starts = [values.get(name, ()) for name in self.starts]
        given = tuple(state for state, wires in enumerate(starts) if wires)
        read = (source, *(wire for wires in starts for wire in wires), *mask)
        every = settings.output == "every"
        outputs, finals = [], []
        for prefix, reverse in zip(_prefixes(settings), SIDES[settings.direction]):
            op = self.op(settings, sequence=every, reverse=reverse, initial=given, masked=bool(mask))
            output = builder.apply(op, *read, blocks=self.blocks(settings, source.shape[1], prefix))
            outputs.append(output)
            finals.append(builder.apply(AtEnd(first=reverse), output) if every else output)
        together = _beside(outputs, builder)
        return {"output": together, "state": _beside(finals, builder) if every else together}


def curve_choices() -> tuple[str, ...]:
    """The keys of the activations that a recurrent cell can have inside."""
    return tuple(key for key in activation_kinds() if type(curve(key)) in CURVES)


def curve(key: str) -> Activation:
    """The activation with this key, as it is when nobody sets anything."""
    kind = activation_kinds()[key]
    return kind.op(parse(kind, {}))


def _prefixes(settings: Any) -> tuple[str, ...]:
    """What the names of the parameters begin with: the direction, where there are two."""
    return ("forward.", "backward.") if settings.direction == "both" else ("",)


def _beside(values: list[Value], builder: Builder) -> Value:
    return values[0] if len(values) == 1 else builder.apply(Concatenate(), *values)
