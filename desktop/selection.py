"""What is selected, shared by canvas, inspector and problems panel; it is no part of the document and of no undo step."""

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal


class Selection(QObject):
    """Ids of the selected nodes, wires and notes (frames are selected as notes are); says when they change."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._nodes: frozenset[str] = frozenset()
        self._wires: frozenset[str] = frozenset()
        self._notes: frozenset[str] = frozenset()

    @property
    def nodes(self) -> frozenset[str]:
        """Ids of the selected nodes."""
        return self._nodes

    @property
    def wires(self) -> frozenset[str]:
        """Ids of the selected wires."""
        return self._wires

    @property
    def notes(self) -> frozenset[str]:
        """Ids of the selected notes and frames."""
        return self._notes

    def __bool__(self) -> bool:
        return bool(self._nodes or self._wires or self._notes)

    def set(self, nodes: Iterable[str] = (), wires: Iterable[str] = (), notes: Iterable[str] = ()) -> None:
        """Select exactly these; says so only if that is something else than before."""
        fresh = frozenset(nodes), frozenset(wires), frozenset(notes)
        if fresh != (self._nodes, self._wires, self._notes):
            self._nodes, self._wires, self._notes = fresh
            self.changed.emit()

    def clear(self) -> None:
        """Select nothing."""
        self.set()
