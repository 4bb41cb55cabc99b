"""A kind on its way from the palette to the canvas: the data that travels, and the picture under the pointer."""

from PySide6.QtCore import QMimeData, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from core.catalogue.kind import NodeKind
from core.catalogue.registry import find_kind
from desktop import theme
from desktop.kinds.glyph import paint_glyph

KIND_MIME = "application/x-neuroloom-kind"
_HEIGHT = 36.0
_GLYPH = 20.0


def kind_mime(kind: NodeKind) -> QMimeData:
    """What a drag of ``kind`` carries."""
    data = QMimeData()
    data.setData(KIND_MIME, kind.key.encode())
    return data


def kind_in(data: QMimeData) -> NodeKind | None:
    """The kind that a drag carries, or None where it carries none that is known."""
    if not data.hasFormat(KIND_MIME):
        return None
    return find_kind(bytes(data.data(KIND_MIME).data()).decode(errors="replace"))


def drag_pixmap(kind: NodeKind, widget: QWidget) -> QPixmap:
    """A small card with glyph and title, as sharp as the screen of ``widget``."""
    colors = theme.current()
    ratio = widget.devicePixelRatioF()
    width = _GLYPH + QFontMetricsF(widget.font()).horizontalAdvance(kind.title) + 6 * theme.SPACE
    pixmap = QPixmap(round(width * ratio), round(_HEIGHT * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(colors.accent), 1.5))
    painter.setBrush(QColor(colors.card))
    painter.drawRoundedRect(QRectF(1, 1, width - 2, _HEIGHT - 2), theme.RADIUS, theme.RADIUS)
    paint_glyph(painter, QRectF(2 * theme.SPACE, (_HEIGHT - _GLYPH) / 2, _GLYPH, _GLYPH), kind, colors.accent)
    painter.setPen(QColor(colors.text))
    painter.setFont(widget.font())
    left = _GLYPH + 4 * theme.SPACE
    painter.drawText(QRectF(left, 0, width - left, _HEIGHT), Qt.AlignmentFlag.AlignVCenter, kind.title)
    painter.end()
    return pixmap
