"""Brackets: a letter of the font as long as that is tall enough, else a drawing as tall as it has to be."""

from PySide6.QtCore import QPointF
from PySide6.QtGui import QFont, QFontMetricsF, QPainterPath, QTransform

from desktop.formula.box import Box, StrokeMark, TextMark
from desktop.formula.tree import Ink


def fence(text: str, reach: float, axis: float, pixels: float, font: QFont, ink: Ink) -> Box:
    """A bracket that reaches ``reach`` above and below the axis, which lies ``axis`` over the baseline."""
    if reach <= 0.62 * pixels or text not in "()[]{}|‖":
        metrics = QFontMetricsF(font)
        return Box(
            metrics.horizontalAdvance(text), 0.7 * pixels, 0.2 * pixels, [TextMark(QPointF(0, 0), text, font, ink)]
        )
    width = {"(": 0.36, ")": 0.36, "[": 0.3, "]": 0.3, "{": 0.46, "}": 0.46}.get(text, 0.24) * pixels
    path = _DRAWINGS[text](width, reach)
    path.translate(0, -axis)
    stroke = StrokeMark(path, max(1.0, 0.065 * pixels), ink)
    return Box(width, reach + axis, reach - axis, [stroke])


def _round(width: float, reach: float) -> QPainterPath:
    path = QPainterPath(QPointF(0.85 * width, -reach))
    path.cubicTo(0.1 * width, -0.45 * reach, 0.1 * width, 0.45 * reach, 0.85 * width, reach)
    return path


def _square(width: float, reach: float) -> QPainterPath:
    path = QPainterPath(QPointF(0.9 * width, -reach))
    path.lineTo(0.3 * width, -reach)
    path.lineTo(0.3 * width, reach)
    path.lineTo(0.9 * width, reach)
    return path


def _curly(width: float, reach: float) -> QPainterPath:
    x, waist = 0.5 * width, 0.35 * width
    path = QPainterPath(QPointF(0.95 * width, -reach))
    path.quadTo(x, -reach, x, -reach + waist)
    path.lineTo(x, -waist)
    path.quadTo(x, 0, 0.1 * width, 0)
    path.quadTo(x, 0, x, waist)
    path.lineTo(x, reach - waist)
    path.quadTo(x, reach, 0.95 * width, reach)
    return path


def _bar(width: float, reach: float) -> QPainterPath:
    path = QPainterPath(QPointF(width / 2, -reach))
    path.lineTo(width / 2, reach)
    return path


def _double_bar(width: float, reach: float) -> QPainterPath:
    path = _bar(width * 0.6, reach)
    path.addPath(_bar(width * 1.4, reach))
    return path


def _mirrored(path: QPainterPath, width: float) -> QPainterPath:
    return QTransform(-1, 0, 0, 1, width, 0).map(path)


_DRAWINGS = {
    "(": _round,
    ")": lambda width, reach: _mirrored(_round(width, reach), width),
    "[": _square,
    "]": lambda width, reach: _mirrored(_square(width, reach), width),
    "{": _curly,
    "}": lambda width, reach: _mirrored(_curly(width, reach), width),
    "|": _bar,
    "‖": _double_bar,
}
