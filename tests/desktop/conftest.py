"""Windows for the tests of the desktop: with settings of their own, and closed without a question at the end."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.app import create_application, create_window
from desktop.main_window import MainWindow
from desktop.settings import Settings
from tests.desktop.making import MakeWindow, come_to_rest


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
    come_to_rest(qtbot, made)


@pytest.fixture
def window(make_window: MakeWindow) -> MainWindow:
    """A window with an empty canvas."""
    return make_window()
