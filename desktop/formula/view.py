"""A card with formulas on it, one under the other, as wide as it is given and as tall as they need."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop import theme
from desktop.formula.box import Box, TextMark
from desktop.formula.layout import Style
from desktop.formula.lines import fit_row
from desktop.formula.parse import FormulaError, parse_formula
from desktop.formula.plain import plain_formula
from desktop.formula.tree import Face, Ink, Row, Symbol

PADDING_X, PADDING_Y, BETWEEN = 12, 11, 9


@dataclass(frozen=True, slots=True)
class FormulaLine:
    """A formula in LaTeX, and how large it is set."""

    latex: str
    pixels: float = 16.0


class FormulaView(QWidget):
    """Paints formulas in the colours of the theme; what cannot be read is shown as it is written."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[FormulaLine, ...] = ()
        self._rows: list[tuple[Row, float]] = []
        self._boxes: list[Box] = []
        self._fitted_to = -1
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.hub().changed.connect(self.update)

    @property
    def lines(self) -> tuple[FormulaLine, ...]:
        """What is shown."""
        return self._lines

    def set_lines(self, lines: list[FormulaLine]) -> None:
        """Show these formulas."""
        if tuple(lines) == self._lines:
            return
        self._lines = tuple(lines)
        self._rows = [(_read(line.latex), line.pixels) for line in lines]
        before = self._height(self.width())
        self._fitted_to = -1
        self.setAccessibleName("; ".join(plain_formula(line.latex) for line in lines))
        if self._height(self.width()) != before:
            self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._height(width)

    def sizeHint(self) -> QSize:
        return QSize(220, self._height(max(self.width(), 180)))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 24)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.raised))
        painter.drawRoundedRect(QRectF(self.rect()), theme.RADIUS, theme.RADIUS)
        self._fit(self.width())
        y = float(PADDING_Y)
        for box in self._boxes:
            _paint(painter, box, QPointF(PADDING_X, y + box.ascent))
            y += box.height + BETWEEN
        painter.end()

    def _height(self, width: int) -> int:
        if not self._rows:
            return 0
        self._fit(width)
        return round(2 * PADDING_Y + sum(box.height for box in self._boxes) + BETWEEN * (len(self._boxes) - 1))

    def _fit(self, width: int) -> None:
        if width == self._fitted_to:
            return
        self._fitted_to = width
        room = max(60.0, width - 2.0 * PADDING_X)
        self._boxes = [fit_row(row, Style(pixels), room) for row, pixels in self._rows]


def _read(latex: str) -> Row:
    try:
        return parse_formula(latex)
    except FormulaError:
        return Row((Symbol(latex, Face.ROMAN),))


def _paint(painter: QPainter, box: Box, at: QPointF) -> None:
    colors = theme.current()
    inks = {
        Ink.TEXT: colors.text,
        Ink.POSITIVE: colors.positive,
        Ink.NEGATIVE: colors.negative,
        Ink.MUTED: colors.muted,
    }
    for mark in box.marks:
        color = QColor(inks[mark.ink])
        if isinstance(mark, TextMark):
            painter.setFont(mark.font)
            painter.setPen(color)
            painter.drawText(at + mark.at, mark.text)
        else:
            pen = QPen(color, mark.width)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(mark.path.translated(at))
