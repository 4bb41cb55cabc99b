"""One card of the gallery: a picture of the network, its title, what it is good for, and what it costs."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QTextLayout,
)
from PySide6.QtWidgets import QWidget

from core.templates import TemplateInfo
from desktop import theme
from desktop.choosable import Choosable
from desktop.theme import FONT_PIXELS

TEXT_HEIGHT = 114
_PICTURE_SHARE = 0.58
"""Height of the picture as a share of the card's width."""
_PAD = 14.0
_RADIUS = 10.0
_BUTTON = (58.0, 26.0)
_GOAL_LINES = 3


class TemplateCard(Choosable):
    """A template to choose: a click focuses it, a double-click, Enter or its button opens it."""

    def __init__(self, info: TemplateInfo, parent: QWidget | None = None) -> None:
        super().__init__(info.key, parent)
        self.info = info
        self._picture: QPixmap | None = None
        self._cost = _seconds_text(info.seconds)
        self.setObjectName(f"template-{info.key}")
        self.setAccessibleName(info.title)
        self.setAccessibleDescription(info.goal)
        self.setToolTip(info.goal)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @property
    def has_picture(self) -> bool:
        """Whether its picture has been made."""
        return self._picture is not None

    def set_picture(self, picture: QPixmap | None) -> None:
        """Show a picture of the network, or room for one."""
        self._picture = picture
        self.update()

    def set_parameter_count(self, count: int) -> None:
        """Say how large the network is."""
        noun = "parameter" if count == 1 else "parameters"
        self._cost = f"{count:,} {noun} · {_seconds_text(self.info.seconds)}"
        self.update()

    def picture_size(self) -> QSize:
        """The room for the picture, in logical pixels."""
        return QSize(self.width() - 2, picture_height(self.width()))

    def button_rect(self) -> QRectF:
        """Where the button lies that opens the template with one click."""
        return QRectF(self.width() - _PAD - _BUTTON[0], self.height() - _PAD + 4 - _BUTTON[1], *_BUTTON)

    def sizeHint(self) -> QSize:
        return QSize(248, picture_height(248) + TEXT_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.current()
        near = self.hasFocus() or self.underMouse()
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        outline = QPainterPath()
        outline.addRoundedRect(frame, _RADIUS, _RADIUS)
        painter.fillPath(outline, QColor(colors.card))
        self._paint_picture(painter, outline)
        self._paint_texts(painter)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(colors.accent if near else colors.line), 2.0 if self.hasFocus() else 1.0))
        painter.drawPath(outline)
        painter.end()

    def _paint_picture(self, painter: QPainter, outline: QPainterPath) -> None:
        colors = theme.current()
        room = QRectF(1, 1, self.width() - 2, picture_height(self.width()))
        painter.save()
        painter.setClipPath(outline)
        painter.fillRect(room, QColor(colors.ground))
        if self._picture is not None:
            painter.drawPixmap(room.topLeft(), self._picture)
        painter.restore()
        painter.setFont(_font(self.font(), FONT_PIXELS["tiny"]))
        painter.setPen(QColor(colors.muted))
        painter.drawText(QPointF(_PAD, 22), self.info.category)
        painter.setPen(QPen(QColor(colors.line), 1.0))
        painter.drawLine(QPointF(1, room.bottom() + 0.5), QPointF(self.width() - 1, room.bottom() + 0.5))

    def _paint_texts(self, painter: QPainter) -> None:
        colors = theme.current()
        width, top = self.width() - 2 * _PAD, picture_height(self.width())
        painter.setFont(_font(self.font(), FONT_PIXELS["large"], QFont.Weight.DemiBold))
        painter.setPen(QColor(colors.text))
        title = QFontMetricsF(painter.font()).elidedText(self.info.title, Qt.TextElideMode.ElideRight, width)
        painter.drawText(QPointF(_PAD, top + 25), title)
        painter.setPen(QColor(colors.muted))
        font = _font(self.font(), FONT_PIXELS["small"])
        painter.setFont(font)
        for number, line in enumerate(_wrapped(self.info.goal, font, width, _GOAL_LINES)):
            painter.drawText(QPointF(_PAD, top + 45 + 16 * number), line)
        painter.setFont(_font(self.font(), FONT_PIXELS["tiny"]))
        painter.drawText(QPointF(_PAD, self.height() - 14), self._cost)
        if self.hasFocus() or self.underMouse():
            self._paint_button(painter)

    def _paint_button(self, painter: QPainter) -> None:
        colors = theme.current()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.accent))
        painter.drawRoundedRect(self.button_rect(), 6, 6)
        painter.setPen(QColor(colors.on_accent))
        painter.setFont(_font(self.font(), FONT_PIXELS["small"], QFont.Weight.DemiBold))
        painter.drawText(self.button_rect(), Qt.AlignmentFlag.AlignCenter, "Open")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.button_rect().contains(event.position()):
            self.activated.emit(self.info.key)


def picture_height(width: int) -> int:
    """How high the picture of a card of this width is."""
    return round(width * _PICTURE_SHARE)


def _seconds_text(seconds: float) -> str:
    """ "4 s to learn"."""
    return f"{max(1, round(seconds))} s to learn"


def _font(base: QFont, pixels: float, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    font = QFont(base)
    font.setPixelSize(round(pixels))
    font.setWeight(weight)
    return font


def _wrapped(text: str, font: QFont, width: float, most: int) -> list[str]:
    """The text in at most ``most`` lines; the last one ends in an ellipsis where something is left out."""
    layout = QTextLayout(text, font)
    layout.beginLayout()
    starts: list[int] = []
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        starts.append(line.textStart())
    layout.endLayout()
    lines = [text[start:end].strip() for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]
    if len(lines) > most:
        rest = " ".join(lines[most - 1 :])
        lines = [*lines[: most - 1], QFontMetricsF(font).elidedText(rest, Qt.TextElideMode.ElideRight, width)]
    return lines
