"""Random diagrams over the whole catalogue: ``random_network`` makes sound ones, ``random_scribble`` anything that can be drawn.

Both read the kinds from the registry and their settings from the typed fields, so that a new kind is part of them at once. A sound
diagram may have loops through delays, and parts that are wired neuron by neuron.
"""

import math
from collections.abc import Sequence
from copy import copy
from random import Random
from typing import Any

import msgspec

from core.catalogue.activation import activation_kinds
from core.catalogue.hyperparameters import HyperparameterField, fields, parse
from core.catalogue.kind import LossKind, NodeKind, Port, ShapeError, SourceKind, Task
from core.catalogue.loss import WeightedLossKind
from core.catalogue.registry import all_kinds, find_kind
from core.compiler.compile import compile_diagram
from core.compiler.data_spec import DataSpec
from core.diagram.diagram import Diagram
from core.diagram.records import Endpoint, Node, Wire
from core.ops.layout import SEQUENCE
from core.ops.op import Shape
from tests.conformance.nets import Net

INPUT_SHAPES: tuple[Shape, ...] = ((1,), (2,), (5,), (3, 2), (4, 3), (2, 3, 1), (5, 4, 2))
VALUES_AT_MOST = 2000
"""No output has more, for pictures that grow again and again would fill the memory of a small machine."""
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
        self.within: set[Endpoint] | None = None
        """The outputs that a new node may read; None for all."""
        self.among: set[Endpoint] = set()
        """The outputs that it must read."""

    def add_source(self, kind: SourceKind) -> None:
        node = self._node(kind, {})
        self.inputs[node] = self.shapes[node, kind.outputs[0].name] = self.random.choice(INPUT_SHAPES)

    def add(self, kind: NodeKind, **fixed: Any) -> bool:
        """Add a node of this kind with random settings but for these, reading outputs that fit; False if none were found."""
        for _ in range(20 if self.among else 6):
            values = random_settings(self.random, kind) | fixed
            settings = parse(kind, values)
            chosen = {port.name: self._chosen_for(port) for port in kind.inputs}
            if not self.among <= {end for ends in chosen.values() for end in ends}:
                continue
            shapes = {name: tuple(self.shapes[end] for end in ends) for name, ends in chosen.items()}
            try:
                found = kind.infer_shape(settings, shapes)
            except ShapeError:
                continue
            if any(math.prod(shape) > VALUES_AT_MOST for shape in found.values()):
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
            self.within = {(self.nodes[-1].id, maker.outputs[0].name)}
        found = self.add(kind)
        self.within = None
        return found

    def add_ranks(self) -> None:
        """Add neurons that read rows and each other, past each other too, with few activations among them."""
        kind = find_kind("neuron")
        before = set(self.shapes)
        rows = [end for end, shape in self.shapes.items() if len(shape) == 1]
        if not rows:
            return
        choices = next(field.choices for field in fields(type(kind)) if field.name == "activation")
        activations = self.random.sample(choices, 2)
        self.within = set(self.random.sample(rows, min(len(rows), 3)))
        for _ in range(self.random.randint(2, 7)):
            self.add(kind, activation=self.random.choice(activations))
            self.within |= set(self.shapes) - before
        self.within = None

    def add_loop(self, inner: Sequence[NodeKind]) -> bool:
        """Add a few nodes with a loop through a Delay among them; False if what was tried is none or cannot be one."""
        sequences = [end for end, shape in self.shapes.items() if len(shape) == SEQUENCE]
        if not sequences:
            return False
        kept = copy(self.nodes), copy(self.wires), copy(self.shapes), copy(self.read)
        delay_kind = self.random.choice([kind for kind in inner if kind.delays])
        delay = self._node(delay_kind, random_settings(self.random, delay_kind))
        outside, start = self.random.choice(sequences), (delay, delay_kind.outputs[0].name)
        times, width = self.shapes[outside]
        around = self.shapes[start] = times, self.random.choice((width, width, self.random.randint(1, 4)))
        self.within = self.among = {outside, start}
        joined = self.add(self.random.choice([kind for kind in inner if kind.inputs and kind.inputs[0].many]))
        for _ in range(self.random.randint(0, 3)):
            self._follow(self.random.choice(inner))
        if self.shapes[self._newest] != around:
            self._follow(find_kind("dense"), units=around[1])
        self.within, self.among = None, set()
        self.wires.append((self._newest, (delay, delay_kind.inputs[0].name)))
        sound = joined and self.shapes[self._newest] == around and self._goes_step_by_step()
        if not sound:
            self.nodes, self.wires, self.shapes, self.read = kept
        return sound

    @property
    def _newest(self) -> Endpoint:
        return list(self.shapes)[-1]

    def _follow(self, kind: NodeKind, **fixed: Any) -> None:
        """Add a node that reads the newest output, and perhaps others of those that it may."""
        assert self.within is not None
        self.within = self.within | {self._newest}
        self.among = {self._newest}
        self.add(kind, **fixed)

    def _goes_step_by_step(self) -> bool:
        """Whether no node in the loop that was drawn last looks at several steps of time; its shapes are then as they were drawn.

        Of a node that does, the compiler may also say that nothing fits it as long as not all wires of the loop are known.
        """
        compilation = compile_diagram(self.diagram(), DataSpec(inputs=self.inputs))
        if {"not-stepwise", "shape-mismatch"} & {item.code for item in compilation.diagnostics}:
            return False
        assert {end: compilation.shapes.get(end) for end in self.shapes} == self.shapes
        return True

    def diagram(self) -> Diagram:
        return Diagram.build(self.nodes, self.wires)

    def _chosen_for(self, port: Port) -> list[Endpoint]:
        if port.optional and self.random.random() < 0.5:
            return []
        return self._choose(2 if port.many else 1)

    def _choose(self, most: int) -> list[Endpoint]:
        """Different outputs, rather new ones that nothing reads yet."""
        outputs = [end for end in self.shapes if self.within is None or end in self.within]
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
    while len(maker.nodes) < size:
        chance = random.random()
        if chance < 0.1:
            maker.add_ranks()
        elif chance > 0.8:
            maker.add_loop(inner)
        else:
            maker.add(random.choice(inner))
    losses = [kind for kind in kinds if isinstance(kind, LossKind)]
    while not maker.losses or random.random() < 0.3:
        maker.add_loss(random.choice(losses))
    return maker.diagram(), DataSpec(inputs=maker.inputs, targets=maker.targets), maker.tasks


def random_net(seed: int) -> Net:
    """The same, as a network that can make its own samples."""
    return Net(*random_network(Random(seed), size=10))


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
