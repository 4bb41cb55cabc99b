"""The table of confusions: how often samples of each true class (row) were taken for each class (column)."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from core.datasets.dataset import Dataset
from core.inspection.snapshot import Snapshot
from desktop.plots.caption import PART
from desktop.plots.output import OutputView, class_name, class_numbers
from desktop.plots.style import font
from desktop.theme import Theme, current, readable_on

BOTTOM = 32.0
MOST_NAME = 76.0


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
        true, answered = class_numbers(targets), class_numbers(outputs)
        classes = max(2, targets.shape[-1])
        counts = confusion(true, answered, classes)
        right = int(np.trace(counts))
        self.caption = f"{right:,} of {len(true):,} right{PART}rows: the true class, columns: what the network said"
        self._picture.show_counts(counts, [class_name(dataset, index) for index in range(classes)])

    def restyle(self, theme: Theme) -> None:
        self._picture.update()


def confusion(true: NDArray[np.intp], answered: NDArray[np.intp], classes: int) -> NDArray[np.intp]:
    """(classes, classes) counts: row true class, column answered class."""
    return np.bincount(true * classes + answered, minlength=classes * classes).reshape(classes, classes)


class ConfusionPicture(QWidget):
    """Paints the table: right answers in the positive colour, wrong ones in the negative, stronger for more of a row."""

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

    def paintEvent(self, event: QPaintEvent) -> None:
        classes = len(self._counts)
        if not classes:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font("tiny"))
        longest = max(self._metrics.horizontalAdvance(name) for name in self._names)
        left = min(MOST_NAME, longest) + 8.0
        cell_width = min((self.width() - left) / classes, 90.0)
        cell_height = (self.height() - BOTTOM / 2) / classes
        for row in range(classes):
            top = row * cell_height
            self._write(painter, self._names[row], QRectF(0, top, left - 6, cell_height), Qt.AlignmentFlag.AlignRight)
            for column in range(classes):
                cell = QRectF(left + column * cell_width, top, cell_width, cell_height).adjusted(1, 1, -1, -1)
                self._paint_cell(painter, cell, row, column)
        foot = self.height() - BOTTOM / 2
        for column in range(classes):
            area = QRectF(left + column * cell_width, foot, cell_width, BOTTOM / 2)
            self._write(painter, self._names[column], area, Qt.AlignmentFlag.AlignHCenter)
        painter.end()

    def _paint_cell(self, painter: QPainter, cell: QRectF, row: int, column: int) -> None:
        theme = current()
        count = int(self._counts[row, column])
        share = count / max(1, int(self._counts[row].sum()))
        color = theme.color_of(share if row == column else -share)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawRoundedRect(cell, 3, 3)
        if count:
            painter.setPen(readable_on(color))
            painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, str(count))

    def _write(self, painter: QPainter, text: str, area: QRectF, side: Qt.AlignmentFlag) -> None:
        painter.setPen(QColor(current().muted))
        short = self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(area.width()))
        painter.drawText(area, side | Qt.AlignmentFlag.AlignVCenter, short)
