"""The map: the network's answer over the plane of its two inputs, in the colours of the scale, with the samples on top."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter, QPainterPath, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from core.datasets.dataset import Dataset
from core.inspection.snapshot import DecisionMap, Snapshot
from desktop.plots.output import OutputView, class_colors, class_name, class_numbers
from desktop.plots.pictures import Pixels, image, mixed
from desktop.plots.sanitizer import Values, robust_scale
from desktop.plots.style import font, number, pen
from desktop.theme import LIGHT_INK, RADIUS, Theme, current

MOST_POINTS = 500
POINT_RADIUS = 3.2
BOTTOM = 16.0
SIDE_LEGEND = 92.0


class MapView(OutputView):
    """Binary answers and numbers use the diverging scale; more classes use the hue of the most probable one."""

    def __init__(self) -> None:
        self._picture = MapPicture()

    @property
    def widget(self) -> QWidget:
        return self._picture

    def show_output(self, snapshot: Snapshot, dataset: Dataset) -> None:
        decision_map = snapshot.decision_map
        assert decision_map is not None
        self._picture.show_map(map_pixels(decision_map, dataset, current()), decision_map)
        self._picture.show_samples(*_samples(snapshot, dataset))
        self._picture.show_classes(_class_legend(decision_map, dataset))
        self.legend = _legend(decision_map, dataset)
        self.caption = f"over {decision_map.axes[0]} and {decision_map.axes[1]}"

    def restyle(self, theme: Theme) -> None:
        self._picture.forget_points()
        self._picture.update()


def map_pixels(decision_map: DecisionMap, dataset: Dataset, theme: Theme) -> Pixels:
    """(rows, columns, 3), row 0 at the top."""
    values = np.nan_to_num(decision_map.values)[::-1]
    if values.shape[-1] > 1 and dataset.task != "regression":
        return mixed(np.clip(values, 0.0, 1.0), class_colors(theme, values.shape[-1]), theme.neutral)
    answer = values[..., 0]
    return theme.diverging(
        answer / _scale(dataset) if dataset.task == "regression" else 2.0 * (answer - decision_map.boundary)
    )


def _scale(dataset: Dataset) -> float:
    return robust_scale(np.asarray(dataset.target_scaling.undo(dataset.targets)), 100.0)


def _legend(decision_map: DecisionMap, dataset: Dataset) -> tuple[str, str] | None:
    if dataset.task == "regression":
        scale = number(_scale(dataset), 1)
        return f"−{scale}", f"+{scale}"
    if decision_map.values.shape[-1] > 1:
        return None
    low, high = decision_map.boundary - 0.5, decision_map.boundary + 0.5
    return f"{low:g}".replace("-", "−"), f"{high:g}"


def _class_legend(decision_map: DecisionMap, dataset: Dataset) -> list[str]:
    if dataset.task == "regression":
        return []
    return [class_name(dataset, index) for index in range(max(2, decision_map.values.shape[-1]))]


def _samples(snapshot: Snapshot, dataset: Dataset) -> tuple[Values, Values, Values]:
    """(n, 2) places, (n,) values in [-1, 1] or class numbers, (n,) whether held out; the held-out ones come last."""
    places = np.asarray(dataset.input_scaling.undo(dataset.inputs))
    targets = dataset.targets
    values = (
        np.asarray(dataset.target_scaling.undo(targets))[:, 0] / _scale(dataset)
        if dataset.task == "regression"
        else class_numbers(targets)
    )
    keep = np.linspace(0, len(places) - 1, min(MOST_POINTS, len(places))).astype(int)
    places, values = places[keep], values[keep]
    held_out = np.zeros(len(places), bool)
    predictions = snapshot.predictions
    if predictions is not None and len(predictions.inputs) < len(dataset):
        known = {tuple(place) for place in np.round(predictions.inputs, 5).tolist()}
        held_out = np.array([tuple(place) in known for place in np.round(places, 5).tolist()])
    order = np.argsort(held_out, kind="stable")
    return places[order], values[order], held_out[order]


class MapPicture(QWidget):
    """Paints a square map with rounded corners, the samples as a layer that is drawn once, and the corners' values."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumSize(90, 90)
        self._image = QImage()
        self._map: DecisionMap | None = None
        self._places = np.empty((0, 2))
        self._values = np.empty(0)
        self._held_out = np.empty(0, bool)
        self._classes: list[str] = []
        self._layer: QPixmap | None = None
        self._metrics = QFontMetrics(font("tiny"))

    def show_map(self, pixels: Pixels, decision_map: DecisionMap) -> None:
        """Another answer."""
        if self._map is None or (decision_map.low, decision_map.high) != (self._map.low, self._map.high):
            self._layer = None
        self._map = decision_map
        self._image = image(pixels)
        self.update()

    def show_samples(self, places: Values, values: Values, held_out: Values) -> None:
        """Other samples, if they are other ones."""
        same = np.array_equal(places, self._places) and np.array_equal(held_out, self._held_out)
        if not (same and np.array_equal(values, self._values)):
            self._places, self._values, self._held_out = places, values, held_out
            self._layer = None

    def show_classes(self, names: list[str]) -> None:
        """What the classes are called; none for numbers."""
        if names != self._classes:
            self._classes = names
            self._layer = None

    def forget_points(self) -> None:
        """The colours are other ones."""
        self._layer = None

    def square(self) -> QRectF:
        """Where the map lies."""
        side = max(20.0, min(self.height() - BOTTOM, float(self.width()) - 2))
        room = self.width() - side
        left = 0.0 if room < 2 * SIDE_LEGEND else (room - SIDE_LEGEND) / 2
        return QRectF(left + 0.5, 0.5, side - 1, side - 1)

    def place_of(self, x: float, y: float) -> QPointF:
        """Where on the widget a point of the plane lies."""
        assert self._map is not None
        square, low, high = self.square(), self._map.low, self._map.high
        across = (x - low[0]) / max(high[0] - low[0], 1e-12)
        up = (y - low[1]) / max(high[1] - low[1], 1e-12)
        return QPointF(square.left() + across * square.width(), square.bottom() - up * square.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._map is None:
            return
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        square = self.square()
        outline = QPainterPath()
        outline.addRoundedRect(square, RADIUS, RADIUS)
        painter.save()
        painter.setClipPath(outline)
        painter.drawImage(square, self._image)
        painter.restore()
        if self._layer is None:
            self._layer = self._painted_layer()
        painter.drawPixmap(0, 0, self._layer)
        painter.end()

    def _painted_layer(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        layer = QPixmap(self.size() * ratio)
        layer.setDevicePixelRatio(ratio)
        layer.fill(Qt.GlobalColor.transparent)
        painter = QPainter(layer)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font("tiny"))
        self._paint_points(painter)
        self._paint_axes(painter)
        self._paint_legend(painter)
        painter.end()
        return layer

    def _point_color(self, value: float) -> QColor:
        theme = current()
        if not self._classes:
            return theme.color_of(value)
        return QColor(class_colors(theme, len(self._classes))[int(value)])

    def _paint_points(self, painter: QPainter) -> None:
        theme = current()
        ring = QColor(LIGHT_INK)
        radius = POINT_RADIUS if len(self._places) <= 250 else POINT_RADIUS * 0.75
        for (x, y), value, held_out in zip(self._places, self._values, self._held_out):
            place = self.place_of(float(x), float(y))
            ring.setAlphaF(1.0 if held_out else 0.55)
            painter.setBrush(self._point_color(float(value)))
            if held_out:
                painter.setPen(pen(theme.ground if theme.is_dark else theme.text, 3.0))
                painter.drawEllipse(place, radius, radius)
            painter.setPen(pen(ring.name(), 1.6 if held_out else 0.9, alpha=ring.alphaF()))
            painter.drawEllipse(place, radius, radius)

    def _paint_axes(self, painter: QPainter) -> None:
        assert self._map is not None
        painter.setPen(QColor(current().muted))
        square, (low, high), (x, y) = self.square(), (self._map.low, self._map.high), self._map.axes
        under = QRectF(square.left(), square.bottom() + 1, square.width(), BOTTOM)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(under, Qt.AlignmentFlag.AlignLeft | middle, number(low[0], 2))
        painter.drawText(under, Qt.AlignmentFlag.AlignRight | middle, number(high[0], 2))
        painter.drawText(under, Qt.AlignmentFlag.AlignHCenter | middle, f"{x} →  {y} ↑")

    def _paint_legend(self, painter: QPainter) -> None:
        square, theme = self.square(), current()
        room = self.width() - square.right()
        if room < SIDE_LEGEND:
            return
        left, top = square.right() + 14, square.top() + 8
        rows: list[tuple[str, QColor, bool]] = [
            (name, self._point_color(float(index)), False) for index, name in enumerate(self._classes)
        ]
        if self._held_out.any():
            rows.append(("held out", QColor(theme.panel), True))
        for index, (text, color, ringed) in enumerate(rows):
            place = QPointF(left, top + index * 18)
            painter.setBrush(color)
            painter.setPen(pen(theme.text if ringed else theme.muted, 1.6 if ringed else 0.5))
            painter.drawEllipse(place, POINT_RADIUS, POINT_RADIUS)
            painter.setPen(QColor(theme.muted))
            area = QRectF(place.x() + 10, place.y() - 9, room - 26, 18)
            short = self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(area.width()))
            painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, short)

    def resizeEvent(self, event: object) -> None:
        self._layer = None
