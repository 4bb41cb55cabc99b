"""Random diagrams over the whole catalogue: ``random_network`` makes sound ones, ``random_scribble`` anything that can be drawn.

Both read the kinds from the registry and their settings from the typed fields, so that a new kind is part of them at once.
"""

import math
from random import Random
from typing import Any

import msgspec

from core.catalogue.activation import activation_kinds
from core.catalogue.hyperparameters import HyperparameterField, fields, parse
from core.catalogue.kind import LossKind, NodeKind, Port, ShapeError, SourceKind, Task
from core.catalogue.loss import WeightedLossKind
from core.catalogue.registry import all_kinds
from core.compiler.data_spec import DataSpec
from core.diagram.diagram import Diagram
from core.diagram.records import Endpoint, Node, Wire
from core.ops.op import Shape

INPUT_SHAPES: tuple[Shape, ...] = ((1,), (2,), (5,), (3, 2), (2, 3, 1), (5, 4, 2))
TEXTS = ("", "1", "a, b", "no such column")
UNITS_AT_MOST = 6
"""Whole numbers are drawn up to here, so that a network of many layers stays small."""
NUMBERS_AT_MOST = 10.0
"""Other numbers are drawn up to here, either way, so that single precision is precise enough for what is made with them."""


def random_value(random: Random, field: HyperparameterField, largest: int = UNITS_AT_MOST) -> Any:
    """A valid value of a hyperparameter."""
    if field.kind == "bool":
        return random.random() < 0.5
    if field.kind == "choice":
        return random.choice(field.choices)
    if field.kind == "text":
        return random.choice(field.examples or TEXTS)
    low, high = field.minimum or 0.0, field.maximum or 0.0
    if field.kind == "int":
        return random.randint(int(low), min(int(high), max(int(low), largest)))
    low, high = max(low, -NUMBERS_AT_MOST), min(high, NUMBERS_AT_MOST)
    value = random.choice((random.uniform(low, high), random.uniform(low, min(high, low + 1.0))))
    return min(max(value, math.nextafter(low, math.inf)), math.nextafter(high, -math.inf))


def random_settings(random: Random, kind: NodeKind) -> dict[str, Any]:
    """Valid hyperparameters, some of them left at their defaults."""
    known = [field for field in fields(type(kind)) if random.random() < 0.7]
    return {field.name: random_value(random, field) for field in known}


