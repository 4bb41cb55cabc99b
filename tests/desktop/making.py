"""What a test asks for when it makes its own windows."""

from collections.abc import Iterable
from typing import Protocol

from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot
from shiboken6 import Shiboken

from desktop.main_window import MainWindow
from desktop.plots.draw_queue import draw_queue
from desktop.settings import Settings


class MakeWindow(Protocol):
    """The fixture ``make_window``: a window as the program makes it, closed at the end of the test."""

    def __call__(self, path: object = None, settings: Settings = ...) -> MainWindow: ...


def come_to_rest(qtbot: QtBot, windows: Iterable[MainWindow]) -> None:
    """Close windows, saved or not, and wait until nothing of them is left to be drawn."""
    for window in windows:
        if Shiboken.isValid(window):
            window.shut_down()
            window.close()
            window.deleteLater()
    # The plots' queue is shared by all windows; it comes to rest within a few frames.
    timers = draw_queue().findChildren(QTimer)
    qtbot.waitUntil(lambda: not any(timer.isActive() for timer in timers))
