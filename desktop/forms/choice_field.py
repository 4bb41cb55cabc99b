"""One of several, in a form: a box of titles that stand for keys, and that the mouse wheel cannot change by accident."""

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter, QWidget

LIST_MARGIN = 24
"""Room in the list beside its titles."""


class ChoiceField(QComboBox):
    """Asks by ``committed`` for the key that a person chose; shows what it is told."""

    committed = Signal(str)

    def __init__(self, title: str, choices: Iterable[tuple[str, str]], parent: QWidget | None = None) -> None:
        """``choices`` are (key, title) pairs."""
        super().__init__(parent)
        self.setAccessibleName(title)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(5)
        self.setMaxVisibleItems(20)
        self._choices: list[tuple[str, str]] = []
        self._value: str | None = None
        self.set_choices(choices)
        self.activated.connect(self._commit)

    @property
    def value(self) -> str | None:
        """The key that the field was last told; None where several differ."""
        return self._value

    def set_choices(self, choices: Iterable[tuple[str, str]]) -> None:
        """Offer these (key, title) pairs, if they are others than before."""
        fresh = list(choices)
        if fresh != self._choices:
            self._choices = fresh
            self.clear()
            for key, text in fresh:
                self.addItem(text, key)

    def set_value(self, key: str | None) -> None:
        """Show a choice; a key that is not among them is shown as it is, None as "several"."""
        self._value = key
        at = -1 if key is None else self.findData(key)
        if key is not None and at < 0:
            self.addItem(key, key)
            at = self.count() - 1
        self.setPlaceholderText("several" if key is None else "")
        self.setCurrentIndex(at)

    def choose(self, key: str) -> None:
        """Do what a person does who picks this key."""
        at = self.findData(key)
        if at >= 0:
            self.setCurrentIndex(at)
            self._commit(at)

    def showPopup(self) -> None:
        """The list is as wide as its longest title."""
        view = self.view()
        view.setMinimumWidth(view.sizeHintForColumn(0) + 2 * view.contentsMargins().left() + LIST_MARGIN)
        super().showPopup()

    def paintEvent(self, event: QPaintEvent) -> None:
        """As a box paints itself, with dots where the title is too long."""
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        style = self.style()
        room = style.subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        text = option.currentText or self.placeholderText()
        option.currentText = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width() - 2)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def _commit(self, at: int) -> None:
        key = self.itemData(at)
        if key != self._value:
            self.committed.emit(key)
