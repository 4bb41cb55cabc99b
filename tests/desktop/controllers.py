"""Controllers on documents that hold a small network; each is closed at the end of its test."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from core.diagram.diagram import Diagram
from core.storage.project import Project
from desktop.document_bridge import DocumentBridge
from desktop.training.controller import TrainingController
from tests.desktop.training.making import MakeController, small_network


@pytest.fixture
def make_controller(qtbot: QtBot) -> Iterator[MakeController]:
    """Opens a diagram, and waits until it was compiled and can be seen."""
    made: list[TrainingController] = []

    def make(diagram: Diagram | None = None, parameters: dict | None = None) -> TrainingController:  # type: ignore[type-arg]
        bridge = DocumentBridge()
        controller = TrainingController(bridge)
        made.append(controller)
        with qtbot.waitSignal(controller.snapshot_ready):
            bridge.open_project(Project(diagram=diagram or small_network(), parameters=parameters), None)
        return controller

    yield make
    for controller in made:
        assert controller.close(5000)


@pytest.fixture
def controller(make_controller: MakeController) -> TrainingController:
    """A controller of a small network on the circle."""
    return make_controller()
