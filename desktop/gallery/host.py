"""Lays the gallery over a window, below its menu bar, and takes it away once something is open."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect
from PySide6.QtWidgets import QMainWindow, QWidget

from desktop.document_bridge import DocumentBridge
from desktop.files.controller import FileController
from desktop.gallery.page import GalleryPage
from desktop.settings import Settings


class GalleryHost(QObject):
    """One gallery page over one window; ``below`` is the widget whose upper edge the page begins at."""

    def __init__(
        self, window: QMainWindow, below: QWidget, bridge: DocumentBridge, files: FileController, settings: Settings
    ) -> None:
        super().__init__(window)
        self._window = window
        self._below = below
        self._files = files
        self._settings = settings
        self.page: GalleryPage | None = None
        bridge.replaced.connect(self.hide)
        bridge.changed.connect(lambda _change: self.hide())

    def show(self) -> None:
        """Lay the page over the window."""
        if self.page is None:
            self.page = self._new_page()
            self._window.installEventFilter(self)
            self._below.installEventFilter(self)
        self._follow()
        self.page.show()
        self.page.raise_()
        self.page.focus_first()

    def hide(self) -> None:
        """Take the page away."""
        page, self.page = self.page, None
        if page is not None:
            self._window.removeEventFilter(self)
            self._below.removeEventFilter(self)
            page.stop()
            page.hide()
            page.deleteLater()
            canvas = self._window.centralWidget()
            if canvas is not None:
                canvas.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.LayoutRequest):
            self._follow()
        return super().eventFilter(watched, event)

    def _new_page(self) -> GalleryPage:
        page = GalleryPage(self._settings.recent, self._window)
        page.template_chosen.connect(self._files.new_from_template)
        page.empty_chosen.connect(self._files.new_empty)
        page.open_chosen.connect(self._files.open)
        page.recent_chosen.connect(self._files.open_path)
        page.closed.connect(self.hide)
        return page

    def _follow(self) -> None:
        if self.page is not None:
            top = self._below.mapTo(self._window, QPoint(0, 0)).y()
            self.page.setGeometry(QRect(0, top, self._window.width(), self._window.height() - top))
