"""A canvas with a bridge, and hands: presses, drags and keys as a real mouse and keyboard would send them."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.diagram.diagram import Diagram
from core.diagram.records import DatasetChoice, Node, TrainingSettings
from core.storage.project import Project
from desktop.actions import ActionTable
from desktop.canvas import live_values
from desktop.canvas.view import CanvasView
from desktop.document_bridge import DocumentBridge
from desktop.selection import Selection

NO_KEY = Qt.KeyboardModifier.NoModifier


def node(key, kind, x=0.0, y=0.0, title="", **settings):
    """A node record."""
    return Node(id=key, kind=kind, position=(x, y), title=title, hyperparameters=settings)


def circle_training(key="circle"):
    """Settings that train on a dataset."""
    return TrainingSettings(dataset=DatasetChoice(key=key))


@dataclass
class Desk:
    """A canvas and what belongs to it."""

    bridge: DocumentBridge
    selection: Selection
    actions: ActionTable
    view: CanvasView

    @property
    def diagram(self) -> Diagram:
        return self.bridge.diagram

    def open(self, diagram: Diagram, parameters=None) -> None:
        """Open a diagram at 100 %, its origin in the middle."""
        self.bridge.open_project(Project(diagram=diagram, parameters=parameters), None)
        QApplication.processEvents()
        self.view.camera.zoom_to(1.0)
        self.view.camera.centre(QPointF(0, 0))
        self.view.canvas.sharpness.resting = True

    def mouse(self, kind, point: QPoint, button, held, keys=NO_KEY) -> None:
        """One mouse event at a point of the viewport."""
        target = self.view.viewport()
        event = QMouseEvent(kind, QPointF(point), QPointF(target.mapToGlobal(point)), button, held, keys)
        QApplication.sendEvent(target, event)

    def press(self, point: QPoint, keys=NO_KEY, button=Qt.MouseButton.LeftButton) -> None:
        self.mouse(QEvent.Type.MouseButtonPress, point, button, button, keys)

    def move(self, point: QPoint, keys=NO_KEY, held=Qt.MouseButton.LeftButton) -> None:
        self.mouse(QEvent.Type.MouseMove, point, Qt.MouseButton.NoButton, held, keys)

    def release(self, point: QPoint, keys=NO_KEY, button=Qt.MouseButton.LeftButton) -> None:
        self.mouse(QEvent.Type.MouseButtonRelease, point, button, Qt.MouseButton.NoButton, keys)

    def drag(self, start: QPoint, end: QPoint, keys=NO_KEY, button=Qt.MouseButton.LeftButton) -> None:
        """Press, move in three steps, release."""
        self.press(start, keys, button)
        for step in (1, 2, 3):
            self.move(start + (end - start) * step / 3, keys, button)
        self.release(end, keys, button)

    def click(self, point: QPoint, keys=NO_KEY) -> None:
        self.press(point, keys)
        self.release(point, keys)

    def key(self, key, keys=NO_KEY) -> None:
        QTest.keyClick(self.view, key, keys)

    def run(self, action_id: str) -> None:
        self.actions.action(action_id).trigger()

    def at(self, x: float, y: float) -> QPoint:
        """A point of the scene in the viewport."""
        return self.view.mapFromScene(QPointF(x, y))

    def middle(self, key: str) -> QPoint:
        return self.view.node_rect(key).center()


@pytest.fixture
def desk(qtbot) -> Iterator[Desk]:
    bridge, selection, actions = DocumentBridge(), Selection(), ActionTable()
    view = CanvasView(bridge, selection, actions)
    view.resize(900, 600)
    qtbot.addWidget(view)
    view.show()
    QApplication.processEvents()
    yield Desk(bridge, selection, actions, view)
    view.clock.stop()
    view.close()


@pytest.fixture
def small(desk) -> Desk:
    """Two inputs, two neurons, nothing wired but the first input to the first neuron."""
    desk.open(
        Diagram.build(
            nodes=[
                node("x1", "input", -200, -80, "x1", columns="1"),
                node("x2", "input", -200, 80, "x2", columns="2"),
                node("h1", "neuron", 0, -80, "h1"),
                node("h2", "neuron", 0, 80, "h2"),
                node("y", "neuron", 200, 0, "y"),
            ],
            wires=[("x1", "h1")],
            training=circle_training(),
        )
    )
    return desk


@pytest.fixture
def many_weights(monkeypatch) -> None:
    """Take every net for one of too many weights to show them all unasked."""
    monkeypatch.setattr(live_values, "FEW_WEIGHTS", -1)
