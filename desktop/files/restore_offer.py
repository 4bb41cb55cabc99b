"""Offers what a crash left in a bar at the top of the window, and acts on the answer."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QToolBar, QWidget

from core.errors import NeuroloomError
from core.storage.recovery import Snapshot
from desktop.files import questions
from desktop.files.controller import FileController
from desktop.files.recovery import RecoveryKeeper
from desktop.files.restore_bar import RestoreBar


class RestoreOffer(QObject):
    """The bar in ``tools``, which is hidden as long as there is nothing to offer."""

    def __init__(self, window: QWidget, tools: QToolBar, keeper: RecoveryKeeper, files: FileController) -> None:
        super().__init__(window)
        self._window = window
        self._tools = tools
        self._keeper = keeper
        self._files = files
        self._show(keeper.crashed())

    def _show(self, found: tuple[Snapshot, ...]) -> None:
        self._tools.clear()
        self._tools.setVisible(bool(found))
        if found:
            bar = RestoreBar(found)
            bar.restore.connect(self._restore)
            bar.discard.connect(self._discard)
            bar.later.connect(lambda: self._show(()))
            self._tools.addWidget(bar)

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
