"""Order: the nodes so that each comes after those that it reads; where a loop makes that impossible, it is reported."""

import heapq

from core.catalogue.registry import remedies_for
from core.compiler.draft import Draft
from core.compiler.fixes import insert_fix, remove_wire_fix
from core.compiler.loops import loops
from core.diagram.ids import natural
from core.diagram.records import Wire

_LONGEST_ID = 64


def order(draft: Draft) -> None:
    """Fill ``order`` with every node that no loop leads to.

    The order is by depth and then by id, and so the same whatever order the diagram lists its nodes in.
    """
    readers: dict[str, list[str]] = {node: [] for node in draft.kinds}
    waiting = dict.fromkeys(draft.kinds, 0)
    for wires in draft.wires.values():
        for wire in wires:
            readers[wire.source[0]].append(wire.target[0])
            waiting[wire.target[0]] += 1
    depth = dict.fromkeys(waiting, 0)
    ready = [_place(0, node) for node, count in waiting.items() if not count]
    heapq.heapify(ready)
    while ready:
        *_, node = heapq.heappop(ready)
        draft.order.append(node)
        for reader in readers[node]:
            depth[reader] = max(depth[reader], depth[node] + 1)
            waiting[reader] -= 1
            if not waiting[reader]:
                heapq.heappush(ready, _place(depth[reader], reader))
    stuck = {node: readers[node] for node, count in waiting.items() if count}
    for loop in loops(stuck):
        _report_loop(draft, loop)


def _place(depth: int, node: str) -> tuple[int, tuple[tuple[int, str], ...], str]:
    return depth, natural(node[:_LONGEST_ID]), node


def _report_loop(draft: Draft, loop: tuple[str, ...]) -> None:
    back = _backmost_wire(draft, set(loop))
    start, end = draft.name(back.source[0]), draft.name(back.target[0])
    fixes = [insert_fix(draft.diagram, (back,), kind) for kind in remedies_for("loop")]
    fixes.append(remove_wire_fix(draft.diagram, back, f"Remove the wire from {start} to {end}"))
    if len(loop) == 1:
        message = f"{start} reads its own output, so there is nothing to begin with."
    else:
        names = ", ".join(draft.name(node) for node in sorted(loop, key=lambda node: natural(node[:_LONGEST_ID])))
        message = f"The wires run in a circle through {names}: each waits for the other, so none can begin."
    draft.error("loop", message, *loop, wires=(back.id,), fixes=tuple(fixes))


def _backmost_wire(draft: Draft, loop: set[str]) -> Wire:
    """The wire of a loop that leads furthest back to the left: most likely the one that closed it."""
    inside = (wire for node in sorted(loop) for wire in draft.into(node) if wire.source[0] in loop)
    nodes = draft.diagram.nodes
    return max(inside, key=lambda wire: nodes[wire.source[0]].position[0] - nodes[wire.target[0]].position[0])
