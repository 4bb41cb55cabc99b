"""The cards of the gallery in a grid, as many columns as fit."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from core.templates import TemplateInfo
from desktop.choosable import neighbour
from desktop.gallery.card import TEXT_HEIGHT, TemplateCard, picture_height

_GAP = 16
_LEAST_WIDTH = 232


class CardGrid(QWidget):
    """Cards in the order of teaching; ``search`` leaves those that match."""

    activated = Signal(str)
    focus_moved = Signal(QWidget)
    left_upwards = Signal()

    def __init__(self, infos: tuple[TemplateInfo, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards = [self._card(info) for info in infos]
        self.shown = list(self.cards)

    def search(self, text: str) -> None:
        """Show the cards that have every word of the text in their title, goal, key or category."""
        words = text.casefold().split()
        self.shown = [card for card in self.cards if _matches(card.info, words)]
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

    def _arrange(self) -> None:
        columns = max(1, (self.width() + _GAP) // (_LEAST_WIDTH + _GAP))
        width = (self.width() + _GAP) // columns - _GAP
        height = picture_height(width) + TEXT_HEIGHT
        for at, card in enumerate(self.shown):
            row, column = divmod(at, columns)
            card.setGeometry(column * (width + _GAP), row * (height + _GAP), width, height)
        self.setMinimumHeight(-(-len(self.shown) // columns) * (height + _GAP) + _GAP)

    def _move_focus(self, card: TemplateCard, dx: int, dy: int) -> None:
        target = neighbour(self.shown, card, dx, dy)
        if target is not None:
            target.setFocus()
            self.focus_moved.emit(target)
        elif dx < 0 or dy < 0:
            self.left_upwards.emit()


def _matches(info: TemplateInfo, words: list[str]) -> bool:
    text = f"{info.title} {info.goal} {info.key} {info.category}".casefold()
    return all(word in text for word in words)
