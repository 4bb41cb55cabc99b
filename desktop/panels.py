"""The panels of the window, made in the order in which they need each other, and connected where they meet.

The panels are siblings that do not know each other: this is the one place that knows them all.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolBar, QWidget

from desktop.canvas.view import CanvasView
from desktop.docks import Area, DockPlace
from desktop.inspector.panel import InspectorPanel
from desktop.palette.panel import PalettePanel
from desktop.problems.panel import ProblemsPanel
from desktop.training.bar import TrainingBar
from desktop.training.controller import TrainingController
from desktop.training.state import RunState

if TYPE_CHECKING:
    from desktop.main_window import MainWindow
    from desktop.plots.panel import PlotPanel


def _loss(controller: TrainingController) -> "PlotPanel":
    from desktop.plots.loss_plot import LossPlot

    return LossPlot(controller)


def _gradients(controller: TrainingController) -> "PlotPanel":
    from desktop.plots.gradient_plot import GradientPlot

    return GradientPlot(controller)


def _activations(controller: TrainingController) -> "PlotPanel":
    from desktop.plots.activation_plot import ActivationPlot

    return ActivationPlot(controller)


def _output(controller: TrainingController) -> "PlotPanel":
    from desktop.plots.decision_map import DecisionMap

    return DecisionMap(controller)


PLOTS: dict[str, tuple[str, Callable[[TrainingController], "PlotPanel"]]] = {
    "loss": ("Loss", _loss),
    "gradients": ("Gradient size", _gradients),
    "activations": ("Activations", _activations),
    "output": ("Output", _output),
}
"""The docks of plots. They are filled once the window can be seen, for pyqtgraph alone takes as long as all the rest."""


@dataclass(frozen=True, slots=True)
class Panels:
    """The panels of one window."""

    canvas: CanvasView
    bar: TrainingBar
    palette: PalettePanel
    inspector: InspectorPanel
    problems: ProblemsPanel
    bar_tools: QToolBar


def build(window: "MainWindow") -> Panels:
    """Make all panels and put them into the window."""
    bridge, selection, controller = window.bridge, window.selection, window.controller
    canvas = CanvasView(bridge, selection, window.commands)
    window.setCentralWidget(canvas)
    bar = TrainingBar(bridge, controller, window.commands)
    bar_tools = _tools(window, "training", bar)
    palette = PalettePanel(bridge)
    inspector = InspectorPanel(bridge, selection, controller)
    problems = ProblemsPanel(bridge, selection)
    right = Area.RightDockWidgetArea
    window.docks.add(DockPlace("palette", "Nodes", Area.LeftDockWidgetArea), palette)
    window.docks.add(DockPlace("inspector", "Inspector", right), inspector)
    window.docks.add(DockPlace("problems", "Problems", right), problems)
    for key, (title, _) in PLOTS.items():
        window.docks.add(DockPlace(key, title, Area.BottomDockWidgetArea))
    window.setStatusBar(window.status)
    return Panels(canvas, bar, palette, inspector, problems, bar_tools)


def fill_plot(window: "MainWindow", key: str) -> None:
    """Make the plot of a dock, and put it there."""
    plot = PLOTS[key][1](window.controller)
    window.docks.fill(key, plot, plot.detach_head())


def connect(window: "MainWindow") -> None:
    """Tell the panels of each other's doings."""
    panels = window.panels
    canvas, controller, status = panels.canvas, window.controller, window.status
    panels.palette.kind_activated.connect(canvas.adding.beside_selection)
    panels.problems.show_node.connect(canvas.center_on_node)
    panels.problems.counts_changed.connect(
        lambda errors, warnings: window.docks.set_title("problems", _problems_title(errors + warnings))
    )
    canvas.status_message.connect(status.set_hint)
    canvas.settings_wanted.connect(lambda: _edit_settings(window))
    _connect_news(window)
    controller.snapshot_ready.connect(canvas.set_snapshot)
    controller.state_changed.connect(lambda state: canvas.set_preview_pulses(state is RunState.RUNNING))
    status.problems_wanted.connect(lambda: window.docks.show_panel("problems"))


def _connect_news(window: "MainWindow") -> None:
    """What the status line is told, and when that no longer holds."""
    controller, files, status = window.controller, window.files, window.status
    window.panels.bar.status_message.connect(status.tell)
    controller.notice.connect(status.tell)
    files.notice.connect(status.tell)
    controller.state_changed.connect(lambda state: status.forget_news() if state is RunState.RUNNING else None)
    window.bridge.changed.connect(lambda _change: status.forget_news())
    window.bridge.path_changed.connect(status.forget_news)
    controller.history_cleared.connect(status.forget_news)
    files.opened.connect(lambda: status.set_hint(""))


def _edit_settings(window: "MainWindow") -> None:
    window.docks.show_panel("inspector")
    window.panels.inspector.take_keyboard()


def _problems_title(count: int) -> str:
    return f"Problems ({count})" if count else "Problems"


def _tools(window: "MainWindow", name: str, widget: QWidget) -> QToolBar:
    tools = QToolBar(name.capitalize(), window)
    tools.setObjectName(f"toolBar_{name}")
    tools.setMovable(False)
    tools.setFloatable(False)
    tools.toggleViewAction().setVisible(False)
    tools.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
    tools.addWidget(widget)
    window.addToolBar(Qt.ToolBarArea.TopToolBarArea, tools)
    return tools
