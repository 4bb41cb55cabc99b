"""The buttons of the training bar, painted: one filled round one that starts and pauses, square ones beside it."""

import math

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QColor, QEnterEvent, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QWidget

from desktop import theme

ROUND = 36
SQUARE = 30

STEP, STOP, RESET = "step", "stop", "reset"


class _PaintedButton(QAbstractButton):
    """A flat button that follows an action and repaints itself where the pointer or the theme changes."""

    def __init__(self, action: QAction, size: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(size, size)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.action: QAction | None = None
        self.follow(action)
        self.clicked.connect(self._trigger)
        theme.hub().changed.connect(self.update)

    def follow(self, action: QAction) -> None:
        """Stand for this action from now on."""
        if self.action is action:
            return
        if self.action is not None:
            self.action.changed.disconnect(self._refresh)
        self.action = action
        action.changed.connect(self._refresh)
        self._refresh()

    def sizeHint(self) -> QSize:
        return self.size()

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self.update()

    def _trigger(self) -> None:
        if self.action is not None:
            self.action.trigger()

    def _refresh(self) -> None:
        assert self.action is not None
        self.setEnabled(self.action.isEnabled())
        self.setToolTip(self.action.toolTip())
        self.setAccessibleName(self.action.text().replace("&", ""))
        self.update()


class PlayButton(_PaintedButton):
    """The round button: a triangle that starts, or two bars that pause."""

    def __init__(self, start: QAction, pause: QAction, parent: QWidget | None = None) -> None:
        super().__init__(start, ROUND, parent)
        self.setObjectName("playButton")
        self._start, self._pause = start, pause

    def set_running(self, running: bool) -> None:
        """Be the pause button while a run is going."""
        self.follow(self._pause if running else self._start)

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill, ink = QColor(colors.accent), QColor(colors.on_accent if colors.name != "dark" else colors.text)
        if not self.isEnabled():
            fill, ink = QColor(colors.raised), QColor(colors.muted)
        elif self.isDown():
            fill = fill.darker(112)
        elif self.underMouse():
            fill = fill.lighter(108)
        painter.setPen(QPen(QColor(colors.text), 1.5) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawEllipse(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        middle = QRectF(self.rect()).center()
        if self.action is self._pause:
            for x in (-5.5, 1.5):
                painter.drawRoundedRect(QRectF(middle.x() + x, middle.y() - 6.5, 4, 13), 1, 1)
        else:
            painter.drawPath(_triangle(middle))
        painter.end()


class SquareButton(_PaintedButton):
    """A square button with a line drawing: step, stop or reset."""

    def __init__(self, action: QAction, picture: str, parent: QWidget | None = None) -> None:
        super().__init__(action, SQUARE, parent)
        self.setObjectName(f"{picture}Button")
        self._picture = picture

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lit = self.isEnabled() and (self.underMouse() or self.isDown())
        painter.setPen(QPen(QColor(colors.accent if self.hasFocus() else colors.line), 1))
        painter.setBrush(QColor(colors.raised if lit else colors.card))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        ink = QColor(colors.text if self.isEnabled() else colors.muted)
        painter.setOpacity(1.0 if self.isEnabled() else 0.5)
        painter.translate(QRectF(self.rect()).center())
        _PICTURES[self._picture](painter, ink)
        painter.end()


def _triangle(middle: QPointF) -> QPainterPath:
    path = QPainterPath()
    path.addPolygon(QPolygonF([middle + QPointF(x, y) for x, y in ((-4.5, -7), (7, 0), (-4.5, 7))]))
    path.closeSubpath()
    return path


def _paint_step(painter: QPainter, ink: QColor) -> None:
    painter.setPen(_line(ink))
    painter.setBrush(ink)
    painter.drawPolygon(QPolygonF([QPointF(-5, -5), QPointF(2, 0), QPointF(-5, 5)]))
    painter.drawLine(QPointF(5, -5), QPointF(5, 5))


def _paint_stop(painter: QPainter, ink: QColor) -> None:
    painter.setPen(_line(ink))
    painter.setBrush(ink)
    painter.drawRoundedRect(QRectF(-4.5, -4.5, 9, 9), 1, 1)


def _paint_reset(painter: QPainter, ink: QColor) -> None:
    painter.setPen(_line(ink))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    radius, start = 5.6, 130.0
    painter.drawArc(QRectF(-radius, -radius, 2 * radius, 2 * radius), round(16 * start), -16 * 295)
    at = math.radians(start)
    tip = QPointF(radius * math.cos(at), -radius * math.sin(at))
    for turn in (-50.0, 40.0):  # the head points against the clock
        back = at - math.pi / 2 + math.radians(turn)
        painter.drawLine(tip, tip + QPointF(4.2 * math.cos(back), -4.2 * math.sin(back)))


def _line(ink: QColor) -> QPen:
    pen = QPen(ink, 1.5)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


_PICTURES = {STEP: _paint_step, STOP: _paint_stop, RESET: _paint_reset}
