"""A wire's curve as plain numbers: one cubic from port to port, for painting, for hits, and for the pulses that run along it."""

from dataclasses import dataclass
from functools import cached_property

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

HIT_POINTS = 17
ROOM = 8.0


@dataclass(frozen=True)
class WireCurve:
    """An S from left to right; where the end lies left of the start, a wider one that swings around."""

    start: tuple[float, float]
    end: tuple[float, float]

    @cached_property
    def reach(self) -> float:
        """How far the curve runs level before it turns."""
        distance = self.end[0] - self.start[0]
        rise = abs(self.end[1] - self.start[1])
        if distance >= 0:
            return max(distance * 0.5, min(40.0, rise * 0.3))
        return min(600.0, 70.0 - distance * 0.55)

    @cached_property
    def path(self) -> QPainterPath:
        """The curve as a path to stroke."""
        (x0, y0), (x3, y3) = self.start, self.end
        path = QPainterPath(QPointF(x0, y0))
        path.cubicTo(x0 + self.reach, y0, x3 - self.reach, y3, x3, y3)
        return path

    @cached_property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of what the stroked curve may touch."""
        (x0, y0), (x3, y3) = self.start, self.end
        left = min(x0, x3 - self.reach, x3)
        right = max(x3, x0 + self.reach, x0)
        top, bottom = min(y0, y3), max(y0, y3)
        return left - ROOM, top - ROOM, right + ROOM, bottom + ROOM

    @cached_property
    def rect(self) -> QRectF:
        """The same as a rectangle."""
        left, top, right, bottom = self.box
        return QRectF(left, top, right - left, bottom - top)

    @cached_property
    def points(self) -> tuple[tuple[float, float], ...]:
        """Points along the curve, near enough for a hit test."""
        return tuple(self.at(number / (HIT_POINTS - 1)) for number in range(HIT_POINTS))

    def at(self, t: float) -> tuple[float, float]:
        """The point at ``t`` in 0..1: (1-t)^3 p0 + 3 (1-t)^2 t p1 + 3 (1-t) t^2 p2 + t^3 p3."""
        (x0, y0), (x3, y3) = self.start, self.end
        s = 1.0 - t
        a, b, c, d = s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t
        x1, x2 = x0 + self.reach, x3 - self.reach
        return a * x0 + b * x1 + c * x2 + d * x3, (a + b) * y0 + (c + d) * y3

    def distance(self, x: float, y: float) -> float:
        """How far a point is from the curve."""
        return min(
            _segment_distance(x, y, first, second) for first, second in zip(self.points, self.points[1:], strict=False)
        )


def _segment_distance(x: float, y: float, first: tuple[float, float], second: tuple[float, float]) -> float:
    along_x, along_y = second[0] - first[0], second[1] - first[1]
    length = along_x * along_x + along_y * along_y
    t = 0.0 if length == 0 else ((x - first[0]) * along_x + (y - first[1]) * along_y) / length
    t = min(1.0, max(0.0, t))
    away_x, away_y = x - first[0] - t * along_x, y - first[1] - t * along_y
    return float((away_x * away_x + away_y * away_y) ** 0.5)
