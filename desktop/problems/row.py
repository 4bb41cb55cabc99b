"""One diagnostic in the list: its mark, its sentence, and a button for each mend; it fits any width of the panel."""

import re

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from core.compiler.diagnostics import Diagnostic, Fix
from desktop.forms.wrapping_button import WrappingButton
from desktop.problems.mark import SeverityMark

LONGEST_RUN = 14
_RUNS = re.compile(rf"\S{{{LONGEST_RUN}}}(?=\S)")


class ProblemRow(QFrame):
    """Shows a diagnostic; ``chosen`` asks to see the place, ``fix_wanted`` carries the Fix whose button was pressed."""

    chosen = Signal(object)
    fix_wanted = Signal(object)

    def __init__(self, diagnostic: Diagnostic, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.diagnostic = diagnostic
        self.setProperty("plane", "card")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(f"{diagnostic.severity.value.capitalize()}: {diagnostic.message}")
        if diagnostic.nodes or diagnostic.wires:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.setToolTip("Click to see where it is.")
        sentence = QLabel(breakable(diagnostic.message))
        sentence.setWordWrap(True)
        sentence.setTextFormat(Qt.TextFormat.PlainText)
        column = QVBoxLayout()
        column.setSpacing(6)
        column.addWidget(sentence)
        if diagnostic.fixes:
            column.addLayout(self._buttons(diagnostic.fixes))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.setSpacing(8)
        layout.addWidget(SeverityMark(diagnostic.severity), 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(column, 1)

    def fix_buttons(self) -> list[QPushButton]:
        """The buttons, one for each mend, in the order of the diagnostic."""
        return self.findChildren(QPushButton)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.chosen.emit(self.diagnostic)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit(self.diagnostic)
        else:
            super().keyPressEvent(event)

    def _buttons(self, fixes: tuple[Fix, ...]) -> QVBoxLayout:
        """One under the other, as wide as their words, or as the panel if it is narrower than that."""
        column = QVBoxLayout()
        column.setSpacing(4)
        for number, fix in enumerate(fixes):
            button = WrappingButton(fix.title)
            button.setProperty("buttonRole", "primary" if number == 0 else "")
            button.setAccessibleName(f"{fix.title}: mends “{self.diagnostic.message}”")
            button.clicked.connect(lambda _checked=False, fix=fix: self.fix_wanted.emit(fix))
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        return column


def breakable(text: str) -> str:
    """The same to read, with places (zero-width spaces) in long words, such as paths, where a line may end."""
    return _RUNS.sub("\\g<0>\u200b", text)
