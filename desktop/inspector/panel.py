"""The inspector: follows the selection, and shows one page at a time."""

from typing import TypeAlias

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from core.catalogue.registry import find_kind
from core.compiler.compile import Compilation
from core.diagram.change import Change
from desktop.document_bridge import DocumentBridge
from desktop.inspector.node_page import NodePage
from desktop.inspector.overview_page import OverviewPage
from desktop.inspector.page import Page
from desktop.inspector.several_page import SeveralPage
from desktop.inspector.unknown_page import UnknownPage
from desktop.inspector.wire_page import WirePage
from desktop.selection import Selection
from desktop.training.controller import TrainingController

NUMBERS_MS = 100
"""Numbers that a person reads change ten times a second, not at the pace of the screen."""

_Place: TypeAlias = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]


class InspectorPanel(QWidget):
    """Node, wire, several nodes, or (with nothing selected) the network and how it is trained."""

    def __init__(
        self,
        bridge: DocumentBridge,
        selection: Selection,
        controller: TrainingController,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("inspectorPanel")
        self.setAccessibleName("Inspector")
        self._bridge = bridge
        self._selection = selection
        self._controller = controller
        self._shown: _Place | None = None
        self._page: Page | None = None
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._scroll)
        self._numbers = QTimer(self)
        self._numbers.setSingleShot(True)
        self._numbers.setInterval(NUMBERS_MS)
        self._numbers.timeout.connect(self._show_numbers)
        selection.changed.connect(self._turn)
        bridge.replaced.connect(self._on_replaced)
        bridge.changed.connect(self._on_changed)
        bridge.compiled.connect(self._on_compiled)
        controller.snapshot_ready.connect(self._on_snapshot)
        self._turn()

    @property
    def page(self) -> Page:
        """The page that is shown."""
        assert self._page is not None
        return self._page

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show_numbers()

    def _turn(self) -> None:
        """Show the page that belongs to the selection, unless it is shown already."""
        wanted = self._wanted()
        if wanted == self._shown and self._page is not None:
            return
        self._shown = wanted
        old, self._page = self._page, self._new_page(wanted)
        self._scroll.takeWidget()
        self._scroll.setWidget(self._page)
        if old is not None:
            old.deleteLater()
        self._show_numbers()

    def _wanted(self) -> _Place:
        """What the page depends on as a whole: ids and kinds, not values."""
        diagram = self._bridge.diagram
        nodes = tuple(sorted(node for node in self._selection.nodes if node in diagram.nodes))
        wires = tuple(sorted(wire for wire in self._selection.wires if wire in diagram.wires))
        return nodes, tuple(diagram.nodes[node].kind for node in nodes), () if nodes else wires

    def _new_page(self, place: _Place) -> Page:
        nodes, _, wires = place
        if len(nodes) > 1:
            return SeveralPage(self._bridge, nodes)
        if nodes:
            node = self._bridge.diagram.nodes[nodes[0]]
            kind = find_kind(node.kind)
            return UnknownPage(self._bridge, node) if kind is None else NodePage(self._bridge, node, kind)
        if len(wires) == 1:
            page = WirePage(self._bridge, self._bridge.diagram.wires[wires[0]])
            page.node_wanted.connect(lambda node: self._selection.set(nodes=[node]))
            return page
        return OverviewPage(self._bridge)

    def _on_replaced(self) -> None:
        self._shown = None
        self._turn()

    def _on_changed(self, _change: Change) -> None:
        self._turn()
        self.page.refresh()

    def _on_compiled(self, compilation: Compilation) -> None:
        self.page.show_compilation(compilation)
        self._show_numbers()

    def _on_snapshot(self) -> None:
        if self.isVisible() and not self._numbers.isActive():
            self._numbers.start()

    def _show_numbers(self) -> None:
        self.page.show_snapshot(self._controller.snapshot)
