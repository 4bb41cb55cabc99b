"""What the pages of the inspector have in common: one column with margins, and what they are told."""

from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from core.compiler.compile import Compilation
from core.inspection.snapshot import Snapshot


class Page(QWidget):
    """A page shows what its records are; it is kept and turned to others of the same sort, since making widgets is slow.

    The panel asks the page that is shown, and no other, to refresh itself when document, compilation or numbers changed.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(14, 12, 14, 14)
        self.column.setSpacing(10)

    def turn_to(self, ids: tuple[str, ...]) -> None:
        """Show these records from now on; what was typed and not confirmed is forgotten."""

    def refresh(self) -> None:
        """Show the document as it stands now."""

    def show_compilation(self, compilation: Compilation) -> None:
        """Show what the compiler found."""

    def show_snapshot(self, snapshot: Snapshot | None) -> None:
        """Show the numbers of the network as it is now; None where there are none."""


def muted_label(text: str = "") -> QLabel:
    """A small grey text that breaks into lines."""
    label = QLabel(text)
    label.setWordWrap(True)
    label.setProperty("textRole", "muted")
    return label


def section(title: str) -> QLabel:
    """The small heading over a group of rows."""
    label = QLabel(title.upper())
    label.setProperty("textRole", "heading")
    return label


def rule() -> QFrame:
    """A thin line across."""
    line = QFrame()
    line.setFrameShape(QFrame.Shape.HLine)
    return line
