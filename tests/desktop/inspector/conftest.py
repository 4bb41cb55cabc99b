"""An inspector with everything it follows, and a few networks to look at."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from core.diagram.diagram import Diagram
from core.diagram.records import DatasetChoice, Node, TrainingSettings
from core.storage.project import Project
from desktop.document_bridge import DocumentBridge
from desktop.inspector.panel import InspectorPanel
from desktop.selection import Selection
from desktop.training.controller import TrainingController


@dataclass
class Desk:
    """The panel and what it follows."""

    bridge: DocumentBridge
    selection: Selection
    controller: TrainingController
    panel: InspectorPanel

    @property
    def page(self):
        return self.panel.page

    def open(self, diagram: Diagram, parameters=None) -> None:
        self.bridge.open_project(Project(diagram=diagram, parameters=parameters), None)
        QApplication.processEvents()

    def see(self, qtbot) -> None:
        """Wait for the numbers of the network as it is."""
        qtbot.waitUntil(lambda: self.controller.snapshot is not None)
        self.page.show_snapshot(self.controller.snapshot)

    def type(self, field: QLineEdit, text: str) -> None:
        field.selectAll()
        QTest.keyClicks(field, text)
        QTest.keyClick(field, "\r")


def neurons(activation="tanh") -> Diagram:
    """x1, x2 -> h1, h2 -> y -> loss, on the circle."""
    nodes = [
        Node(id="x1", kind="input", hyperparameters={"columns": "x1"}),
        Node(id="x2", kind="input", hyperparameters={"columns": "x2"}),
        Node(id="h1", kind="neuron", title="h1", hyperparameters={"activation": activation}),
        Node(id="h2", kind="neuron", title="h2", hyperparameters={"activation": activation}),
        Node(id="y", kind="neuron", title="output", hyperparameters={"activation": "sigmoid"}),
        Node(id="loss", kind="binary_cross_entropy"),
    ]
    pairs = [("x1", "h1"), ("x2", "h1"), ("x1", "h2"), ("x2", "h2"), ("h1", "y"), ("h2", "y"), ("y", "loss")]
    return Diagram.build(nodes, pairs, TrainingSettings(dataset=DatasetChoice(key="circle")))


def layers() -> Diagram:
    """x -> dense -> tanh -> dense -> loss, on the circle."""
    nodes = [
        Node(id="x", kind="input"),
        Node(id="h", kind="dense", hyperparameters={"units": 5}),
        Node(id="t", kind="tanh"),
        Node(id="y", kind="dense", hyperparameters={"units": 1, "activation": "sigmoid"}),
        Node(id="loss", kind="binary_cross_entropy"),
    ]
    pairs = [("x", "h"), ("h", "t"), ("t", "y"), ("y", "loss")]
    return Diagram.build(nodes, pairs, TrainingSettings(dataset=DatasetChoice(key="circle")))


@pytest.fixture
def desk(qtbot) -> Iterator[Desk]:
    bridge, selection = DocumentBridge(), Selection()
    controller = TrainingController(bridge)
    panel = InspectorPanel(bridge, selection, controller)
    qtbot.addWidget(panel)
    panel.resize(280, 800)
    panel.show()
    QApplication.processEvents()
    yield Desk(bridge, selection, controller, panel)
    assert controller.close()
