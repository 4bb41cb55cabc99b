"""A wire's curve as plain numbers: from port to port, for painting, for hits, and for the pulses that run along it."""

from dataclasses import dataclass
from functools import cached_property

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

HIT_POINTS = 17
ROOM = 8.0
TURN = 56.0
"""How far the turns of a wire that leads back are pulled out to the side; they reach three quarters of it."""
ROWS_APART = 170.0
"""Between nodes that lie at least so far below each other, a wire that leads back finds its way between them."""
CLEAR = 112.0
"""Else it runs so far below the lower one."""

Point = tuple[float, float]
Cubic = tuple[Point, Point, Point, Point]


@dataclass(frozen=True)
class WireCurve:
    """An S from left to right; where the end lies left of the start: out, back between or below the two nodes, and in."""

    start: Point
    end: Point

    @property
    def leads_back(self) -> bool:
        """Whether the wire runs from right to left."""
        return self.end[0] < self.start[0]

    @cached_property
    def reach(self) -> float:
        """How far a curve from left to right runs level before it turns."""
        distance = self.end[0] - self.start[0]
        rise = abs(self.end[1] - self.start[1])
        return max(distance * 0.5, min(40.0, rise * 0.3))

    @cached_property
    def pieces(self) -> tuple[Cubic, ...]:
        """The cubics that the curve is made of: one, or two turns with the way back between them."""
        (x0, y0), (x3, y3) = self.start, self.end
        if not self.leads_back:
            return (((x0, y0), (x0 + self.reach, y0), (x3 - self.reach, y3), (x3, y3)),)
        apart = abs(y3 - y0) >= ROWS_APART
        y = (y0 + y3) / 2 if apart else max(y0, y3) + CLEAR
        third = (x3 - x0) / 3
        return (
            ((x0, y0), (x0 + TURN, y0), (x0 + TURN, y), (x0, y)),
            ((x0, y), (x0 + third, y), (x3 - third, y), (x3, y)),
            ((x3, y), (x3 - TURN, y), (x3 - TURN, y3), (x3, y3)),
        )

    @cached_property
    def path(self) -> QPainterPath:
        """The curve as a path to stroke."""
        path = QPainterPath(QPointF(*self.start))
        for _, first, second, end in self.pieces:
            path.cubicTo(*first, *second, *end)
        return path

    @cached_property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of what the stroked curve may touch."""
        corners = [point for piece in self.pieces for point in piece]
        across, down = [x for x, _ in corners], [y for _, y in corners]
        return min(across) - ROOM, min(down) - ROOM, max(across) + ROOM, max(down) + ROOM

    @cached_property
    def rect(self) -> QRectF:
        """The same as a rectangle."""
        left, top, right, bottom = self.box
        return QRectF(left, top, right - left, bottom - top)

    @cached_property
    def points(self) -> tuple[Point, ...]:
        """Points along the curve, near enough for a hit test."""
        count = len(self.pieces) * (HIT_POINTS - 1)
        return tuple(self.at(number / count) for number in range(count + 1))

    def at(self, t: float) -> Point:
        """The point at ``t`` in 0..1: (1-t)^3 p0 + 3 (1-t)^2 t p1 + 3 (1-t) t^2 p2 + t^3 p3, piece after piece."""
        place = t * len(self.pieces)
        number = min(int(place), len(self.pieces) - 1)
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = self.pieces[number]
        t = place - number
        s = 1.0 - t
        a, b, c, d = s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t
        return a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3

    def distance(self, x: float, y: float) -> float:
        """How far a point is from the curve."""
        return min(
            _segment_distance(x, y, first, second) for first, second in zip(self.points, self.points[1:], strict=False)
        )


def _segment_distance(x: float, y: float, first: Point, second: Point) -> float:
    along_x, along_y = second[0] - first[0], second[1] - first[1]
    length = along_x * along_x + along_y * along_y
    t = 0.0 if length == 0 else ((x - first[0]) * along_x + (y - first[1]) * along_y) / length
    t = min(1.0, max(0.0, t))
    away_x, away_y = x - first[0] - t * along_x, y - first[1] - t * along_y
    return float((away_x * away_x + away_y * away_y) ** 0.5)
