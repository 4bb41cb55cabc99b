"""The status line: what the present gesture can do on the left, the totals of the diagram on the right."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QStatusBar, QWidget

from core.compiler.compile import Compilation

_MILLION = 1_000_000


class StatusLine(QStatusBar):
    """Hints and totals; a click on the totals asks for the problems."""

    problems_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self._news = ""
        self._hint = QLabel()
        self._hint.setObjectName("statusHint")
        self._hint.setProperty("textRole", "muted")
        self._hint.setContentsMargins(8, 0, 0, 0)
        self._hint.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._totals = QPushButton()
        self._totals.setObjectName("statusTotals")
        self._totals.setProperty("buttonRole", "status")
        self._totals.setAccessibleName("Totals of the diagram")
        self._totals.setToolTip("Show the problems")
        self._totals.setCursor(Qt.CursorShape.PointingHandCursor)
        self._totals.clicked.connect(self.problems_wanted)
        self.addWidget(self._hint, 1)
        self.addPermanentWidget(self._totals)

    def set_hint(self, text: str) -> None:
        """Say what the present gesture can do; "" when there is none."""
        self._hint.setText(text)

    def tell(self, text: str) -> None:
        """Say something that holds until something changes: how a run ended, or why none can begin."""
        self._news = text
        self.set_hint(text)

    def forget_news(self) -> None:
        """Something has changed: what was told no longer holds."""
        if self._news and self._hint.text() == self._news:
            self.set_hint("")
        self._news = ""

    def set_totals(self, nodes: int, compilation: Compilation) -> None:
        """Show how large the network is and how many problems it has."""
        self._totals.setText(totals_text(nodes, compilation))
        level = (
            "none" if not nodes else "error" if compilation.errors else "warning" if compilation.warnings else "none"
        )
        if level != self._totals.property("level"):
            self._totals.setProperty("level", level)
            self._totals.style().unpolish(self._totals)
            self._totals.style().polish(self._totals)


def totals_text(nodes: int, compilation: Compilation) -> str:
    """ "4 nodes · 41 parameters · 40 multiply-adds · no problems"; an empty canvas has no problems to speak of."""
    if not nodes:
        return "0 nodes"
    parts = [
        counted(nodes, "node"),
        counted(compilation.parameter_count, "parameter"),
        counted(compilation.macs, "multiply-add"),
    ]
    found = [
        counted(len(items), noun)
        for items, noun in ((compilation.errors, "problem"), (compilation.warnings, "warning"))
        if items
    ]
    return " · ".join(parts + (found or ["no problems"]))


def counted(number: int, noun: str) -> str:
    """A number with its noun, as a person writes it: "1 node", "9,216 multiply-adds", "12.3 million parameters"."""
    shown = f"{number:,}" if number < 10 * _MILLION else f"{number / _MILLION:,.1f} million"
    return f"{shown} {noun}" if number == 1 else f"{shown} {noun}s"
