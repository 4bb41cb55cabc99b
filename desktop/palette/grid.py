"""The tiles of the palette in a grid: by category under headings, or in the order that a search found them."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from core.catalogue.kind import Category, NodeKind
from desktop.choosable import neighbour
from desktop.palette.tile import HEIGHT, KindTile

_GAP = 7
_MIN_TILE = 54
_HEADING = 24


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
        target = neighbour(self.shown, tile, dx, dy)
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
