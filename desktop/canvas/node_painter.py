"""Paints one node: circle, rounded square, card, or the dashed card of a kind that this version does not know.

The painter's origin is the node's position. Nothing here asks for more than the look, the values and the theme, so a
picture can be cached for as long as these stay the same.
"""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from core.catalogue.kind import Form
from core.compiler.diagnostics import Severity
from desktop.canvas import fonts, geometry
from desktop.canvas.activation_curve import paint_curve
from desktop.canvas.figures import loss_text, plain
from desktop.canvas.geometry import Geometry
from desktop.canvas.node_look import Body, NodeLook
from desktop.canvas.node_values import NodeValues, scaled
from desktop.canvas.value_painter import (
    CENTER,
    paint_bars,
    paint_image,
    paint_maps,
    paint_segments,
    paint_sequence,
    paint_strip,
    response_brush,
)
from desktop.theme import DARK_INK, LIGHT_INK, Theme, readable_on

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
TOP = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
LEGIBLE, LARGEST = 10.0, 1.5
"""Pixels of the screen that a name should be high, and how much larger than at 100 % it may become on the canvas for it."""
LONG_FIGURE, LONG_FIGURES = "−0.245", "−0.245 → −0.987"
"""What figures beside nodes are measured by, so that all of them are of one size."""
HEAD_SHARE = 0.22
"""How much of the category's hue is in the head of a card."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What is to be painted, and at how many device pixels per unit of the canvas; ``vector`` for a file of lines and letters."""

    look: NodeLook
    geometry: Geometry
    values: NodeValues
    theme: Theme
    selected: bool
    scale: float
    vector: bool = False

    @property
    def hue(self) -> QColor:
        """The hue of the node's category."""
        return QColor(self.theme.hues[self.look.category])

    @property
    def simple(self) -> bool:
        """Whether the node is so small on screen that only shape and colour can be seen."""
        return self.scale < 0.42


def paint_node(painter: QPainter, picture: Picture) -> None:
    """Paint a node around the painter's origin."""
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    if picture.look.kind is None:
        _paint_placeholder(painter, picture)
    elif picture.look.form is Form.CARD:
        _paint_card(painter, picture)
    else:
        _paint_shape(painter, picture)
    _paint_ports(painter, picture)
    if picture.look.severity is not None:
        _paint_badge(painter, picture)


def mixed(first: str | QColor, second: str | QColor, share: float) -> QColor:
    """``first`` with a share of ``second`` in it."""
    a, b = QColor(first), QColor(second)
    return QColor(*(round(x + (y - x) * share) for x, y in zip(a.getRgb()[:3], b.getRgb()[:3], strict=True)))  # type: ignore[index]


def _ring(picture: Picture) -> QPen:
    if picture.selected:
        return QPen(QColor(picture.theme.accent), 3.0)
    return QPen(QColor(picture.theme.line), 1.5)


def _paint_shape(painter: QPainter, picture: Picture) -> None:
    look, theme, body = picture.look, picture.theme, picture.geometry.body
    response = picture.values.response
    if response is None:
        painter.setBrush(_fill(picture))
    elif picture.vector:
        painter.drawImage(body, _response_image(picture))
        painter.setBrush(Qt.BrushStyle.NoBrush)
    else:
        painter.setBrush(response_brush(response, body, theme, picture.scale, picture.values.share))
    pen = _ring(picture)
    if look.answer and not picture.selected:
        pen = QPen(mixed(theme.line, picture.hue, 0.6), 2.0)
    painter.setPen(pen)
    _draw_outline(painter, look.form, body)
    if response is None and not picture.simple and picture.values.output is not None:
        _paint_value(painter, picture)
    elif response is None and not picture.simple:
        side = body.width() * 0.44
        paint_curve(painter, QRectF(-side / 2, -side / 2, side, side), look, theme, picture.hue)
    if picture.scale >= 0.3:
        _paint_label(painter, picture)


def _draw_outline(painter: QPainter, form: Form, body: QRectF) -> None:
    if form is Form.CIRCLE:
        painter.drawEllipse(body)
    else:
        painter.drawRoundedRect(body, geometry.CORNER, geometry.CORNER)


