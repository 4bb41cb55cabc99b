"""The panels of the window, made in the order in which they need each other, and connected where they meet.

The panels are siblings that do not know each other: this is the one place that knows them all.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolBar, QWidget

from desktop.canvas.view import CanvasView
from desktop.docks import Area, DockPlace
from desktop.inspector.panel import InspectorPanel
from desktop.palette.panel import PalettePanel
from desktop.plots.activation_plot import ActivationPlot
from desktop.plots.decision_map import DecisionMap
from desktop.plots.gradient_plot import GradientPlot
from desktop.plots.loss_plot import LossPlot
from desktop.problems.panel import ProblemsPanel
from desktop.training.bar import TrainingBar

if TYPE_CHECKING:
    from desktop.main_window import MainWindow

PLOTS = (
    ("loss", "Loss", LossPlot),
    ("gradients", "Gradient size", GradientPlot),
    ("activations", "Activations", ActivationPlot),
    ("output", "Output", DecisionMap),
)


@dataclass(frozen=True, slots=True)
class Panels:
    """The panels of one window; ``offer_tools`` is the empty bar above the training bar."""

    canvas: CanvasView
    bar: TrainingBar
    palette: PalettePanel
    inspector: InspectorPanel
    problems: ProblemsPanel
    offer_tools: QToolBar
    bar_tools: QToolBar


def build(window: "MainWindow") -> Panels:
    """Make all panels and put them into the window."""
    bridge, selection, controller = window.bridge, window.selection, window.controller
    canvas = CanvasView(bridge, selection, window.commands)
    window.setCentralWidget(canvas)
    bar = TrainingBar(bridge, controller, window.commands)
    offer_tools = _tools(window, "offer", None)
    offer_tools.hide()
    window.addToolBarBreak()
    bar_tools = _tools(window, "training", bar)
    palette = PalettePanel(bridge)
    inspector = InspectorPanel(bridge, selection, controller)
    problems = ProblemsPanel(bridge, selection)
    right = Area.RightDockWidgetArea
    window.docks.add(DockPlace("palette", "Nodes", Area.LeftDockWidgetArea), palette)
    window.docks.add(DockPlace("inspector", "Inspector", right), inspector)
    window.docks.add(DockPlace("problems", "Problems", right), problems)
    for key, title, plot_class in PLOTS:
        plot = plot_class(controller)
        window.docks.add(DockPlace(key, title, Area.BottomDockWidgetArea), plot, plot.detach_head())
    window.setStatusBar(window.status)
    return Panels(canvas, bar, palette, inspector, problems, offer_tools, bar_tools)


def connect(window: "MainWindow") -> None:
    """Tell the panels of each other's doings."""
    panels = window.panels
    canvas, controller, status = panels.canvas, window.controller, window.status
    panels.palette.kind_activated.connect(lambda key: _add_in_the_middle(canvas, key))
    panels.problems.show_node.connect(canvas.center_on_node)
    panels.problems.counts_changed.connect(
        lambda errors, warnings: window.docks.set_title("problems", _problems_title(errors + warnings))
    )
    canvas.status_message.connect(status.set_hint)
    controller.notice.connect(status.set_hint)
    controller.snapshot_ready.connect(canvas.set_snapshot)
    status.problems_wanted.connect(lambda: window.docks.show_panel("problems"))


def _add_in_the_middle(canvas: CanvasView, key: str) -> None:
    canvas.add_kind_at(key, canvas.mapToScene(canvas.viewport().rect().center()))


def _problems_title(count: int) -> str:
    return f"Problems ({count})" if count else "Problems"


def _tools(window: "MainWindow", name: str, widget: QWidget | None) -> QToolBar:
    tools = QToolBar(name.capitalize(), window)
    tools.setObjectName(f"toolBar_{name}")
    tools.setMovable(False)
    tools.setFloatable(False)
    tools.toggleViewAction().setVisible(False)
    tools.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
    if widget is not None:
        tools.addWidget(widget)
    window.addToolBar(Qt.ToolBarArea.TopToolBarArea, tools)
    return tools
