"""A project that has something of everything, as the files in ``tests/data/projects`` hold it."""

import numpy as np

from core.diagram.change import Change
from core.diagram.diagram import Diagram
from core.diagram.records import (
    DatasetChoice,
    Frame,
    Node,
    Note,
    OptimizerChoice,
    TargetChoice,
    TrainingSettings,
)
from core.storage.project import Project


def full_diagram() -> Diagram:
    """Known kinds, a kind that nobody knows, a title that is not ASCII, notes, a frame, and settings of all sorts."""
    training = TrainingSettings(
        dataset=DatasetChoice(key="spiral", options={"seed": 3, "noise": 0.1}),
        optimizer=OptimizerChoice(key="momentum", learning_rate=0.05, momentum=0.8),
        batch_size=16,
        epochs=50,
        seed=7,
        validation_fraction=0.25,
        target=TargetChoice(metric="accuracy", value=0.97),
    )
    nodes = [
        Node(id="x", kind="input", title="Inputs"),
        Node(id="h", kind="dense", position=(240.0, 0.5), hyperparameters={"units": 8, "activation": "tanh"}),
        Node(
            id="m10",
            kind="martian.gate",
            title="Größe ∂",
            position=(-1e6, 1e6),
            hyperparameters={"deep": {"list": [1, 2.5, None, True, "text"], "empty": {}}, "tiny": 5e-324},
        ),
        Node(id="m9", kind="martian.gate"),
        Node(id="y", kind="dense", position=(480.0, -0.0), hyperparameters={"units": 1}),
    ]
    wires = [("x", "h"), ("h", "y"), (("m9", "odd"), ("m10", "left")), (("x", "output"), ("m10", "left"))]
    extra = Change(
        added=(
            Note(id="note1", text='Two\nlines, "quoted" \\ \t', position=(10.0, 20.0), target="h"),
            Note(id="note2", size=(300.5, 80.0)),
            Frame(id="frame1", title="Martians", nodes=("m10", "m9")),
        )
    )
    return Diagram.build(nodes, wires, training).apply(extra)


def full_project() -> Project:
    """The diagram with parameters, the state of an optimizer, and extras."""
    parameters = {
        "h/weight": np.linspace(-1, 1, 16, dtype=np.float32).reshape(8, 2),
        "h/bias": np.zeros(8, np.float32),
        "y/weight": np.array([[1.5, -0.0, 3.25, 1e-45, -3.4e38, 0.1, 0.2, 0.3]], np.float32),
        "m10/input_gate.weight": np.arange(6, dtype=np.float64).reshape(1, 2, 3),
    }
    state = {"step": np.array(12, np.int64), "first/h/weight": np.ones((8, 2), np.float32)}
    return Project(full_diagram(), parameters, state, {"view": {"zoom": 1.5, "center": [0, 0]}, "about": "Größe"})
