"""The history of a document: steps that can be undone and redone, and the marks of gestures that are under way.

A step is a Change, and taking it back is its inverse, so the history knows nothing of what the edits mean, and nothing of the
diagram. Each state that it leads to has a number, which comes back when undo or redo come back there: that is how a document
knows that it is as it was saved.
"""

from dataclasses import dataclass

from core.diagram.change import Change
from core.errors import EditError


@dataclass(frozen=True, slots=True)
class _Step:
    """One entry of the history; ``state`` numbers the state of the diagram after it."""

    change: Change
    label: str
    merge_key: str | None
    state: int


@dataclass(frozen=True, slots=True)
class _Mark:
    """A place in the history, and what could be redone there."""

    state: int
    future: tuple[_Step, ...]


class History:
    """Steps behind and steps ahead.

    ``_barrier`` is a state that no later change may merge into: undo, redo and marks set it.
    """

    def __init__(self) -> None:
        self._past: list[_Step] = []
        self._future: list[_Step] = []
        self._first_state = self._last_number = self._clean_state = self._barrier = 0
        self._marks: dict[int, _Mark] = {}

    @property
    def state(self) -> int:
        """The number of the present state."""
        return self._past[-1].state if self._past else self._first_state

    @property
    def is_clean(self) -> bool:
        """Whether this is the state of the last ``mark_clean``, or the first one."""
        return self.state == self._clean_state

    @property
    def undo_label(self) -> str | None:
        """What ``back`` would take back, or None where there is nothing."""
        return self._past[-1].label if self._past else None

    @property
    def redo_label(self) -> str | None:
        """What ``forward`` would do again, or None where there is nothing."""
        return self._future[-1].label if self._future else None

    def mark_clean(self, state: int) -> None:
        """Say which state has been saved."""
        self._clean_state = state

    def record(self, change: Change, label: str, merge_key: str | None) -> None:
        """Remember a change that was made, as a step of its own or as part of the last one; nothing can be redone then."""
        if self._can_merge(merge_key):
            self._merge(change, label)
        else:
            self._past.append(_Step(change, label, merge_key, self._new_number()))
        self._future.clear()

    def back(self) -> Change | None:
        """The change that takes the last step back, which is ahead from now on; None where there is none."""
        if not self._past:
            return None
        step = self._past.pop()
        self._future.append(step)
        self._barrier = self.state
        return step.change.inverse()

    def forward(self) -> Change | None:
        """The change of the step ahead, which is behind from now on; None where there is none."""
        if not self._future:
            return None
        step = self._future.pop()
        self._past.append(step)
        self._barrier = self.state
        return step.change

    def mark(self) -> int:
        """Remember this place for ``bail`` or ``squash``; marks whose place is no longer part of the history are forgotten."""
        reachable = set(self._states()) if self._marks else set()
        self._marks = {number: mark for number, mark in self._marks.items() if mark.state in reachable}
        self._barrier = self.state
        number = self._new_number()
        self._marks[number] = _Mark(self.state, tuple(self._future))
        return number

    def bail(self, mark: int) -> Change:
        """Forget all steps since the mark; the change that takes them back. What could be redone then can be again."""
        place, depth = self._close(mark)
        if depth is None:
            return Change()
        change = _together(self._past[depth:]).inverse()
        del self._past[depth:]
        self._future = list(place.future)
        self._barrier = self.state
        return change

    def squash(self, mark: int, label: str) -> None:
        """Make one step of all steps since the mark, or none where they cancel out."""
        _, depth = self._close(mark)
        if depth is None or depth == len(self._past):
            return
        last = self.state
        change = _together(self._past[depth:])
        self._past[depth:] = [_Step(change, label, None, last)] if change else []
        if not change and self._clean_state == last:
            self._clean_state = self.state
        self._barrier = self.state

    def _states(self) -> list[int]:
        return [self._first_state, *(step.state for step in self._past)]

    def _new_number(self) -> int:
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
            self._past.append(_Step(merged, label, step.merge_key, self._new_number()))

    def _close(self, mark: int) -> tuple[_Mark, int | None]:
        """Forget a mark; with the number of steps before it, or None if undo has gone back beyond it."""
        place = self._marks.pop(mark, None)
        if place is None:
            raise EditError(f"There is no mark {mark} in the history.")
        states = self._states()
        return place, states.index(place.state) if place.state in states else None


def _together(steps: list[_Step]) -> Change:
    change = Change()
    for step in steps:
        change = change.then(step.change)
    return change
