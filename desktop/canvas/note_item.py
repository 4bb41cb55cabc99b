"""Notes and frames: a tinted card with text and an arrow to what it speaks of, and a titled rectangle behind nodes."""

import math
from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from core.diagram.records import Frame, Note
from desktop import theme
from desktop.canvas import fonts
from desktop.canvas.node_painter import mixed
from desktop.theme import NOTE_HUE

PAD = 13.0
CORNER = 7.0
ARROW = 7.0
WRAP = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
Places = Callable[[str], QRectF | None]
"""Node id -> its body in the scene, or None."""


class NoteItem(QGraphicsItem):
    """A note; its position is the upper left corner."""

    def __init__(self, note: Note, places: Places) -> None:
        super().__init__()
        self.key = note.id
        self.note = note
        self._places = places
        self._selected = False
        self._arrow_end: QPointF | None = None
        self.setZValue(20.0)
        self.set_note(note)

    @property
    def body(self) -> QRectF:
        """The card in scene coordinates; it grows with its text."""
        return self._card().translated(self.pos())

    def set_note(self, note: Note) -> None:
        """Show another version of the note."""
        self.prepareGeometryChange()
        self.note = note
        self.setPos(*note.position)
        self.point()

    def point(self) -> None:
        """Find the end of the arrow anew: the note or its node has moved."""
        end = None
        if self.note.target is not None and (place := self._places(self.note.target)) is not None:
            end = _edge_towards(place, self.body.center()) - self.pos()
        if end != self._arrow_end:
            self.prepareGeometryChange()
            self._arrow_end = end
        self.update()

    def set_selected(self, selected: bool) -> None:
        """Ring the note as selected, or not."""
        self._selected = selected
        self.update()

    def _card(self) -> QRectF:
        width, height = self.note.size
        room = QRectF(0, 0, width - 2 * PAD, 10_000)
        needed = fonts.metrics(fonts.NORMAL).boundingRect(room, int(WRAP), self.note.text or " ").height()
        return QRectF(0, 0, width, max(height, needed + 2 * PAD - 4))

    def boundingRect(self) -> QRectF:
        rect = self._card()
        if self._arrow_end is not None:
            # Not united with a rectangle of no size: Qt takes that for none.
            x, y = self._arrow_end.x(), self._arrow_end.y()
            left, top = min(rect.left(), x), min(rect.top(), y)
            rect = QRectF(left, top, max(rect.right(), x) - left, max(rect.bottom(), y) - top)
        return rect.adjusted(-ARROW, -ARROW, ARROW, ARROW)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        now = theme.current()
        card = self._card()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._arrow_end is not None:
            _paint_arrow(
                painter, _edge_towards(card, self._arrow_end), self._arrow_end, mixed(NOTE_HUE, now.ground, 0.3)
            )
        edge = QColor(now.accent) if self._selected else mixed(NOTE_HUE, now.ground, 0.7)
        painter.setPen(QPen(edge, 2.0 if self._selected else 1.0))
        painter.setBrush(mixed(now.ground, NOTE_HUE, 0.16))
        painter.drawRoundedRect(card, CORNER, CORNER)
        painter.setFont(fonts.font(fonts.NORMAL))
        painter.setPen(QColor(now.text))
        painter.drawText(card.adjusted(PAD, 2, -PAD, -2), int(WRAP), self.note.text)


class FrameItem(QGraphicsItem):
    """A frame; its position is the upper left corner, and it is taken hold of by its title."""

    TITLE = 26.0

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self.key = frame.id
        self.frame = frame
        self._selected = False
        self.setZValue(-20.0)
        self.set_frame(frame)

    @property
    def body(self) -> QRectF:
        """The strip of the title in scene coordinates: where the frame can be taken hold of."""
        return QRectF(self.pos().x(), self.pos().y(), self.frame.size[0], self.TITLE)

    def set_frame(self, frame: Frame) -> None:
        """Show another version of the frame."""
        self.prepareGeometryChange()
        self.frame = frame
        self.setPos(*frame.position)
        self.update()

    def set_selected(self, selected: bool) -> None:
        """Ring the frame as selected, or not."""
        self._selected = selected
        self.update()

    def boundingRect(self) -> QRectF:
        return QRectF(-2, -2, self.frame.size[0] + 4, self.frame.size[1] + 4)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        now = theme.current()
        rect = QRectF(0, 0, *self.frame.size)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(now.accent if self._selected else now.line), 2.0 if self._selected else 1.2))
        painter.setBrush(mixed(now.ground, now.raised, 0.45))
        painter.drawRoundedRect(rect, 11.0, 11.0)
        painter.setFont(fonts.font(fonts.SMALL, bold=True))
        painter.setPen(QColor(now.muted))
        title = fonts.metrics(fonts.SMALL, True).elidedText(
            self.frame.title, Qt.TextElideMode.ElideRight, rect.width() - 24
        )
        painter.drawText(QRectF(12, 0, rect.width() - 24, self.TITLE), Qt.AlignmentFlag.AlignVCenter, title)


def _edge_towards(rect: QRectF, point: QPointF) -> QPointF:
    """Where the line from the middle of a rectangle to a point leaves the rectangle."""
    middle = rect.center()
    dx, dy = point.x() - middle.x(), point.y() - middle.y()
    if dx == 0 and dy == 0:
        return middle
    reach_x = rect.width() / 2 / abs(dx) if dx else math.inf
    reach_y = rect.height() / 2 / abs(dy) if dy else math.inf
    return middle + QPointF(dx, dy) * min(reach_x, reach_y, 1.0)


def _paint_arrow(painter: QPainter, start: QPointF, end: QPointF, color: QColor) -> None:
    painter.setPen(QPen(color, 1.5))
    painter.drawLine(start, end)
    angle = math.atan2(end.y() - start.y(), end.x() - start.x())
    for turn in (-0.45, 0.45):
        barb = QPointF(math.cos(angle + turn), math.sin(angle + turn)) * ARROW
        painter.drawLine(end, end - barb)
