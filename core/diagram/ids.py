"""Ids that are free in a diagram: readable, short, and in an order that a person would put them in."""

import re
from collections.abc import Container

from core.diagram.diagram import Diagram

_NUMBERS = re.compile(r"(\d+)", re.ASCII)
_UNFIT = re.compile(r"[^A-Za-z0-9_-]", re.ASCII)
_LONGEST_PREFIX = 48


class FreshIds:
    """Hands out ids that neither the diagram nor an earlier call has taken: dense1, dense2, w1 ..."""

    def __init__(self, diagram: Diagram) -> None:
        self._diagram = diagram
        self._last: dict[tuple[str, str], int] = {}

    def node(self, kind: str) -> str:
        """An id for a node of this kind."""
        return self._next(_UNFIT.sub("-", kind)[:_LONGEST_PREFIX] or "node", self._diagram.nodes, "nodes")

    def wire(self) -> str:
        """An id for a wire."""
        return self._next("w", self._diagram.wires, "wires")

    def note(self) -> str:
        """An id for a note."""
        return self._next("note", self._diagram.notes, "notes")

    def frame(self) -> str:
        """An id for a frame."""
        return self._next("frame", self._diagram.frames, "frames")

    def _next(self, prefix: str, taken: Container[str], table: str) -> str:
        number = self._last.get((table, prefix), 0) + 1
        if number == 1 and table == "wires":
            number = self._free_wire_number()
        while f"{prefix}{number}" in taken:
            number += 1
        self._last[table, prefix] = number
        return f"{prefix}{number}"

    def _free_wire_number(self) -> int:
        """A number to start from that is not far below a free one: trying 20,000 of them would be felt."""
        count = len(self._diagram.wires)
        return count + 1 if f"w{count}" in self._diagram.wires else 1


def natural(key: str) -> tuple[tuple[int, str], ...]:
    """A sorting key by which w2 comes before w10; different ids have different keys."""
    parts = _NUMBERS.split(key)
    return tuple((int(part), part) if place % 2 else (0, part) for place, part in enumerate(parts))
