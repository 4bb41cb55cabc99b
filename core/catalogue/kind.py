"""NodeKind: how a kind of node declares itself, once, for palette, canvas, inspector, file, compiler, help and tests."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, Protocol, TypeAlias

import msgspec

from core.errors import NeuroloomError
from core.ops.op import LossOp, Op, ParameterBlock, Shape


class Category(StrEnum):
    """The groups of the palette, in its order; the theme gives each its hue."""

    DATA = "Data"
    NEURONS = "Neurons and layers"
    ACTIVATIONS = "Activations"
    CONVOLUTION = "Convolution"
    SHAPING = "Shape and noise"
    JOINING = "Joining"
    RECURRENCE = "Recurrence"
    LOSS = "Loss"


class Form(StrEnum):
    """How a node is drawn on the canvas."""

    CIRCLE = "circle"
    SQUARE = "square"
    CARD = "card"


class Task(StrEnum):
    """What the targets of a dataset ask for; a loss says which of them it suits."""

    REGRESSION = "regression"
    BINARY = "binary"
    CLASSES = "classes"


@dataclass(frozen=True, slots=True)
class Port:
    """A place where wires end (``many``: more than one may; ``optional``: none need) or start.

    ``weighted``: each wire carries weights of the node. ``help``: what is wanted or given here, as a sentence.
    """

    name: str
    title: str = ""
    many: bool = False
    weighted: bool = False
    optional: bool = False
    help: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """A value while a diagram is lowered: its slot in the plan and its sample shape in the engine (pictures: channels first)."""

    slot: int
    shape: Shape


Shapes: TypeAlias = Mapping[str, tuple[Shape, ...]]
"""Input port -> the sample shapes of the wires that end there, in their order, as people see them (pictures: channels last).

An optional port without a wire has no shapes."""

Values: TypeAlias = Mapping[str, tuple[Value, ...]]
"""Input port -> the values of the wires that end there, in their order."""


class Builder(Protocol):
    """What a kind writes its ops to while it is lowered."""

    def apply(self, op: Op, *inputs: Value, blocks: tuple[ParameterBlock, ...] = ()) -> Value:
        """Append a step; the blocks are parameters of the node that is being lowered."""

    def logits(self, value: Value, activation: type[Op]) -> Value | None:
        """What ``value`` was computed from, if that was by an op of this type; else None."""


class ShapeError(NeuroloomError):
    """The shapes at a node's inputs do not fit; the compiler makes a Diagnostic of it.

    ``remedy`` names a trouble that some kind can mend when inserted before this node (see ``NodeKind.remedies``);
    ``settings`` maps a button's text to hyperparameters that would mend it.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str = "shape-mismatch",
        remedy: str | None = None,
        settings: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.remedy = remedy
        self.settings = dict(settings or {})


class NodeKind(ABC):
    """A kind of node. Subclasses are final, stateless, and live one to a file in ``catalogue/kinds``.

    ``glyph`` is SVG path data in a 24 x 24 box, drawn as a line; ``remedies`` are troubles that inserting this kind mends
    ("needs-row", "linear-stack", "loop" ...); ``help`` is two sentences; ``formula`` is LaTeX. ``delays`` is True where the output at one step
    of time depends on earlier steps of the input alone, so that a loop of wires may run through such a node.
    """

    key: ClassVar[str]
    title: ClassVar[str]
    category: ClassVar[Category]
    form: ClassVar[Form] = Form.CARD
    synonyms: ClassVar[tuple[str, ...]] = ()
    help: ClassVar[str]
    formula: ClassVar[str]
    glyph: ClassVar[str]
    inputs: ClassVar[tuple[Port, ...]] = (Port("input", "Input"),)
    outputs: ClassVar[tuple[Port, ...]] = (Port("output", "Output"),)
    remedies: ClassVar[frozenset[str]] = frozenset()
    delays: ClassVar[bool] = False
    order: ClassVar[int] = 100
    """Place within the category in the palette: small numbers first."""
    leading: ClassVar[tuple[str, ...]] = ()
    """The hyperparameters that a form shows first, where that is not the order of their declaration."""

    class Hyperparameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
        """Typed fields with ``Annotated[..., msgspec.Meta(ge=, le=, title=, description=, extra={"unit": ...})]``."""

    def headline(self, settings: Any) -> str:
        """The one setting that matters, for the head of the card: "10 units"."""
        return ""

    @abstractmethod
    def infer_shape(self, settings: Any, shapes: Shapes) -> dict[str, Shape]:
        """The sample shape at each output port. Raises ShapeError."""

    def parameters(self, settings: Any, shapes: Shapes) -> tuple[ParameterBlock, ...]:
        """The parameter blocks that a node of this kind trains, given the shapes at its inputs."""
        return ()

    @abstractmethod
    def lower(self, settings: Any, values: Values, builder: Builder) -> dict[str, Value]:
        """Write the ops of a node of this kind, and return the value at each output port."""


class SourceKind(NodeKind):
    """A kind whose output is data from outside: the compiler takes its shape from the DataSpec."""

    inputs: ClassVar[tuple[Port, ...]] = ()
    columns_field: ClassVar[str] = ""
    """The hyperparameter in which a person names the columns, with commas between; "" where there is none."""

    @abstractmethod
    def columns(self, settings: Any) -> tuple[str, ...]:
        """The names (or numbers from 1) of the data columns that arrive here; empty for all of them."""

    def infer_shape(self, settings: Any, shapes: Shapes) -> dict[str, Shape]:
        raise AssertionError("the compiler takes the shape of a source from the data")

    def lower(self, settings: Any, values: Values, builder: Builder) -> dict[str, Value]:
        raise AssertionError("the compiler makes the slot of a source itself")


class LossKind(NodeKind):
    """A kind that compares a prediction with its target; ``suits`` says for which tasks it is offered as a fix.

    The prediction arrives at the first port. Where ``has_target`` is False nothing is compared, and all ports bring what the loss reads.
    """

    outputs: ClassVar[tuple[Port, ...]] = ()
    suits: ClassVar[frozenset[Task]] = frozenset()
    has_target: ClassVar[bool] = True

    @abstractmethod
    def loss(self, settings: Any, values: Values, builder: Builder) -> tuple[LossOp, tuple[Value, ...]]:
        """The loss op and the values it reads: the prediction, or the logits that the prediction was computed from."""

    def compares_inputs(self, settings: Any) -> bool:
        """Whether the target is the sample itself, as in an autoencoder, and not the dataset's target."""
        return False

    def infer_shape(self, settings: Any, shapes: Shapes) -> dict[str, Shape]:
        return {}

    def lower(self, settings: Any, values: Values, builder: Builder) -> dict[str, Value]:
        raise AssertionError("the compiler wires a loss to its target itself")
