"""A Change says what an edit adds, updates and removes; its inverse is the undo of that edit.

Every edit there will ever be is one of these, so undo, redo, listeners and views need to understand nothing else.
"""

from collections.abc import Iterable

import msgspec

from core.diagram.records import Record, address
from core.errors import EditError


class Update(msgspec.Struct, frozen=True, gc=False):
    """One record before and after; both have the same address."""

    before: Record
    after: Record


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What differs between two states of a diagram. Pure data; an address occurs at most once in it."""

    added: tuple[Record, ...] = ()
    updated: tuple[Update, ...] = ()
    removed: tuple[Record, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.updated or self.removed)

    def inverse(self) -> "Change":
        """The change that leads back: ``diagram.apply(c).apply(c.inverse()) == diagram``."""
        return Change(
            added=self.removed,
            updated=tuple(Update(update.after, update.before) for update in self.updated),
            removed=self.added,
        )

    def then(self, other: "Change") -> "Change":
        """This change and then the other, as one; what cancels out is left out."""
        states = _states(self)
        for place, (before, after) in _states(other).items():
            first = states[place][0] if place in states else before
            if place in states and states[place][1] != before:
                raise EditError(
                    f"The second change does not start where the first one ends (at {place[0]} {place[1]})."
                )
            states[place] = (first, after)
        return change_between(states.values())


def change_between(pairs: Iterable[tuple[Record | None, Record | None]]) -> Change:
    """The Change made of (before, after) pairs, where None means absent; equal pairs are left out."""
    pairs = [(before, after) for before, after in pairs if before != after]
    return Change(
        added=tuple(after for before, after in pairs if before is None and after is not None),
        updated=tuple(Update(before, after) for before, after in pairs if before is not None and after is not None),
        removed=tuple(before for before, after in pairs if before is not None and after is None),
    )


def _states(change: Change) -> dict[tuple[str, str], tuple[Record | None, Record | None]]:
    states: dict[tuple[str, str], tuple[Record | None, Record | None]] = {}
    for record in change.added:
        states[address(record)] = (None, record)
    for update in change.updated:
        states[address(update.before)] = (update.before, update.after)
    for record in change.removed:
        states[address(record)] = (record, None)
    return states
