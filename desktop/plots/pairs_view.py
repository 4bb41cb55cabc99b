"""Pairs: what a network was given, what it made of it, and what it should have made, picture beside picture."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from core.datasets.dataset import Dataset
from core.inspection.snapshot import Predictions, Snapshot
from desktop.plots.caption import PART
from desktop.plots.output import OutputView
from desktop.plots.pictures import ink_on_paper
from desktop.plots.style import font, number
from desktop.theme import Theme, current

SIDE = 56.0
GAP = 6.0
TITLES = 62.0
MOST = 60


class PairsView(OutputView):
    """As many held-out pictures as fit, each in a column: given, answered, and wanted where that is another picture."""

    def __init__(self) -> None:
        self._picture = PairsPicture()

    @property
    def widget(self) -> QWidget:
        return self._picture

    def show_output(self, snapshot: Snapshot, dataset: Dataset) -> None:
        predictions = snapshot.predictions
        assert predictions is not None
        self._picture.show_rows(rows_of(predictions))
        error = float(np.abs(predictions.outputs - predictions.targets).mean())
        self.caption = f"off by {number(error, 2)} on average{PART}{len(predictions.outputs)} pictures"

    def restyle(self, theme: Theme) -> None:
        self._picture.forget_images()


def rows_of(predictions: Predictions) -> dict[str, NDArray[np.floating]]:
    """Title -> (pictures, rows, columns) from 0 to 1, from top to bottom."""
    rows = {"given": predictions.inputs, "answered": predictions.outputs}
    if not predictions.reconstructs:
        rows["wanted"] = predictions.targets
    scale = max(float(np.abs(predictions.targets).max()), 1e-9)
    return {title: np.nan_to_num(values[:MOST]).mean(-1) / scale for title, values in rows.items() if values.ndim == 4}


class PairsPicture(QWidget):
    """Paints the rows with their titles at the left."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumSize(90, 60)
        self._rows: dict[str, NDArray[np.floating]] = {}
        self._images: dict[str, list[QImage]] = {}

    def show_rows(self, rows: dict[str, NDArray[np.floating]]) -> None:
        """Paint these from now on."""
        self._rows = rows
        self.forget_images()

    def forget_images(self) -> None:
        """The pictures or the colours are other ones."""
        self._images = {}
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._rows:
            return
        side = max(12.0, min(SIDE, (self.height() - GAP) / len(self._rows) - GAP))
        columns = max(1, int((self.width() - TITLES) // (side + GAP)))
        if not self._images or len(next(iter(self._images.values()))) != columns:
            self._images = {
                title: [ink_on_paper(one) for one in pictures[:columns]] for title, pictures in self._rows.items()
            }
        painter = QPainter(self)
        painter.setFont(font("tiny"))
        for row, (title, images) in enumerate(self._images.items()):
            top = row * (side + GAP)
            painter.setPen(QColor(current().muted))
            area = QRectF(0, top, TITLES - GAP, side)
            painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, title)
            for column, image in enumerate(images):
                painter.drawImage(QRectF(TITLES + column * (side + GAP), top, side, side), image)
        painter.end()
