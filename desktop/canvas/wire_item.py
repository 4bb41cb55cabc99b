"""WireItem: one item paints all wires, each a small path of its own, culled to what is exposed.

One item per wire costs four times as much, and one long path twenty times. Far out, and in a crowd, the wires thin to one
pixel without dashes, which costs a sixth; near, they carry their weight in width, colour and dash, and a pill with their
shape or weight. What was painted for the whole viewport is kept until a wire or the view changes, so that pulses and live
values above it do not pay for it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from desktop import theme
from desktop.canvas import fonts
from desktop.canvas.figures import signed
from desktop.canvas.node_painter import mixed
from desktop.canvas.pills import WEIGHT_AT, places
from desktop.canvas.value_painter import CENTER
from desktop.canvas.wire_curve import WireCurve
from desktop.theme import Theme

EVERYWHERE = QRectF(-1.2e6, -1.2e6, 2.4e6, 2.4e6)
"""The bounds of an item that covers the canvas: fixed, so that no edit has to tell the scene of new ones."""
FAR = 0.45
PILL_FAR = 0.55
NEUTRAL_WIDTH = 2.5
THINNEST, THICKEST = 1.25, 5.5
PILL_HEIGHT = 19.0
PORT, HEAD = 6.0, 6.0
"""Radius of a port, and the size of an arrowhead before it."""
CROWD = 240
"""From so many wires in view on, all are thin: nobody can tell their widths apart, and every stroke costs."""


SHADES = 4
"""Thin wires show the size of their weight in so many shades."""
WORTH_KEEPING = 8
"""From so many wires in view on, laying down a kept picture is cheaper than painting them."""


@dataclass(frozen=True, slots=True)
class WireLook:
    """One wire as it is painted: ``weight`` is None where it carries no single weight, ``share`` its size in 0..1.

    ``weights_text`` lists the few weights of a wire that carries more than one.
    """

    curve: WireCurve
    shape_text: str = ""
    weight: float | None = None
    weights_text: str = ""
    share: float = 0.0
    lit: bool = False
    dimmed: bool = False
    shows_pill: bool = False
    pill_at: float = WEIGHT_AT

    @property
    def sign(self) -> int:
        """1 or -1 by the sign of the weight, 0 for a wire without one."""
        return 0 if self.weight is None else (1 if self.weight >= 0 else -1)

    @property
    def visible(self) -> tuple[object, ...]:
        """What of this can be seen: two looks that agree in it need no repaint."""
        return self.curve, self.sign, self.share, self.lit, self.dimmed, self.pill, self.pill_at

    @property
    def pill(self) -> str:
        """What stands in the pill, or ""."""
        if self.weight is not None:
            return signed(self.weight) if self.lit or self.shows_pill else ""
        if self.weights_text and (self.lit or self.shows_pill):
            return self.weights_text
        return self.shape_text

    @property
    def weight_pill(self) -> WireCurve | None:
        """The curve that a pill with a weight stands on, or None where there is no such pill."""
        return self.curve if self.weight is not None and (self.lit or self.shows_pill) else None

    @property
    def pill_rect(self) -> QRectF:
        """Where the pill is; null where there is none.

        A shape that is wider than its wire stands above it, and not at all between two nodes that would cover its ends.
        """
        text = self.pill
        if not text:
            return QRectF()
        width = max(fonts.metrics(fonts.TINY).horizontalAdvance(text) + 16.0, 26.0)
        x, y = self.curve.at(0.5 if self.weight is None else self.pill_at)
        gap = self.curve.end[0] - self.curve.start[0]
        if self.weight is None and not self.curve.leads_back and width + 14 > gap:
            if width > gap:
                return QRectF()
            y -= PILL_HEIGHT * 0.5 + 5
        return QRectF(x - width / 2, y - PILL_HEIGHT / 2, width, PILL_HEIGHT)


class WireItem(QGraphicsItem):
    """All wires of a scene by their ids."""

    def __init__(self) -> None:
        super().__init__()
        self.wires: dict[str, WireLook] = {}
        self._pens: dict[tuple[object, ...], QPen] = {}
        self._kept: QPixmap | None = None
        self._kept_for: tuple[object, ...] = ()
        self._revision = 0
        self._pills_stand = True
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def put(self, key: str, look: WireLook) -> None:
        """Show a wire, or show it differently."""
        before = self.wires.get(key)
        self.wires[key] = look
        if before is not None and before.visible == look.visible:
            return
        self._revision += 1
        if look.weight_pill != (None if before is None else before.weight_pill):
            self._pills_stand = False
        if before is not None and before.curve != look.curve:
            self.update(_touched(before))
        self.update(_touched(look))

    def change(self, key: str, **values: object) -> None:
        """Show a wire with some fields changed."""
        self.put(key, replace(self.wires[key], **values))  # type: ignore[arg-type]

    def take(self, key: str) -> None:
        """Show a wire no more."""
        look = self.wires.pop(key, None)
        if look is not None:
            self._revision += 1
            self.update(_touched(look))

    def clear(self) -> None:
        """Show no wire."""
        self.wires.clear()
        self._revision += 1
        self.update()

    def forget_pens(self) -> None:
        """The theme has changed."""
        self._pens.clear()
        self._revision += 1
        self.update()

    def nearest(self, x: float, y: float, within: float) -> str | None:
        """The wire nearest to a point, if it is within a distance."""
        best, best_distance = None, within
        for key, look in self.wires.items():
            left, top, right, bottom = look.curve.box
            if left <= x <= right and top <= y <= bottom:
                distance = look.curve.distance(x, y)
                if distance < best_distance:
                    best, best_distance = key, distance
        return best

    def boundingRect(self) -> QRectF:
        return EVERYWHERE

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if not self._pills_stand:
            self._place_pills()
        exposed = option.exposedRect
        seen = [look for look in self.wires.values() if look.curve.rect.intersects(exposed)]
        if widget is None or len(seen) < WORTH_KEEPING:
            self._paint_wires(painter, seen)
            return
        transform, ratio = painter.worldTransform(), painter.device().devicePixelRatio()
        key = (self._revision, transform.m11(), transform.dx(), transform.dy(), ratio, widget.size().toTuple())
        if key != self._kept_for:
            room = widget.width() * widget.height() / transform.m11() ** 2
            if exposed.width() * exposed.height() < 0.5 * room:
                self._paint_wires(painter, seen)  # a part of the view: keeping would mean painting all of it
                return
            self._keep(painter, widget, ratio)
            self._kept_for = key
        painter.resetTransform()
        if self._kept is not None:
            painter.drawPixmap(0, 0, self._kept)

    def _place_pills(self) -> None:
        """Slide the pills with weights apart; those that move ask to be painted once more, for they may lie elsewhere."""
        self._pills_stand = True
        curves = ((key, look.weight_pill) for key, look in self.wires.items())
        for key, t in places((key, curve) for key, curve in curves if curve is not None).items():
            self.change(key, pill_at=t)

    def _keep(self, painter: QPainter, widget: QWidget, ratio: float) -> None:
        """Paint what the whole viewport shows of the wires into a picture of its own."""
        size = widget.size() * ratio
        if self._kept is None or self._kept.size() != size:
            self._kept = QPixmap(size)
        self._kept.setDevicePixelRatio(ratio)
        self._kept.fill(Qt.GlobalColor.transparent)
        transform = painter.worldTransform()
        inverse, _ = transform.inverted()
        whole = inverse.mapRect(QRectF(widget.rect()))
        own = QPainter(self._kept)
        try:
            own.setWorldTransform(transform)
            self._paint_wires(own, [look for look in self.wires.values() if look.curve.rect.intersects(whole)])
        finally:
            own.end()  # Qt crashes when a picture goes before the painter on it

    def _paint_wires(self, painter: QPainter, seen: list[WireLook]) -> None:
        scale = painter.worldTransform().m11()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        now = theme.current()
        if scale < FAR or len(seen) > CROWD:
            _paint_thin(painter, seen, now)
        else:
            for look in sorted(seen, key=lambda look: look.lit):
                pen = self._pen(look, now)
                painter.setPen(pen)
                painter.drawPath(look.curve.path)
                if look.curve.leads_back:
                    _paint_head(painter, look.curve.end, pen)
        if scale >= PILL_FAR:
            _paint_pills(painter, seen if len(seen) <= CROWD else [look for look in seen if look.lit], now)

    def _pen(self, look: WireLook, now: Theme) -> QPen:
        width = NEUTRAL_WIDTH if look.weight is None else THINNEST + (THICKEST - THINNEST) * round(look.share * 12) / 12
        sign = look.sign
        key = (width, sign, look.lit, look.dimmed)
        pen = self._pens.get(key)
        if pen is None:
            pen = self._pens[key] = _made_pen(width, sign, look.lit, look.dimmed, now)
        return pen


def _paint_head(painter: QPainter, end: tuple[float, float], pen: QPen) -> None:
    """An arrowhead before a port: only a wire from right to left needs one, for all others are read as people read."""
    x, y = end[0] - PORT, end[1]
    side = HEAD + pen.widthF()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(pen.color())
    painter.drawPolygon(
        [QPointF(x, y), QPointF(x - 1.3 * side, y - 0.7 * side), QPointF(x - 1.3 * side, y + 0.7 * side)]
    )
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _paint_thin(painter: QPainter, seen: Iterable[WireLook], now: Theme) -> None:
    """All wires one pixel wide, the heavy ones above the light ones and in stronger shades."""
    groups: dict[tuple[bool, int, int, bool], list[WireLook]] = {}
    for look in seen:
        shade = SHADES // 2 if look.weight is None else round(look.share * SHADES)
        groups.setdefault((look.lit, shade, look.sign, look.dimmed), []).append(look)
    for (lit, shade, sign, dimmed), looks in sorted(groups.items(), key=lambda group: group[0]):
        full = (now.muted, now.positive, now.negative)[sign]
        away = 0.85 if dimmed else (0.0 if lit else 0.75 - 0.55 * shade / SHADES)
        pen = QPen(mixed(full, now.ground, away), 0.0)
        pen.setCosmetic(True)
        painter.setPen(pen)
        for look in looks:
            painter.drawPath(look.curve.path)


def _made_pen(width: float, sign: int, lit: bool, dimmed: bool, now: Theme) -> QPen:
    if sign == 0:
        color = QColor(now.accent) if lit else mixed(now.muted, now.ground, 0.25)
    else:
        full = now.positive if sign > 0 else now.negative
        color = QColor(full) if lit else mixed(full, now.ground, 0.38)
    if dimmed:
        color = mixed(color, now.ground, 0.75)
    pen = QPen(color, width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if sign < 0:
        # Dashes in pixels, not in widths, so that thin wires do not turn into dots.
        pen.setDashPattern([9.0 / width, 5.0 / width])
    return pen


def _touched(look: WireLook) -> QRectF:
    """The curve, and the pill that may be wider than it."""
    return look.curve.rect.adjusted(-40, -PILL_HEIGHT, 40, PILL_HEIGHT)


def _paint_pills(painter: QPainter, seen: Iterable[WireLook], now: Theme) -> None:
    painter.setFont(fonts.font(fonts.TINY))
    for look in seen:
        rect = look.pill_rect
        if rect.isNull() or look.dimmed:
            continue
        edge = now.line
        if look.weight is not None:
            edge = now.positive if look.weight >= 0 else now.negative
        painter.setPen(QPen(QColor(edge), 1.2))
        painter.setBrush(QColor(now.ground if look.weight is None else now.card))
        painter.drawRoundedRect(rect, PILL_HEIGHT / 2, PILL_HEIGHT / 2)
        painter.setPen(QColor(now.text if look.weight is not None else now.muted))
        painter.drawText(rect, CENTER, look.pill)
