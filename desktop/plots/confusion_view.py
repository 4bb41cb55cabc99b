"""The table of confusions: how often samples of each true class (row) were taken for each class (column)."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from core.datasets.dataset import Dataset
from core.inspection.snapshot import Snapshot
from desktop.plots.caption import PART
from desktop.plots.output import OutputView, class_name, class_numbers
from desktop.plots.style import font
from desktop.theme import Theme, current, readable_on

LINE = 16.0
"""Height of a line of names."""
MOST_NAME = 76.0
SHORT_NAME = 24.0
"""In columns narrower than this, names are left out before they are cut."""


class ConfusionView(OutputView):
    """Counts of the held-out samples; the diagonal is what is right."""

    def __init__(self) -> None:
        self._picture = ConfusionPicture()

    @property
    def widget(self) -> QWidget:
        return self._picture

    def show_output(self, snapshot: Snapshot, dataset: Dataset) -> None:
        predictions = snapshot.predictions
        assert predictions is not None
        # Of a sequence every step is an answer, but for those of no class, at which nothing is asked.
        steps = predictions.targets.ndim > 2 and predictions.targets.shape[-1] > 1
        asked = predictions.targets.any(-1) if steps else np.s_[:]
        targets, outputs = predictions.targets[asked], predictions.outputs[asked]
        answered = class_numbers(outputs, predictions.boundary)
        true = true_classes(targets, answered)
        classes = max(2, targets.shape[-1])
        counts = confusion(true, answered, classes)
        right = int(np.trace(counts))
        self.caption = f"{right:,} of {len(true):,} right{PART}rows: the true class, columns: what the network said"
        self._picture.show_counts(counts, [class_name(dataset, index) for index in range(classes)])

    def restyle(self, theme: Theme) -> None:
        self._picture.update()


def true_classes(targets: NDArray[Any], answered: NDArray[np.intp]) -> NDArray[np.intp]:
    """The class of every sample; of several that are equally true, the one that was answered, as accuracy counts it."""
    true = class_numbers(targets)
    if targets.shape[-1] == 1:
        return true
    rows = targets.reshape(-1, targets.shape[-1])
    return np.where(np.take_along_axis(rows, answered[:, None], 1)[:, 0] == rows.max(1), answered, true)


def confusion(true: NDArray[np.intp], answered: NDArray[np.intp], classes: int) -> NDArray[np.intp]:
    """(classes, classes) counts: row true class, column answered class."""
    return np.bincount(true * classes + answered, minlength=classes * classes).reshape(classes, classes)


class ConfusionPicture(QWidget):
    """Paints the table: right answers in the positive colour, wrong ones in the negative, stronger for more of a row.

    Where the cells are too small for their numbers, colours and the tooltip tell them.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumSize(90, 90)
        self._counts = np.zeros((0, 0), np.intp)
        self._names: list[str] = []
        self._metrics = QFontMetrics(font("tiny"))

    def show_counts(self, counts: NDArray[np.intp], names: list[str]) -> None:
        """Paint this table from now on."""
        self._counts, self._names = counts, names
        self.update()

    @property
    def writes_numbers(self) -> bool:
        """Whether the cells are large enough for what they count."""
        _, width, height = self._measures()
        return height >= self._metrics.ascent() and width >= self._metrics.horizontalAdvance(str(self._counts.max()))

    def sentence_at(self, place: QPointF) -> str:
        """What the cell at a place says, in words; "" beside the table."""
        if not len(self._counts):
            return ""
        left, width, height = self._measures()
        column, row = math.floor((place.x() - left) / width), math.floor(place.y() / height)
        if not (0 <= row < len(self._counts) and 0 <= column < len(self._counts)):
            return ""
        count, true, said = int(self._counts[row, column]), self._names[row], self._names[column]
        times = "once" if count == 1 else f"{count:,} times"
        return f"{true}: right {times}" if row == column else f"{true}: taken for {said} {times}"

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.sentence_at(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        classes = len(self._counts)
        if not classes:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font("tiny"))
        left, width, height = self._measures()
        readable = self.writes_numbers
        gap = 1.0 if readable else 0.5
        for row in range(classes):
            for column in range(classes):
                cell = QRectF(left + column * width, row * height, width, height).adjusted(gap, gap, -gap, -gap)
                self._paint_cell(painter, cell, row, column, readable)
        every = math.ceil(self._metrics.ascent() / height)
        for row in range(0, classes, every):
            area = QRectF(0, (row + 0.5) * height - LINE / 2, left - 6, LINE)
            self._write(painter, self._names[row], area, Qt.AlignmentFlag.AlignRight)
        every = 1 if width >= SHORT_NAME else max(1, math.ceil(min(self._longest(), SHORT_NAME) / width))
        for column in range(0, classes, every):
            middle = left + (column + 0.5) * width
            area = QRectF(middle - every * width / 2, self.height() - LINE, every * width, LINE)
            self._write(painter, self._names[column], area, Qt.AlignmentFlag.AlignHCenter)
        painter.end()

    def _longest(self) -> float:
        return max(self._metrics.horizontalAdvance(name) for name in self._names)

    def _measures(self) -> tuple[float, float, float]:
        """Where the cells begin at the left, and how wide and how high each is."""
        classes = len(self._counts)
        left = min(MOST_NAME, self._longest()) + 8.0
        return left, min((self.width() - left) / classes, 90.0), (self.height() - LINE) / classes

    def _paint_cell(self, painter: QPainter, cell: QRectF, row: int, column: int, readable: bool) -> None:
        theme = current()
        count = int(self._counts[row, column])
        share = count / max(1, int(self._counts[row].sum()))
        color = theme.color_of(share if row == column else -share)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        round_by = 3.0 if readable else 1.0
        painter.drawRoundedRect(cell, round_by, round_by)
        if count and readable:
            painter.setPen(readable_on(color))
            painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, str(count))

    def _write(self, painter: QPainter, text: str, area: QRectF, side: Qt.AlignmentFlag) -> None:
        painter.setPen(QColor(current().muted))
        short = self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(area.width()))
        painter.drawText(area, side | Qt.AlignmentFlag.AlignVCenter, short)
