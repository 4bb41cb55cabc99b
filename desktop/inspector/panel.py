"""The inspector: follows the selection, and shows one page at a time."""

from collections.abc import Callable, Hashable
from typing import TypeAlias

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from core.catalogue.registry import find_kind
from core.compiler.compile import Compilation
from core.diagram.change import Change
from desktop.document_bridge import DocumentBridge
from desktop.forms.focus import give_back
from desktop.inspector.node_page import NodePage
from desktop.inspector.note_page import FramePage, NotePage
from desktop.inspector.overview_page import OverviewPage
from desktop.inspector.page import Page
from desktop.inspector.several_page import SeveralPage
from desktop.inspector.unknown_page import UnknownPage
from desktop.inspector.wire_page import WirePage
from desktop.selection import Selection
from desktop.training.controller import TrainingController

NUMBERS_MS = 100
"""Numbers that a person reads change ten times a second, not at the pace of the screen."""
KEPT_PAGES = 12

_Sort: TypeAlias = tuple[Hashable, ...]


class InspectorPanel(QWidget):
    """Node, wire, several nodes, note, frame, or (with nothing selected) the network and how it is trained."""

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
        self._shown: tuple[_Sort, tuple[str, ...]] | None = None
        self._pages: dict[_Sort, tuple[Page, QScrollArea]] = {}
        self._stack = QStackedWidget()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
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
        assert self._shown is not None
        return self._pages[self._shown[0]][0]

    def take_keyboard(self) -> None:
        """Put the keyboard into the first field of the page; Esc gives it back."""
        page = self.page
        field = page.nextInFocusChain()
        while field is not None and field is not page:
            takes_tab = field.focusPolicy() & Qt.FocusPolicy.TabFocus
            if takes_tab and field.isEnabled() and page.isAncestorOf(field) and field.isVisibleTo(page):
                field.activateWindow()  # The dock may float.
                field.setFocus(Qt.FocusReason.TabFocusReason)
                return
            field = field.nextInFocusChain()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            give_back(self)
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show_numbers()

    def _turn(self) -> None:
        """Show what is selected, unless it is shown already."""
        sort, ids, make = self._wanted()
        if (sort, ids) == self._shown:
            return
        if sort not in self._pages:
            self._drop_oldest()
            self._pages[sort] = self._scrolled(make())
        self._pages[sort] = self._pages.pop(sort)  # the page used last stands last
        self._shown = sort, ids
        page, scroll = self._pages[sort]
        page.turn_to(ids)
        page.refresh()
        page.show_compilation(self._bridge.compilation)
        self._show_numbers()
        self._stack.setCurrentWidget(scroll)
        scroll.verticalScrollBar().setValue(0)

    def _wanted(self) -> tuple[_Sort, tuple[str, ...], Callable[[], Page]]:
        """The sort of page that the selection asks for, the records on it, and how such a page is made."""
        diagram, bridge = self._bridge.diagram, self._bridge
        nodes = tuple(sorted(node for node in self._selection.nodes if node in diagram.nodes))
        wires = tuple(sorted(wire for wire in self._selection.wires if wire in diagram.wires))
        if len(nodes) > 1:
            kinds = [find_kind(key) for key in sorted({diagram.nodes[node].kind for node in nodes})]
            return ("several", *kinds), nodes, lambda: SeveralPage(bridge, kinds)
        if nodes:
            kind = find_kind(diagram.nodes[nodes[0]].kind)
            if kind is None:
                return ("unknown",), nodes, lambda: UnknownPage(bridge)
            return ("node", kind), nodes, lambda: NodePage(bridge, kind)
        if len(wires) == 1:
            return ("wire",), wires, self._new_wire_page
        notes = tuple(self._selection.notes)
        if len(notes) == 1 and not wires:
            if notes[0] in diagram.notes:
                return ("note",), notes, lambda: NotePage(bridge)
            if notes[0] in diagram.frames:
                return ("frame",), notes, lambda: FramePage(bridge)
        return ("overview",), (), lambda: OverviewPage(bridge)

    def _new_wire_page(self) -> Page:
        page = WirePage(self._bridge)
        page.node_wanted.connect(lambda node: self._selection.set(nodes=[node]))
        return page

    def _scrolled(self, page: Page) -> tuple[Page, QScrollArea]:
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(page)
        scroll.setAccessibleName("Page of the inspector")
        self._stack.addWidget(scroll)
        return page, scroll

    def _drop_oldest(self) -> None:
        if len(self._pages) >= KEPT_PAGES:
            _, scroll = self._pages.pop(next(iter(self._pages)))
            self._stack.removeWidget(scroll)
            scroll.deleteLater()

    def _on_replaced(self) -> None:
        self._shown = None
        self._turn()

    def _on_changed(self, _change: Change) -> None:
        before = self._shown
        self._turn()
        if self._shown == before:
            self.page.refresh()
            self._show_numbers()  # the same numbers, under names that may be new

    def _on_compiled(self, compilation: Compilation) -> None:
        self.page.show_compilation(compilation)
        self._show_numbers()

    def _on_snapshot(self) -> None:
        if self.isVisible() and not self._numbers.isActive():
            self._numbers.start()

    def _show_numbers(self) -> None:
        self.page.show_snapshot(self._controller.snapshot)
