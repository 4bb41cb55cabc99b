"""The parameters of a layer as a picture: a row for each unit, a column for each input, orange below zero and blue above."""

import numpy as np
from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QHelpEvent, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from core.inspection.snapshot import FloatArray
from desktop import theme
from desktop.forms.numbers import signed_text, value_text

CAPTION, LEAST, MOST = 20, 10, 132
PERCENTILE = 99.0
MOST_CELLS = 256


class WeightImage(QWidget):
    """One array of a node, by its name; the colour scale ends at the size that 99 of 100 values stay below."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self._values: FloatArray = np.zeros((1, 1))
        self._scale = 1.0
        self._image: QImage | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.hub().changed.connect(self._repaint)

    @property
    def values(self) -> FloatArray:
        """The array as rows and columns."""
        return self._values

    def set_values(self, values: FloatArray) -> None:
        """Show an array; more than two axes are laid side by side."""
        flat = values.reshape(1, -1) if values.ndim < 2 else values.reshape(values.shape[0], -1)
        self._values = flat[:MOST_CELLS, :MOST_CELLS]
        sizes = np.abs(self._values)
        self._scale = max(float(np.percentile(sizes, PERCENTILE)) if sizes.size else 0.0, 1e-9)
        height = CAPTION + self._picture_height()
        if height != self.height():
            self.setFixedHeight(height)
        shape = " × ".join(str(length) for length in values.shape)
        self._text = f"{self.name} {shape}"
        self._legend = f"colour ends at ±{value_text(self._scale)}"
        self.setAccessibleName(f"{self._text}, {self._legend}")
        self._repaint()

    def sizeHint(self) -> QSize:
        return QSize(220, CAPTION + self._picture_height())

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.value_at(event.pos().x(), event.pos().y()), self)
            return True
        return super().event(event)

    def value_at(self, x: int, y: int) -> str:
        """What stands at a place of the widget, as a text; "" outside of the picture."""
        rows, columns = self._values.shape
        row = int((y - CAPTION) * rows / max(1, self._picture_height()))
        column = int(x * columns / max(1, self.width()))
        if y < CAPTION or not (0 <= row < rows and 0 <= column < columns):
            return ""
        return f"{self.name} [{row + 1}, {column + 1}] = {signed_text(float(self._values[row, column]))}"

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.current()
        painter = QPainter(self)
        painter.setPen(QColor(colors.muted))
        font = QFont(self.font())
        font.setPixelSize(11)
        painter.setFont(font)
        caption = QRectF(0, 0, self.width(), CAPTION - 4)
        painter.drawText(caption, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self._text)
        painter.drawText(caption, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._legend)
        if self._image is None:
            self._image = self._drawn()
        room = QRectF(0, CAPTION, self.width(), self._picture_height())
        painter.drawImage(room, self._image)
        painter.setPen(QPen(QColor(colors.line), 1))
        painter.drawRect(room.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

    def _picture_height(self) -> int:
        rows, columns = self._values.shape
        if rows == 1:
            return 14
        return int(np.clip(240 * rows / columns, max(LEAST, min(4 * rows, MOST)), MOST))

    def _drawn(self) -> QImage:
        colors = np.ascontiguousarray(theme.current().diverging(self._values / self._scale))
        rows, columns = self._values.shape
        image = QImage(colors.tobytes(), columns, rows, 3 * columns, QImage.Format.Format_RGB888)
        return image.convertToFormat(QImage.Format.Format_RGB32)  # a copy, and drawn faster

    def _repaint(self) -> None:
        self._image = None
        self.update()
