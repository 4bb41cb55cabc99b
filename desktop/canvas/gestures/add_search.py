"""Add search: a list of kinds at the mouse, found by name or synonym; Enter adds the chosen one, wired where asked."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout
from shiboken6 import Shiboken

from core.catalogue.kind import NodeKind
from desktop import theme
from desktop.kinds.glyph import glyph_icon
from desktop.kinds.search import find_kinds

WIDTH = 280
MOST_ROWS = 8
ICON = 20


class SearchField(QLineEdit):
    """A line that tells of the keys that are meant for the list below it."""

    stepped = Signal(int)
    """Go so many rows down (or up)."""
    taken = Signal()
    """Enter was pressed."""
    left = Signal()
    """Esc or Tab was pressed, or the focus went elsewhere."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.stepped.emit(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.taken.emit()
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()


class AddSearch(QFrame):
    """A search field over a list; ``chosen`` is called with the key of a kind, at most once per opening."""

    def __init__(self, view: QAbstractScrollArea) -> None:
        super().__init__(view.viewport())
        self._view = view
        self.setObjectName("addSearch")
        self.setAccessibleName("Add a node")
        self.field = SearchField(self)
        self.field.stepped.connect(self._step)
        self.field.taken.connect(self.take_current)
        self.field.left.connect(self.dismiss)
        self.field.setPlaceholderText("Search nodes")
        self.field.setAccessibleName("Search nodes")
        self.field.textChanged.connect(self._fill)
        self.list = QListWidget(self)
        self.list.setAccessibleName("Kinds that were found")
        self.list.setIconSize(QSize(ICON, ICON))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemClicked.connect(self._take)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(6)
        layout.addWidget(self.field)
        layout.addWidget(self.list)
        self._kinds: Sequence[NodeKind] = ()
        self._chosen: Callable[[str], None] | None = None
        self.setFixedWidth(WIDTH)
        self.hide()

    def open_at(self, at: QPoint, kinds: Sequence[NodeKind], chosen: Callable[[str], None]) -> None:
        """Ask for one of these kinds at a point of the viewport."""
        self._kinds, self._chosen = kinds, chosen
        self._style()
        self.field.clear()
        self._fill("")
        room = self._view.viewport().rect()
        self.move(
            max(4, min(at.x(), room.right() - self.width() - 4)), max(4, min(at.y(), room.bottom() - self.height() - 4))
        )
        self.show()
        self.raise_()
        self.field.setFocus()

    def dismiss(self) -> None:
        """Close without choosing."""
        self._chosen = None
        # The field loses the focus once more while the window is being destroyed around it.
        if Shiboken.isValid(self._view) and self.isVisible():
            self.hide()
            self._view.setFocus()

    def take_current(self) -> None:
        """Add the kind that is marked in the list."""
        self._take(self.list.currentItem())

    def _step(self, rows: int) -> None:
        row = min(max(self.list.currentRow() + rows, 0), self.list.count() - 1)
        self.list.setCurrentRow(row)

    def _fill(self, query: str) -> None:
        hue = theme.current().hues
        self.list.clear()
        for kind in find_kinds(query, self._kinds):
            item = QListWidgetItem(glyph_icon(kind, ICON, hue[kind.category]), kind.title)
            item.setData(Qt.ItemDataRole.UserRole, kind.key)
            item.setToolTip(kind.help)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        rows = min(max(self.list.count(), 1), MOST_ROWS)
        height = self.list.sizeHintForRow(0) if self.list.count() else ICON
        self.list.setFixedHeight(rows * height + 4)
        self.adjustSize()

    def _take(self, item: QListWidgetItem | None) -> None:
        chosen = self._chosen
        self.dismiss()
        if item is not None and chosen is not None:
            chosen(str(item.data(Qt.ItemDataRole.UserRole)))

    def _style(self) -> None:
        now = theme.current()
        self.setStyleSheet(
            f"#addSearch {{ background: {now.panel}; border: 1px solid {now.line}; border-radius: 9px; }}"
            f"#addSearch QLineEdit {{ background: {now.raised}; color: {now.text}; border: 1px solid {now.line};"
            f" border-radius: 6px; padding: 6px 8px; }}"
            f"#addSearch QListWidget {{ background: transparent; color: {now.text}; border: none; outline: none; }}"
            f"#addSearch QListWidget::item {{ padding: 5px 6px; border-radius: 5px; }}"
            f"#addSearch QListWidget::item:selected {{ background: {now.raised}; color: {now.text}; }}"
        )
