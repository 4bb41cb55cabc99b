"""The palette: every kind of the catalogue as a tile, by category, with a search field above.

It is built from the catalogue alone; a kind that is added there is here after ``reload``.
"""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from core.catalogue.registry import all_kinds
from desktop import theme
from desktop.document_bridge import DocumentBridge
from desktop.kinds.search import find_kinds
from desktop.palette.grid import TileGrid
from desktop.palette.tile import KindTile


class PalettePanel(QWidget):
    """The dock's content; ``kind_activated`` asks for a node of a kind beside the selection."""

    kind_activated = Signal(str)

    def __init__(self, bridge: DocumentBridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("palettePanel")
        self.setAccessibleName("Palette of nodes")
        self.search = QLineEdit()
        self.search.setObjectName("paletteSearch")
        self.search.setAccessibleName("Search nodes")
        self.search.setPlaceholderText("Search nodes")
        self.search.setToolTip(
            "Search by name, or by what it does. On the canvas, Tab opens this search at the pointer."
        )
        self.search.setMinimumHeight(32)
        self._hint = _key_hint(self.search)
        self.grid = TileGrid()
        self._scroll = QScrollArea()
        self._scroll.setWidget(self.grid)
        self._scroll.setAccessibleName("Kinds of node")
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.nothing_found = QLabel()
        self.nothing_found.setWordWrap(True)
        self.nothing_found.setProperty("textRole", "muted")
        self.nothing_found.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 2, 0)
        layout.setSpacing(6)
        top = QVBoxLayout()
        top.setContentsMargins(0, 0, 10, 0)
        top.addWidget(self.search)
        top.addWidget(self.nothing_found)
        layout.addLayout(top)
        layout.addWidget(self._scroll, 1)
        self.search.textChanged.connect(self._filter)
        self.search.returnPressed.connect(self._activate_first)
        self.search.installEventFilter(self)
        self.grid.activated.connect(self.kind_activated)
        self.grid.left_upwards.connect(self.search.setFocus)
        self.grid.focus_moved.connect(self._scroll.ensureWidgetVisible)
        bridge.replaced.connect(self.reload)
        theme.hub().changed.connect(self.grid.update)
        self.reload()

    def reload(self) -> None:
        """Build the tiles anew from the catalogue, if it has changed."""
        self.grid.set_kinds(all_kinds())
        self._filter(self.search.text())

    def tile(self, key: str) -> KindTile | None:
        """The tile of a kind, also while the search hides it."""
        return self.grid.tile(key)

    def visible_kinds(self) -> list[str]:
        """The keys of the kinds that the search leaves, in the order shown."""
        return [tile.kind.key for tile in self.grid.shown]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Down and self.grid.shown:
                self.grid.shown[0].setFocus()
                return True
            if event.key() == Qt.Key.Key_Escape and self.search.text():
                self.search.clear()
                return True
        return super().eventFilter(watched, event)

    def _filter(self, text: str) -> None:
        self._hint.setVisible(not text)
        self.search.setClearButtonEnabled(bool(text))
        found = find_kinds(text)
        self.grid.show_kinds(found, by_category=not text.strip())
        self.nothing_found.setText(f"No node is called “{text.strip()}”. Try what it does: sum, curve, error.")
        self.nothing_found.setVisible(not found)

    def _activate_first(self) -> None:
        if self.grid.shown:
            self.kind_activated.emit(self.grid.shown[0].kind.key)
            self.search.selectAll()


def _key_hint(search: QLineEdit) -> QLabel:
    """The key that opens the search on the canvas, drawn at the right end of the field."""
    hint = QLabel("Tab")
    hint.setProperty("textRole", "key")
    hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    row = QHBoxLayout(search)
    row.setContentsMargins(0, 0, 8, 0)
    row.addStretch(1)
    row.addWidget(hint, 0, Qt.AlignmentFlag.AlignVCenter)
    hint.setFixedHeight(18)
    return hint
