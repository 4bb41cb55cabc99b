"""SVG path data as a QPainterPath: how a kind's picture, declared as one line of text, becomes something to paint.

All commands of SVG 1.1 paths are understood, absolute and relative, with repeated arguments and packed arc flags. Nothing
else of SVG is needed, so no XML is read.
"""

import math
import re
from functools import lru_cache

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath

_ARGUMENTS = {
    "M": "nn",
    "L": "nn",
    "H": "n",
    "V": "n",
    "C": "nnnnnn",
    "S": "nnnn",
    "Q": "nnnn",
    "T": "nn",
    "A": "nnnffnn",
}
_NUMBER = re.compile(r"[\s,]*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)")
_FLAG = re.compile(r"[\s,]*([01])")
_COMMAND = re.compile(r"[\s,]*([MmLlHhVvCcSsQqTtAaZz])")
_DOT = 0.01


@lru_cache(maxsize=512)
def painter_path(data: str) -> QPainterPath:
    """The path that SVG path data describes, in its own coordinates. Raises ValueError where the data is malformed.

    The path is shared by all who ask for the same data: paint it, never change it.
    """
    pen = _Pen()
    at, command = 0, ""
    while data[at:].strip(" \t\r\n,"):
        found = _COMMAND.match(data, at)
        if found:
            command, at = found[1], found.end()
        elif command in "zZ":  # also the empty command before the first one
            raise ValueError(f"SVG path data has no command at {data[at : at + 12]!r}.")
        arguments, at = _arguments(data, at, _ARGUMENTS.get(command.upper(), ""))
        pen.draw(command, arguments)
        if command in "Mm":  # further pairs after a moveto are lines
            command = "L" if command == "M" else "l"
    return pen.path


def _arguments(data: str, at: int, pattern: str) -> tuple[list[float], int]:
    values = []
    for letter in pattern:
        found = (_NUMBER if letter == "n" else _FLAG).match(data, at)
        if not found:
            raise ValueError(f"SVG path data lacks a number at {data[at : at + 12]!r}.")
        values.append(float(found[1]))
        at = found.end()
    return values, at


class _Pen:
    """The path so far, with the current point, the last control point, and where the present outline began."""

    def __init__(self) -> None:
        self.path = QPainterPath()
        self._at = QPointF(0, 0)
        self._control: QPointF | None = None
        self._control_of = ""
        self._start = QPointF(0, 0)

    def draw(self, command: str, values: list[float]) -> None:
        """One command with its arguments."""
        letter = command.upper()
        origin = self._at if command.islower() else QPointF(0, 0)
        if letter == "Z":
            self.path.closeSubpath()
            self._at = self._start
        elif letter == "H":
            self._line(QPointF(origin.x() + values[0], self._at.y()))
        elif letter == "V":
            self._line(QPointF(self._at.x(), origin.y() + values[0]))
        elif letter == "A":
            end = origin + QPointF(values[5], values[6])
            self._arc(values[0], values[1], values[2], bool(values[3]), bool(values[4]), end)
        else:
            points = [origin + QPointF(x, y) for x, y in zip(values[::2], values[1::2], strict=True)]
            self._points(letter, points)
        if letter not in "CSQT":
            self._control = None

    def _points(self, letter: str, points: list[QPointF]) -> None:
        end = points[-1]
        if letter == "M":
            self.path.moveTo(end)
            self._at = self._start = end
        elif letter == "L":
            self._line(end)
        elif letter in "CS":
            first = points[0] if letter == "C" else self._mirrored("CS")
            self.path.cubicTo(first, points[-2], end)
            self._at, self._control, self._control_of = end, points[-2], letter
        else:
            middle = points[0] if letter == "Q" else self._mirrored("QT")
            self.path.quadTo(middle, end)
            self._at, self._control, self._control_of = end, middle, letter

    def _mirrored(self, family: str) -> QPointF:
        """The last control point seen from the other side, if the last command was of this family."""
        if self._control is None or self._control_of not in family:
            return self._at
        return self._at * 2 - self._control

    def _line(self, end: QPointF) -> None:
        # A line of no length is a dot in SVG, but nothing at all in Qt.
        self.path.lineTo(end if end != self._at else end + QPointF(_DOT, 0))
        self._at = end

    def _arc(self, rx: float, ry: float, rotation: float, large: bool, sweep: bool, end: QPointF) -> None:
        """An elliptical arc as cubic curves of at most a quarter turn (SVG 1.1, implementation notes F.6)."""
        start, self._at = self._at, end
        rx, ry = abs(rx), abs(ry)
        if start == end:
            return
        if not rx or not ry:
            self.path.lineTo(end)
            return
        turn = math.radians(rotation)
        cos, sin = math.cos(turn), math.sin(turn)
        half = (start - end) / 2
        x, y = cos * half.x() + sin * half.y(), cos * half.y() - sin * half.x()
        grow = math.sqrt(max(1.0, (x / rx) ** 2 + (y / ry) ** 2))
        rx, ry = rx * grow, ry * grow
        under = (rx * ry) ** 2 - (rx * y) ** 2 - (ry * x) ** 2
        factor = math.sqrt(max(0.0, under) / ((rx * y) ** 2 + (ry * x) ** 2)) * (-1 if large == sweep else 1)
        center_x, center_y = factor * rx * y / ry, -factor * ry * x / rx
        first = math.atan2((y - center_y) / ry, (x - center_x) / rx)
        sweep_angle = math.atan2((-y - center_y) / ry, (-x - center_x) / rx) - first
        if sweep and sweep_angle < 0:
            sweep_angle += 2 * math.pi
        elif not sweep and sweep_angle > 0:
            sweep_angle -= 2 * math.pi
        middle = (start + end) / 2

        def placed(u: float, v: float) -> QPointF:
            u, v = rx * u + center_x, ry * v + center_y
            return QPointF(cos * u - sin * v, sin * u + cos * v) + middle

        parts = max(1, math.ceil(abs(sweep_angle) / (math.pi / 2) - 1e-9))
        step = sweep_angle / parts
        reach = 4 / 3 * math.tan(step / 4)
        for part in range(parts):
            a, b = first + part * step, first + (part + 1) * step
            self.path.cubicTo(
                placed(math.cos(a) - reach * math.sin(a), math.sin(a) + reach * math.cos(a)),
                placed(math.cos(b) + reach * math.sin(b), math.sin(b) - reach * math.cos(b)),
                end if part == parts - 1 else placed(math.cos(b), math.sin(b)),
            )
