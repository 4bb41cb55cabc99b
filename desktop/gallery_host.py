"""Lays the gallery over a window, below its menu bar, and takes it away once something is open."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtWidgets import QWidget

from core.errors import NeuroloomError
from core.templates import template
from desktop import theme
from desktop.gallery.page import GalleryPage, Picture

if TYPE_CHECKING:
    from desktop.main_window import MainWindow
    from desktop.thumbnail import Sketch


class Pictures:
    """The pictures of the templates; what the canvas must be loaded for is loaded for the first of them."""

    def __init__(self) -> None:
        self._sketches: dict[str, Sketch | None] = {}

    def picture(self, key: str, size: QSize, pixel_ratio: float) -> Picture | None:
        """The picture of a template in the present theme, or None where the template cannot be read."""
        from desktop.thumbnail import paint_sketch, sketch_of

        if key not in self._sketches:
            self._sketches[key] = None
            with suppress(NeuroloomError):
                self._sketches[key] = sketch_of(template(key))
        sketch = self._sketches[key]
        if sketch is None:
            return None
        return Picture(paint_sketch(sketch, size, pixel_ratio, theme.current()), sketch.parameter_count)


class GalleryHost(QObject):
    """One gallery page over one window, whose parts need not be there before something is chosen."""

    seen = Signal()
    """The page was painted for the first time."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._below: QWidget | None = None
        self.page: GalleryPage | None = None
        self._pictures = Pictures()
        self._watch_document()

    def show(self) -> None:
        """Lay the page over the window."""
        if self.page is None:
            self.page = self._new_page()
            self._window.installEventFilter(self)
        self.follow()
        self.page.show()
        self.page.focus_first()

    def hide(self) -> None:
        """Take the page away."""
        page, self.page = self.page, None
        if page is not None:
            self._window.removeEventFilter(self)
            page.stop()
            page.hide()
            page.deleteLater()
            self._window.assemble()
            if self._window.is_assembled:
                self._window.canvas.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.LayoutRequest, QEvent.Type.ChildPolished):
            self.follow()
        return super().eventFilter(watched, event)

    def _new_page(self) -> GalleryPage:
        page = GalleryPage(self._window.settings.recent, self._pictures.picture, self._window)
        page.template_chosen.connect(
            lambda key, title: self._do(lambda: self._window.files.new_from_template(key, title))
        )
        page.empty_chosen.connect(lambda: self._do(lambda: self._window.files.new_empty()))
        page.open_chosen.connect(lambda: self._do(lambda: self._window.files.open()))
        page.recent_chosen.connect(self._open_recent)
        page.closed.connect(self.hide)
        page.seen.connect(self.seen, Qt.ConnectionType.QueuedConnection)
        return page

    def _open_recent(self, path: Path) -> None:
        self._do(lambda: self._window.files.open_path(path))

    def _do(self, action: Callable[[], None]) -> None:
        self._window.assemble()
        self._watch_document()
        action()

    def _watch_document(self) -> None:
        """Whatever is opened or drawn takes the page away; its upper edge is that of the training bar."""
        if self._below is None and self._window.is_assembled:
            self._below = self._window.panels.bar_tools
            self._below.installEventFilter(self)
            self._window.bridge.replaced.connect(self.hide)
            self._window.bridge.changed.connect(lambda _change: self.hide())

    def follow(self) -> None:
        """Cover the window, and whatever has come into it."""
        if self.page is None:
            return
        self._watch_document()
        if self._below is not None:
            top = self._below.mapTo(self._window, QPoint(0, 0)).y()
        else:
            top = self._window.menuBar().sizeHint().height()
        self.page.setGeometry(QRect(0, top, self._window.width(), self._window.height() - top))
        self.page.raise_()  # The parts that are made below it come up on top.
        if self._window.offer is not None:
            self._window.offer.follow()
