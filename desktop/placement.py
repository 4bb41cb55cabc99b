"""Where the window stands and how large it is: as it was last time, or a good first size on this screen."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow

from desktop.settings import Settings

_SMALL_SCREEN = 1400
_LARGEST = (1720, 1060)
_SHARE = (0.9, 0.92)


def place(window: QMainWindow, settings: Settings) -> None:
    """Give the window its place and size; on a small screen it takes all of it."""
    geometry = settings.geometry
    if geometry is not None and window.restoreGeometry(geometry):
        return
    room = QGuiApplication.primaryScreen().availableGeometry()
    if room.width() <= _SMALL_SCREEN:
        window.resize(room.size())
        window.setWindowState(window.windowState() | Qt.WindowState.WindowMaximized)
        return
    sizes = zip((room.width(), room.height()), _SHARE, _LARGEST, strict=True)
    width, height = (min(round(length * share), largest) for length, share, largest in sizes)
    window.resize(width, height)
    window.move(room.left() + (room.width() - width) // 2, room.top() + (room.height() - height) // 2)
