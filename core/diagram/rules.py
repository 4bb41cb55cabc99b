"""The structural rules: what no diagram may contain, however unfinished it is.

A wire joins two nodes that exist, at ports that their kinds have; an input port for one wire takes one; two ports are
joined by one wire at most; no wire leads from a node to itself. A longer loop may be drawn: the compiler says what is
wrong with it. What belongs to a kind that nobody here knows is accepted as it is.
"""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Protocol, TypeAlias

from core.diagram import limits
from core.diagram.change import Change
from core.diagram.diagram import Diagram
from core.diagram.records import Endpoint, Frame, Node, Note, Record, Wire, address

_LONGEST_NAME = 40


class PortLike(Protocol):
    """What the rules need to know of a port."""

    @property
    def name(self) -> str: ...

    @property
    def many(self) -> bool: ...


PortLookup: TypeAlias = Callable[[str], tuple[Sequence[PortLike], Sequence[PortLike]] | None]
"""Kind key -> (input ports, output ports), or None for a kind that is not known."""


def no_ports(kind: str) -> None:
    """The lookup that knows no kind, so that every port is accepted."""


def check(diagram: Diagram, ports: PortLookup = no_ports) -> str | None:
    """A sentence on the first rule that a whole diagram breaks, or None."""
    problem = check_placed(diagram, ports)
    return problem[0] if problem else None


def check_placed(diagram: Diagram, ports: PortLookup = no_ports) -> tuple[str, Record | None] | None:
    """The first rule that a whole diagram breaks and the record that breaks it, or None."""
    records: list[Record] = [*diagram.nodes.values(), *diagram.wires.values()]
    records += [*diagram.notes.values(), *diagram.frames.values(), diagram.training]
    for record in records:
        problem = limits.record_problem(record) or _reference_problem(diagram, record)
        if problem:
            return problem, record
    fault = _wires_problem(diagram, diagram.wires.values(), ports)
    if fault:
        return fault
    problem = _count_problem(diagram)
    return (problem, None) if problem else None


def check_change(diagram: Diagram, change: Change, ports: PortLookup = no_ports) -> str | None:
    """A sentence on the first rule that ``diagram``, which ``change`` has led to, breaks because of it, or None.

    Looks only at what the change touches: the cost is that of the change, not of the diagram.
    """
    for record in change.added:
        problem = limits.record_problem(record) or _reference_problem(diagram, record)
        if problem:
            return problem
    for update in change.updated:
        problem = limits.update_problem(update.before, update.after) or _reference_problem(diagram, update.after)
        if problem:
            return problem
    fault = _wires_problem(diagram, _touched_wires(diagram, change), ports)
    return fault[0] if fault else _count_problem(diagram) or _left_hanging(diagram, change)


def can_connect(
    diagram: Diagram,
    source: Endpoint,
    target: Endpoint,
    ports: PortLookup = no_ports,
    besides: Container[str] = (),
) -> str | None:
    """A sentence on why no new wire may lead from ``source`` to ``target``, or None if one may.

    The wires with the ids ``besides`` do not count: one that is being attached elsewhere, or replaced.
    """
    problem = _ends_problem(diagram, source, target, ports)
    if problem:
        return problem
    others = [wire for wire in diagram.incoming(target[0]) if wire.target == target and wire.id not in besides]
    if any(wire.source == source for wire in others):
        return f"{_name(diagram, source)} is already wired to {_name(diagram, target)} here."
    if others and _takes_one(diagram, target, ports):
        return f"The port {target[1]!r} of {_name(diagram, target)} takes one wire and has one: remove that one first."
    return None


def _wires_problem(diagram: Diagram, wires: Iterable[Wire], ports: PortLookup) -> tuple[str, Wire] | None:
    sources: dict[str, dict[str, list[Endpoint]]] = {}
    done: set[Endpoint] = set()
    for wire in wires:
        problem = _ends_problem(diagram, wire.source, wire.target, ports)
        if not problem and wire.target not in done:
            done.add(wire.target)
            node, port = wire.target
            if node not in sources:  # Once per node: one with very many ports must not cost their square.
                sources[node] = _sources_by_port(diagram, node)
            problem = _sharing_problem(diagram, wire.target, sources[node][port], ports)
        if problem:
            return problem, wire
    return None


