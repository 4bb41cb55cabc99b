"""A big number under a small caption; it is painted, so that counting up costs a repaint of itself and no layout."""

from enum import Enum, auto

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from desktop import theme

HEIGHT = 40


class Tone(Enum):
    """What a value's colour says."""

    PLAIN = auto()
    GOOD = auto()
    BAD = auto()


class Figure(QWidget):
    """Shows ``caption`` over a value; as wide as ``usual`` needs, and wider from the first value that needs it."""

    def __init__(self, caption: str, usual: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._caption = caption
        self._value = ""
        self._tone = Tone.PLAIN
        self._usual = usual
        self._fit()

    @property
    def value(self) -> str:
        """The value as it is shown."""
        return self._value

    @property
    def caption(self) -> str:
        """What stands over the value."""
        return self._caption

    @property
    def tone(self) -> Tone:
        """What the colour of the value says."""
        return self._tone

    def set_value(self, value: str, tone: Tone = Tone.PLAIN) -> None:
        """Show a value in the colour of its tone."""
        if (value, tone) == (self._value, self._tone):
            return
        self._value, self._tone = value, tone
        self.setAccessibleName(f"{self._caption}: {value}")
        if len(value) > len(self._usual):
            self._usual = value
            self._fit()
        self.update()

    def set_caption(self, caption: str) -> None:
        """Show another caption."""
        if caption != self._caption:
            self._caption = caption
            self._fit()
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.current()
        painter = QPainter(self)
        painter.setPen(QColor(colors.muted))
        painter.setFont(self._small())
        painter.drawText(QRectF(0, 1, self.width(), 14), Qt.AlignmentFlag.AlignVCenter, self._caption)
        painter.setPen(QColor({Tone.PLAIN: colors.text, Tone.GOOD: colors.ok, Tone.BAD: colors.error}[self._tone]))
        painter.setFont(self._big())
        painter.drawText(QRectF(0, 15, self.width(), 24), Qt.AlignmentFlag.AlignVCenter, self._value)
        painter.end()

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def _fit(self) -> None:
        caption = QFontMetricsF(self._small()).horizontalAdvance(self._caption)
        value = QFontMetricsF(self._big()).horizontalAdvance(self._usual)
        self.setFixedSize(round(max(caption, value)) + 4, HEIGHT)

    def _small(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(11)
        return font

    def _big(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(round(theme.FONT_PIXELS["figure"]))
        font.setWeight(QFont.Weight.Bold)
        font.setFeature(QFont.Tag("tnum"), 1)
        return font
