"""PulseItem: dots that run along the wires while the network trains, at a pace that follows the steps per second.

One item paints them all, above the wires and below the nodes; the view's clock moves them. In a crowd only the strongest
wires carry pulses, so the cost stays bounded.
"""

import math

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from desktop import theme
from desktop.canvas.wire_item import EVERYWHERE, WireItem, WireLook

MOST = 48
RADIUS = 4.5
SLOWEST, FASTEST = 0.25, 1.1
"""Wires per second."""
GOLDEN = 0.61803398875


class PulseItem(QGraphicsItem):
    """The pulses on the wires of a WireItem."""

    def __init__(self, wires: WireItem) -> None:
        super().__init__()
        self._wires = wires
        self._phase = 0.0
        self._speed = 0.0
        self._fading = False
        self._painted: list[QRectF] = []
        self._carriers: list[WireLook] = []
        self.setZValue(5.0)

    @property
    def running(self) -> bool:
        """Whether there are pulses."""
        return self._speed > 0.0

    @property
    def carriers(self) -> tuple[WireLook, ...]:
        """The wires that carry a pulse now."""
        return tuple(self._carriers)

    def start(self, steps_per_second: float) -> None:
        """Let pulses run; a hundred times the steps are about twice the pace."""
        pace = 0.25 * math.log10(max(steps_per_second, 0.0) + 1.0)
        self._speed = min(FASTEST, SLOWEST + pace)

    def stop(self) -> None:
        """Take all pulses away."""
        self._speed = 0.0
        self._carriers = []
        self._invalidate()
        self._painted = []

    def advance_by(self, seconds: float) -> bool:
        """Move the pulses on; False once they have been stopped."""
        if not self.running:
            return False
        self._phase = (self._phase + seconds * self._speed) % 1.0
        looks = list(self._wires.wires.values())
        if len(looks) > MOST:
            looks = sorted(looks, key=lambda look: -look.share)[:MOST]
        self._carriers = looks
        self._invalidate()
        return True

    def boundingRect(self) -> QRectF:
        return EVERYWHERE

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if not self._carriers:
            return
        now = theme.current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(now.text if now.is_dark else now.card))
        ring = {1: now.positive, -1: now.negative, 0: now.muted}
        for look, rect in zip(self._carriers, self._painted, strict=False):
            if look.pill_rect.intersects(rect):
                continue  # the figure is worth more than the movement
            painter.setPen(QPen(QColor(ring[look.sign]), 1.5))
            painter.drawEllipse(rect.center(), RADIUS, RADIUS)

    def _invalidate(self) -> None:
        """Repaint where the pulses were and where they are."""
        for rect in self._painted:
            self.update(rect)
        reach = RADIUS + 2.0
        self._painted = []
        for number, look in enumerate(self._carriers):
            # Each wire has its own place in the cycle, by the golden ratio, so that they never run as one front.
            x, y = look.curve.at((self._phase + number * GOLDEN) % 1.0)
            rect = QRectF(QPointF(x - reach, y - reach), QPointF(x + reach, y + reach))
            self._painted.append(rect)
            self.update(rect)
