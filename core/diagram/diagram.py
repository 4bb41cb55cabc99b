"""The Diagram: records by id, with the wires of each node indexed, so that asking costs no more than the answer."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from core.diagram.change import Change
from core.diagram.records import Endpoint, Frame, Node, Note, Record, Table, TrainingSettings, Wire, address
from core.errors import EditError

DEFAULT_OUTPUT = "output"
DEFAULT_INPUT = "input"

WireIndex: TypeAlias = dict[str, tuple[Wire, ...]]
WireEdits: TypeAlias = dict[str, dict[str, Wire | None]]


class Diagram:
    """An immutable diagram; ``apply`` gives a new one that shares everything untouched with the old one.

    The tables are plain dicts for speed: read them, never write to them.
    """

    __slots__ = ("_incoming", "_outgoing", "frames", "nodes", "notes", "training", "wires")

    def __init__(
        self,
        nodes: dict[str, Node] | None = None,
        wires: dict[str, Wire] | None = None,
        notes: dict[str, Note] | None = None,
        frames: dict[str, Frame] | None = None,
        training: TrainingSettings | None = None,
    ) -> None:
        self.nodes: Mapping[str, Node] = nodes or {}
        self.wires: Mapping[str, Wire] = wires or {}
        self.notes: Mapping[str, Note] = notes or {}
        self.frames: Mapping[str, Frame] = frames or {}
        self.training = training or TrainingSettings()
        self._incoming, self._outgoing = _index(self.wires.values())

    @classmethod
    def build(
        cls,
        nodes: Iterable[Node],
        wires: Iterable[tuple[str | Endpoint, str | Endpoint]] = (),
        training: TrainingSettings | None = None,
    ) -> "Diagram":
        """A diagram from nodes and (source, target) pairs, each a node id or a (node id, port) pair; the order is kept.

        Raises EditError for two nodes with one id.
        """
        by_id: dict[str, Node] = {}
        for node in nodes:
            if by_id.setdefault(node.id, node) is not node:
                raise EditError(f"Two nodes have the id {node.id!r}; give each its own.")
        counts: dict[Endpoint, int] = {}
        records = {}
        for number, (start, end) in enumerate(wires, start=1):
            source = start if isinstance(start, tuple) else (start, DEFAULT_OUTPUT)
            target = end if isinstance(end, tuple) else (end, DEFAULT_INPUT)
            order = counts.get(target, 0)
            counts[target] = order + 1
            records[f"w{number}"] = Wire(id=f"w{number}", source=source, target=target, order=order)
        return cls(nodes=by_id, wires=records, training=training)

    def incoming(self, node: str) -> tuple[Wire, ...]:
        """The wires that end at a node, sorted by target port, order, id."""
        return self._incoming.get(node, ())

    def outgoing(self, node: str) -> tuple[Wire, ...]:
        """The wires that start at a node, sorted by target port, order, id."""
        return self._outgoing.get(node, ())

    def record(self, table: Table, key: str) -> Record | None:
        """The record at an address (see ``records.address``), or None."""
        return self.training if table == "training" else getattr(self, table).get(key)

    def apply(self, change: Change) -> "Diagram":
        """The diagram after a change.

        Raises EditError if the change adds what is there, or updates or removes what is not there as it says.
        """
        tables: dict[str, dict[str, Any]] = {}
        starts: WireEdits = {}
        ends: WireEdits = {}
        training = self.training
        for before, after in _steps(change):
            table, key = address(after or before)  # type: ignore[arg-type]  # one of the two is always there
            known = tables[table].get(key) if table in tables else self.record(table, key)
            if known is not before and known != before:
                raise EditError(f"The {table} entry {key!r} is not what this change expects; the diagram is unchanged.")
            if isinstance(before, Wire):
                starts.setdefault(before.source[0], {})[before.id] = None
                ends.setdefault(before.target[0], {})[before.id] = None
            if isinstance(after, Wire):
                starts.setdefault(after.source[0], {})[after.id] = after
                ends.setdefault(after.target[0], {})[after.id] = after
            if isinstance(after, TrainingSettings):
                training = after
                continue
            records = tables[table] if table in tables else tables.setdefault(table, dict(getattr(self, table)))
            if after is None:
                del records[key]
            else:
                records[key] = after
        diagram = object.__new__(Diagram)
        for name in ("nodes", "wires", "notes", "frames"):
            setattr(diagram, name, tables.get(name, getattr(self, name)))
        diagram.training = training
        diagram._incoming = _reindexed(self._incoming, ends)
        diagram._outgoing = _reindexed(self._outgoing, starts)
        return diagram

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Diagram):
            return NotImplemented
        return all(
            getattr(self, name) == getattr(other, name) for name in ("nodes", "wires", "notes", "frames", "training")
        )

    __hash__ = None  # type: ignore[assignment]  # compared by content, so never a key


def _steps(change: Change) -> list[tuple[Record | None, Record | None]]:
    steps: list[tuple[Record | None, Record | None]] = [(record, None) for record in change.removed]
    steps += [(update.before, update.after) for update in change.updated]
    steps += [(None, record) for record in change.added]
    return steps


def _wire_order(wire: Wire) -> tuple[str, int, str]:
    return wire.target[1], wire.order, wire.id


def _index(wires: Iterable[Wire]) -> tuple[WireIndex, WireIndex]:
    incoming: dict[str, list[Wire]] = {}
    outgoing: dict[str, list[Wire]] = {}
    for wire in wires:
        incoming.setdefault(wire.target[0], []).append(wire)
        outgoing.setdefault(wire.source[0], []).append(wire)
    return (
        {node: tuple(sorted(group, key=_wire_order)) for node, group in incoming.items()},
        {node: tuple(sorted(group, key=_wire_order)) for node, group in outgoing.items()},
    )


def _reindexed(index: WireIndex, edits: WireEdits) -> WireIndex:
    """The index after edits; nodes that no edit touches keep their tuples."""
    if not edits:
        return index
    index = dict(index)
    for node, changed in edits.items():
        wires = [wire for wire in index.get(node, ()) if wire.id not in changed]
        new = [wire for wire in changed.values() if wire is not None]
        if new:
            wires = sorted(wires + new, key=_wire_order)
        if wires:
            index[node] = tuple(wires)
        else:
            index.pop(node, None)
    return index
