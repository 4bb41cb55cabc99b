"""Paints values in the one diverging scale: response maps, unit strips, images, maps of channels, bars."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen, QPolygonF, QTransform

from desktop.canvas import fonts
from desktop.canvas.figures import brief, plain
from desktop.canvas.node_values import FloatArray, scaled
from desktop.theme import Theme, readable_on

CENTER = Qt.AlignmentFlag.AlignCenter
MAX_MAPS = 8
NUMBERED_CELLS = 4
"""Up to so many cells of a strip carry their value as a figure, where the strip is high enough."""
NUMBERED_HEIGHT = 16.0
ROOMY_CELL = 46.0
SEPARATED_CELL = 6.0
"""Cells at least so wide are kept apart by a line, so that equal neighbours can be counted."""


SEGMENT, THICK, GAP = 1.0, 0.2, 0.03
"""Length and thickness of a segment of a digit, and half the gap between two, in lengths of a segment."""
SEGMENT_PLACES = (
    (0.0, -1.0, False),
    (0.5, -0.5, True),
    (0.5, 0.5, True),
    (0.0, 1.0, False),
    (-0.5, 0.5, True),
    (-0.5, -0.5, True),
    (0.0, 0.0, False),
)
"""Middle of each segment from a to g, and whether it stands upright: clockwise from the top, and the one in the middle."""


def image_of(values: FloatArray, theme: Theme, share: bool = False) -> QImage:
    """A (rows, columns) array as a picture, one pixel per value."""
    pixels = np.ascontiguousarray(theme.diverging(scaled(values, share)))
    rows, columns = pixels.shape[:2]
    # The copy owns its bytes: a QImage over a NumPy buffer must not outlive it.
    return QImage(pixels.data, columns, rows, 3 * columns, QImage.Format.Format_RGB888).copy()


def response_brush(values: FloatArray, rect: QRectF, theme: Theme, scale: float, share: bool = False) -> QBrush:
    """A brush that fills ``rect`` with a response map; row 0 of the values is at the bottom."""
    image = image_of(values[::-1], theme, share)
    width, height = max(1, round(rect.width() * scale)), max(1, round(rect.height() * scale))
    smooth = image.scaled(
        width, height, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    brush = QBrush(smooth)
    brush.setTransform(QTransform(rect.width() / width, 0, 0, rect.height() / height, rect.x(), rect.y()))
    return brush


def paint_strip(
    painter: QPainter, rect: QRectF, values: FloatArray | None, units: int, theme: Theme, share: bool = False
) -> None:
    """One cell per unit; before there are values, empty cells."""
    if values is None:
        painter.fillRect(rect, QColor(theme.neutral))
        _paint_cell_lines(painter, rect, units, theme)
        return
    row = np.asarray(values, float).reshape(1, -1)
    # Many more units than pixels are averaged by the smooth scaling, fewer keep hard edges.
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, row.shape[1] > 2 * rect.width())
    painter.drawImage(rect, image_of(row, theme, share))
    _paint_cell_lines(painter, rect, row.shape[1], theme)
    if row.shape[1] <= NUMBERED_CELLS and rect.height() >= NUMBERED_HEIGHT:
        _paint_cell_numbers(painter, rect, row[0], theme, share)


def paint_image(painter: QPainter, rect: QRectF, values: FloatArray, theme: Theme) -> None:
    """A (height, width, 1 or 3) sample with hard pixels, as large as fits; three channels are red, green and blue."""
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    if values.shape[2] == 3:
        pixels = np.ascontiguousarray((np.clip(np.nan_to_num(values), 0.0, 1.0) * 255).astype(np.uint8))
        rows, columns = pixels.shape[:2]
        image = QImage(pixels.data, columns, rows, 3 * columns, QImage.Format.Format_RGB888).copy()
    else:
        image = image_of(values[:, :, 0], theme)
    painter.drawImage(_fitted(rect, values.shape[1], values.shape[0]), image)


def paint_maps(painter: QPainter, rect: QRectF, values: FloatArray, theme: Theme) -> None:
    """The first channels of a (height, width, channels) value as small pictures in two rows."""
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    count = min(values.shape[2], MAX_MAPS)
    columns = max(1, (count + 1) // 2)
    cell_width, cell_height = rect.width() / columns, rect.height() / 2
    for channel in range(count):
        row, column = divmod(channel, columns)
        corner = rect.topLeft() + QPointF(column * cell_width, row * cell_height)
        cell = QRectF(corner.x() + 2, corner.y() + 2, cell_width - 4, cell_height - 4)
        painter.drawImage(_fitted(cell, values.shape[1], values.shape[0]), image_of(values[:, :, channel], theme))


def paint_sequence(painter: QPainter, rect: QRectF, values: FloatArray, theme: Theme, share: bool = False) -> None:
    """A (time, features) value: time runs to the right, one row per feature."""
    many = values.shape[0] > 2 * rect.width() or values.shape[1] > 2 * rect.height()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, many)
    painter.drawImage(rect, image_of(np.asarray(values, float).T, theme, share))


def paint_segments(painter: QPainter, rect: QRectF, values: FloatArray | None, theme: Theme) -> None:
    """Seven values as the segments of one digit of a calculator, each lit as its value says; none is before there are values."""
    painter.save()
    painter.translate(rect.center())
    side = min(rect.height() / (2 * SEGMENT + THICK), rect.width() / (SEGMENT + THICK))
    painter.scale(side, side)
    painter.setPen(Qt.PenStyle.NoPen)
    shades = np.zeros(7) if values is None else scaled(values).ravel()
    half = SEGMENT / 2 - GAP
    outline = QPolygonF([QPointF(x, y) for x, y in _hexagon(half, THICK / 2)])
    for (x, y, upright), shade in zip(SEGMENT_PLACES, shades, strict=True):
        painter.save()
        painter.translate(x * SEGMENT, y * SEGMENT)
        painter.rotate(90.0 if upright else 0.0)
        painter.setBrush(theme.color_of(float(shade)))
        painter.drawPolygon(outline)
        painter.restore()
    painter.restore()


def _hexagon(half: float, thick: float) -> tuple[tuple[float, float], ...]:
    """A bar with pointed ends around the origin."""
    inner = half - thick
    return (-half, 0), (-inner, -thick), (inner, -thick), (half, 0), (inner, thick), (-inner, thick)


def paint_bars(painter: QPainter, rect: QRectF, values: FloatArray, names: Sequence[str], theme: Theme) -> None:
    """Shares between 0 and 1 as bars on a common base, with a name below each."""
    shares = np.clip(np.nan_to_num(np.asarray(values, float).ravel()), 0.0, 1.0)
    step = rect.width() / len(shares)
    base = rect.bottom() - 14.0
    painter.fillRect(QRectF(rect.left(), base, rect.width(), 1.0), QColor(theme.line))
    best = int(np.argmax(shares))
    for number, share in enumerate(shares):
        height = max(1.5, float(share) * (base - rect.top()))
        bar = QRectF(rect.left() + number * step + step * 0.14, base - height, step * 0.72, height)
        painter.fillRect(bar, QColor(theme.positive))
    if names and step >= 9.0:
        painter.setFont(fonts.font(fonts.TINY - 1))
        measure = fonts.metrics(fonts.TINY - 1)
        for number, name in enumerate(names):
            painter.setPen(QColor(theme.text if number == best else theme.muted))
            cell = QRectF(rect.left() + number * step, base + 1, step, 14.0)
            painter.drawText(cell, CENTER, measure.elidedText(name, Qt.TextElideMode.ElideRight, step))


def _fitted(rect: QRectF, columns: int, rows: int) -> QRectF:
    size = min(rect.width() / columns, rect.height() / rows)
    width, height = size * columns, size * rows
    return QRectF(rect.center().x() - width / 2, rect.center().y() - height / 2, width, height)


def _paint_cell_lines(painter: QPainter, rect: QRectF, units: int, theme: Theme) -> None:
    if not 1 < units <= rect.width() / SEPARATED_CELL:
        return
    painter.setPen(QPen(QColor(theme.card), 1.0))
    step = rect.width() / units
    for number in range(1, units):
        x = rect.left() + number * step
        painter.drawLine(QPointF(x, rect.top()), QPointF(x, rect.bottom()))


def _paint_cell_numbers(painter: QPainter, rect: QRectF, values: FloatArray, theme: Theme, share: bool) -> None:
    painter.setFont(fonts.font(fonts.TINY))
    step = rect.width() / len(values)
    shades = scaled(values, share)
    for number, value in enumerate(values):
        ground = theme.color_of(float(shades[number]))
        painter.setPen(readable_on(ground))
        text = plain(float(value)) if step >= ROOMY_CELL else brief(float(value))
        painter.drawText(QRectF(rect.left() + number * step, rect.top(), step, rect.height()), CENTER, text)
