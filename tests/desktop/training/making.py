"""What the tests of training and plots open: a small network, and the fixture that makes controllers."""

from collections.abc import Callable

from core.diagram.diagram import Diagram
from core.diagram.records import DatasetChoice, Node, TrainingSettings
from desktop.training.controller import TrainingController

MakeController = Callable[..., TrainingController]


def small_network(units: int = 4, **settings: object) -> Diagram:
    """circle -> dense -> dense -> binary cross-entropy."""
    training = {"dataset": DatasetChoice(key="circle"), "epochs": 100_000, **settings}
    return Diagram.build(
        nodes=[
            Node(id="x", kind="input"),
            Node(id="h", kind="dense", hyperparameters={"units": units, "activation": "tanh"}),
            Node(id="y", kind="dense", hyperparameters={"units": 1, "activation": "sigmoid"}),
            Node(id="loss", kind="binary_cross_entropy"),
        ],
        wires=[("x", "h"), ("h", "y"), ("y", "loss")],
        training=TrainingSettings(**training),  # type: ignore[arg-type]
    )
