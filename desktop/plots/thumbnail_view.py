"""Thumbnails: held-out pictures with the network's answer under each, the wrong ones first and outlined."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from core.datasets.dataset import Dataset
from core.inspection.snapshot import Snapshot
from desktop.plots.caption import PART
from desktop.plots.output import OutputView, class_name, class_numbers
from desktop.plots.pictures import ink_on_paper
from desktop.plots.style import font, pen
from desktop.theme import Theme, current

SIDE = 36.0
LABEL = 15.0
GAP = 6.0
MOST = 120


@dataclass(frozen=True, slots=True, eq=False)
class Thumbnail:
    """A picture, (rows, columns) from 0 to 1, with what it is and what the network says it is."""

    picture: NDArray[np.floating]
    true: str
    answer: str

    @property
    def wrong(self) -> bool:
        """Whether the network is mistaken."""
        return self.true != self.answer


class ThumbnailView(OutputView):
    """As many as fit: what is wrong first, the surest mistakes at the front; then what is right, the least sure first."""

    def __init__(self) -> None:
        self._picture = ThumbnailPicture()

    @property
    def widget(self) -> QWidget:
        return self._picture

    def show_output(self, snapshot: Snapshot, dataset: Dataset) -> None:
        predictions = snapshot.predictions
        assert predictions is not None
        true, answers = class_numbers(predictions.targets), class_numbers(predictions.outputs, predictions.boundary)
        wrong = true != answers
        order = worst_first(np.nan_to_num(predictions.outputs), answers, wrong, predictions.boundary)
        shown = order[: min(MOST, self._picture.room())]
        pictures = predictions.inputs[shown].mean(-1)
        top = max(float(np.abs(pictures).max()), 1e-9) if pictures.size else 1.0
        self._picture.show_thumbnails(
            [
                Thumbnail(
                    picture / top, class_name(dataset, int(true[index])), class_name(dataset, int(answers[index]))
                )
                for picture, index in zip(pictures, shown)
            ]
        )
        self.caption = f"{int(wrong.sum())} of {len(true)} wrong{PART}(said → is)"

    def restyle(self, theme: Theme) -> None:
        self._picture.forget_images()


def worst_first(
    outputs: NDArray[np.floating], answers: NDArray[np.intp], wrong: NDArray[np.bool_], boundary: float = 0.5
) -> NDArray[np.intp]:
    """Sample numbers: mistakes by falling certainty, then what is right by rising certainty."""
    certainty = np.abs(outputs[:, 0] - boundary) if outputs.shape[1] == 1 else outputs[np.arange(len(outputs)), answers]
    return np.lexsort((np.where(wrong, -certainty, certainty), ~wrong))


class ThumbnailPicture(QWidget):
    """Paints thumbnails in rows."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumSize(90, 60)
        self._thumbnails: list[Thumbnail] = []
        self._images: list[QImage] = []

    def room(self) -> int:
        """How many thumbnails fit."""
        columns = max(1, int((self.width() + GAP) // (SIDE + GAP)))
        rows = max(1, int((self.height() + GAP) // (SIDE + LABEL + GAP)))
        return columns * rows

    def show_thumbnails(self, thumbnails: list[Thumbnail]) -> None:
        """Paint these from now on."""
        self._thumbnails = thumbnails
        self.forget_images()

    def forget_images(self) -> None:
        """The colours are other ones."""
        self._images = []
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._images:
            self._images = [ink_on_paper(thumbnail.picture) for thumbnail in self._thumbnails]
        painter = QPainter(self)
        painter.setFont(font("tiny"))
        columns = max(1, int((self.width() + GAP) // (SIDE + GAP)))
        for index, (thumbnail, picture) in enumerate(zip(self._thumbnails, self._images)):
            row, column = divmod(index, columns)
            area = QRectF(column * (SIDE + GAP) + 1, row * (SIDE + LABEL + GAP) + 1, SIDE - 2, SIDE - 2)
            self._paint_one(painter, area, thumbnail, picture)
        painter.end()

    def _paint_one(self, painter: QPainter, area: QRectF, thumbnail: Thumbnail, picture: QImage) -> None:
        theme = current()
        painter.drawImage(area, picture)
        text = thumbnail.answer
        painter.setPen(QColor(theme.muted))
        if thumbnail.wrong:
            painter.setPen(pen(theme.error, 2.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(area)
            text = f"{thumbnail.answer} → {thumbnail.true}"
            painter.setPen(QColor(theme.error))
        below = QRectF(area.left() - GAP / 2, area.bottom() + 1, area.width() + GAP, LABEL)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, text)
