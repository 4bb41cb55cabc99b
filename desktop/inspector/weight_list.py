"""The weights of a neuron, one line for each wire, and its bias: painted, since they change while training runs."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop import theme
from desktop.forms.numbers import signed_text

ROW, FIELD = 32, 84
MOST_ROWS = 40


@dataclass(frozen=True, slots=True)
class WeightLine:
    """A label and a number; ``signed_color`` shows the sign by colour, as wires do."""

    label: str
    value: float
    signed_color: bool = True


class WeightList(QWidget):
    """Lines with a number each; more than a few dozen are counted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[WeightLine, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.hub().changed.connect(self.update)

    @property
    def lines(self) -> tuple[WeightLine, ...]:
        """What is shown."""
        return self._lines

    def set_lines(self, lines: list[WeightLine]) -> None:
        """Show these lines."""
        if tuple(lines) == self._lines:
            return
        count = len(self._lines)
        self._lines = tuple(lines)
        shown = ", ".join(f"{line.label} {signed_text(line.value)}" for line in lines[:MOST_ROWS])
        self.setAccessibleName(f"Weights: {shown}")
        if len(lines) != count:
            self.setFixedHeight(self._height())
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(220, self._height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number, line in enumerate(self._lines[:MOST_ROWS]):
            if event.rect().intersects(QRectF(0, number * ROW, self.width(), ROW).toAlignedRect()):
                self._paint_line(painter, line, number * ROW)
        if len(self._lines) > MOST_ROWS:
            painter.setPen(QColor(theme.current().muted))
            rest = f"and {len(self._lines) - MOST_ROWS:,} more"
            painter.drawText(QRectF(0, MOST_ROWS * ROW, self.width(), ROW), Qt.AlignmentFlag.AlignVCenter, rest)
        painter.end()

    def _paint_line(self, painter: QPainter, line: WeightLine, top: float) -> None:
        colors = theme.current()
        painter.setFont(self.font())
        painter.setPen(QColor(colors.text))
        room = QRectF(0, top, self.width() - FIELD - 8, ROW)
        label = QFontMetricsF(self.font()).elidedText(line.label, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, label)
        field = QRectF(self.width() - FIELD, top + 3, FIELD, ROW - 6).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(QColor(colors.line), 1))
        painter.setBrush(QColor(colors.raised))
        painter.drawRoundedRect(field, 6, 6)
        tint = colors.positive if line.value >= 0 else colors.negative
        painter.setPen(QColor(tint if line.signed_color else colors.text))
        painter.setFont(self._figures())
        text = signed_text(line.value)
        painter.drawText(field.adjusted(9, 0, -9, 0), Qt.AlignmentFlag.AlignVCenter, text)

    def _height(self) -> int:
        return ROW * (min(len(self._lines), MOST_ROWS) + (len(self._lines) > MOST_ROWS))

    def _figures(self) -> QFont:
        font = QFont(self.font())
        font.setFeature(QFont.Tag("tnum"), 1)
        return font
