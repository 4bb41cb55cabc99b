"""A file that is dragged onto the window."""

from pathlib import Path

from PySide6.QtCore import QMimeData

from desktop.files.questions import PROJECT_SUFFIX, TEXT_SUFFIX


def project_file(data: QMimeData) -> Path | None:
    """The one local project file that is being dragged, or None."""
    urls = data.urls() if data.hasUrls() else []
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    path = Path(urls[0].toLocalFile())
    return path if path.name.lower().endswith((PROJECT_SUFFIX, TEXT_SUFFIX, ".json")) else None
