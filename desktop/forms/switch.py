"""On or off, in a form: a switch that slides, painted from the theme."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from desktop import theme

WIDTH, HEIGHT = 36, 20


class Switch(QAbstractButton):
    """A checkable button in the shape of a switch; ``clicked`` tells of a person, ``setChecked`` of the program."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setAccessibleName(title)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedSize(WIDTH, HEIGHT)
        theme.hub().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, HEIGHT)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = colors.accent if self.isChecked() or self.hasFocus() or self.underMouse() else colors.line
        painter.setPen(QPen(QColor(edge), 1.5 if self.hasFocus() else 1.0))
        painter.setBrush(QColor(colors.accent if self.isChecked() else colors.raised))
        track = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(track, track.height() / 2, track.height() / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.on_accent if self.isChecked() else colors.muted))
        x = track.right() - 9 if self.isChecked() else track.left() + 9
        painter.drawEllipse(QPointF(x, track.center().y()), 6, 6)
        painter.end()
