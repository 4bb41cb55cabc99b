"""The window: puts the panels together and connects them, and holds no logic of its own."""

import importlib
from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QMainWindow, QToolBar, QWidget

from desktop.actions import ActionTable
from desktop.collector import IdleCollector
from desktop.commands import add_commands
from desktop.docks import Area, DockPlace, Docks
from desktop.document_bridge import DocumentBridge
from desktop.files.controller import FileController
from desktop.files.drop import project_file
from desktop.menus import Menus
from desktop.selection import Selection
from desktop.settings import Settings
from desktop.status import StatusLine
from desktop.training.controller import TrainingController

PRODUCT = "Neuroloom"
_CLOSE_MS = 1000


def _panel(module: str, name: str, *arguments: Any) -> Any:
    try:
        return getattr(importlib.import_module(f"desktop.{module}"), name)(*arguments)
    except (ImportError, AttributeError):
        return QLabel(f"{name} is on its way")


class MainWindow(QMainWindow):
    """One open document with everything around it."""

    def __init__(self, settings: Settings | None = None) -> None:
        super().__init__()
        self.setObjectName("mainWindow")
        self.setAcceptDrops(True)
        self.settings = settings or Settings()
        self.commands = ActionTable(self)
        self.bridge = DocumentBridge(self)
        self.selection = Selection(self)
        self.controller = TrainingController(self.bridge, self)
        self.files = FileController(self, self.bridge, self.controller, self.settings)
        self.docks = Docks(self)
        self.status = StatusLine(self)
        self._gallery: QWidget | None = None
        self._is_shut_down = False
        self._is_placed = False
        self._collector = IdleCollector(self)
        self._put_panels()
        add_commands(self)
        Menus(self, self.commands, self.settings).build(self.files.open_path, self.docks.view_actions())
        self._connect()
        self._collector.start()

    def action(self, action_id: str) -> QAction:
        """The command of an id. Raises KeyError with the ids that there are."""
        return self.commands.action(action_id)

    def show_keys(self) -> None:
        pass

    def show_about(self) -> None:
        pass

    def show_gallery(self) -> None:
        """Lay the template gallery over the window."""

    def shut_down(self) -> bool:
        """End training and every timer, remember the layout; False if the training thread did not end in time."""
        if self._is_shut_down:
            return True
        self._is_shut_down = True
        ended = self.controller.close(_CLOSE_MS)
        self._collector.stop()
        self.settings.geometry = self.saveGeometry()
        self.settings.layout = self.docks.save()
        self.settings.sync()
        return ended

    def _put_panels(self) -> None:
        self.canvas = _panel("canvas.view", "CanvasView", self.bridge, self.selection, self.commands)
        self.setCentralWidget(self.canvas)
        self.bar = _panel("training.bar", "TrainingBar", self.bridge, self.controller, self.commands)
        self._put_bar(self.bar)
        self.palette_panel = _panel("palette.panel", "PalettePanel", self.bridge)
        self.inspector = _panel("inspector.panel", "InspectorPanel", self.bridge, self.selection, self.controller)
        self.problems = _panel("problems.panel", "ProblemsPanel", self.bridge, self.selection)
        for place, panel in (
            (DockPlace("palette", "Nodes", Area.LeftDockWidgetArea), self.palette_panel),
            (DockPlace("inspector", "Inspector", Area.RightDockWidgetArea), self.inspector),
            (DockPlace("problems", "Problems", Area.RightDockWidgetArea), self.problems),
            (
                DockPlace("loss", "Loss", Area.BottomDockWidgetArea),
                _panel("plots.loss_plot", "LossPlot", self.controller),
            ),
            (
                DockPlace("gradients", "Gradient size", Area.BottomDockWidgetArea),
                _panel("plots.gradient_plot", "GradientPlot", self.controller),
            ),
            (
                DockPlace("activations", "Activations", Area.BottomDockWidgetArea),
                _panel("plots.activation_plot", "ActivationPlot", self.controller),
            ),
            (
                DockPlace("output", "Output", Area.BottomDockWidgetArea),
                _panel("plots.decision_map", "DecisionMap", self.controller),
            ),
        ):
            self.docks.add(place, panel)
        self.setStatusBar(self.status)

    def _put_bar(self, bar: QWidget) -> None:
        tools = QToolBar("Training", self)
        tools.setObjectName("toolBar.training")
        tools.setMovable(False)
        tools.setFloatable(False)
        tools.toggleViewAction().setVisible(False)
        tools.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        tools.addWidget(bar)
        self.addToolBar(Qt.ToolBarArea.TopToolBarArea, tools)

    def _connect(self) -> None:
        self.bridge.compiled.connect(self._show_totals)
        self.bridge.path_changed.connect(self._show_title)
        self.files.opened.connect(self._show_title)
        self.files.unsaved_changed.connect(self.setWindowModified)
        self.status.problems_wanted.connect(lambda: self.docks.show_panel("problems"))
        if hasattr(self.canvas, "status_message"):
            self.canvas.status_message.connect(self.status.set_hint)
            self.palette_panel.kind_activated.connect(self._add_kind)
            self.problems.show_node.connect(self.canvas.center_on_node)
            self.controller.snapshot_ready.connect(self.canvas.set_snapshot)
        self.controller.notice.connect(self.status.set_hint)
        self._show_title()
        self._show_totals()

    def _add_kind(self, key: str) -> None:
        """Put a node of this kind into the middle of what can be seen of the canvas."""
        middle = self.canvas.mapToScene(self.canvas.viewport().rect().center())
        self.canvas.add_kind_at(key, middle)

    def _show_totals(self) -> None:
        self.status.set_totals(len(self.bridge.diagram.nodes), self.bridge.compilation)

    def _show_title(self) -> None:
        self.setWindowTitle(f"{self.files.name}[*] — {PRODUCT}")

    def _place(self) -> None:
        """Where the window and its docks were last time, or a good first place on this screen."""
        geometry = self.settings.geometry
        if geometry is None or not self.restoreGeometry(geometry):
            room = QGuiApplication.primaryScreen().availableGeometry()
            self.resize(
                min(room.width(), max(1240, round(room.width() * 0.84))),
                min(room.height(), max(760, round(room.height() * 0.88))),
            )
        if not self.docks.restore(self.settings.layout):
            self.docks.reset()

    def showEvent(self, event: QShowEvent) -> None:
        if not self._is_placed:
            self._is_placed = True
            self._place()
        super().showEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._gallery is not None:
            self._gallery.setGeometry(self.rect())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if project_file(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = project_file(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self.files.open_path(path)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._is_shut_down or not self.files.is_unsaved:
            self.shut_down()
            event.accept()
            return
        event.ignore()
        self.files.keep_or_lose(self._close_now)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DeferredDelete:
            self.shut_down()  # Whoever deletes the window without closing it must not leave a thread behind.
        return super().event(event)

    def _close_now(self) -> None:
        self.shut_down()
        self.close()
