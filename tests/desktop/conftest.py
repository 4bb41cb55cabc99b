"""Windows for the tests of the desktop: with settings of their own, and closed without a question at the end."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot
from shiboken6 import Shiboken

from desktop.app import create_application, create_window
from desktop.main_window import MainWindow
from desktop.plots.draw_queue import draw_queue
from desktop.settings import Settings
from tests.desktop.making import MakeWindow


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings in a folder that belongs to the test."""
    return Settings(tmp_path / "home")


@pytest.fixture
def make_window(qtbot: QtBot, settings: Settings) -> Iterator[MakeWindow]:
    """Makes windows as the program does; whatever is open at the end of the test is closed, saved or not."""
    made: list[MainWindow] = []
    create_application([], settings)

    def make(path: Path | None = None, settings: Settings = settings) -> MainWindow:
        window = create_window(path, settings)
        made.append(window)
        qtbot.waitExposed(window)
        window.make_all_parts()
        return window

    yield make
    for window in made:
        if not Shiboken.isValid(window):
            continue
        window.shut_down()
        window.close()
        window.deleteLater()
    # The plots' queue is shared by all windows; it comes to rest within a few frames.
    timers = draw_queue().findChildren(QTimer)
    qtbot.waitUntil(lambda: not any(timer.isActive() for timer in timers))


@pytest.fixture
def window(make_window: MakeWindow) -> MainWindow:
    """A window with an empty canvas."""
    return make_window()