def _response_image(picture: Picture) -> QImage:
    """The map of responses cut out as a picture, for files that cannot move the pattern of a brush."""
    body, response = picture.geometry.body, picture.values.response
    assert response is not None
    image = QImage((body.size() * picture.scale).toSize(), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(picture.scale, picture.scale)
    painter.translate(-body.topLeft())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(response_brush(response, body, picture.theme, picture.scale, picture.values.share))
    _draw_outline(painter, picture.look.form, body)
    painter.end()
    return image


def _paint_value(painter: QPainter, picture: Picture) -> None:
    """The output as a figure in the middle, where there is no map of responses to show."""
    output = picture.values.output
    if output is None or output.size != 1:
        return
    painter.setFont(fonts.font(fonts.NORMAL, bold=True))
    painter.setPen(readable_on(_fill(picture)))
    painter.drawText(picture.geometry.body, CENTER, plain(float(output.reshape(-1)[0])))


def _fill(picture: Picture) -> QColor:
    """The colour of the one value of a node, or a tint of its hue while there is none."""
    output = picture.values.output
    if output is None or output.size != 1:
        return mixed(picture.theme.card, picture.hue, HEAD_SHARE)
    return picture.theme.color_of(float(scaled(output, picture.values.share).reshape(-1)[0]))


def legible(pixels: int, text: str, room: float, scale: float, bold: bool = False, italic: bool = False) -> int:
    """The size of a name that can be read far out too: larger on the canvas the smaller that is on screen, as there is room."""
    wanted = min(LEGIBLE / scale, LARGEST * pixels)
    width = fonts.metrics(pixels, bold, italic).horizontalAdvance(text)
    return max(pixels, int(min(wanted, pixels * room / max(width, 1.0))))


def _paint_label(painter: QPainter, picture: Picture) -> None:
    look, theme, rect = picture.look, picture.theme, picture.geometry.label
    if look.form is Form.SQUARE and not look.inputs:
        size = legible(fonts.LARGE, look.title, rect.width(), picture.scale, italic=True)
        painter.setFont(fonts.font(size, italic=True))
        painter.setPen(QColor(theme.text))
        number = _number(picture)
        if not number:
            painter.drawText(rect, RIGHT, look.title)
            return
        painter.drawText(QRectF(rect.x(), rect.y(), rect.width(), geometry.LABEL), RIGHT, look.title)
        width = geometry.FIGURE_WIDTH
        painter.setFont(fonts.font(legible(fonts.SMALL, LONG_FIGURE, width, picture.scale, bold=True), bold=True))
        line = QRectF(rect.right() - width, rect.y() + geometry.LABEL - 2, width, geometry.LABEL)
        painter.drawText(line, RIGHT, number)
        return
    text = f"{look.title} · {look.headline}" if look.headline else look.title
    line = QRectF(rect.x(), rect.y(), rect.width(), geometry.LABEL)
    painter.setFont(fonts.font(legible(fonts.SMALL, text, rect.width(), picture.scale)))
    painter.setPen(QColor(theme.text if picture.selected else theme.muted))
    painter.drawText(line, CENTER, text)
    number = _number(picture)
    if number:
        painter.setFont(
            fonts.font(legible(fonts.SMALL, LONG_FIGURES, rect.width(), picture.scale, bold=True), bold=True)
        )
        painter.setPen(QColor(theme.text))
        painter.drawText(line.translated(0, geometry.LABEL - 3), CENTER, number)


def _number(picture: Picture) -> str:
    """ "3.25 → 0.963": the weighted sum and what the activation makes of it, where figures are asked for.

    An output that stands in the middle of the node already is not said twice.
    """
    values = picture.values
    if not values.numbers or values.output is None or values.output.size != 1:
        return ""
    output = plain(float(values.output.reshape(-1)[0]))
    state = output if values.state is None else plain(values.state)
    if state != output:
        return f"{state} → {output}"
    return "" if values.response is None else output


def _paint_card(painter: QPainter, picture: Picture) -> None:
    look, theme, body = picture.look, picture.theme, picture.geometry.body
    outline = QPainterPath()
    outline.addRoundedRect(body, geometry.CORNER, geometry.CORNER)
    painter.fillPath(outline, QColor(theme.card))
    painter.fillPath(_head_path(body), mixed(theme.card, picture.hue, HEAD_SHARE))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_ring(picture))
    painter.drawPath(outline)
    if picture.simple:
        return
    _paint_head(painter, picture)
    inside = body.adjusted(geometry.PAD, geometry.HEAD + 10, -geometry.PAD, -geometry.FOOT)
    _paint_body(painter, picture, inside)
    if look.body is not Body.FIGURE:
        _paint_foot(painter, picture)


