"""The mark of a diagnostic: a round one for errors, a triangle for warnings, a tick for none; shape says it as well as colour."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from core.compiler.diagnostics import Severity
from desktop import theme

SIZE = 18


class SeverityMark(QWidget):
    """A small drawing of how bad it is; None means all is well."""

    def __init__(self, severity: Severity | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._severity = severity
        self.setFixedSize(SIZE, SIZE)
        self.setAccessibleName("No problem" if severity is None else severity.value.capitalize())
        theme.hub().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(SIZE, SIZE)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_severity(painter, QRectF(self.rect()), self._severity)
        painter.end()


def paint_severity(painter: QPainter, rect: QRectF, severity: Severity | None) -> None:
    """The mark, as large as ``rect``."""
    color = QColor(_color(severity))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(rect.topLeft())
    painter.scale(rect.width() / SIZE, rect.height() / SIZE)
    pen = QPen(color, 1.5)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    soft = QColor(color)
    soft.setAlphaF(0.16)
    painter.setBrush(soft)
    if severity is Severity.WARNING:
        painter.drawPolygon(QPolygonF([QPointF(9, 2.2), QPointF(16.6, 15.4), QPointF(1.4, 15.4)]))
        _exclamation(painter, 7.0, 10.6, 13.0)
    elif severity is Severity.ERROR:
        painter.drawEllipse(QPointF(9, 9), 7.2, 7.2)
        _exclamation(painter, 5.4, 9.6, 12.4)
    else:
        painter.drawEllipse(QPointF(9, 9), 7.2, 7.2)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        tick = QPainterPath(QPointF(5.8, 9.3))
        tick.lineTo(8.1, 11.6)
        tick.lineTo(12.3, 6.8)
        painter.drawPath(tick)
    painter.restore()


def _exclamation(painter: QPainter, top: float, bottom: float, dot: float) -> None:
    painter.drawLine(QPointF(9, top), QPointF(9, bottom))
    painter.drawPoint(QPointF(9, dot))


def _color(severity: Severity | None) -> str:
    colors = theme.current()
    if severity is None:
        return colors.ok
    return colors.error if severity is Severity.ERROR else colors.warning
