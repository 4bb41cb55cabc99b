"""EndLabels: the name of each line at the right end of the line, moved apart where the lines end close together."""

from dataclasses import dataclass

import pyqtgraph as pg
from PySide6.QtGui import QFontMetrics

from desktop.plots.axes import Axes
from desktop.plots.style import font

GAP_PIXELS = 13.0


@dataclass(frozen=True, slots=True)
class EndLabel:
    """A text that belongs at height ``y`` of the axes, in the colour of its line."""

    text: str
    y: float
    color: str


class EndLabels:
    """Text items that are made once and used again, in a strip at the right edge of the axes."""

    def __init__(self, axes: Axes) -> None:
        self._axes = axes
        self._items: list[pg.TextItem] = []
        self._shown: list[tuple[str, str]] = []
        self._metrics = QFontMetrics(font("tiny"))

    def width(self, texts: list[str]) -> float:
        """Pixels that the longest of the texts needs, with a little air."""
        return max((self._metrics.horizontalAdvance(text) for text in texts), default=0) + 8.0

    def show(self, labels: list[EndLabel], x: float) -> None:
        """Write the labels to the right of ``x`` (in coordinates of the axes)."""
        while len(self._items) < len(labels):
            item = pg.TextItem(anchor=(0.0, 0.5))
            item.textItem.document().setDocumentMargin(2.0)
            item.setFont(font("tiny"))
            self._axes.addItem(item, ignoreBounds=True)
            self._items.append(item)
            self._shown.append(("", ""))
        low, high = self._axes.view.viewRange()[1]
        pixels = max(1.0, self._axes.view.height())
        per_pixel = (high - low) / pixels
        places = apart([(label.y - low) / per_pixel for label in labels], GAP_PIXELS, pixels)
        for index, (item, label, place) in enumerate(zip(self._items, labels, places)):
            if self._shown[index] != (label.text, label.color):
                self._shown[index] = (label.text, label.color)
                item.setText(label.text, label.color)
            item.setPos(x, low + place * per_pixel)
            item.setVisible(True)
        for item in self._items[len(labels) :]:
            item.setVisible(False)


def apart(places: list[float], gap: float, height: float) -> list[float]:
    """The places moved as little as possible so that all are ``gap`` apart and inside (0, height), as far as there is room."""
    if not places:
        return []
    gap = min(gap, height / len(places))
    order = sorted(range(len(places)), key=places.__getitem__)
    moved = [min(max(places[index], gap / 2), height - gap / 2) for index in order]
    for at in range(1, len(moved)):
        moved[at] = max(moved[at], moved[at - 1] + gap)
    top = height - gap / 2
    for at in range(len(moved) - 1, -1, -1):
        moved[at] = min(moved[at], top)
        top = moved[at] - gap
    result = [0.0] * len(places)
    for index, place in zip(order, moved):
        result[index] = place
    return result