def _head_path(body: QRectF) -> QPainterPath:
    """The head of a card, round at its upper corners; a path, because SVG files know no clip."""
    size = 2 * geometry.CORNER
    path = QPainterPath(QPointF(body.left(), body.top() + geometry.HEAD))
    path.lineTo(body.left(), body.top() + geometry.CORNER)
    path.arcTo(body.left(), body.top(), size, size, 180.0, -90.0)
    path.arcTo(body.right() - size, body.top(), size, size, 90.0, -90.0)
    path.lineTo(body.right(), body.top() + geometry.HEAD)
    path.closeSubpath()
    return path


def _paint_head(painter: QPainter, picture: Picture) -> None:
    look, theme, body = picture.look, picture.theme, picture.geometry.body
    rect = QRectF(body.left() + geometry.PAD, body.top(), body.width() - 2 * geometry.PAD, geometry.HEAD)
    size = legible(fonts.NORMAL, look.title, rect.width(), picture.scale, bold=True)
    painter.setFont(fonts.font(size, bold=True))
    painter.setPen(QColor(theme.text))
    elide = Qt.TextElideMode.ElideRight
    title = fonts.metrics(size, True).elidedText(look.title, elide, rect.width())
    painter.drawText(rect, LEFT, title)
    room = rect.width() - fonts.metrics(size, True).horizontalAdvance(title) - 8
    painter.setFont(fonts.font(fonts.TINY))
    painter.setPen(QColor(theme.muted))
    painter.drawText(rect, RIGHT, fitting(look.headline, room))


def fitting(headline: str, room: float) -> str:
    """As many whole parts of a headline as there is room for: "8 chan…" says less than nothing."""
    parts = headline.split(", ")
    while parts and fonts.metrics(fonts.TINY).horizontalAdvance(", ".join(parts)) > room:
        parts.pop()
    return ", ".join(parts)


def _paint_body(painter: QPainter, picture: Picture, rect: QRectF) -> None:
    look, theme, output = picture.look, picture.theme, picture.values.output
    if look.body is Body.FIGURE:
        figure = picture.values.figure
        painter.setFont(fonts.font(fonts.FIGURE, bold=True))
        painter.setPen(QColor(theme.text if figure is not None else theme.muted))
        painter.drawText(rect.adjusted(0, -4, 0, 0), CENTER, "–" if figure is None else loss_text(figure))
        painter.setFont(fonts.font(fonts.TINY))
        painter.setPen(QColor(theme.muted))
        body = picture.geometry.body
        painter.drawText(QRectF(body.left(), body.bottom() - geometry.FOOT, body.width(), 18), CENTER, "this batch")
    elif look.body is Body.BARS and output is not None:
        paint_bars(painter, rect, output, _names(picture), theme)
    elif look.body is Body.SEGMENTS and (output is None or output.size == 7):
        paint_segments(painter, rect, output, theme)
    elif look.body is Body.IMAGE and output is not None and output.ndim == 3:
        paint_image(painter, rect, output, theme)
    elif look.body is Body.MAPS and output is not None and output.ndim == 3:
        paint_maps(painter, rect, output, theme)
    elif look.body is Body.SEQUENCE and output is not None and output.ndim == 2:
        paint_sequence(painter, rect.adjusted(0, 0, 0, -4), output, theme, picture.values.share)
    elif look.body in (Body.IMAGE, Body.MAPS, Body.SEQUENCE):
        painter.fillRect(rect, QColor(theme.neutral))
    elif look.body is Body.CURVE:
        room = QRectF(rect.x(), rect.y() - 2, rect.width(), rect.height() - 12)
        paint_curve(painter, room, look, theme, picture.hue, picture.values.state)
        strip = QRectF(rect.x(), rect.bottom() - 10, rect.width(), 9)
        units = 1 if look.shape is None else int(np.prod(look.shape))
        paint_strip(painter, strip, output, units, theme, picture.values.share)
    else:
        units = 1 if look.shape is None else int(np.prod(look.shape))
        paint_strip(painter, rect.adjusted(0, 0, 0, -6), output, units, theme, picture.values.share)


