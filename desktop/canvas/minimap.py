"""The map in the corner: the whole diagram and what is seen of it; a press goes there. It shows itself only when needed."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from desktop import theme

if TYPE_CHECKING:
    from desktop.canvas.view import CanvasView

WIDTH, HEIGHT = 128, 84
PAD = 8.0
GAP = 14
DOT = 2.5


class Minimap(QWidget):
    """A picture of the diagram with a frame around what the view shows."""

    def __init__(self, view: "CanvasView") -> None:
        super().__init__(view.viewport())
        self.setObjectName("minimap")
        self.setAccessibleName("Map of the diagram")
        self.setFixedSize(WIDTH, HEIGHT)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._view = view
        self._wanted = True
        self.hide()

    def switch(self, wanted: bool) -> None:
        """Whether there is a map at all."""
        self._wanted = wanted
        self.follow()

    def follow(self) -> None:
        """Look again: the diagram or the view has changed."""
        content = self._view.canvas.content_rect()
        room = self._view.viewport().rect()
        seen = self._seen()
        fits = room.width() > 3 * WIDTH and room.height() > 3 * HEIGHT
        self.setVisible(self._wanted and fits and not content.isNull() and not seen.contains(content))
        if self.isVisible():
            self.move(room.width() - WIDTH - GAP, room.height() - HEIGHT - GAP)
            self.update()

    def _seen(self) -> QRectF:
        """What the view shows of the scene."""
        return self._view.mapToScene(self._view.viewport().rect()).boundingRect()

    def _place(self) -> tuple[float, QPointF]:
        """Scale and origin that bring diagram and view into the map."""
        whole = self._view.canvas.content_rect().united(self._seen())
        scale = min((WIDTH - 2 * PAD) / whole.width(), (HEIGHT - 2 * PAD) / whole.height())
        middle = QPointF(WIDTH / 2, HEIGHT / 2)
        return scale, middle - whole.center() * scale

    def _go(self, event: QMouseEvent) -> None:
        scale, origin = self._place()
        self._view.camera.centre((event.position() - origin) / scale)

    def paintEvent(self, event: QPaintEvent) -> None:
        now = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(now.line), 1.0))
        painter.setBrush(QColor(now.panel))
        painter.drawRoundedRect(QRectF(0.5, 0.5, WIDTH - 1, HEIGHT - 1), 7.0, 7.0)
        scale, origin = self._place()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(now.muted))
        for item in self._view.canvas.nodes.values():
            painter.drawEllipse(item.pos() * scale + origin, DOT, DOT)
        seen = self._seen()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(now.accent), 1.2))
        painter.drawRect(QRectF(seen.topLeft() * scale + origin, seen.size() * scale))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._go(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._go(event)
