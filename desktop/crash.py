"""What happens to an exception that nobody caught: it is logged, the document is kept, and one dialog tells of it.

Without this, an exception in a slot vanishes on a terminal that nobody looks at. The dialog is shown once; what follows
while it is open goes to the log and into the same report.
"""

import logging
import platform
import sys
import threading
import traceback
from collections.abc import Callable
from importlib import metadata
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal, qVersion
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

LOG_NAME = "neuroloom.log"
_LOG_BYTES = 512 * 1024
_log = logging.getLogger("neuroloom")


class CrashReporter(QObject):
    """Catches what nobody caught, in every thread, for as long as it is installed."""

    _caught = Signal(str)

    def __init__(self, window: QWidget, keep_document: Callable[[], None], folder: Path) -> None:
        super().__init__(window)
        self._window = window
        self._keep_document = keep_document
        self._dialog: ReportDialog | None = None
        self._previous: list[Callable[..., object]] = []
        self._handler = _log_handler(folder)
        self._caught.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Take over from Python's own hooks."""
        self._previous = [sys.excepthook, threading.excepthook]
        sys.excepthook = self.report
        threading.excepthook = self._report_from_thread
        _log.addHandler(self._handler)

    def remove(self) -> None:
        """Give the hooks back."""
        if self._previous:
            sys.excepthook, threading.excepthook = self._previous
            self._previous = []
        _log.removeHandler(self._handler)
        self._handler.close()

    def report(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Log an exception and ask for the dialog."""
        text = "".join(traceback.format_exception(kind, error, trace))
        _log.error("Not caught:\n%s", text)
        print(text, file=sys.stderr)
        self._caught.emit(text)

    def _report_from_thread(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            self.report(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)

    def _show(self, text: str) -> None:
        try:
            self._keep_document()
        except Exception:  # The report matters more than the snapshot, and must not call itself.
            _log.exception("The document could not be kept")
        if self._dialog is not None:
            self._dialog.append(text)
            return
        self._dialog = ReportDialog(self._window, report_text(text))
        self._dialog.finished.connect(self._forget)
        self._dialog.open()

    def _forget(self) -> None:
        self._dialog = None


class ReportDialog(QDialog):
    """Says that something went wrong in the program itself, with a report to copy."""

    def __init__(self, parent: QWidget, text: str) -> None:
        super().__init__(parent)
        self.setObjectName("message.crash")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Neuroloom")
        headline = QLabel("Something went wrong in Neuroloom itself.")
        headline.setProperty("textRole", "title")
        sentence = QLabel(
            "Your document is still open, and a copy of it was kept in case the program has to close. "
            "The report says where it happened; it holds nothing of your document."
        )
        sentence.setWordWrap(True)
        self._report = QPlainTextEdit(text)
        self._report.setReadOnly(True)
        self._report.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._report.setAccessibleName("Report")
        self._report.setMinimumSize(560, 200)
        copy = QPushButton("Copy report")
        copy.clicked.connect(lambda: QApplication.clipboard().setText(self._report.toPlainText()))
        close = QPushButton("Go on")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.addWidget(copy)
        buttons.addStretch(1)
        buttons.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(headline)
        layout.addWidget(sentence)
        layout.addWidget(self._report, 1)
        layout.addLayout(buttons)

    @property
    def report(self) -> str:
        """The text that the button copies."""
        return self._report.toPlainText()

    def append(self, text: str) -> None:
        """Add what happened while the dialog was open."""
        self._report.appendPlainText(text)


def report_text(trace: str) -> str:
    """A report: versions, then the traceback."""
    return (
        f"Neuroloom {program_version()}, Python {platform.python_version()}, Qt {qVersion()}, {platform.platform()}\n\n"
        f"{trace}"
    )


def program_version() -> str:
    """The version of the installed distribution, or "from source"."""
    try:
        return metadata.version("neuroloom")
    except metadata.PackageNotFoundError:
        return "from source"


def _log_handler(folder: Path) -> logging.Handler:
    handler = RotatingFileHandler(folder / LOG_NAME, maxBytes=_LOG_BYTES, backupCount=1, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    return handler
