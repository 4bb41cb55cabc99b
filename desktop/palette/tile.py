"""One tile of the palette: a kind's glyph over its title, to be dragged, double-clicked, or reached by keys."""

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDrag,
    QEnterEvent,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QApplication, QWidget

from core.catalogue.kind import NodeKind
from desktop import theme
from desktop.formula.plain import plain_formula
from desktop.palette.drag import drag_pixmap, kind_mime
from desktop.palette.glyph import paint_glyph

HEIGHT = 54
_GLYPH = 22.0


class KindTile(QWidget):
    """A tile that stands for ``kind``; ``activated`` asks for a node of it, ``neighbour_wanted`` moves the focus by (dx, dy)."""

    activated = Signal(str)
    neighbour_wanted = Signal(int, int)

    def __init__(self, kind: NodeKind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = kind
        self._pressed_at: QPoint | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
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
        glyph = QRectF((self.width() - _GLYPH) / 2, 9, _GLYPH, _GLYPH)
        paint_glyph(painter, glyph, self.kind, colors.accent)
        self._paint_title(painter)
        painter.end()

    def _paint_title(self, painter: QPainter) -> None:
        font = QFont(self.font())
        font.setPixelSize(11)
        metrics = QFontMetricsF(font)
        room = self.width() - 6.0
        if metrics.horizontalAdvance(self.kind.title) > room:
            font.setStretch(max(80, int(100 * room / metrics.horizontalAdvance(self.kind.title))))
            metrics = QFontMetricsF(font)
        painter.setFont(font)
        painter.setPen(QColor(theme.current().text))
        text = metrics.elidedText(self.kind.title, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(3, 34, room, 16), Qt.AlignmentFlag.AlignCenter, text)

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

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.activated.emit(self.kind.key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, -1),
            Qt.Key.Key_Down: (0, 1),
        }
        key = Qt.Key(event.key())
        if key in steps:
            self.neighbour_wanted.emit(*steps[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.activated.emit(self.kind.key)
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()

    def _drag(self) -> None:
        drag = QDrag(self)
        drag.setMimeData(kind_mime(self.kind))
        pixmap = drag_pixmap(self.kind, self)
        drag.setPixmap(pixmap)
        drag.setHotSpot(QPoint(round(pixmap.deviceIndependentSize().width() / 2), 18))
        drag.exec(Qt.DropAction.CopyAction)
        drag.deleteLater()


def _tip(kind: NodeKind) -> str:
    return f"<p><b>{kind.title}</b></p><p>{kind.help}</p><p><i>{plain_formula(kind.formula)}</i></p>"
