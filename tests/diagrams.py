"""A few diagrams that several tests look at, with the form of their data."""

from collections.abc import Callable
from typing import Any

from core.catalogue.kind import Task
from core.compiler.compile import PASSES
from core.compiler.data_spec import DataSpec
from core.compiler.draft import Draft
from core.compiler.passes.fuse_convolutions import fuse_convolutions
from core.compiler.passes.fuse_neurons import fuse_neurons
from core.compiler.passes.unroll_time import unroll_time
from core.compiler.plan import Plan
from core.diagram.diagram import Diagram
from core.diagram.records import Node


def node(key: str, kind: str, **hyperparameters: Any) -> Node:
    """A node with these hyperparameters; ``title`` and ``position`` go to the node itself."""
    own = {name: hyperparameters.pop(name) for name in ("title", "position") if name in hyperparameters}
    return Node(id=key, kind=kind, hyperparameters=hyperparameters, **own)


def pictures() -> tuple[Diagram, DataSpec]:
    """Pictures to ten classes, as the digits are."""
    diagram = Diagram.build(
        [
            node("picture", "input"),
            node("row", "flatten"),
            node("hidden", "dense", units=32, activation="relu"),
            node("thinned", "dropout", rate=0.25),
            node("classes", "dense", units=10, activation="softmax"),
            node("loss", "categorical_cross_entropy"),
        ],
        [("picture", "row"), ("row", "hidden"), ("hidden", "thinned"), ("thinned", "classes"), ("classes", "loss")],
    )
    spec = DataSpec({"picture": (8, 8, 1)}, {"loss": (10,)}, task=Task.CLASSES, dataset_title="Digits")
    return diagram, spec


def hand_wired() -> tuple[Diagram, DataSpec]:
    """XOR from single neurons: two inputs of one column each, two hidden neurons that read both, one that reads these."""
    diagram = Diagram.build(
        [
            node("x1", "input", columns="1"),
            node("x2", "input", columns="2"),
            node("h1", "neuron", activation="tanh"),
            node("h2", "neuron", activation="tanh", bias=False),
            node("y", "neuron", activation="sigmoid"),
            node("loss", "binary_cross_entropy"),
        ],
        [("x1", "h1"), ("x2", "h1"), ("x1", "h2"), ("x2", "h2"), ("h1", "y"), ("h2", "y"), ("y", "loss")],
    )
    spec = DataSpec(
        {"x1": (1,), "x2": (1,)}, {"loss": (1,)}, {"x1": (0,), "x2": (1,)}, task=Task.BINARY, dataset_title="XOR"
    )
    return diagram, spec


def branches() -> tuple[Diagram, DataSpec]:
    """A residual block, a gate, an activation as a node, a branch that leads nowhere, and two losses."""
    diagram = Diagram.build(
        [
            node("x", "input"),
            node("first", "dense", units=4, activation="tanh"),
            node("second", "dense", units=4, activation="gelu", initializer="he_normal"),
            node("sum", "add"),
            node("gate", "dense", units=4, activation="sigmoid", bias=False),
            node("product", "multiply"),
            node("joined", "concatenate"),
            node("y", "dense", units=1),
            node("squashed", "sigmoid"),
            node("aside", "softplus"),
            node("yes_or_no", "binary_cross_entropy", weight=2.0),
            node("how_much", "mean_squared_error", weight=0.5),
        ],
        [
            ("x", "first"),
            ("first", "second"),
            ("first", "sum"),
            ("second", "sum"),
            ("x", "gate"),
            ("sum", "product"),
            ("gate", "product"),
            ("product", "joined"),
            ("x", "joined"),
            ("joined", "y"),
            ("y", "squashed"),
            ("y", "how_much"),
            ("squashed", "yes_or_no"),
            ("first", "aside"),
        ],
    )
    spec = DataSpec({"x": (3,)}, {"yes_or_no": (1,), "how_much": (1,)})
    return diagram, spec


def ranks() -> tuple[Diagram, DataSpec]:
    """Neurons past which wires run, of several activations, out of order, around a gate, and a layer that reads some of them."""
    neurons = {"h1": "tanh", "h2": "relu", "h3": "tanh", "g1": "tanh", "g2": "tanh", "k1": "sigmoid", "k2": "linear"}
    reads = {"h1": "a b", "h2": "a b", "h3": "b a", "g1": "h1 h3 h2", "g2": "h1 a", "k1": "gate g1", "k2": "g2 h2"}
    diagram = Diagram.build(
        [
            node("a", "input", columns="1, 2"),
            node("b", "input", columns="3"),
            *(node(key, "neuron", activation=activation) for key, activation in neurons.items()),
            node("gate", "multiply"),
            node("both", "concatenate"),
            node("out", "dense", units=2),
            node("loss", "mean_squared_error"),
        ],
        [
            *((source, key) for key, sources in reads.items() for source in sources.split()),
            *[("g1", "gate"), ("g2", "gate"), ("k1", "both"), ("k2", "both"), ("both", "out"), ("out", "loss")],
        ],
    )
    return diagram, DataSpec({"a": (2,), "b": (1,)}, {"loss": (2,)}, {"a": (0, 1), "b": (2,)}, task=Task.REGRESSION)


def unfused(diagram: Diagram, data: DataSpec) -> Plan:
    """The plan of a sound diagram with one step for each neuron."""
    return _plan_without(diagram, data, fuse_neurons)


def as_drawn(diagram: Diagram, data: DataSpec) -> Plan:
    """The plan of a sound diagram before any pass makes it faster; a Delay in a loop reads what comes after it."""
    return _plan_without(diagram, data, unroll_time, fuse_neurons, fuse_convolutions)


def _plan_without(diagram: Diagram, data: DataSpec, *left_out: Callable[[Draft], None]) -> Plan:
    draft = Draft(diagram, data)
    for run in PASSES:
        if run not in left_out:
            run(draft)
    assert draft.plan is not None
    return draft.plan


DIAGRAMS = {"pictures": pictures, "hand_wired": hand_wired, "branches": branches, "ranks": ranks}
