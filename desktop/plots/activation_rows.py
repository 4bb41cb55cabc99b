"""The picture of the activation plot: rows of bars where there is room for them, blocks of thin lines where there is not."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from desktop.plots.pictures import Pixels, bars, image
from desktop.plots.sanitizer import Values
from desktop.plots.style import font, number
from desktop.theme import current

LEAST_BAR_ROW = 16.0
TALLEST_ROW = 64.0
GAP = 6.0
MOST_LABEL = 96.0


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """One node: its title, the values of its units, (units, samples), and the size that gets the full colour and height."""

    title: str
    values: Values
    scale: float = 1.0


class ActivationRows(QWidget):
    """Paints blocks, each on its own scale; where scales differ they are written beside the blocks."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._blocks: list[Block] = []
        self._metrics = QFontMetrics(font("tiny"))
        self.setMouseTracking(True)

    def show_blocks(self, blocks: list[Block]) -> None:
        """Paint these from now on."""
        self._blocks = blocks
        self.update()

    @property
    def scales_differ(self) -> bool:
        """Whether one legend cannot speak for all blocks."""
        return len({block.scale for block in self._blocks}) > 1

    @property
    def draws_bars(self) -> bool:
        """Whether every unit has a row of bars of its own."""
        units = sum(len(block.values) for block in self._blocks)
        return units * LEAST_BAR_ROW <= self.height()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._blocks:
            return
        painter = QPainter(self)
        painter.setFont(font("tiny"))
        if self.draws_bars:
            self._paint_bars(painter)
        else:
            self._paint_heat(painter)
        painter.end()

    def _label_width(self, labels: list[str]) -> float:
        longest = max(self._metrics.horizontalAdvance(label) for label in labels)
        return min(MOST_LABEL, longest) + 10.0

    def _write(self, painter: QPainter, label: str, rect: QRectF) -> None:
        painter.setPen(QColor(current().muted))
        short = self._metrics.elidedText(label, Qt.TextElideMode.ElideMiddle, int(rect.width()))
        painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, short)

    def _paint_bars(self, painter: QPainter) -> None:
        rows = [
            (block.title if len(block.values) == 1 else f"{block.title} · {unit + 1}", values / block.scale)
            for block in self._blocks
            for unit, values in enumerate(block.values)
        ]
        left = self._label_width([label for label, _ in rows])
        height = min(TALLEST_ROW, self.height() / len(rows))
        for index, (label, values) in enumerate(rows):
            top = index * height
            target = QRectF(left, top + GAP / 2, self.width() - left, height - GAP)
            self._write(painter, label, QRectF(0, top, left - 8, height))
            painter.drawImage(target, image(self._bar_pixels(values, target)))

    def _bar_pixels(self, values: Values, target: QRectF) -> Pixels:
        theme, ratio = current(), self.devicePixelRatioF()
        width = max(1, round(target.width() * ratio / len(values)))
        gap = max(1, round(ratio)) if width >= 4 else 0
        scaled = np.clip(values, -1.0, 1.0)
        tall = max(1, round(target.height() * ratio))
        return bars(scaled, theme.diverging(scaled), theme.panel, tall, width, gap)

    def _paint_heat(self, painter: QPainter) -> None:
        theme = current()
        labels = [f"{block.title} · {len(block.values)}" for block in self._blocks]
        scales = [f"±{number(block.scale, 1)}" if self.scales_differ else "" for block in self._blocks]
        left = self._label_width(labels)
        shares = np.sqrt([len(block.values) for block in self._blocks])
        room = self.height() - GAP * (len(self._blocks) - 1)
        heights = np.maximum(shares / shares.sum() * room, 8.0)
        heights *= room / heights.sum()
        top = 0.0
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        for block, label, scale, height in zip(self._blocks, labels, scales, heights):
            target = QRectF(left, top, self.width() - left, height)
            split = 14.0 if scale and height >= 28.0 else 0.0
            self._write(painter, label, QRectF(0, top, left - 8, height - split))
            if split:
                self._write(painter, scale, QRectF(0, top + split, left - 8, height - split))
            painter.drawImage(target, image(theme.diverging(block.values / block.scale)))
            top += height + GAP
