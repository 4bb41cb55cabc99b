"""Small networks around one kind, and samples for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.catalogue.hyperparameters import parse
from core.catalogue.joining import PairKind
from core.catalogue.kind import LossKind, NodeKind, Port, ShapeError, SourceKind, Task
from core.catalogue.loss import WeightedLossKind
from core.catalogue.registry import all_kinds
from core.compiler.compile import Compilation, compile_diagram
from core.compiler.data_spec import DataSpec
from core.diagram.diagram import Diagram
from core.diagram.records import Endpoint, Node
from core.model.model import Model
from core.ops.joins import Divide
from core.ops.layout import PICTURE
from core.ops.op import Shape

Arrays = dict[str, np.ndarray]

DATA: tuple[Shape, ...] = ((3,), (5, 3), (6, 5, 2))
"""Samples to try a kind with: a row, a sequence, a picture."""


@dataclass(frozen=True)
class Net:
    """A diagram with the form of its data, and what its targets are for each loss."""

    diagram: Diagram
    spec: DataSpec
    tasks: Mapping[str, Task]

    def compiled(self) -> Compilation:
        return compile_diagram(self.diagram, self.spec)

    def model(self, dtype: str = "float64", seed: int = 3) -> Model:
        compilation = self.compiled()
        assert compilation.plan is not None, [item.message for item in compilation.errors]
        return Model(compilation.plan, seed=seed, dtype=dtype)

    def samples(self, count: int, seed: int = 5) -> tuple[Arrays, Arrays]:
        generator = np.random.default_rng(seed)
        inputs = {node: generator.normal(size=(count, *shape)) for node, shape in self.spec.inputs.items()}
        return inputs, {
            node: make_targets(generator, self.tasks[node], (count, *shape))
            for node, shape in self.spec.targets.items()
        }


def make_targets(generator: np.random.Generator, task: Task, shape: Shape) -> np.ndarray:
    """Targets of the values that a task has."""
    if task is Task.REGRESSION:
        return generator.normal(size=shape)
    if task is Task.BINARY:
        return generator.integers(0, 2, size=shape).astype(float)
    return np.eye(shape[-1])[generator.integers(0, shape[-1], size=shape[:-1])]


def loss_kind(task: Task) -> LossKind:
    return next(kind for kind in all_kinds() if isinstance(kind, LossKind) and task in kind.suits)


def net_around(kind: NodeKind, values: Mapping[str, Any], width: int = 4) -> Net:
    """Data, a hidden layer, the kind, a layer after it and a loss; or less, where the kind is one of these itself.

    The data are rows, or sequences or pictures where the kind takes nothing less; optional ports stay empty.
    """
    nodes: list[Node] = []
    wires: list[tuple[Endpoint | str, Endpoint | str]] = []

    def add(key: str, of: str, **hyperparameters: Any) -> None:
        nodes.append(Node(id=key, kind=of, hyperparameters=hyperparameters))

    shape = shape_for(kind, values)
    assert shape, f"{kind.title} takes neither rows nor sequences nor pictures with {values}"
    tested = Node(id="tested", kind=kind.key, hyperparameters=dict(values))
    if isinstance(kind, SourceKind):
        nodes.append(tested)
        add("after", "dense", units=2)
        wires.append((("tested", kind.outputs[0].name), "after"))
        source = "tested"
    else:
        source = "data"
        add("data", "input")
        nodes.append(tested)
        for port in required(kind):
            for number in range(2 if port.many else 1):
                before = "data"
                if len(shape) != PICTURE:
                    before = f"before_{port.name}_{number}"
                    add(before, "dense", units=width, activation=_before(kind))
                    wires.append(("data", before))
                wires.append((before, ("tested", port.name)))
    if isinstance(kind, LossKind):
        task = min(kind.suits, default=Task.REGRESSION)
        compared = {"tested": (width,)} if kind.has_target else {}
        return Net(Diagram.build(nodes, wires), DataSpec({source: shape}, compared), {"tested": task})
    if not isinstance(kind, SourceKind):
        add("row", "flatten")
        add("after", "dense", units=2, activation="tanh")
        wires += [(("tested", kind.outputs[0].name), "row"), ("row", "after")]
    nodes.append(Node(id="loss", kind=loss_kind(Task.REGRESSION).key))
    wires.append(("after", "loss"))
    return Net(Diagram.build(nodes, wires), DataSpec({source: shape}, {"loss": (2,)}), {"loss": Task.REGRESSION})


def required(kind: NodeKind) -> list[Port]:
    """The input ports that must have a wire."""
    return [port for port in kind.inputs if not port.optional]


def shape_for(kind: NodeKind, values: Mapping[str, Any], width: int = 4) -> Shape | None:
    """The shape of data with which the kind works: the simplest of a row, a sequence and a picture; None for no such."""
    if isinstance(kind, SourceKind):
        return DATA[0]
    for shape in DATA:
        arriving = shape if len(shape) == PICTURE else (*shape[:-1], width)
        shapes = {port.name: () if port.optional else (arriving,) * (1 + port.many) for port in kind.inputs}
        try:
            kind.infer_shape(parse(kind, values), shapes)
        except ShapeError:
            continue
        return shape
    return None


def _before(kind: NodeKind) -> str:
    """What the layer before ends with: shares for a loss that compares shares, and nothing near 0 for what divides."""
    if isinstance(kind, WeightedLossKind) and kind.logits_of:
        return "softmax" if Task.CLASSES in kind.suits else "sigmoid"
    return "softplus" if isinstance(kind, PairKind) and kind.op is Divide else "tanh"
