"""The document: the one diagram that is being edited, its history, and those who listen to it.

``apply`` is the only way to change the diagram. Gestures set a mark, apply as often as they like, and then either squash all
of it into one step or bail out and leave nothing behind, not even a lost redo.
"""

from collections import deque
from collections.abc import Callable

from core.diagram.change import Change
from core.diagram.diagram import Diagram
from core.diagram.history import History
from core.diagram.rules import PortLookup, check_change, no_ports
from core.errors import EditError

Listener = Callable[[Change], None]


class DiagramDocument:
    """A diagram with undo and redo; the only mutable object of this package that others hold.

    ``ports`` tells the structural rules which ports a kind has (see ``core.diagram.rules``).
    """

    def __init__(self, diagram: Diagram | None = None, ports: PortLookup = no_ports) -> None:
        self._diagram = diagram or Diagram()
        self._ports = ports
        self._history = History()
        self._revision = 0
        self._listeners: list[Listener] = []
        self._unheard: deque[Change] = deque()
        self._telling = False

    @property
    def diagram(self) -> Diagram:
        """The diagram as it is now; it never changes, the document takes a new one instead."""
        return self._diagram

    @property
    def revision(self) -> int:
        """Grows by one with every change, undo and redo included."""
        return self._revision

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to undo."""
        return self._history.undo_label is not None

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to redo."""
        return self._history.redo_label is not None

    @property
    def undo_label(self) -> str:
        """What undo would undo, or ""."""
        return self._history.undo_label or ""

    @property
    def redo_label(self) -> str:
        """What redo would do again, or ""."""
        return self._history.redo_label or ""

    @property
    def is_clean(self) -> bool:
        """Whether the diagram is in the state of the last ``mark_clean``, or of the start."""
        return self._history.is_clean

    @property
    def state(self) -> int:
        """A number for the present state, for ``mark_clean`` after a save; it is the same when undo or redo come back here."""
        return self._history.state

    def mark_clean(self, state: int | None = None) -> None:
        """Say that the diagram has just been saved: as it is, or as it was at ``state``."""
        self._history.mark_clean(self.state if state is None else state)

    def apply(self, change: Change, label: str, merge_key: str | None = None) -> None:
        """Change the diagram and remember it as a step called ``label``.

        A change with the merge key of the last step joins that step, unless a save, a mark or an undo came between.
        Raises EditError, and changes nothing, if the change does not fit or breaks a structural rule.
        """
        if not change:
            return
        after = self._diagram.apply(change)
        problem = check_change(after, change, self._ports)
        if problem:
            raise EditError(problem)
        self._diagram = after
        self._history.record(change, label, merge_key)
        self._tell(change)

    def undo(self) -> Change | None:
        """Take back the last step; the change that this made, or None if there was none."""
        return self._follow(self._history.back())

    def redo(self) -> Change | None:
        """Do the last undone step again; the change that this made, or None if there was none."""
        return self._follow(self._history.forward())

    def mark(self) -> int:
        """A place in the history for ``bail`` or ``squash``; later changes do not merge into earlier ones across it."""
        return self._history.mark()

    def bail(self, mark: int) -> Change | None:
        """Throw away all that was applied since the mark; the change that this made. What could be redone then can be again.

        Raises EditError for a mark that is closed already.
        """
        return self._follow(self._history.bail(mark))

    def squash(self, mark: int, label: str) -> None:
        """Make one step of all that was applied since the mark. Raises EditError for a mark that is closed already."""
        self._history.squash(mark, label)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` with every change from now on; the returned function ends it.

        All listeners hear all changes in the same order, also when one of them applies a change itself.
        """
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    def _follow(self, change: Change | None) -> Change | None:
        if not change:
            return None
        self._diagram = self._diagram.apply(change)
        self._tell(change)
        return change

    def _tell(self, change: Change) -> None:
        """Tell every listener; one that fails does not keep the news from the others."""
        self._revision += 1
        self._unheard.append(change)
        if self._telling:
            return
        self._telling = True
        failures: list[Exception] = []
        try:
            while self._unheard:
                news = self._unheard.popleft()
                for listener in tuple(self._listeners):
                    try:
                        listener(news)
                    except Exception as failure:
                        failures.append(failure)
        finally:
            self._telling = False
        if failures:
            raise failures[0]
