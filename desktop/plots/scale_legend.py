"""The legend of the one diverging scale: a bar from negative over neutral to positive, with the values at its ends."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.plots.style import font
from desktop.theme import current, hub

BAR_WIDTH = 56
BAR_HEIGHT = 8


class ScaleLegend(QWidget):
    """Two texts and the colours between them."""

    def __init__(self, low: str = "−1", high: str = "+1", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._low, self._high = low, high
        self._metrics = QFontMetrics(font("tiny"))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        hub().changed.connect(self.update)

    def set_ends(self, low: str, high: str) -> None:
        """Other texts at the ends."""
        if (low, high) != (self._low, self._high):
            self._low, self._high = low, high
            self.setAccessibleName(f"Colours from {low} to {high}")
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        texts = self._metrics.horizontalAdvance(self._low) + self._metrics.horizontalAdvance(self._high)
        return QSize(texts + BAR_WIDTH + 10, self._metrics.height() + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font("tiny"))
        painter.setPen(QColor(theme.muted))
        rect = QRectF(self.rect())
        painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self._low)
        painter.drawText(rect, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._high)
        left = self._metrics.horizontalAdvance(self._low) + 5.0
        bar = QRectF(left, rect.center().y() - BAR_HEIGHT / 2, BAR_WIDTH, BAR_HEIGHT)
        colors = QLinearGradient(bar.topLeft(), bar.topRight())
        for at, value in ((0.0, -1.0), (0.5, 0.0), (1.0, 1.0)):
            colors.setColorAt(at, theme.color_of(value))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colors)
        painter.drawRoundedRect(bar, BAR_HEIGHT / 2, BAR_HEIGHT / 2)
        painter.end()
