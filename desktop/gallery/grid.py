"""The cards of the gallery in a grid under their headings, as many columns as fit."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from core.templates import TemplateInfo
from desktop.gallery.card import CARD_HEIGHT, TemplateCard

_GAP = 16
_LEAST_WIDTH = 232
_HEADING = 30


class CardGrid(QWidget):
    """Cards by category; ``search`` leaves those that match, without headings."""

    activated = Signal(str)
    focus_moved = Signal(QWidget)
    left_upwards = Signal()

    def __init__(self, infos: tuple[TemplateInfo, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards = [self._card(info) for info in infos]
        self.shown = list(self.cards)
        self._headings = {category: self._heading(category) for category in dict.fromkeys(i.category for i in infos)}
        self._by_category = True

    def search(self, text: str) -> None:
        """Show the cards that have every word of the text in their title, goal, key or category."""
        words = text.casefold().split()
        self.shown = [card for card in self.cards if _matches(card.info, words)]
        self._by_category = not words
        for card in self.cards:
            card.setVisible(card in self.shown)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    def _card(self, info: TemplateInfo) -> TemplateCard:
        card = TemplateCard(info, self)
        card.activated.connect(self.activated)
        card.neighbour_wanted.connect(lambda dx, dy, card=card: self._move_focus(card, dx, dy))
        return card

    def _heading(self, category: str) -> QLabel:
        heading = QLabel(category.upper(), self)
        heading.setProperty("textRole", "heading")
        return heading

    def _arrange(self) -> None:
        columns = max(1, (self.width() + _GAP) // (_LEAST_WIDTH + _GAP))
        width = (self.width() + _GAP) // columns - _GAP
        y = 0
        for heading in self._headings.values():
            heading.hide()
        for category, cards in self._sections():
            if category is not None:
                heading = self._headings[category]
                heading.setGeometry(0, y, self.width(), _HEADING)
                heading.show()
                y += _HEADING
            for at, card in enumerate(cards):
                row, column = divmod(at, columns)
                card.setGeometry(column * (width + _GAP), y + row * (CARD_HEIGHT + _GAP), width, CARD_HEIGHT)
            y += -(-len(cards) // columns) * (CARD_HEIGHT + _GAP) + 6
        self.setMinimumHeight(y)

    def _sections(self) -> list[tuple[str | None, list[TemplateCard]]]:
        if not self._by_category:
            return [(None, self.shown)]
        return [(name, [card for card in self.shown if card.info.category == name]) for name in self._headings]

    def _move_focus(self, card: TemplateCard, dx: int, dy: int) -> None:
        if dx:
            at = self.shown.index(card) + dx
            target = self.shown[at] if 0 <= at < len(self.shown) else None
        else:
            beyond = [other for other in self.shown if (other.y() - card.y()) * dy > 0]
            target = min(beyond, key=lambda other: (abs(other.y() - card.y()), abs(other.x() - card.x())), default=None)
        if target is not None:
            target.setFocus()
            self.focus_moved.emit(target)
        elif dx < 0 or dy < 0:
            self.left_upwards.emit()


def _matches(info: TemplateInfo, words: list[str]) -> bool:
    text = f"{info.title} {info.goal} {info.key} {info.category}".casefold()
    return all(word in text for word in words)
