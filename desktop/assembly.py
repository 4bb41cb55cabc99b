"""What a main window consists of, made and connected in the order in which the parts need each other."""

from typing import TYPE_CHECKING

from desktop import panels
from desktop.commands import add_commands
from desktop.docks import Docks
from desktop.document_bridge import DocumentBridge
from desktop.files.controller import FileController
from desktop.menus import Menus
from desktop.selection import Selection
from desktop.status import StatusLine
from desktop.training.controller import TrainingController

if TYPE_CHECKING:
    from desktop.main_window import MainWindow


def assemble(window: "MainWindow", menus: Menus) -> list[str]:
    """Give a window its parts; the keys of the plots, which are left to be made when the window has been seen."""
    window.bridge = DocumentBridge(window)
    window.selection = Selection(window)
    window.controller = TrainingController(window.bridge, window)
    window.files = FileController(window, window.bridge, window.controller, window.settings)
    window.status = StatusLine(window)
    window.docks = Docks(window)
    window.panels = panels.build(window)
    window.canvas = window.panels.canvas
    add_commands(window)
    menus.fill(window.files.open_path, window.docks.view_actions())
    panels.connect(window)
    return list(panels.PLOTS)
