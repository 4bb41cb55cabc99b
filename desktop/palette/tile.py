"""One tile of the palette: a kind's glyph over its title, to be dragged, double-clicked, or reached by keys."""

import math

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QDrag,
    QFont,
    QFontMetricsF,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QApplication, QWidget

from core.catalogue.kind import NodeKind
from desktop import theme
from desktop.choosable import Choosable
from desktop.formula.plain import plain_formula
from desktop.kinds.drag import drag_pixmap, kind_mime
from desktop.kinds.glyph import paint_glyph

HEIGHT = 54
_GLYPH = 22.0
_MARGIN = 2
_CENTER = Qt.AlignmentFlag.AlignCenter


class KindTile(Choosable):
    """A tile that stands for ``kind``; ``activated`` asks for a node of it, ``neighbour_wanted`` moves the focus by (dx, dy)."""

    def __init__(self, kind: NodeKind, parent: QWidget | None = None) -> None:
        super().__init__(kind.key, parent)
        self.kind = kind
        self._pressed_at: QPoint | None = None
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setObjectName(f"kindTile-{kind.key}")
        self.setAccessibleName(kind.title)
        self.setAccessibleDescription(kind.help)
        self.setToolTip(_tip(kind))

    def sizeHint(self) -> QSize:
        return QSize(58, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lit = self.underMouse() or self.hasFocus()
        painter.setPen(QPen(QColor(colors.accent if self.hasFocus() else colors.line), 1.5 if self.hasFocus() else 1.0))
        painter.setBrush(QColor(colors.raised if lit else colors.card))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.75, 0.75, -0.75, -0.75), 6, 6)
        lines = self._title_lines()
        glyph = QRectF((self.width() - _GLYPH) / 2, 9 if len(lines) == 1 else 4, _GLYPH, _GLYPH)
        paint_glyph(painter, glyph, self.kind, colors.accent)
        painter.setPen(QColor(colors.text))
        painter.setFont(self._title_font(lines))
        metrics = QFontMetricsF(painter.font())
        for number, line in enumerate(lines):
            text = metrics.elidedText(line, Qt.TextElideMode.ElideRight, self.width() - 2 * _MARGIN)
            top = 34 if len(lines) == 1 else 26 + 12 * number
            painter.drawText(QRectF(0, top, self.width(), 16 if len(lines) == 1 else 12), _CENTER, text)
        painter.end()

    def title_width(self) -> int:
        """How wide the tile must be so that its title is not cut, in one line or in two."""
        return math.ceil(min(_width(self.font(), lines) for lines in _splits(self.kind.title)) + 2 * _MARGIN)

    def _title_lines(self) -> tuple[str, ...]:
        """The title in one line if that fits, else in the two lines that are narrowest."""
        whole, *halves = _splits(self.kind.title)
        if not halves or _width(self.font(), whole) <= self.width() - 2 * _MARGIN:
            return whole
        return min(halves, key=lambda lines: _width(self.font(), lines))

    def _title_font(self, lines: tuple[str, ...]) -> QFont:
        """As large as one line may be, unless the title then needs more room than there is."""
        roomy = _title_font(self.font(), large=True)
        fits = QFontMetricsF(roomy).horizontalAdvance(lines[0]) <= self.width() - 2 * _MARGIN
        return roomy if len(lines) == 1 and fits else _title_font(self.font(), large=False)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed_at is None:
            return
        moved = (event.position().toPoint() - self._pressed_at).manhattanLength()
        if moved >= QApplication.startDragDistance():
            self._pressed_at = None
            self._drag()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = None

    def _drag(self) -> None:
        drag = QDrag(self)
        drag.setMimeData(kind_mime(self.kind))
        pixmap = drag_pixmap(self.kind, self)
        drag.setPixmap(pixmap)
        size = pixmap.deviceIndependentSize()
        drag.setHotSpot(QPoint(round(size.width() / 2), round(size.height()) + 12))  # what is aimed at stays in sight
        drag.exec(Qt.DropAction.CopyAction)
        drag.deleteLater()


def _splits(title: str) -> list[tuple[str, ...]]:
    """The title in one line, and cut in two at every space and hyphen."""
    cuts = [at + (title[at] == "-") for at, letter in enumerate(title) if letter in " -"]
    return [(title,), *((title[:at].strip(), title[at:].strip()) for at in cuts)]


def _width(font: QFont, lines: tuple[str, ...]) -> float:
    metrics = QFontMetricsF(_title_font(font, large=False))
    return max(metrics.horizontalAdvance(line) for line in lines)


def _title_font(font: QFont, *, large: bool) -> QFont:
    small = QFont(font)
    small.setPixelSize(11 if large else 10)
    small.setStretch(100 if large else 94)
    return small


def _tip(kind: NodeKind) -> str:
    return f"<p><b>{kind.title}</b></p><p>{kind.help}</p><p><i>{plain_formula(kind.formula)}</i></p>"
