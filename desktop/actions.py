"""Every command of the program as one named action: id, text, keys, icon, handler.

Menus, shortcuts, tool buttons and the list of keys are all made from this one table, so a command exists once and is
found by its id (``file.save``, ``training.start``). Panels add the actions that are theirs.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QIcon, QKeySequence
from PySide6.QtWidgets import QWidget

_SEPARATOR = " or "

Shortcut = str | QKeySequence | QKeySequence.StandardKey


@dataclass(frozen=True, slots=True)
class KeyLine:
    """One line of the list of keys: what is done, and by which keys."""

    action_id: str
    text: str
    keys: str


class ActionTable(QObject):
    """The actions of one window by id; the window's keys answer for all of them."""

    def __init__(self, window: QWidget | None = None) -> None:
        super().__init__(window)
        self._window = window
        self._actions: dict[str, QAction] = {}
        self._names: dict[str, str] = {}

    def add(
        self,
        action_id: str,
        text: str,
        handler: Callable[..., object],
        shortcut: Shortcut | tuple[Shortcut, ...] | None = None,
        icon: QIcon | None = None,
        checkable: bool = False,
        tip: str = "",
    ) -> QAction:
        """Make the action of an id; ``handler`` is called without arguments, or with the new state where it is checkable.

        Raises ValueError if the id is taken: a command exists once.
        """
        if action_id in self._actions:
            raise ValueError(f"There is already an action called {action_id!r}.")
        action = QAction(text, self)
        action.setObjectName(action_id)
        action.setCheckable(checkable)
        if icon is not None:
            action.setIcon(icon)
        if shortcut is not None:
            action.setShortcuts(_sequences(shortcut))
        self._actions[action_id] = action
        self._names[action_id] = text.replace("&", "").rstrip(".…")
        self.set_tip(action_id, tip)
        if checkable:
            action.triggered.connect(lambda checked: handler(checked))
        else:
            action.triggered.connect(lambda _checked=False: handler())
        if self._window is not None:
            self._window.addAction(action)
        return action

    def action(self, action_id: str) -> QAction:
        """The action of an id. Raises KeyError with the ids that there are."""
        try:
            return self._actions[action_id]
        except KeyError:
            raise KeyError(
                f"There is no action {action_id!r}; there are: {', '.join(sorted(self._actions))}."
            ) from None

    def set_tip(self, action_id: str, tip: str) -> None:
        """Say in a tool tip what an action does, with its keys behind it."""
        action = self.action(action_id)
        text = tip or action.text().replace("&", "").rstrip(".")
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(f"{text} ({keys})" if keys else text)
        action.setStatusTip(tip)

    def keys(self) -> list[KeyLine]:
        """All commands that have keys, by id, under the names that they were added with: what the list of keys shows."""
        native = QKeySequence.SequenceFormat.NativeText
        return [
            KeyLine(
                key,
                self._names[key],
                _SEPARATOR.join(keys.toString(native) for keys in shortcuts),
            )
            for key, action in sorted(self._actions.items())
            if (shortcuts := action.shortcuts())
        ]

    def __contains__(self, action_id: object) -> bool:
        return action_id in self._actions

    def __iter__(self) -> Iterator[str]:
        return iter(self._actions)


def _sequences(shortcut: Shortcut | tuple[Shortcut, ...]) -> list[QKeySequence]:
    """Key sequences of one or many; a standard key may stand for several, and none is listed twice."""
    found: list[QKeySequence] = []
    for part in shortcut if isinstance(shortcut, tuple) else (shortcut,):
        parts = QKeySequence.keyBindings(part) if isinstance(part, QKeySequence.StandardKey) else [QKeySequence(part)]
        found += [sequence for sequence in parts if sequence not in found and _can_be_typed(sequence)]
    return found


def _can_be_typed(sequence: QKeySequence) -> bool:
    """Not the keys called "Save" or "F16" that some old keyboards have, and nobody expects in a list."""
    if sequence.isEmpty():
        return False
    key = sequence[0].key().value  # type: ignore[index]  # The stubs forget that it can be indexed.
    return not Qt.Key.Key_F13.value <= key <= Qt.Key.Key_F35.value and key < Qt.Key.Key_Back.value
