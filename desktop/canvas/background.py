"""The ground of the canvas: its colour with a grid of dots, and the hint on an empty one."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPixmap, QTransform

from desktop.canvas import fonts
from desktop.canvas.value_painter import CENTER
from desktop.lifetime import remembered
from desktop.theme import Theme

GRID = 24.0
HINT = "Drag a node here from the left, or double-click to search"
SECOND = "Tab searches too · the wheel zooms · the middle button moves the view"


def paint_ground(painter: QPainter, rect: QRectF, now: Theme) -> None:
    """Fill with the ground; the dots thin out as the view goes far."""
    scale = painter.worldTransform().m11()
    painter.fillRect(rect, QColor(now.ground))
    step = GRID
    while step * scale < 16.0:
        step *= 2.0
    ratio = painter.device().devicePixelRatio()
    pixels = max(8, round(step * scale * ratio))
    brush = QBrush(_tile(pixels, max(1, round(1.3 * ratio)), now.raised))
    brush.setTransform(QTransform.fromScale(step / pixels, step / pixels))
    painter.setBrushOrigin(QPointF(0.0, 0.0))
    painter.fillRect(rect, brush)


def paint_hint(painter: QPainter, room: QRectF, color: QColor) -> None:
    """What can be done on an empty canvas."""
    painter.save()
    painter.resetTransform()
    painter.setPen(color)
    painter.setFont(fonts.font(fonts.LARGE, bold=True))
    painter.drawText(room.adjusted(0, 0, 0, -26), CENTER, HINT)
    painter.setFont(fonts.font(fonts.SMALL))
    painter.drawText(room.adjusted(0, 26, 0, 0), CENTER, SECOND)
    painter.restore()


@remembered(64)
def _tile(pixels: int, dot: int, color: str) -> QPixmap:
    tile = QPixmap(pixels, pixels)
    tile.fill(Qt.GlobalColor.transparent)
    painter = QPainter(tile)
    painter.fillRect(0, 0, dot, dot, QColor(color))
    painter.end()
    return tile