class NetworkMaker:
    """Grows a sound diagram node by node, and remembers the shape at every output."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.nodes: list[Node] = []
        self.wires: list[tuple[Endpoint, Endpoint]] = []
        self.shapes: dict[Endpoint, Shape] = {}
        self.inputs: dict[str, Shape] = {}
        self.targets: dict[str, Shape] = {}
        self.tasks: dict[str, Task] = {}
        self.losses: list[str] = []
        self.read: set[Endpoint] = set()
        self.only: Endpoint | None = None

    def add_source(self, kind: SourceKind) -> None:
        node = self._node(kind, {})
        self.inputs[node] = self.shapes[node, kind.outputs[0].name] = self.random.choice(INPUT_SHAPES)

    def add(self, kind: NodeKind) -> bool:
        """Add a node of this kind with random settings, reading outputs that fit; False if none were found."""
        for _ in range(6):
            values = random_settings(self.random, kind)
            settings = parse(kind, values)
            chosen = {port.name: self._chosen_for(port) for port in kind.inputs}
            shapes = {name: tuple(self.shapes[end] for end in ends) for name, ends in chosen.items()}
            try:
                found = kind.infer_shape(settings, shapes)
            except ShapeError:
                continue
            node = self._node(kind, values)
            for name, ends in chosen.items():
                self.wires += [(end, (node, name)) for end in ends]
                self.read.update(ends)
            self.shapes.update({(node, port): shape for port, shape in found.items()})
            if isinstance(kind, LossKind):
                self.losses.append(node)
            if isinstance(kind, LossKind) and kind.has_target:
                self.targets[node] = shapes[kind.inputs[0].name][0]
                self.tasks[node] = min(kind.suits)
            return True
        return False

    def add_loss(self, kind: LossKind) -> bool:
        """Add a loss; one that compares shares mostly gets the activation before it that makes them."""
        if isinstance(kind, WeightedLossKind) and kind.logits_of and self.random.random() < 0.8:
            makers = activation_kinds().values()
            maker = next(one for one in makers if isinstance(one.op(parse(one, {})), kind.logits_of))
            self.add(maker)
            self.only = (self.nodes[-1].id, maker.outputs[0].name)
        found = self.add(kind)
        self.only = None
        return found

    def diagram(self) -> Diagram:
        return Diagram.build(self.nodes, self.wires)

    def _chosen_for(self, port: Port) -> list[Endpoint]:
        if port.optional and self.random.random() < 0.5:
            return []
        return self._choose(2 if port.many else 1)

    def _choose(self, most: int) -> list[Endpoint]:
        """Different outputs, rather new ones that nothing reads yet."""
        if self.only:
            return [self.only]
        outputs = list(self.shapes)
        fresh = [end for end in outputs if end not in self.read]
        pool = fresh if fresh and self.random.random() < 0.7 else outputs
        return self.random.sample(pool, min(len(pool), self.random.randint(1, most)))

    def _node(self, kind: NodeKind, values: dict[str, Any]) -> str:
        key = f"n{len(self.nodes)}"
        self.nodes.append(Node(id=key, kind=kind.key, position=(len(self.nodes) * 100.0, 0.0), hyperparameters=values))
        return key


def random_network(random: Random, size: int = 8) -> tuple[Diagram, DataSpec, dict[str, Task]]:
    """A sound diagram with its DataSpec, and for each loss the task that its targets should belong to."""
    kinds = all_kinds()
    maker = NetworkMaker(random)
    for _ in range(random.randint(1, 2)):
        maker.add_source(random.choice([kind for kind in kinds if isinstance(kind, SourceKind)]))
    inner = [kind for kind in kinds if not isinstance(kind, SourceKind | LossKind)]
    for _ in range(size):
        maker.add(random.choice(inner))
    losses = [kind for kind in kinds if isinstance(kind, LossKind)]
    while not maker.losses or random.random() < 0.3:
        maker.add_loss(random.choice(losses))
    return maker.diagram(), DataSpec(inputs=maker.inputs, targets=maker.targets), maker.tasks


GARBAGE: tuple[Any, ...] = (
    None, True, False, 0, -1, 3.5, 1e308, -0.0, 2**70, 10**400, "", "x", "\ud800", [], [1, [2]], {}, {"a": {}}, float("nan"), float("inf"), -math.inf,
)  # fmt: skip
IDS = ("a", "b", "c1", "c2", "c10", "", "9" * 80, "é", "a/b")
PORTS = ("input", "output", "", "nowhere")
KEYS = ("", "no-such-kind", "Dense")


def random_scribble(random: Random, size: int = 8) -> tuple[Diagram, DataSpec | None]:
    """Anything that the records can hold: unknown kinds, wires to nowhere, loops, garbage in hyperparameters and data."""
    keys = [kind.key for kind in all_kinds()]
    ids = random.sample(IDS, random.randint(0, len(IDS))) + [f"n{index}" for index in range(random.randint(0, size))]
    nodes = {key: _scribbled_node(random, key, keys) for key in ids}
    wires = {}
    for index in range(random.randint(0, 2 * size)):
        ends = [(random.choice([*ids, "nobody"]), _port(random, side)) for side in (1, 0)]
        wires[f"w{index}"] = Wire(
            id=f"w{index}", source=ends[0], target=ends[1], order=random.choice((0, 1, -5, 10**30))
        )
    if random.random() < 0.1:
        return Diagram(nodes=nodes, wires=wires), None
    shapes: tuple[Shape, ...] = (*INPUT_SHAPES, (), (10,), (1, 1))
    some = [key for key in ids if random.random() < 0.9]
    spec = DataSpec(
        inputs={key: random.choice(shapes) for key in some},
        targets={key: random.choice(shapes) for key in some},
        columns={key: (0,) for key in some if random.random() < 0.1},
        task=random.choice((None, *Task)),
        problems={key: "It has no such column." for key in some if random.random() < 0.1},
    )
    return Diagram(nodes=nodes, wires=wires), spec


def _port(random: Random, side: int) -> str:
    return random.choice(PORTS) if random.random() < 0.1 else PORTS[side]


def _scribbled_node(random: Random, key: str, keys: list[str]) -> Node:
    kind = random.choice(KEYS) if random.random() < 0.1 else random.choice(keys)
    known = next((candidate for candidate in all_kinds() if candidate.key == kind), None)
    values: dict[str, Any] = random_settings(random, known) if known else {}
    if random.random() < 0.15:
        name = random.choice([*values, "units", "no_such_setting", ""])
        values[name] = random.choice(GARBAGE)
    position = random.choice(((0.0, 0.0), (random.uniform(-1e6, 1e6), 5.0), (1e6, -1e6)))
    return Node(id=key, kind=kind, title=random.choice(("", "Title", "é\n")), position=position, hyperparameters=values)


def as_json(value: Any) -> Any:
    """A value as it comes back from a project file."""
    return msgspec.json.decode(msgspec.json.encode(value))
