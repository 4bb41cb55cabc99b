"""A file that is dragged onto the window."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget

SUFFIXES = (".nloom", ".json")


class FileDrop(QObject):
    """Takes a project file that is dropped on a widget, or on what lies in it and does not want it."""

    def __init__(self, target: QWidget, opened: Callable[[Path], None]) -> None:
        super().__init__(target)
        self._opened = opened
        target.setAcceptDrops(True)
        target.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QDropEvent):  # Entering and moving are drop events too.
            return super().eventFilter(watched, event)
        path = project_file(event.mimeData())
        if path is None:
            return super().eventFilter(watched, event)
        event.acceptProposedAction()
        if event.type() == QEvent.Type.Drop:
            self._opened(path)
        return True


def project_file(data: QMimeData) -> Path | None:
    """The one local project file that is being dragged, or None."""
    urls = data.urls() if data.hasUrls() else []
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    path = Path(urls[0].toLocalFile())
    return path if path.name.lower().endswith(SUFFIXES) else None
