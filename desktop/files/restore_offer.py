"""Offers what a crash left, in a bar that floats over the lower edge of the window, and acts on the answer.

It comes a moment after the window. It floats so that nothing moves then: a click that was meant for a template must find it.
"""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QMainWindow

from core.errors import NeuroloomError
from core.storage.recovery import Snapshot
from desktop.files import questions
from desktop.files.controller import FileController
from desktop.files.recovery import RecoveryKeeper
from desktop.files.restore_bar import RestoreBar

_MARGIN = 14
_WIDEST = 1000
_MOVES = (QEvent.Type.Resize, QEvent.Type.LayoutRequest, QEvent.Type.ChildPolished)


class RestoreOffer(QObject):
    """The bar over ``window``; there is none as long as there is nothing to offer."""

    def __init__(self, window: QMainWindow, keeper: RecoveryKeeper, files: FileController) -> None:
        super().__init__(window)
        self._window = window
        self._keeper = keeper
        self._files = files
        self.bar: RestoreBar | None = None
        window.installEventFilter(self)
        self._show(keeper.crashed())

    def follow(self) -> None:
        """Lay the bar above everything else, right over the status line."""
        if self.bar is None:
            return
        room = self._window.rect()
        width = min(_WIDEST, room.width() - 2 * _MARGIN)
        height = self.bar.heightForWidth(width)
        bottom = room.height() - self._window.statusBar().height() - _MARGIN
        self.bar.setGeometry((room.width() - width) // 2, bottom - height, width, height)
        self.bar.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _MOVES:
            self.follow()
        return super().eventFilter(watched, event)

    def _show(self, found: tuple[Snapshot, ...]) -> None:
        old, self.bar = self.bar, None
        if old is not None:
            old.hide()
            old.deleteLater()
        if found:
            self.bar = RestoreBar(found, self._window)
            self.bar.restore.connect(self._restore)
            self.bar.discard.connect(self._discard)
            self.bar.later.connect(lambda: self._show(()))
            self.bar.show()
            self.follow()

    def _restore(self, snapshot: Snapshot) -> None:
        def restore() -> None:
            self._attempt("The document cannot be restored.", lambda: self._keeper.restore(snapshot), ())

        self._files.keep_or_lose(restore)

    def _discard(self, snapshot: Snapshot) -> None:
        others = tuple(other for other in self._keeper.crashed() if other != snapshot)
        self._attempt("The copy cannot be discarded.", lambda: self._keeper.discard(snapshot), others)

    def _attempt(self, headline: str, action: Callable[[], None], left: tuple[Snapshot, ...]) -> None:
        try:
            action()
        except (NeuroloomError, OSError) as error:
            questions.tell(self._window, headline, str(error))
        else:
            self._show(left)
