"""The drawn picture of a kind: its glyph, scaled into a rectangle and stroked in one colour.

Palette, canvas and inspector use these two functions, so that a kind looks the same everywhere.
"""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap, QTransform

from core.catalogue.kind import NodeKind
from desktop.kinds.svg_path import painter_path

BOX = 24.0
STROKE = 1.7
_PIXEL_RATIOS = (1.0, 2.0, 3.0)


def paint_glyph(painter: QPainter, rect: QRectF, kind: NodeKind, color: QColor | str) -> None:
    """Stroke the glyph of ``kind``, as large as fits, in the middle of ``rect``."""
    scale = min(rect.width(), rect.height()) / BOX
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    pen = QPen(QColor(color), STROKE * max(scale, 0.6))
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.drawPath(glyph_path(kind, rect))
    painter.restore()


def glyph_path(kind: NodeKind, rect: QRectF) -> QPainterPath:
    """The outline of the glyph, as large as fits, in the middle of ``rect``."""
    scale = min(rect.width(), rect.height()) / BOX
    corner = rect.center() - QPointF(BOX, BOX) * (scale / 2)
    return QTransform(scale, 0, 0, scale, corner.x(), corner.y()).map(painter_path(kind.glyph))


def glyph_pixmap(kind: NodeKind, size: int, color: QColor | str, pixel_ratio: float = 1.0) -> QPixmap:
    """The glyph on a transparent square of ``size`` logical pixels."""
    pixmap = QPixmap(round(size * pixel_ratio), round(size * pixel_ratio))
    pixmap.setDevicePixelRatio(pixel_ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    paint_glyph(painter, QRectF(0, 0, size, size), kind, color)
    painter.end()
    return pixmap


def glyph_icon(kind: NodeKind, size: int, color: QColor | str) -> QIcon:
    """The glyph as an icon that stays sharp up to three device pixels per pixel."""
    icon = QIcon()
    for pixel_ratio in _PIXEL_RATIOS:
        icon.addPixmap(glyph_pixmap(kind, size, color, pixel_ratio))
    return icon
