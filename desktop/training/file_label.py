"""The name of the open file, and whether it was edited since it was saved; a long name loses its middle."""

from math import ceil

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop import theme
from desktop.document_bridge import DocumentBridge

UNNAMED = "not saved yet"
EDITED = " · edited"
_WIDEST = 240


class FileLabel(QWidget):
    """One small line, right-aligned."""

    def __init__(self, bridge: DocumentBridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("fileLabel")
        self._bridge = bridge
        self._name = ""
        self._edited = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        bridge.path_changed.connect(self._refresh)
        bridge.clean_changed.connect(lambda _clean: self._refresh())
        theme.hub().changed.connect(self.update)
        self._refresh()

    @property
    def text(self) -> str:
        """What is shown, unless it is too long."""
        return self._name + self._edited

    def sizeHint(self) -> QSize:
        """Room for the name, whether it is edited or not, so that nothing moves with the first edit."""
        return QSize(min(_WIDEST, max(self._width(self._name + EDITED), self.minimumSizeHint().width())), 15)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._width(UNNAMED + EDITED), 15)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self._small())
        painter.setPen(QColor(theme.current().muted))
        metrics = QFontMetricsF(painter.font())
        room = self.width() - metrics.horizontalAdvance(self._edited)
        name = metrics.elidedText(self._name, Qt.TextElideMode.ElideMiddle, room)
        place = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(self.rect(), place, name + self._edited)
        painter.end()

    def _refresh(self) -> None:
        path = self._bridge.path
        self._name = UNNAMED if path is None else path.name
        self._edited = "" if self._bridge.is_clean else EDITED
        self.setToolTip("" if path is None else str(path))
        self.setAccessibleName(f"File: {self.text}")
        self.updateGeometry()
        self.update()

    def _width(self, text: str) -> int:
        return ceil(QFontMetricsF(self._small()).horizontalAdvance(text)) + 2

    def _small(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(11)
        return font
