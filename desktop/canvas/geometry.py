"""Where everything of a node lies, around the node's position, which is the middle of its body."""

import math
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF

from core.catalogue.kind import Form
from desktop.canvas import fonts
from desktop.canvas.node_look import ANSWER, Body, NodeLook

RADIUS = 32.0
SQUARE = 60.0
HEAD = 28.0
FOOT = 26.0
PAD = 12.0
PORT = 6.0
CORNER = 9.0
FIGURE_WIDTH = 62.0
"""Room for one figure, as "−0.00042"."""
LABEL = 20.0
"""Height of a line of text below a circle."""
MARGIN = 14.0
"""Room around the body for ports, rings and badges."""

CARD_SIZES = {
    Body.STRIP: (168.0, 112.0),
    Body.SEQUENCE: (188.0, 132.0),
    Body.IMAGE: (128.0, 158.0),
    Body.SEGMENTS: (128.0, 168.0),
    Body.MAPS: (188.0, 158.0),
    Body.BARS: (168.0, 142.0),
    Body.CURVE: (152.0, 124.0),
    Body.FIGURE: (136.0, 100.0),
    Body.UNKNOWN: (156.0, 84.0),
    Body.RESPONSE: (128.0, 128.0),
}
WIDEST = 260.0


class Geometry:
    """The places of one node's parts, relative to its position; shared by all nodes of the same look."""

    def __init__(self, look: NodeLook) -> None:
        self.body = _body_rect(look)
        self.half = self.body.width() / 2, self.body.height() / 2
        self.inputs = _ports(look.inputs, self.body.left(), self.body)
        self.outputs = _ports(look.outputs, self.body.right(), self.body)
        self.label = _label_rect(look, self.body)
        self.bounds = self.body.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN).united(self.label)
        self.box = self.bounds.left(), self.bounds.top(), self.bounds.right(), self.bounds.bottom()

    def port(self, name: str) -> QPointF:
        """The middle of a port; the middle of the left edge where there is none of that name."""
        found = self.outputs.get(name) or self.inputs.get(name)
        return found if found is not None else QPointF(self.body.left(), 0.0)


@lru_cache(maxsize=4096)
def geometry_of(look: NodeLook) -> Geometry:
    """The geometry of a look."""
    return Geometry(look)


def _body_rect(look: NodeLook) -> QRectF:
    if look.form is Form.CIRCLE:
        radius = RADIUS * (ANSWER if look.answer else 1.0)
        return QRectF(-radius, -radius, 2 * radius, 2 * radius)
    if look.form is Form.SQUARE:
        return QRectF(-SQUARE / 2, -SQUARE / 2, SQUARE, SQUARE)
    width, height = CARD_SIZES[look.body]
    head = fonts.metrics(fonts.NORMAL, True).horizontalAdvance(look.title) + 2 * PAD
    if look.headline:
        head += fonts.metrics(fonts.TINY).horizontalAdvance(look.headline) + PAD
    foot = fonts.metrics(fonts.TINY).horizontalAdvance(look.size_text + look.parameter_text) + 3 * PAD
    width = math.ceil(min(max(width, head, foot), WIDEST) / 2) * 2.0
    return QRectF(-width / 2, -height / 2, width, height)


def _label_rect(look: NodeLook, body: QRectF) -> QRectF:
    """Where the name stands: below a circle, left of a square that has no inputs; cards have it in their head."""
    if look.form is Form.CARD:
        return QRectF()
    if look.form is Form.SQUARE and not look.inputs:
        width = max(fonts.metrics(fonts.LARGE, italic=True).horizontalAdvance(look.title) + 4, FIGURE_WIDTH)
        return QRectF(body.left() - 12 - width, -LABEL, width, 2 * LABEL)
    text = f"{look.title} · {look.headline}" if look.headline else look.title
    width = max(fonts.metrics(fonts.SMALL).horizontalAdvance(text) + 8, 124.0)
    return QRectF(-width / 2, body.bottom() + 4, width, 2 * LABEL)


def _ports(names: tuple[str, ...], x: float, body: QRectF) -> dict[str, QPointF]:
    """Ports at mid-height, or evenly spread where there are several."""
    step = body.height() / (len(names) + 1)
    return {name: QPointF(x, body.top() + step * number) for number, name in enumerate(names, start=1)}
