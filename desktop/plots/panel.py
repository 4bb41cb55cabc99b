"""PlotPanel: what every dock of plots is made of: a head with title and legend, a body, and a sentence while there is nothing."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedLayout, QToolButton, QVBoxLayout, QWidget

from desktop.plots.caption import Caption
from desktop.plots.draw_queue import draw_queue
from desktop.plots.style import font
from desktop.theme import SPACE, Theme, current, hub


class PlotPanel(QWidget):
    """Title left, a small muted line right, switches between them, and below either the body or a sentence.

    Subclasses fill ``body`` and implement ``restyle`` (the theme is another one) and ``redraw`` (the data is newer). A panel that
    nobody sees draws nothing: ``request_redraw`` waits until it is shown.
    """

    def __init__(self, name: str, title: str, empty: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setMinimumSize(160, 120)
        self._title = QLabel(title)
        self._title.setFont(font("normal", bold=True))
        self._subtitle = Caption()
        self._head = QHBoxLayout()
        self._head.setSpacing(2 * SPACE)
        self._head.addWidget(self._title)
        self._head.addWidget(self._subtitle, 1)
        self._empty = QLabel(empty)
        self._empty.setFont(font("small"))
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedLayout()
        self._stack.addWidget(self._empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3 * SPACE, 2 * SPACE, 3 * SPACE, SPACE)
        layout.setSpacing(SPACE)
        layout.addLayout(self._head)
        layout.addLayout(self._stack, 1)
        self._stale = False
        self.setAutoFillBackground(True)
        hub().changed.connect(self._on_theme)

    @property
    def theme(self) -> Theme:
        """The theme that holds now."""
        return current()

    def add_body(self, body: QWidget) -> None:
        """Have a body, to be shown later: it goes with the panel, even where it was never shown."""
        if self._stack.indexOf(body) < 0:
            self._stack.addWidget(body)

    def set_body(self, body: QWidget) -> None:
        """Show ``body`` from now on; the sentence comes back with ``show_empty``."""
        self.add_body(body)
        if self._stack.currentWidget() is not body:
            self._stack.setCurrentWidget(body)

    def show_empty(self, sentence: str | None = None) -> None:
        """Show a sentence in place of the body."""
        if sentence is not None:
            self._empty.setText(sentence)
        self._stack.setCurrentWidget(self._empty)

    @property
    def is_empty(self) -> bool:
        """Whether the sentence stands there."""
        return self._stack.currentWidget() is self._empty

    @property
    def subtitle(self) -> str:
        """The line at the right of the head, as it was set."""
        return self._subtitle.whole

    def set_title(self, title: str) -> None:
        """Another title, at the left of the head."""
        self._title.setText(title)
        self.setAccessibleName(title)

    def set_subtitle(self, text: str, color: str | None = None) -> None:
        """The line at the right of the head, rich text; muted unless a colour is given."""
        self._subtitle.say(text, color or self.theme.muted)

    def detach_head(self) -> QHBoxLayout:
        """Give the head away, with all that it shows now and later, for a dock to have as its title bar."""
        outer = self.layout()
        assert isinstance(outer, QVBoxLayout)
        outer.removeItem(self._head)
        self._head.setParent(None)
        return self._head

    def add_to_head(self, widget: QWidget) -> None:
        """Put a small widget at the right end of the head."""
        self._head.addWidget(widget)

    def add_switch(self, text: str, tip: str) -> QToolButton:
        """A small checkable button in the head."""
        switch = QToolButton()
        switch.setText(text)
        switch.setToolTip(tip)
        switch.setAccessibleName(f"{self.accessibleName()}: {tip}")
        switch.setCheckable(True)
        switch.setAutoRaise(True)
        switch.setFont(font("tiny"))
        self._head.addWidget(switch)
        return switch

    def request_redraw(self) -> None:
        """Draw the newest data: soon if the panel can be seen, else when it is shown."""
        self._stale = True
        if self.isVisible():
            draw_queue().add(self)

    def redraw_at_once(self) -> None:
        """After something that the person did: do not let them wait."""
        self._stale = True
        self.draw_now()

    def draw_now(self) -> None:
        """Draw the newest data at once, if the panel can be seen and does not show it yet."""
        if self._stale and self.isVisible():
            self._stale = False
            self.redraw()

    def start(self) -> None:
        """Take the present theme, and draw; subclasses call it at the end of their construction."""
        self._on_theme()

    def restyle(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        raise NotImplementedError

    def redraw(self) -> None:
        """Draw the newest data."""
        raise NotImplementedError

    def _on_theme(self) -> None:
        theme = self.theme
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Window, theme.panel)
        self.setPalette(palette)
        self._title.setStyleSheet(f"color: {theme.text}; background: transparent;")
        self._subtitle.setStyleSheet("background: transparent;")
        self._empty.setStyleSheet(f"color: {theme.muted}; background: transparent;")
        self.restyle(theme)
        self.redraw_at_once()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.draw_now()
