"""OverlayItem: what a gesture shows while it lasts, above everything: the wire in hand, lit ports, the rubber band."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from desktop import theme
from desktop.canvas.wire_curve import WireCurve
from desktop.canvas.wire_item import EVERYWHERE

LIT = 9.0


@dataclass(frozen=True)
class Hints:
    """What to show: nothing by default. ``verdict`` of the wire in hand: True fits, False does not, None is in the air."""

    wire: WireCurve | None = None
    verdict: bool | None = None
    ports: tuple[tuple[float, float], ...] = ()
    snapped: tuple[float, float] | None = None
    band: QRectF | None = None
    target_wire: WireCurve | None = None


class OverlayItem(QGraphicsItem):
    """Paints the hints of the gesture that is under way."""

    def __init__(self) -> None:
        super().__init__()
        self._hints = Hints()
        self.setZValue(100.0)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    @property
    def hints(self) -> Hints:
        """What is shown now."""
        return self._hints

    def show_hints(self, hints: Hints | None = None) -> None:
        """Show these hints, or none."""
        fresh = hints or Hints()
        if fresh != self._hints:
            self._hints = fresh
            self.update()

    def boundingRect(self) -> QRectF:
        return EVERYWHERE

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        hints, now = self._hints, theme.current()
        if hints == Hints():
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if hints.band is not None:
            fill = QColor(now.accent)
            fill.setAlpha(28)
            pen = QPen(QColor(now.accent), 1.0)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.fillRect(hints.band, fill)
            painter.drawRect(hints.band)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if hints.target_wire is not None:
            self._paint_target(painter, hints.target_wire)
        self._paint_ports(painter, hints)
        if hints.wire is not None:
            colors = {True: now.accent, False: now.error, None: now.text}
            pen = QPen(QColor(colors[hints.verdict]), 2.5)
            if hints.verdict is False:
                pen.setStyle(Qt.PenStyle.DashLine)
            painter.setPen(pen)
            painter.drawPath(hints.wire.path)

    def _paint_target(self, painter: QPainter, curve: WireCurve) -> None:
        """The wire that takes in what is dragged: broad and with lit ends, for the thing dragged hides its middle."""
        halo = QColor(theme.current().accent)
        painter.setPen(QPen(halo, 6.0))
        painter.drawPath(curve.path)
        halo.setAlpha(70)
        painter.setPen(QPen(halo, 20.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawPath(curve.path)
        self._paint_ports(painter, Hints(ports=(curve.start, curve.end)))

    def _paint_ports(self, painter: QPainter, hints: Hints) -> None:
        now = theme.current()
        halo = QColor(now.accent)
        halo.setAlpha(70)
        for place in hints.ports:
            point = QPointF(*place)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(halo)
            painter.drawEllipse(point, LIT + 3, LIT + 3)
            painter.setBrush(QColor(now.accent))
            painter.drawEllipse(point, LIT - 3, LIT - 3)
        if hints.snapped is not None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(now.error if hints.verdict is False else now.accent), 2.5))
            painter.drawEllipse(QPointF(*hints.snapped), LIT + 2, LIT + 2)
        painter.setBrush(Qt.BrushStyle.NoBrush)
