"""Start-up: the application, its style, and one window."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from desktop import theme
from desktop.settings import Settings
from desktop.style import apply_style

if TYPE_CHECKING:
    from desktop.main_window import MainWindow


def create_application(argv: Sequence[str] | None = None, settings: Settings | None = None) -> QApplication:
    """The QApplication, dressed in the theme; the one that there is already, if there is one."""
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        application = QApplication(list(argv) if argv is not None else sys.argv[:1])
    application.setApplicationName("neuroloom")
    application.setApplicationDisplayName("Neuroloom")
    application.setDesktopFileName("neuroloom")
    theme.hub().set_mode((settings or Settings()).theme)
    apply_style(application)
    return application


def create_window(path: Path | str | None = None, settings: Settings | None = None) -> "MainWindow":
    """A window with the project of ``path``, or with an empty canvas."""
    from desktop.main_window import MainWindow

    window = MainWindow(settings)
    window.show()
    if path is not None:
        window.files.load(Path(path))
    return window


def run(path: Path | None = None) -> int:
    """Open the program and stay until its window is closed; the exit code."""
    settings = Settings()
    application = create_application(settings=settings)
    window = create_window(path, settings)
    if path is None:
        window.show_gallery()
    return application.exec()
