"""What the program remembers between two starts, and where it keeps what is its own.

Everything lies in one folder when one is given (the tests do so, and whoever sets ``NEUROLOOM_HOME``); else where the
system wants settings and data to be.
"""

import os
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings, QStandardPaths

HOME_VARIABLE = "NEUROLOOM_HOME"
RECENT_LIMIT = 10
LAYOUT_VERSION = 1


class Settings:
    """Window geometry, docks, theme and recent files; a value that cannot be read is the default."""

    def __init__(self, folder: Path | None = None) -> None:
        if folder is None and os.environ.get(HOME_VARIABLE):
            folder = Path(os.environ[HOME_VARIABLE])
        self._folder = folder
        if folder is None:
            self._store = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "neuroloom", "neuroloom")
        else:
            self._store = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)

    @property
    def data_folder(self) -> Path:
        """Where recovery snapshots and the log lie; made when it is not there."""
        if self._folder is not None:
            folder = self._folder / "data"
        else:
            base = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericDataLocation)
            folder = Path(base) / "neuroloom"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @property
    def theme(self) -> str:
        """ "system", or the name of a theme."""
        return str(self._store.value("theme", "system"))

    @theme.setter
    def theme(self, mode: str) -> None:
        self._store.setValue("theme", mode)

    @property
    def geometry(self) -> QByteArray | None:
        """Place and size of the window when it was last closed."""
        return self._bytes("window/geometry")

    @geometry.setter
    def geometry(self, value: QByteArray) -> None:
        self._store.setValue("window/geometry", value)

    @property
    def layout(self) -> QByteArray | None:
        """How the docks stood when the window was last closed."""
        return self._bytes(f"window/layout{LAYOUT_VERSION}")

    @layout.setter
    def layout(self, value: QByteArray) -> None:
        self._store.setValue(f"window/layout{LAYOUT_VERSION}", value)

    @property
    def recent(self) -> list[Path]:
        """The files that were last opened or saved, newest first."""
        value = self._store.value("files/recent", [])
        paths = [value] if isinstance(value, str) else value if isinstance(value, list) else []
        return [Path(path) for path in paths if isinstance(path, str) and path][:RECENT_LIMIT]

    @recent.setter
    def recent(self, paths: list[Path]) -> None:
        self._store.setValue("files/recent", [str(path) for path in paths[:RECENT_LIMIT]])

    @property
    def last_folder(self) -> Path:
        """Where the file dialogs start."""
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        remembered = self._store.value("files/folder", "")
        folder = Path(str(remembered)) if remembered else Path(documents)
        return folder if folder.is_dir() else Path.home()

    @last_folder.setter
    def last_folder(self, folder: Path) -> None:
        self._store.setValue("files/folder", str(folder))

    def sync(self) -> None:
        """Write what was set; a full or read-only disk costs the settings, not the session."""
        self._store.sync()

    def _bytes(self, key: str) -> QByteArray | None:
        value = self._store.value(key)
        return value if isinstance(value, QByteArray) and not value.isEmpty() else None
