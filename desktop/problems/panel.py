"""The problems panel: what stands between the diagram and training, errors first, each with its mends."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from core.compiler.compile import Compilation
from core.compiler.diagnostics import Diagnostic, Fix, Severity
from core.errors import EditError
from desktop.document_bridge import DocumentBridge
from desktop.problems.mark import SeverityMark
from desktop.problems.row import ProblemRow, breakable
from desktop.selection import Selection

MOST_ROWS = 60
"""More rows than this help nobody; the rest is counted."""


class ProblemsPanel(QWidget):
    """Follows the compilation; a click selects the place and asks the canvas to show it."""

    show_node = Signal(str)
    counts_changed = Signal(int, int)
    """How many errors and how many warnings there are."""

    def __init__(self, bridge: DocumentBridge, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("problemsPanel")
        self.setAccessibleName("Problems")
        self._bridge = bridge
        self._selection = selection
        self._diagnostics: tuple[Diagnostic, ...] | None = None
        self._rows: list[ProblemRow] = []
        self._list = QWidget()
        self._column = QVBoxLayout(self._list)
        self._column.setContentsMargins(12, 10, 12, 10)
        self._column.setSpacing(8)
        self._trouble = QLabel()
        self._trouble.setWordWrap(True)
        self._trouble.setProperty("textRole", "error")
        self._trouble.hide()
        self._more = QLabel()
        self._more.setProperty("textRole", "muted")
        self._well = _well()
        for widget in (self._trouble, self._well, self._more):
            self._column.addWidget(widget)
        self._column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(self._list)
        scroll.setAccessibleName("List of problems")
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)
        bridge.compiled.connect(self._show)
        self._show(bridge.compilation)

    @property
    def rows(self) -> list[ProblemRow]:
        """The rows that are shown, from the top."""
        return list(self._rows)

    @property
    def counts(self) -> tuple[int, int]:
        """How many errors and how many warnings there are."""
        found = self._diagnostics or ()
        errors = sum(diagnostic.severity is Severity.ERROR for diagnostic in found)
        return errors, len(found) - errors

    def _show(self, compilation: Compilation) -> None:
        found = (*self._data_problem(), *compilation.errors, *compilation.warnings)
        if found == self._diagnostics:
            return
        self._diagnostics = found
        for row in self._rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = [self._row(diagnostic) for diagnostic in found[:MOST_ROWS]]
        for at, row in enumerate(self._rows):
            self._column.insertWidget(1 + at, row)
        self._well.setVisible(not found)
        self._more.setVisible(len(found) > MOST_ROWS)
        self._more.setText(f"and {len(found) - MOST_ROWS} more")
        self._trouble.hide()
        self.counts_changed.emit(*self.counts)

    def _data_problem(self) -> tuple[Diagnostic, ...]:
        """Data that cannot be had is a problem as well, though not one of the diagram."""
        sentence = self._bridge.dataset_problem
        return (Diagnostic(Severity.ERROR, "no-data", sentence),) if sentence else ()

    def _row(self, diagnostic: Diagnostic) -> ProblemRow:
        row = ProblemRow(diagnostic)
        row.chosen.connect(self._choose)
        row.fix_wanted.connect(self.mend)
        return row

    def _choose(self, diagnostic: Diagnostic) -> None:
        diagram = self._bridge.diagram
        nodes = [node for node in diagnostic.nodes if node in diagram.nodes]
        wires = [wire for wire in diagnostic.wires if wire in diagram.wires]
        if nodes or wires:
            self._selection.set(nodes=nodes, wires=wires)
        place = nodes[0] if nodes else diagram.wires[wires[0]].target[0] if wires else None
        if place is not None:
            self.show_node.emit(place)

    @property
    def trouble(self) -> str:
        """Why a mend could not be applied, or ""."""
        return "" if self._trouble.isHidden() else self._trouble.text()

    def mend(self, fix: Fix) -> None:
        """Apply a mend; one that no longer fits says why, and leaves the document alone."""
        try:
            self._bridge.apply(fix.change, fix.title)
        except EditError as error:  # the diagram moved on between the finding and the click
            self._trouble.setText(breakable(str(error)))
            self._trouble.show()


def _well() -> QWidget:
    widget = QWidget()
    row = QHBoxLayout(widget)
    row.setContentsMargins(0, 2, 0, 2)
    row.setSpacing(8)
    text = QLabel("No problems. This network can be trained.")
    text.setProperty("textRole", "muted")
    text.setWordWrap(True)
    row.addWidget(SeverityMark(None), 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(text, 1)
    return widget
