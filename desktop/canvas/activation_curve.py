"""Paints the curve of an activation as it is set, between -4 and 4, with its axes; its glyph until it is compiled."""

import math
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from core.ops.activations import activation_curve
from core.ops.elementwise import Activation
from core.ops.op import Op
from desktop.canvas.node_look import NodeLook
from desktop.kinds.glyph import paint_glyph
from desktop.theme import Theme

REACH = 4.0
POINTS = 81


@lru_cache(maxsize=256)
def _curve(op: Activation) -> tuple[tuple[float, ...], float, float]:
    """Heights of the curve, and the lowest and highest of them with zero among them."""
    z = np.linspace(-REACH, REACH, POINTS)
    y = activation_curve(op, z)[0]
    return tuple(float(value) for value in y), min(0.0, float(y.min())), max(0.0, float(y.max()))


@lru_cache(maxsize=256)
def is_share(op: Op | None) -> bool:
    """Whether an activation runs from 0 to 1, so that one half is its middle."""
    if not isinstance(op, Activation):
        return False
    low, high = activation_curve(op, np.array([-50.0, 50.0]))[0]
    return abs(float(low)) < 1e-3 and abs(float(high) - 1.0) < 1e-3


def paint_curve(
    painter: QPainter, rect: QRectF, look: NodeLook, theme: Theme, hue: QColor, state: float | None = None
) -> None:
    """Paint the activation of a look into a rectangle, with a dot where ``state`` goes in."""
    op = look.curve
    if not isinstance(op, Activation):
        if look.kind is not None:
            side = min(rect.width(), rect.height())
            box = QRectF(rect.center().x() - side / 2, rect.center().y() - side / 2, side, side)
            paint_glyph(painter, box, look.kind, hue)
        return
    heights, low, high = _curve(op)
    span = max(high - low, 1e-6)
    step = rect.width() / (POINTS - 1)
    zero = rect.bottom() - (0.0 - low) / span * rect.height()
    painter.setPen(QPen(QColor(theme.line), 1.0))
    painter.drawLine(QPointF(rect.left(), zero), QPointF(rect.right(), zero))
    painter.drawLine(QPointF(rect.center().x(), rect.top()), QPointF(rect.center().x(), rect.bottom()))
    points = [
        QPointF(rect.left() + number * step, rect.bottom() - (height - low) / span * rect.height())
        for number, height in enumerate(heights)
    ]
    pen = QPen(hue, 2.0)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.drawPolyline(QPolygonF(points))
    if state is not None and math.isfinite(state):
        along = (min(max(state, -REACH), REACH) + REACH) / (2 * REACH) * (POINTS - 1)
        painter.setPen(QPen(QColor(theme.card), 1.5))
        painter.setBrush(QColor(theme.text))
        painter.drawEllipse(points[round(along)], 4.0, 4.0)
