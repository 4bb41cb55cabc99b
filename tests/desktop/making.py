"""What a test asks for when it makes its own windows."""

from typing import Protocol

from desktop.main_window import MainWindow
from desktop.settings import Settings


class MakeWindow(Protocol):
    """The fixture ``make_window``: a window as the program makes it, closed at the end of the test."""

    def __call__(self, path: object = None, settings: Settings = ...) -> MainWindow: ...
