"""Start-up: the application, its style, and one window."""

import gc
import signal
import sys
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from desktop import theme
from desktop.lifetime import end_of_application
from desktop.settings import Settings
from desktop.style import apply_style

if TYPE_CHECKING:
    from desktop.crash import CrashReporter
    from desktop.main_window import MainWindow

TEMPLATE = "template:"
_LATE_MS = 10_000
"""How long the process, whose window is gone, waits for a training step that takes so long."""


def create_application(argv: Sequence[str] | None = None, settings: Settings | None = None) -> QApplication:
    """The QApplication, dressed in the theme; the one that there is already, if there is one."""
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        application = QApplication(list(argv) if argv is not None else sys.argv[:1])
    application.setApplicationName("neuroloom")
    application.setApplicationDisplayName("Neuroloom")
    application.setDesktopFileName("neuroloom")
    application.setWindowIcon(QIcon(str(resources.files("resources") / "icons" / "neuroloom.svg")))
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


def create_start_window(settings: Settings | None = None) -> "MainWindow":
    """A window with the gallery over it; the parts that the gallery covers are made once it can be used."""
    from desktop.main_window import MainWindow

    window = MainWindow(settings, later=True)
    window.show_gallery()
    window.show()
    return window


def run(name: str | None = None) -> int:
    """Open the program with a file, a template ("template:KEY") or the gallery, and stay until its window is closed.

    Gives the exit code.
    """
    settings = Settings()
    application = create_application(settings=settings)
    window = create_start_window(settings) if name is None else create_window(settings=settings)
    reporter = _reporter(window)
    if name is not None and name.startswith(TEMPLATE):
        window.files.new_from_template(name.removeprefix(TEMPLATE))
    elif name is not None:
        window.files.load(Path(name))
    window.completed.connect(gc.freeze)  # What is there now stays to the end: no collection need ever look at it.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: application.exit(0))  # quit() would ask the windows first
    code = application.exec()
    window.shut_down(asked=False)  # Does nothing where the window was closed; else someone ended the process.
    reporter.remove()
    _wait_for_training(window)
    end_of_application()
    return code


def _wait_for_training(window: "MainWindow") -> None:
    if window.is_assembled:
        from desktop.training.host import wait_for_late

        wait_for_late(_LATE_MS)


def _reporter(window: "MainWindow") -> "CrashReporter":
    from desktop.crash import CrashReporter

    def keep() -> None:
        if window.recovery is not None:
            window.recovery.keep()

    reporter = CrashReporter(window, keep, window.settings.data_folder)
    reporter.install()
    return reporter