def _paint_foot(painter: QPainter, picture: Picture) -> None:
    look, theme, body = picture.look, picture.theme, picture.geometry.body
    rect = QRectF(body.left() + geometry.PAD, body.bottom() - geometry.FOOT, body.width() - 2 * geometry.PAD, 22)
    painter.setFont(fonts.font(fonts.TINY))
    painter.setPen(QColor(theme.muted))
    left, right = picture.values.notes
    painter.drawText(rect, LEFT, left or look.size_text)
    painter.drawText(rect, RIGHT, right or _best(picture) or _single(picture) or look.parameter_text)


def _names(picture: Picture) -> tuple[str, ...]:
    """The names of the classes, if the values are still of the size that the names were made for."""
    names, output = picture.look.class_names, picture.values.output
    return names if output is not None and output.size == len(names) else ()


def _best(picture: Picture) -> str:
    """ "3 · 91 %": the class with the largest share."""
    output = picture.values.output
    if picture.look.body is not Body.BARS or output is None:
        return ""
    flat = np.nan_to_num(output.reshape(-1))
    best = int(np.argmax(flat))
    names = _names(picture)
    share = float(np.clip(flat[best], 0.0, 1.0))
    return f"{names[best] if names else best + 1} · {100 * share:.0f} %"


def _single(picture: Picture) -> str:
    """The one value of an activation's card, whose strip has no room for a figure."""
    output = picture.values.output
    if picture.look.body is not Body.CURVE or output is None or output.size != 1:
        return ""
    return plain(float(output.reshape(-1)[0]))


def _paint_placeholder(painter: QPainter, picture: Picture) -> None:
    look, theme, body = picture.look, picture.theme, picture.geometry.body
    pen = QPen(QColor(theme.accent if picture.selected else theme.muted), 3.0 if picture.selected else 1.5)
    pen.setStyle(Qt.PenStyle.DashLine)
    painter.setPen(pen)
    painter.setBrush(QColor(theme.panel))
    painter.drawRoundedRect(body, geometry.CORNER, geometry.CORNER)
    painter.setFont(fonts.font(fonts.NORMAL, bold=True))
    painter.setPen(QColor(theme.muted))
    painter.drawText(body.adjusted(8, 8, -8, -body.height() / 2), CENTER, look.title)
    painter.setFont(fonts.font(fonts.TINY))
    text = f"unknown kind “{look.headline}”"
    elided = fonts.metrics(fonts.TINY).elidedText(text, Qt.TextElideMode.ElideRight, body.width() - 16)
    painter.drawText(body.adjusted(8, body.height() / 2, -8, -8), CENTER, elided)


def _paint_ports(painter: QPainter, picture: Picture) -> None:
    if picture.scale < 0.25:
        return
    theme = picture.theme
    painter.setPen(QPen(QColor(theme.accent) if picture.selected else picture.hue, 2.0))
    painter.setBrush(QColor(theme.ground))
    for place in (*picture.geometry.inputs.values(), *picture.geometry.outputs.values()):
        painter.drawEllipse(place, geometry.PORT - 0.5, geometry.PORT - 0.5)


def _paint_badge(painter: QPainter, picture: Picture) -> None:
    """Errors are a disc with "!", warnings a triangle with "!": told apart without colour."""
    theme, body = picture.theme, picture.geometry.body
    error = picture.look.severity is Severity.ERROR
    inset = body.width() * 0.146 if picture.look.form is Form.CIRCLE else -2.0
    middle = QPointF(body.right() - inset, body.top() + inset)
    painter.setPen(QPen(QColor(theme.ground), 2.0))
    painter.setBrush(QColor(theme.error if error else theme.warning))
    if error:
        painter.drawEllipse(middle, 9.0, 9.0)
    else:
        corners = [middle + QPointF(0, -10.5), middle + QPointF(11, 8), middle + QPointF(-11, 8)]
        painter.drawPolygon(corners)
    painter.setPen(QColor(LIGHT_INK if error else DARK_INK))
    painter.setFont(fonts.font(fonts.SMALL, bold=True))
    painter.drawText(QRectF(middle.x() - 9, middle.y() - (9 if error else 7.5), 18, 18), CENTER, "!")
