"""Two small cards over the canvas: why a wire may not go somewhere, with what would mend it; and what was just deleted.

They are children of the viewport, not of the scene, so they keep their size at every zoom and a screen reader finds them.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop import theme
from desktop.canvas.clock import Clock

TOAST_SECONDS = 6.0
REASON_WIDTH = 340
GAP = 16
Choice = tuple[str, Callable[[], object]]
"""The text of a button, and what it does."""


class ReasonCard(QFrame):
    """ "This wire cannot go here", the reason, and one button per fix."""

    def __init__(self, viewport: QWidget) -> None:
        super().__init__(viewport)
        self._viewport = viewport
        self.setObjectName("reasonCard")
        self.setAccessibleName("Why this wire cannot go here")
        self._title = QLabel("This wire cannot go here", self)
        self._text = QLabel(self)
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._buttons = QHBoxLayout()
        self._buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 11, 14, 11)
        layout.setSpacing(6)
        layout.addWidget(self._title)
        layout.addWidget(self._text)
        layout.addLayout(self._buttons)
        self.setFixedWidth(REASON_WIDTH)
        self.hide()

    @property
    def text(self) -> str:
        """The reason that is shown."""
        return self._text.text()

    def show_reason(self, reason: str, at: QPoint, fixes: Sequence[Choice] = ()) -> None:
        """Show a reason near a point of the viewport."""
        self._style()
        self._text.setText(reason)
        while self._buttons.count() > 1:
            item = self._buttons.takeAt(1)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for title, action in fixes:
            button = QPushButton(title, self)
            button.clicked.connect(self._chosen(action))
            self._buttons.addWidget(button)
        # While a wire is in hand the card must not take the mouse from the canvas.
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not fixes)
        self.setFixedHeight(self.layout().heightForWidth(REASON_WIDTH))  # type: ignore[union-attr]
        self._place(at)
        self.show()
        self.raise_()
        if fixes:
            self._buttons.itemAt(1).widget().setFocus()  # type: ignore[union-attr]

    def dismiss(self) -> None:
        """Take the card away; the keyboard belongs to the canvas again."""
        focused = QApplication.focusWidget()
        had_focus = focused is not None and self.isAncestorOf(focused)
        self.hide()
        view = self._viewport.parentWidget()
        if had_focus and view is not None:
            view.setFocus()

    def _chosen(self, action: Callable[[], object]) -> Callable[[], None]:
        def choose() -> None:
            self.dismiss()
            action()

        return choose

    def _place(self, at: QPoint) -> None:
        room = self._viewport.rect()
        x = min(at.x() + GAP, room.right() - self.width() - 8)
        y = at.y() + GAP
        if y + self.height() > room.bottom() - 8:
            y = at.y() - GAP - self.height()
        self.move(max(8, x), max(8, y))

    def _style(self) -> None:
        now = theme.current()
        self.setStyleSheet(
            f"#reasonCard {{ background: {now.panel}; border: 1px solid {now.error}; border-radius: 8px; }}"
            f"#reasonCard QLabel {{ color: {now.text}; background: transparent; border: none; }}"
            f"#reasonCard QPushButton {{ background: {now.accent}; color: {now.on_accent}; border: none;"
            f" border-radius: 6px; padding: 5px 12px; font-weight: 600; }}"
        )
        self._title.setStyleSheet(f"color: {now.error}; font-weight: 600;")


class Toast(QFrame):
    """One line at the bottom of the canvas with an Undo button; it goes by itself."""

    def __init__(self, viewport: QWidget, clock: Clock, undo: Callable[[], None]) -> None:
        super().__init__(viewport)
        self._viewport = viewport
        self.setObjectName("toast")
        self._clock = clock
        self._left = 0.0
        self._label = QLabel(self)
        self._button = QPushButton("Undo", self)
        self._button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._button.setCursor(Qt.CursorShape.PointingHandCursor)
        self._button.clicked.connect(self.dismiss)
        self._button.clicked.connect(undo)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 6, 8, 6)
        layout.setSpacing(12)
        layout.addWidget(self._label)
        layout.addWidget(self._button)
        self.hide()

    @property
    def text(self) -> str:
        """What the toast says."""
        return self._label.text()

    def show_text(self, text: str) -> None:
        """Say what happened, for a few seconds."""
        now = theme.current()
        self.setStyleSheet(
            f"#toast {{ background: {now.raised}; border: 1px solid {now.line}; border-radius: 8px; }}"
            f"#toast QLabel {{ color: {now.text}; background: transparent; }}"
            f"#toast QPushButton {{ color: {now.accent}; background: transparent; border: none; padding: 4px 8px;"
            f" font-weight: 600; }}"
        )
        self._label.setText(text)
        self.setAccessibleName(text)
        self.adjustSize()
        self.place()
        self.show()
        self.raise_()
        self._left = TOAST_SECONDS
        self._clock.add(self.tick)

    def place(self) -> None:
        """Stand in the middle of the lower edge."""
        room = self._viewport.rect()
        self.move((room.width() - self.width()) // 2, room.height() - self.height() - 18)

    def dismiss(self) -> None:
        """Take the toast away."""
        self._clock.remove(self.tick)
        self.hide()

    def tick(self, seconds: float) -> bool:
        """Some seconds have passed; whether the toast stays."""
        if not self.underMouse():
            self._left -= seconds
        if self._left <= 0:
            self.hide()
        return self._left > 0
