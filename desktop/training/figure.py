"""A big number under a small caption; it is painted, so that counting up costs a repaint of itself and no layout.

Its width never changes, or everything beside it would jump whenever a digit is added: a longer number is written smaller.
"""

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
    """Shows ``caption`` over a value; there is room for the value ``usual``, and for the longest of ``captions``."""

    def __init__(self, caption: str, usual: str, captions: tuple[str, ...] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._caption = caption
        self._value = ""
        self._tone = Tone.PLAIN
        value = QFontMetricsF(self._big()).horizontalAdvance(usual)
        small = QFontMetricsF(self._small())
        widths = [value, *(small.horizontalAdvance(text) for text in (caption, *captions))]
        self.setFixedSize(round(max(widths)) + 4, HEIGHT)

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
        self.update()

    def set_caption(self, caption: str) -> None:
        """Show another caption."""
        if caption != self._caption:
            self._caption = caption
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.current()
        painter = QPainter(self)
        painter.setPen(QColor(colors.muted))
        painter.setFont(self._small())
        painter.drawText(QRectF(0, 1, self.width(), 14), Qt.AlignmentFlag.AlignVCenter, self._caption)
        painter.setPen(QColor({Tone.PLAIN: colors.text, Tone.GOOD: colors.ok, Tone.BAD: colors.error}[self._tone]))
        painter.setFont(self._fitting())
        painter.drawText(QRectF(0, 15, self.width(), 24), Qt.AlignmentFlag.AlignVCenter, self._value)
        painter.end()

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def _fitting(self) -> QFont:
        """The big font, made smaller where the value does not fit otherwise."""
        font = self._big()
        wanted = QFontMetricsF(font).horizontalAdvance(self._value)
        if wanted > self.width():
            font.setPixelSize(max(1, int(font.pixelSize() * self.width() / wanted)))
        return font

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
