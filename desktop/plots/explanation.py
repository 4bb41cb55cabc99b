"""Explanation: a few sentences that lie over a plot, where its picture alone does not say what went wrong."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel, QWidget

from desktop.plots.style import font
from desktop.theme import RADIUS, SPACE, Theme

OPACITY = 225


class Explanation(QLabel):
    """Wrapped text in the colour of errors at the top of ``host``, ``left`` and ``right`` pixels away from its sides."""

    def __init__(self, host: QWidget, left: int, right: int) -> None:
        super().__init__(host)
        self._host, self._left, self._right = host, left, right
        self.setFont(font("tiny"))
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setMargin(SPACE)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        host.installEventFilter(self)

    def say(self, text: str) -> None:
        """Show these sentences; nothing for ""."""
        if text != self.text():
            self.setText(text)
            self.setAccessibleName(text)
        self._place()
        self.setVisible(bool(text))

    def restyle(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        ground = QColor(theme.panel)
        back = f"rgba({ground.red()}, {ground.green()}, {ground.blue()}, {OPACITY})"
        self.setStyleSheet(
            f"color: {theme.error}; background: {back}; border: 1px solid {theme.error}; border-radius: {RADIUS // 2}px;"
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the host."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def _place(self) -> None:
        width = max(80, self._host.width() - self._left - self._right)
        height = min(self.heightForWidth(width), self._host.height() - 2 * SPACE)
        self.setGeometry(self._left, 2 * SPACE, width, height)
