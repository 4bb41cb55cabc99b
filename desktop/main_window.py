"""The window: puts the parts together, and holds no logic of its own.

The parts can be made later than the window, for a start with the gallery: it covers them all, and can be used long before
the last of them is loaded.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QAction, QCloseEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QMainWindow

from desktop.actions import ActionTable
from desktop.collector import IdleCollector
from desktop.files.drop import FileDrop
from desktop.menus import Menus
from desktop.placement import place
from desktop.settings import Settings

if TYPE_CHECKING:
    from desktop.canvas.view import CanvasView
    from desktop.docks import Docks
    from desktop.document_bridge import DocumentBridge
    from desktop.files.controller import FileController
    from desktop.files.recovery import RecoveryKeeper
    from desktop.files.restore_offer import RestoreOffer
    from desktop.gallery_host import GalleryHost
    from desktop.panels import Panels
    from desktop.selection import Selection
    from desktop.status import StatusLine
    from desktop.training.controller import TrainingController

PRODUCT = "Neuroloom"
_CLOSE_MS = 1000
_SEEN_MS = 50
"""By then the window has been painted."""


class MainWindow(QMainWindow):
    """One open document with everything around it; the parts below are there once it is assembled."""

    completed = Signal()
    """The last part was made."""

    bridge: "DocumentBridge"
    selection: "Selection"
    controller: "TrainingController"
    files: "FileController"
    status: "StatusLine"
    docks: "Docks"
    panels: "Panels"
    canvas: "CanvasView"

    def __init__(self, settings: Settings | None = None, *, later: bool = False) -> None:
        """With ``later``, the parts are made once the window has been seen, or by ``assemble``."""
        super().__init__()
        self.setObjectName("mainWindow")
        self.setWindowTitle(PRODUCT)
        self._drop = FileDrop(self, self._open_dropped)
        self.settings = settings or Settings()
        self.commands = ActionTable(self)
        self.gallery: GalleryHost | None = None
        self.recovery: RecoveryKeeper | None = None
        self.offer: RestoreOffer | None = None
        self.is_assembled = False
        self._is_shut_down = False
        self._is_laid_out = False
        self._plots_to_make: list[str] = []
        self._menus = Menus(self, self.commands, self.settings)
        self._collector = IdleCollector(self)
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.timeout.connect(self._make_next_part)
        if not later:
            self.assemble()
        place(self, self.settings)
        self._collector.start()

    def assemble(self) -> None:
        """Make the document, the training and the panels, if they are not there yet."""
        if self.is_assembled or self._is_shut_down:
            return
        from desktop import assembly

        self.is_assembled = True
        self._plots_to_make = assembly.assemble(self, self._menus)
        self.bridge.compiled.connect(lambda _compilation: self._show_totals())
        self.bridge.path_changed.connect(self._show_title)
        self.files.opened.connect(self._show_title)
        self.files.unsaved_changed.connect(self.setWindowModified)
        self._show_title()
        self._show_totals()
        if self.isVisible():
            # Qt forgets the sizes of docks that are made in a visible window, and keeps them from the next turn on.
            self.setUpdatesEnabled(False)
            self._lay_out()
            QTimer.singleShot(0, self._lay_out_again)

    def action(self, action_id: str) -> QAction:
        """The command of an id. Raises KeyError with the ids that there are."""
        return self.commands.action(action_id)

    def show_gallery(self) -> None:
        """Lay the template gallery over the window."""
        if self.gallery is None:
            from desktop.gallery_host import GalleryHost

            self.gallery = GalleryHost(self)
            self.gallery.seen.connect(lambda: self._idle.start(0))
        self.gallery.show()

    def make_all_parts(self) -> None:
        """Make at once what is otherwise made bit by bit once the window can be seen: the plots, and recovery."""
        self.assemble()
        while self._plots_to_make:
            self._make_next_part()
        self.start_recovery()

    def start_recovery(self) -> None:
        """Keep snapshots from now on, and offer those that a crash has left; done once the window can be seen."""
        if self.recovery is not None or self._is_shut_down:
            return
        from desktop.files.recovery import RecoveryKeeper
        from desktop.files.restore_offer import RestoreOffer

        folder = self.settings.data_folder / "recovery"
        self.recovery = RecoveryKeeper(folder, self.bridge, self.controller, self.files)
        self.recovery.troubled.connect(self.status.tell)
        self.offer = RestoreOffer(self, self.recovery, self.files)

    def shut_down(self, *, asked: bool = True) -> bool:
        """End training and every timer, and remember the layout; False if the training thread did not end in time.

        Without ``asked``, nobody had a chance to save: what is unsaved is kept for the next start.
        """
        if self._is_shut_down:
            return True
        self._is_shut_down = True
        self._idle.stop()
        for dialog in super().findChildren(QDialog):
            dialog.close()  # What it asks concerns nobody any more.
        if self.recovery is not None and not asked:
            self.recovery.abandon()
        ended = not self.is_assembled or self.controller.close(_CLOSE_MS)
        if self.recovery is not None and asked:
            self.recovery.close()
        if self.gallery is not None:
            self.gallery.hide()
        self._collector.stop()
        self.settings.geometry = self.saveGeometry()
        if self.is_assembled:
            self.settings.layout = self.docks.save()
        self.settings.sync()
        return ended

    def _make_next_part(self) -> None:
        """One part per turn of the event loop, so that the window answers in between."""
        if not self.is_assembled:
            self.assemble()
        elif self._plots_to_make:
            from desktop.panels import fill_plot

            fill_plot(self, self._plots_to_make.pop(0))
        else:
            if self.recovery is None:
                self.start_recovery()
                self.completed.emit()
            return
        self._idle.start(0)

    def _lay_out(self) -> None:
        if self._is_shut_down:
            return
        if not self.docks.restore(self.settings.layout):
            self.docks.reset()
        if self.gallery is not None and self.gallery.page is not None:
            self.gallery.follow()
        else:
            self.canvas.setFocus()

    def _lay_out_again(self) -> None:
        self._lay_out()
        self.setUpdatesEnabled(True)

    def _open_dropped(self, path: Path) -> None:
        self.assemble()
        self.files.open_path(path)

    def _show_totals(self) -> None:
        self.status.set_totals(len(self.bridge.diagram.nodes), self.bridge.compilation)

    def _show_title(self) -> None:
        self.setWindowTitle(f"{self.files.name}[*] — {PRODUCT}")

    def _close_now(self) -> None:
        self.shut_down()
        self.close()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._is_laid_out:
            self._is_laid_out = True
            if self.is_assembled:
                self._lay_out()
                self._idle.start(_SEEN_MS)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._is_shut_down or not self.is_assembled or not self.files.is_unsaved:
            self.shut_down()
            event.accept()
        else:
            event.ignore()
            self.files.keep_or_lose(self._close_now)

    def findChild(self, *arguments: Any, **named: Any) -> Any:
        """As in Qt; whoever looks for a part by its name finds it made."""
        self.make_all_parts()
        return super().findChild(*arguments, **named)

    def findChildren(self, *arguments: Any, **named: Any) -> Any:
        """As in Qt; whoever looks for parts by their names finds them made."""
        self.make_all_parts()
        return super().findChildren(*arguments, **named)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DeferredDelete:
            self.shut_down()  # Whoever deletes the window without closing it must not leave a thread behind.
        return super().event(event)
