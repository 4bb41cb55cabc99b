"""A few diagrams that several tests look at, with the form of their data."""

from typing import Any

from core.catalogue.kind import Task
from core.compiler.data_spec import DataSpec
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


DIAGRAMS = {"pictures": pictures, "hand_wired": hand_wired, "branches": branches}
