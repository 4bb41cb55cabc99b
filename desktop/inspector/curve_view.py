"""The curve of an activation with its derivative (dashed), and where the batch and the chosen sample stand on it."""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.inspection.snapshot import FloatArray
from core.ops.activations import activation_curve
from core.ops.elementwise import Activation
from desktop import theme

PLOT, CAPTION = 94, 18
REACH, FARTHEST = 4.0, 60.0
POINTS = 161
BINS = 28
MOST_DOTS = 24


class CurveView(QWidget):
    """Shows one op; dots and bars appear once something is known of the sums that go into it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.op: Activation | None = None
        self.sample: FloatArray | None = None
        self.batch: FloatArray | None = None
        self.setFixedHeight(PLOT + CAPTION)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip("The activation (line), its derivative (dashed), the chosen sample (dot) and the batch (bars).")
        self.setAccessibleName("Activation curve")
        theme.hub().changed.connect(self.update)

    def set_op(self, op: Activation | None) -> None:
        """Show the curve of this op."""
        if op != self.op:
            self.op = op
            self.update()

    def set_sums(self, sample: FloatArray | None, batch: FloatArray | None) -> None:
        """Show where these weighted sums stand: of one sample, and of many."""
        if sample is not None or self.sample is not None or batch is not self.batch:
            self.sample, self.batch = sample, batch
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(220, PLOT + CAPTION)

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(0, 0, self.width(), PLOT).adjusted(0.5, 0.5, -0.5, -0.5)
        outline = QPainterPath()
        outline.addRoundedRect(frame, theme.RADIUS, theme.RADIUS)
        painter.fillPath(outline, QColor(colors.ground if colors.is_dark else colors.panel))
        if self.op is not None:
            painter.save()
            painter.setClipPath(outline)
            self._paint_plot(painter, frame.adjusted(0, 9, 0, -9), self.op)
            painter.restore()
        painter.setPen(QPen(QColor(colors.line), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(outline)
        self._paint_caption(painter)
        painter.end()

    def _paint_caption(self, painter: QPainter) -> None:
        known = self.sample is not None and self.sample.size > 0
        text = "curve, slope (dashed), sample and batch" if known else "curve, and its slope (dashed)"
        font = QFont(self.font())
        font.setPixelSize(11)
        painter.setFont(font)
        painter.setPen(QColor(theme.current().muted))
        painter.drawText(QRectF(0, PLOT + 3, self.width(), CAPTION - 3), Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_plot(self, painter: QPainter, rect: QRectF, op: Activation) -> None:
        colors = theme.current()
        reach = self._reach()
        low, span = _span(op, reach)

        def place(x: float, y: float) -> QPointF:
            return QPointF(
                rect.left() + (x + reach) / (2 * reach) * rect.width(), rect.bottom() - (y - low) / span * rect.height()
            )

        self._paint_bars(painter, rect, reach)
        painter.setPen(QPen(QColor(colors.line), 1))
        painter.drawLine(place(-reach, 0), place(reach, 0))
        painter.drawLine(QPointF(place(0, 0).x(), rect.top() - 9), QPointF(place(0, 0).x(), rect.bottom() + 9))
        dashed = QPen(QColor(colors.muted), 1.2)
        dashed.setDashPattern([3.5, 3])
        painter.setPen(dashed)
        line, slope = _polylines(op, reach, rect.width(), rect.height())
        painter.drawPolyline(slope.translated(rect.topLeft()))
        painter.setPen(QPen(QColor(colors.accent), 2))
        painter.drawPolyline(line.translated(rect.topLeft()))
        self._paint_dots(painter, op, place)

    def _paint_bars(self, painter: QPainter, rect: QRectF, reach: float) -> None:
        if self.batch is None or not self.batch.size:
            return
        clean = self.batch[np.isfinite(self.batch)]
        counts, _ = np.histogram(np.clip(clean, -reach, reach), bins=BINS, range=(-reach, reach))
        if not counts.max():
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.current().neutral))
        width = rect.width() / BINS
        for number, count in enumerate(counts):
            height = 0.3 * rect.height() * count / counts.max()
            bottom = rect.bottom() + 9
            painter.drawRect(QRectF(rect.left() + number * width + 0.5, bottom - height, width - 1, height))

    def _paint_dots(self, painter: QPainter, op: Activation, place: Callable[[float, float], QPointF]) -> None:
        if self.sample is None:
            return
        z = np.asarray(self.sample, float).reshape(-1)[:MOST_DOTS]
        z = z[np.isfinite(z)]
        if not z.size:
            return
        reach = self._reach()
        z = np.clip(z, -reach, reach)  # what lies further out stands at the edge
        heights, _ = activation_curve(op, z)
        painter.setPen(QPen(QColor(theme.current().panel), 1.2))
        painter.setBrush(QColor(theme.current().negative))
        radius = 4.5 if z.size == 1 else 3.2
        for x, y in zip(z, heights, strict=True):
            painter.drawEllipse(place(float(x), float(y)), radius, radius)

    def _reach(self) -> float:
        """How far the axis goes: further out where the sample stands further out."""
        if self.sample is None or not self.sample.size or not np.isfinite(self.sample).all():
            return REACH
        farthest = float(np.abs(self.sample).max()) * 1.15
        return float(np.clip(np.ceil(farthest), REACH, FARTHEST))


@lru_cache(maxsize=128)
def _curve(op: Activation, reach: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    z = np.linspace(-reach, reach, POINTS)
    heights, slopes = activation_curve(op, z)
    return z, np.asarray(heights), np.asarray(slopes)


@lru_cache(maxsize=128)
def _span(op: Activation, reach: float) -> tuple[float, float]:
    """The lowest value of curve and slope, and how far the highest is above it; zero is always among them."""
    _, heights, slopes = _curve(op, reach)
    low = float(min(heights.min(), slopes.min(), 0.0))
    return low, max(float(max(heights.max(), slopes.max(), 0.0)) - low, 1e-6)


@lru_cache(maxsize=64)
def _polylines(op: Activation, reach: float, width: float, height: float) -> tuple[QPolygonF, QPolygonF]:
    """Curve and slope in a rectangle of this size with its corner at the origin."""
    z, heights, slopes = _curve(op, reach)
    low, span = _span(op, reach)
    across = (z + reach) / (2 * reach) * width

    def polyline(values: FloatArray) -> QPolygonF:
        down = height - (values - low) / span * height
        return QPolygonF([QPointF(float(x), float(y)) for x, y in zip(across, down, strict=True)])

    return polyline(heights), polyline(slopes)
