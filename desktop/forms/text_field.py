"""A text in a form, confirmed by Enter or by leaving the field; Escape brings back what was there.

Where the text is a list of names, the field offers the names there are in a menu (arrow down), in which they are ticked.
"""

from collections.abc import Iterable
from functools import partial
from importlib import resources

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QIcon, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QMenu, QToolButton, QWidget

from desktop.forms.focus import give_back, is_for_the_document

MOST_OFFERED = 60
"""A menu with more entries than this fills the screen; what is not in it can be typed."""


class TextField(QLineEdit):
    """Asks by ``committed``; shows what it is told."""

    committed = Signal(str)

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(title)
        self._value: str | None = ""
        self._hint = ""
        self._offered: tuple[str, ...] = ()
        self._menu_action: QAction | None = None
        self.editingFinished.connect(self._commit)

    @property
    def value(self) -> str | None:
        """The text that the field was last told; None where several differ."""
        return self._value

    def set_value(self, value: str | None) -> None:
        """Show a text; None is shown as an empty field, "several"."""
        self._value = value
        if not (self.hasFocus() and self.isModified()):
            self._show()

    def offer(self, names: Iterable[str], hint: str) -> None:
        """Offer names to make a list of, and say in the empty field what it stands for."""
        self._hint, self._offered = hint, tuple(names)[:MOST_OFFERED]
        if self._offered and self._menu_action is None:
            self._menu_action = self._add_menu_button()
        if self._menu_action is not None:
            self._menu_action.setVisible(bool(self._offered))
        if self._value is not None:
            self.setPlaceholderText(hint)

    def offer_menu(self) -> QMenu:
        """A fresh menu of the names on offer, with those ticked that are in the list; the first entry empties it."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        taken = _names(self._value or "")
        everything = menu.addAction("All")
        everything.setCheckable(True)
        everything.setChecked(not taken)
        everything.triggered.connect(partial(self._ask, ""))
        menu.addSeparator()
        for name in self._offered:
            entry = menu.addAction(name.replace("&", "&&"))
            entry.setCheckable(True)
            entry.setChecked(name in taken)
            entry.triggered.connect(partial(self._toggle, name))
        return menu

    def event(self, event: QEvent) -> bool:
        if is_for_the_document(self, event):
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._show()
            give_back(self)
        elif event.key() == Qt.Key.Key_Down and self._offered:
            self._open_menu()
        else:
            super().keyPressEvent(event)
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                give_back(self)

    def _commit(self) -> None:
        if self.isModified():
            text = self.text().strip()
            self.setModified(False)
            self._ask(text)

    def _ask(self, text: str) -> None:
        if text != self._value:
            self.committed.emit(text)
        self._show()

    def _toggle(self, name: str) -> None:
        taken = _names(self._value or "")
        rest = [other for other in taken if other != name]
        self._ask(", ".join(rest if name in taken else [*taken, name]))

    def _show(self) -> None:
        self.setText(self._value or "")
        self.setPlaceholderText("several" if self._value is None else self._hint)
        self.setModified(False)

    def _add_menu_button(self) -> QAction:
        icon = QIcon(str(resources.files("resources") / "icons" / "chevron-down.svg"))
        action = self.addAction(icon, QLineEdit.ActionPosition.TrailingPosition)
        action.setText(f"Choose {self.accessibleName().lower()}")
        action.triggered.connect(self._open_menu)
        for button in self.findChildren(QToolButton):
            button.setAccessibleName(action.text())
            button.setToolTip(action.text())
        return action

    def _open_menu(self) -> None:
        menu = self.offer_menu()
        menu.setMinimumWidth(self.width())
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]