def _sources_by_port(diagram: Diagram, node: str) -> dict[str, list[Endpoint]]:
    sources: dict[str, list[Endpoint]] = defaultdict(list)
    for wire in diagram.incoming(node):
        sources[wire.target[1]].append(wire.source)
    return sources


def _count_problem(diagram: Diagram) -> str | None:
    bounds = (
        ("nodes", limits.MAX_NODES),
        ("wires", limits.MAX_WIRES),
        ("notes", limits.MAX_NOTES),
        ("frames", limits.MAX_FRAMES),
    )
    for table, limit in bounds:
        count = len(getattr(diagram, table))
        if count > limit:
            return f"There are {count:,} {table}; a diagram can hold {limit:,}."
    return None


def _touched_wires(diagram: Diagram, change: Change) -> Iterator[Wire]:
    for record in change.added:
        if isinstance(record, Wire):
            yield record
    for update in change.updated:
        if isinstance(update.after, Wire):
            yield update.after
        elif (
            isinstance(update.after, Node)
            and isinstance(update.before, Node)
            and update.before.kind != update.after.kind
        ):
            yield from diagram.incoming(update.after.id)
            yield from diagram.outgoing(update.after.id)


def _ends_problem(diagram: Diagram, source: Endpoint, target: Endpoint, ports: PortLookup) -> str | None:
    for end in (source, target):
        if end[0] not in diagram.nodes:
            return f"The node {end[0][:_LONGEST_NAME]!r}, where a wire ends, does not exist."
    if source[0] == target[0]:
        return (
            f"{_name(diagram, source)} cannot be wired to itself: lead the wire through a delay, one time step later."
        )
    for end, side, word in ((source, 1, "output"), (target, 0, "input")):
        known = ports(diagram.nodes[end[0]].kind)
        if known is None:
            continue
        if not any(port.name == end[1] for port in known[side]):
            names = ", ".join(port.name for port in known[side]) or "none"
            return f"{_name(diagram, end)} has no {word} port {end[1]!r}; it has: {names}."
    return None


def _sharing_problem(diagram: Diagram, target: Endpoint, sources: list[Endpoint], ports: PortLookup) -> str | None:
    if len(set(sources)) < len(sources):
        twice = next(source for source, other in pairwise(sorted(sources)) if source == other)
        return f"{_name(diagram, twice)} is wired to the port {target[1]!r} of {_name(diagram, target)} more than once."
    if len(sources) > 1 and _takes_one(diagram, target, ports):
        return f"The port {target[1]!r} of {_name(diagram, target)} takes one wire and has {len(sources)}."
    return None


def _takes_one(diagram: Diagram, target: Endpoint, ports: PortLookup) -> bool:
    known = ports(diagram.nodes[target[0]].kind)
    return known is not None and not any(port.name == target[1] and port.many for port in known[0])


def _reference_problem(diagram: Diagram, record: Record) -> str | None:
    named: tuple[str, ...] = ()
    if isinstance(record, Note) and record.target is not None:
        named = (record.target,)
    elif isinstance(record, Frame):
        named = record.nodes
    missing = next((node for node in named if node not in diagram.nodes), None)
    if missing is None:
        return None
    return f"{missing[:_LONGEST_NAME]!r}, which {address(record)[0]} refer to, is not a node."


def _left_hanging(diagram: Diagram, change: Change) -> str | None:
    gone = {record.id for record in change.removed if isinstance(record, Node)}
    if not gone:
        return None
    for node in gone:
        if diagram.incoming(node) or diagram.outgoing(node):
            return f"The node {node!r} cannot be removed while wires end at it."
    pointers: list[Record] = [*diagram.notes.values(), *diagram.frames.values()]
    return next((problem for record in pointers if (problem := _reference_problem(diagram, record))), None)


def _name(diagram: Diagram, end: Endpoint) -> str:
    title = " ".join(diagram.nodes[end[0]].title.split()) or end[0]
    return title if len(title) <= _LONGEST_NAME else title[: _LONGEST_NAME - 1] + "…"
