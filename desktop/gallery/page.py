"""The template gallery: what a person sees first, laid over the window; choosing something takes it away.

The pictures are made after the page is seen, one per turn of the event loop, and made anew when the theme changes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget

from core.templates import templates
from desktop import theme
from desktop.gallery.card import TemplateCard
from desktop.gallery.grid import CardGrid


@dataclass(frozen=True, slots=True)
class Picture:
    """What is made of a template for its card."""

    pixmap: QPixmap
    parameter_count: int


MakePicture = Callable[[str, QSize, float], Picture | None]
"""Key of a template, logical size, device pixel ratio -> its picture, or None for a template that cannot be read."""

_SIDE_WIDTH = 252
_RECENT_SHOWN = 6


class GalleryPage(QWidget):
    """Cards of templates to the right; an empty canvas, a file, or a recent file to the left."""

    template_chosen = Signal(str, str)
    """Key and title."""
    empty_chosen = Signal()
    open_chosen = Signal()
    recent_chosen = Signal(Path)
    closed = Signal()
    seen = Signal()
    """It was painted for the first time."""

    def __init__(self, recent: list[Path], make_picture: MakePicture, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("galleryPage")
        self.setAccessibleName("Template gallery")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # What lies below need not be painted.
        self._make_picture = make_picture
        self._is_seen = False
        self._waiting: list[TemplateCard] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._make_next_picture)
        self.grid = CardGrid(templates())
        self.search = QLineEdit()
        self._scroll = QScrollArea()
        self._scroll.setAccessibleName("Examples")
        self._nothing = QLabel()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._side(recent))
        layout.addWidget(self._main(), 1)
        self.grid.activated.connect(self._choose)
        self.grid.focus_moved.connect(self._scroll.ensureWidgetVisible)
        self.grid.left_upwards.connect(self.search.setFocus)
        theme.hub().changed.connect(self.update)
        theme.hub().changed.connect(self._make_pictures)

    def focus_first(self) -> None:
        """Let the keys begin at the first card."""
        if self.grid.shown:
            self.grid.shown[0].setFocus()

    def stop(self) -> None:
        """Make no more pictures."""
        self._waiting.clear()
        self._timer.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(theme.current().ground))
        painter.end()
        if not self._is_seen:
            self._is_seen = True
            self._make_pictures()
            self.seen.emit()

    def event(self, event: QEvent) -> bool:
        # A letter is meant for the search, and not for a command of the canvas that lies below.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_letter(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif _is_letter(event):
            self.search.setFocus()
            self.search.insert(event.text())
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Down and self.grid.shown:
                self.focus_first()
                return True
            if event.key() == Qt.Key.Key_Escape and self.search.text():
                self.search.clear()
                return True
        if watched is self.grid and event.type() == QEvent.Type.Resize and self._is_seen:
            self._make_pictures()
        return super().eventFilter(watched, event)

    def _side(self, recent: list[Path]) -> QWidget:
        side = QWidget()
        side.setObjectName("gallerySide")
        side.setProperty("plane", "panel")
        side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        side.setFixedWidth(_SIDE_WIDTH)
        layout = QVBoxLayout(side)
        layout.setContentsMargins(24, 30, 24, 20)
        layout.setSpacing(8)
        name = QLabel("Neuroloom")
        name.setProperty("textRole", "display")
        promise = QLabel("Draw a neural network, press Train, and watch it learn.")
        promise.setProperty("textRole", "muted")
        promise.setWordWrap(True)
        empty = _button("Empty canvas", "gallery.empty", "primary")
        empty.clicked.connect(self.empty_chosen)
        browse = _button("Open a file…", "gallery.open", "")
        browse.clicked.connect(self.open_chosen)
        layout.addWidget(name)
        layout.addWidget(promise)
        layout.addSpacing(14)
        layout.addWidget(empty)
        layout.addWidget(browse)
        if recent:
            layout.addSpacing(14)
            layout.addWidget(_heading("RECENT"))
        for path in recent[:_RECENT_SHOWN]:
            layout.addWidget(self._recent_button(path))
        layout.addStretch(1)
        hint = QLabel("Esc goes to the canvas")
        hint.setProperty("textRole", "caption")
        layout.addWidget(hint)
        return side

    def _recent_button(self, path: Path) -> QPushButton:
        button = _button(path.name.removesuffix(".json").removesuffix(".nloom"), "", "link")
        button.setToolTip(str(path))
        button.setAccessibleName(f"Open {path.name}")
        button.clicked.connect(lambda: self.recent_chosen.emit(path))
        return button

    def _main(self) -> QWidget:
        main = QWidget()
        layout = QVBoxLayout(main)
        layout.setContentsMargins(28, 28, 12, 0)
        layout.setSpacing(14)
        head = QHBoxLayout()
        title = QLabel("Start from a template")
        title.setProperty("textRole", "headline")
        self.search.setObjectName("gallerySearch")
        self.search.setAccessibleName("Search templates")
        self.search.setPlaceholderText("Search templates")
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(240)
        self.search.installEventFilter(self)
        self.search.textChanged.connect(self._search)
        self.search.returnPressed.connect(self._choose_first)
        head.addWidget(title)
        head.addStretch(1)
        head.addWidget(self.search)
        head.addSpacing(14)
        self._nothing.setProperty("textRole", "muted")
        self._nothing.hide()
        self.grid.installEventFilter(self)
        self._scroll.setWidget(self.grid)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout.addLayout(head)
        layout.addWidget(self._nothing)
        layout.addWidget(self._scroll, 1)
        return main

    def _search(self, text: str) -> None:
        self.grid.search(text)
        self._nothing.setText(f"No template speaks of “{text.strip()}”.")
        self._nothing.setVisible(not self.grid.shown)

    def _choose_first(self) -> None:
        if self.grid.shown:
            self._choose(self.grid.shown[0].info.key)

    def _choose(self, key: str) -> None:
        titles = {card.info.key: card.info.title for card in self.grid.cards}
        self.template_chosen.emit(key, titles[key])

    def _make_pictures(self) -> None:
        self._waiting = list(self.grid.cards)
        self._timer.start(0)

    def _make_next_picture(self) -> None:
        """One picture, those that can be seen first; then let the event loop have its turn."""
        if not self._waiting:
            return
        visible = (card for card in self._waiting if not card.visibleRegion().isEmpty())
        card = next(visible, self._waiting[0])
        self._waiting.remove(card)
        made = self._make_picture(card.info.key, card.picture_size(), self.devicePixelRatioF())
        if made is not None:
            card.set_parameter_count(made.parameter_count)
            card.set_picture(made.pixmap)
        if self._waiting:
            self._timer.start(0)


def _is_letter(event: QKeyEvent) -> bool:
    """Whether a key writes something that can be seen."""
    return event.text().isprintable() and bool(event.text().strip())


def _button(text: str, name: str, role: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setProperty("buttonRole", role)
    return button


def _heading(text: str) -> QLabel:
    heading = QLabel(text)
    heading.setProperty("textRole", "heading")
    return heading
