"""A push button whose words go on to the next line where it is narrow; Qt's own only knows one line, and cuts it."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QStylePainter, QWidget

NARROWEST = 96


class WrappingButton(QPushButton):
    """As wide as its words if there is room, else as high as they need; the tip says them all."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setToolTip(text)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def minimumSizeHint(self) -> QSize:
        hint = self.sizeHint()
        return QSize(min(NARROWEST, hint.width()), hint.height())

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        more = len(self.lines(width)) - 1
        return self.sizeHint().height() + more * QFontMetrics(self.font()).lineSpacing()

    def lines(self, width: int) -> list[str]:
        """The words as they are broken in a button of this width; a word too long for a line ends in dots."""
        metrics = QFontMetrics(self.font())
        frame = self.sizeHint().width() - metrics.size(Qt.TextFlag.TextShowMnemonic.value, self.text()).width()
        room = max(1, width - frame)
        broken = [""]
        for word in self.text().split(" "):
            longer = f"{broken[-1]} {word}" if broken[-1] else word
            if not broken[-1] or metrics.horizontalAdvance(longer) <= room:
                broken[-1] = longer
            else:
                broken.append(word)
        return [metrics.elidedText(line, Qt.TextElideMode.ElideRight, room) for line in broken]

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = "\n".join(self.lines(self.width()))
        painter = QStylePainter(self)
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        painter.end()
