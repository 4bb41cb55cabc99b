"""Controllers for the plots, and a way to show a plot that cleans up behind itself."""

from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from desktop.plots.draw_queue import draw_queue
from desktop.plots.panel import PlotPanel
from tests.desktop.controllers import controller, make_controller

Panel = TypeVar("Panel", bound=PlotPanel)
Show = Callable[[Panel], Panel]

__all__ = ["controller", "make_controller", "show"]


@pytest.fixture
def show(qtbot: QtBot) -> Iterator[Show[PlotPanel]]:
    """Shows a panel, waits until it can be seen, and lets the queue of drawings come to rest at the end."""

    def shown(panel: PlotPanel) -> PlotPanel:
        qtbot.addWidget(panel)
        panel.resize(420, 220)
        with qtbot.waitExposed(panel):
            panel.show()
        return panel

    yield shown
    timers = draw_queue().findChildren(QTimer)
    qtbot.waitUntil(lambda: not any(timer.isActive() for timer in timers))
