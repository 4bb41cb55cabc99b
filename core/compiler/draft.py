"""Draft: what the passes of the compiler share, and add to, one after the other."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.catalogue.hyperparameters import parse
from core.catalogue.kind import Form, LossKind, NodeKind, ShapeError, SourceKind, Value
from core.compiler.data_spec import DataSpec
from core.compiler.diagnostics import Diagnostic, Fix, Severity
from core.compiler.plan import Plan
from core.diagram.diagram import Diagram
from core.diagram.records import Endpoint, Wire
from core.errors import HyperparameterError
from core.ops.op import Op, ParameterBlock, Shape


@dataclass(slots=True)
class DraftStep:
    """A step before the plan is laid out; its blocks have no place in the flat vector yet."""

    op: Op
    node: str
    inputs: tuple[int, ...]
    output: int
    blocks: tuple[ParameterBlock, ...] = ()


@dataclass(slots=True)
class DraftLoss:
    """A loss before the plan is laid out: ``step`` is an index into the steps."""

    node: str
    target: int | None
    prediction: int
    step: int
    weight: float
    compares_inputs: bool = False


@dataclass
class Draft:
    """A diagram on its way to a plan. Every pass reads what it needs and adds one kind of knowledge.

    ``kinds`` and ``settings`` hold only nodes that are understood, ``wires`` only wires that end where the kinds say they may,
    by (node, port). ``order`` is topological, except that a Delay in one of the ``loops`` may read what comes after it. ``needed`` are the
    nodes that lead to a loss, ``readable`` those whose inputs fit. ``shapes`` and ``values`` go as far as they can be known, ``step_loops``
    are the steps (by index) that can reach each other. ``parameters`` and ``macs`` count what each node trains and multiplies for a sample,
    ``memory`` the bytes that it takes in training.
    """

    diagram: Diagram
    data: DataSpec | None
    diagnostics: list[Diagnostic] = field(default_factory=list)
    kinds: dict[str, NodeKind] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    wires: dict[Endpoint, list[Wire]] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    loops: list[tuple[str, ...]] = field(default_factory=list)
    step_loops: list[list[int]] = field(default_factory=list)
    needed: set[str] = field(default_factory=set)
    readable: set[str] = field(default_factory=set)
    shapes: dict[Endpoint, Shape] = field(default_factory=dict)
    values: dict[Endpoint, Value] = field(default_factory=dict)
    slots: list[tuple[str, Shape]] = field(default_factory=list)
    steps: list[DraftStep] = field(default_factory=list)
    losses: list[DraftLoss] = field(default_factory=list)
    parameters: Counter[str] = field(default_factory=Counter)
    macs: Counter[str] = field(default_factory=Counter)
    memory: Counter[str] = field(default_factory=Counter)
    plan: Plan | None = None

    def error(
        self, code: str, message: str, *nodes: str, fixes: tuple[Fix, ...] = (), wires: tuple[str, ...] = ()
    ) -> None:
        """Report what keeps the diagram from training."""
        self.diagnostics.append(Diagnostic(Severity.ERROR, code, message, nodes, wires, fixes))

    def warn(
        self, code: str, message: str, *nodes: str, fixes: tuple[Fix, ...] = (), wires: tuple[str, ...] = ()
    ) -> None:
        """Report what will disappoint."""
        self.diagnostics.append(Diagnostic(Severity.WARNING, code, message, nodes, wires, fixes))

    @property
    def failed(self) -> bool:
        """Whether there is an error so far."""
        return any(diagnostic.severity is Severity.ERROR for diagnostic in self.diagnostics)

    def name(self, node: str) -> str:
        """What a person calls a node: its title, or else what the canvas writes on it: for a circle its id, else its kind."""
        record = self.diagram.nodes[node]
        kind = self.kinds.get(node)
        fallback = record.kind if kind is None else node if kind.form is Form.CIRCLE else kind.title
        # On one line, and never empty: a title may be anything that a person or a file puts there.
        return " ".join(record.title.split()) or " ".join(fallback.split()) or "This node"

    def part(self, op: type[Op], node: str) -> str:
        """ "The softmax in Hidden", or "Softmax" where the node is nothing else and has no other name."""
        name, what = self.name(node), op.__name__.lower()
        return name if name.lower() == what else f"The {what} in {name}"

    def into(self, node: str) -> Iterator[Wire]:
        """The wires that end at a node where they may, port by port, in their order."""
        for port in self.kinds[node].inputs:
            yield from self.wires.get((node, port.name), ())

    def prediction_wire(self, loss: str) -> Wire:
        """The wire that brings a readable loss what it compares with the target."""
        return self.wires[loss, self.kinds[loss].inputs[0].name][0]

    def sources(self) -> Iterator[tuple[str, SourceKind]]:
        """The nodes that data comes from."""
        for node, kind in self.kinds.items():
            if isinstance(kind, SourceKind):
                yield node, kind

    def loss_nodes(self) -> Iterator[tuple[str, LossKind]]:
        """The nodes that compare with targets."""
        for node, kind in self.kinds.items():
            if isinstance(kind, LossKind):
                yield node, kind

    def reshaped(self, kind: NodeKind, values: Mapping[str, Any], shape: Shape) -> Shape | None:
        """What a kind with these hyperparameters would make of one wire of this shape; None where that does not fit."""
        required = [port for port in kind.inputs if not port.optional]
        if len(required) != 1 or not kind.outputs:
            return None
        given: dict[str, tuple[Shape, ...]] = {port.name: () for port in kind.inputs}
        given[required[0].name] = (shape,)
        try:
            shapes = kind.infer_shape(parse(kind, values), given)
        except (ShapeError, HyperparameterError):
            return None
        return shapes[kind.outputs[0].name]
