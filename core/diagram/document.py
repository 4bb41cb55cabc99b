"""The document: the one diagram that is being edited, its history, and those who listen to it.

``apply`` is the only way to change the diagram. A step of the history is a Change, and undoing it is applying its inverse,
so the history knows nothing of what the edits mean. Gestures set a mark, apply as often as they like, and then either
squash all of it into one step or bail out and leave nothing behind, not even a lost redo.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from core.diagram.change import Change
from core.diagram.diagram import Diagram
from core.diagram.rules import PortLookup, check_change, no_ports
from core.errors import EditError

Listener = Callable[[Change], None]


@dataclass(frozen=True, slots=True)
class _Step:
    """One entry of the history; ``state`` numbers the state of the diagram after it."""

    change: Change
    label: str
    merge_key: str | None
    state: int


@dataclass(frozen=True, slots=True)
class _Mark:
    state: int
    future: tuple[_Step, ...]


class DiagramDocument:
    """A diagram with undo and redo; the only mutable object of this package.

    ``ports`` tells the structural rules which ports a kind has (see ``core.diagram.rules``).
    """

    def __init__(self, diagram: Diagram | None = None, ports: PortLookup = no_ports) -> None:
        self._diagram = diagram or Diagram()
        self._ports = ports
        self._past: list[_Step] = []
        self._future: list[_Step] = []
        self._first_state = self._last_number = self._clean_state = self._barrier = 0
        self._marks: dict[int, _Mark] = {}
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
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to redo."""
        return bool(self._future)

    @property
    def undo_label(self) -> str:
        """What undo would undo, or ""."""
        return self._past[-1].label if self._past else ""

    @property
    def redo_label(self) -> str:
        """What redo would do again, or ""."""
        return self._future[-1].label if self._future else ""

    @property
    def is_clean(self) -> bool:
        """Whether the diagram is in the state of the last ``mark_clean``, or of the start."""
        return self.state == self._clean_state

    def mark_clean(self, state: int | None = None) -> None:
        """Say that the diagram has just been saved: as it is, or as it was at ``state`` (see ``state``)."""
        self._clean_state = self.state if state is None else state

    @property
    def state(self) -> int:
        """A number for the present state, for ``mark_clean`` after a save; it is the same when undo or redo come back here."""
        return self._past[-1].state if self._past else self._first_state

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
        if self._can_merge(merge_key):
            self._merge(change, label)
        else:
            self._past.append(_Step(change, label, merge_key, self._new_state()))
        self._future.clear()
        self._tell(change)

    def undo(self) -> Change | None:
        """Take back the last step; the change that this made, or None if there was none."""
        if not self._past:
            return None
        step = self._past.pop()
        self._future.append(step)
        self._barrier = self.state
        return self._follow(step.change.inverse())

    def redo(self) -> Change | None:
        """Do the last undone step again; the change that this made, or None if there was none."""
        if not self._future:
            return None
        step = self._future.pop()
        self._past.append(step)
        self._barrier = self.state
        return self._follow(step.change)

    def mark(self) -> int:
        """A place in the history for ``bail`` or ``squash``; later changes do not merge into earlier ones across it."""
        reachable = {self._first_state, *(step.state for step in self._past)} if self._marks else set()
        self._marks = {number: mark for number, mark in self._marks.items() if mark.state in reachable}
        self._last_number += 1
        self._barrier = self.state
        self._marks[self._last_number] = _Mark(self.state, tuple(self._future))
        return self._last_number

    def bail(self, mark: int) -> Change | None:
        """Throw away all that was applied since the mark; what could be redone then can be redone again."""
        place, depth = self._close(mark)
        if depth is None:
            return None
        change = _together(self._past[depth:]).inverse()
        del self._past[depth:]
        self._future = list(place.future)
        self._barrier = self.state
        return self._follow(change) if change else None

    def squash(self, mark: int, label: str) -> None:
        """Make one step of all that was applied since the mark."""
        _, depth = self._close(mark)
        if depth is None or depth == len(self._past):
            return
        steps = self._past[depth:]
        change = _together(steps)
        self._past[depth:] = [_Step(change, label, None, steps[-1].state)] if change else []
        if not change and self._clean_state == steps[-1].state:
            self._clean_state = self.state
        self._barrier = self.state

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` with every change from now on; the returned function ends it.

        All listeners hear all changes in the same order, also when one of them applies a change itself.
        """
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    def _new_state(self) -> int:
        self._last_number += 1
        return self._last_number

    def _can_merge(self, merge_key: str | None) -> bool:
        if merge_key is None or not self._past or self._past[-1].merge_key != merge_key:
            return False
        return self.state not in (self._barrier, self._clean_state)

    def _merge(self, change: Change, label: str) -> None:
        step = self._past.pop()
        merged = step.change.then(change)
        if merged:
            self._past.append(_Step(merged, label, step.merge_key, self._new_state()))

    def _close(self, mark: int) -> tuple[_Mark, int | None]:
        """Forget a mark; with the number of steps before it, or None if undo has gone back beyond it."""
        place = self._marks.pop(mark, None)
        if place is None:
            raise EditError(f"There is no mark {mark} in the history.")
        states = [self._first_state, *(step.state for step in self._past)]
        return place, states.index(place.state) if place.state in states else None

    def _follow(self, change: Change) -> Change:
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


def _together(steps: list[_Step]) -> Change:
    change = Change()
    for step in steps:
        change = change.then(step.change)
    return change
