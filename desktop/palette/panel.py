"""The palette: every kind of the catalogue as a tile, by category, with a search field above.

It is built from the catalogue alone; a kind that is added there is here after ``reload``.
"""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from core.catalogue.kind import Category, NodeKind
from core.catalogue.registry import all_kinds
from desktop import theme
from desktop.document_bridge import DocumentBridge
from desktop.kinds.search import find_kinds
from desktop.palette.tile import HEIGHT, KindTile

_GAP = 7
_MIN_TILE = 54
_HEADING = 24


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


class TileGrid(QWidget):
    """The tiles under their headings, in as many columns as their titles allow: three in a narrow panel, two for long titles."""

    activated = Signal(str)
    left_upwards = Signal()
    focus_moved = Signal(QWidget)

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[KindTile] = []
        self._tiles: dict[str, KindTile] = {}
        self._headings: dict[Category, QLabel] = {}
        self._by_category = True
        self._entry: KindTile | None = None
        for category in Category:
            heading = QLabel(category.value.upper(), self)
            heading.setProperty("textRole", "heading")
            heading.hide()
            self._headings[category] = heading

    def set_kinds(self, kinds: tuple[NodeKind, ...]) -> None:
        """Have a tile for each of these kinds, and for no other."""
        wanted = {kind.key: kind for kind in kinds}
        for key in [key for key, tile in self._tiles.items() if wanted.get(key) is not tile.kind]:
            tile = self._tiles.pop(key)
            if tile is self._entry:
                self._entry = None
            tile.hide()
            tile.deleteLater()
        for key, kind in wanted.items():
            if key not in self._tiles:
                self._tiles[key] = self._new_tile(kind)
        self.shown = [tile for tile in self.shown if tile.kind.key in self._tiles]

    def show_kinds(self, kinds: list[NodeKind], *, by_category: bool) -> None:
        """Show the tiles of these kinds, in this order, under headings or without."""
        self.shown = [self._tiles[kind.key] for kind in kinds if kind.key in self._tiles]
        self._by_category = by_category
        visible = set(self.shown)
        for tile in self._tiles.values():
            tile.setVisible(tile in visible)
        self._enter_at(self.shown[0] if self.shown and self._entry not in visible else self._entry)
        self._arrange()

    def heading(self, category: Category) -> QLabel:
        """The heading of a category."""
        return self._headings[category]

    def tile(self, key: str) -> KindTile | None:
        """The tile of a kind, or None."""
        return self._tiles.get(key)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    def _new_tile(self, kind: NodeKind) -> KindTile:
        tile = KindTile(kind, self)
        tile.activated.connect(self.activated)
        tile.focused.connect(lambda tile=tile: self._enter_at(tile))
        tile.neighbour_wanted.connect(lambda dx, dy, tile=tile: self._move_focus(tile, dx, dy))
        return tile

    def _enter_at(self, tile: KindTile | None) -> None:
        """Let the Tab key stop at one tile only, the one used last: arrow keys lead on from there."""
        if self._entry is not None:
            self._entry.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._entry = tile
        if tile is not None:
            tile.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def _arrange(self) -> None:
        room = max(self.width() - 10, 3 * _MIN_TILE)
        y = 2
        for heading in self._headings.values():
            heading.hide()
        for category, tiles in self._sections():
            if category is not None:
                heading = self._headings[category]
                heading.setGeometry(0, y, room, _HEADING)
                heading.show()
                y += _HEADING
            columns = _columns(tiles, room)
            width = (room + _GAP) // columns - _GAP
            for at, tile in enumerate(tiles):
                row, column = divmod(at, columns)
                tile.setGeometry(column * (width + _GAP), y + row * (HEIGHT + _GAP), width, HEIGHT)
            y += -(-len(tiles) // columns) * (HEIGHT + _GAP) + 4
        self.setMinimumHeight(y + 8)

    def _sections(self) -> list[tuple[Category | None, list[KindTile]]]:
        if not self._by_category:
            return [(None, self.shown)]
        groups = [(category, [tile for tile in self.shown if tile.kind.category is category]) for category in Category]
        return [(category, tiles) for category, tiles in groups if tiles]

    def _move_focus(self, tile: KindTile, dx: int, dy: int) -> None:
        """Focus the neighbour: the next tile sideways, or the nearest one in the next row."""
        if dx:
            at = self.shown.index(tile) + dx
            target = self.shown[at] if 0 <= at < len(self.shown) else None
        else:
            beyond = [other for other in self.shown if (other.y() - tile.y()) * dy > 0]
            target = min(beyond, key=lambda o: (abs(o.y() - tile.y()), abs(o.x() - tile.x())), default=None)
        if target is not None:
            target.setFocus()
            self.focus_moved.emit(target)
        elif dx < 0 or dy < 0:
            self.left_upwards.emit()


def _columns(tiles: list[KindTile], room: int) -> int:
    """As many columns as there is room for, fewer where a title would be cut."""
    most = max(3, (room + _GAP) // (_MIN_TILE + 10 + _GAP))
    widest = max((tile.title_width() for tile in tiles), default=0)
    fitting = [columns for columns in range(most, 1, -1) if (room + _GAP) // columns - _GAP >= widest]
    return fitting[0] if fitting else 2
