"""The bar that offers what a crash left: it waits to be answered, and stands in nobody's way."""

import time

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from core.storage.recovery import Snapshot


class RestoreBar(QWidget):
    """Restore, Discard, or later; it speaks of the newest snapshot and counts the others."""

    restore = Signal(object)
    discard = Signal(object)
    later = Signal()

    def __init__(self, found: tuple[Snapshot, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("restoreBar")
        self.setAccessibleName("Restore after a crash")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        newest = found[0]
        text = QLabel(restore_text(found, time.time()))
        text.setToolTip(str(newest.origin) if newest.origin is not None else "It was never saved to a file.")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 8, 12, 8)
        layout.setSpacing(8)
        text.setWordWrap(True)
        layout.addWidget(text, 1)
        for name, role, action in (
            ("Restore", "primary", lambda: self.restore.emit(newest)),
            ("Discard", "", lambda: self.discard.emit(newest)),
            ("Later", "flat", self.later.emit),
        ):
            button = QPushButton(name)
            button.setObjectName(f"restoreBar.{name.lower()}")
            button.setProperty("buttonRole", role)
            button.clicked.connect(action)
            layout.addWidget(button)


def restore_text(found: tuple[Snapshot, ...], now: float) -> str:
    """What was left, and from when, in one sentence or two."""
    name = found[0].title or "Untitled"
    text = f"Neuroloom was not closed properly. “{name}” was kept as it was {_ago(now - found[0].saved_at)}."
    others = len(found) - 1
    if others:
        text += f" {others} other document{'s are' if others > 1 else ' is'} kept for the next start."
    return text


def _ago(seconds: float) -> str:
    for size, noun in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {noun}{'s' if count > 1 else ''} ago"
    return "less than a minute ago"
