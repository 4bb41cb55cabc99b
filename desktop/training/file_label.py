"""The name of the open file, and whether it was edited since it was saved; long names lose their middle."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop import theme
from desktop.document_bridge import DocumentBridge


class FileLabel(QWidget):
    """One small line, right-aligned."""

    def __init__(self, bridge: DocumentBridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("fileLabel")
        self._bridge = bridge
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(96)
        bridge.path_changed.connect(self._refresh)
        bridge.clean_changed.connect(lambda _clean: self._refresh())
        theme.hub().changed.connect(self.update)
        self._refresh()

    @property
    def text(self) -> str:
        """What is shown, unless it is too long."""
        return self._text

    def sizeHint(self) -> QSize:
        return QSize(round(QFontMetricsF(self._small()).horizontalAdvance(self._text)) + 2, 15)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self._small())
        painter.setPen(QColor(theme.current().muted))
        metrics = QFontMetricsF(painter.font())
        text = metrics.elidedText(self._text, Qt.TextElideMode.ElideMiddle, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()

    def _refresh(self) -> None:
        path = self._bridge.path
        name = "not saved yet" if path is None else path.name
        edited = "" if self._bridge.is_clean else " · edited"
        self._text = name + edited
        self.setToolTip("" if path is None else str(path))
        self.setAccessibleName(f"File: {self._text}")
        self.updateGeometry()
        self.update()

    def _small(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(11)
        return font
