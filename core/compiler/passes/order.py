"""Order: the nodes so that each comes after those that it reads, but for what a Delay looks back at.

Where a loop has no Delay that is impossible, and it is reported.
"""

import heapq
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain

from core.catalogue.registry import remedies_for
from core.compiler.draft import Draft
from core.compiler.fixes import insert_fix, remove_wire_fix
from core.compiler.loops import loops
from core.diagram.ids import natural
from core.diagram.records import Wire

_LONGEST_ID = 64


def order(draft: Draft) -> None:
    """Fill ``order`` with every node that no impossible loop leads to, and ``loops`` with the possible ones.

    The order is by depth and then by id, and so the same whatever order the diagram lists its nodes in. The nodes of a loop come one
    after the other.
    """
    readers: dict[str, list[str]] = {node: [] for node in draft.kinds}
    for (target, _), wires in draft.wires.items():
        for wire in wires:
            readers[wire.source[0]].append(target)
    draft.order = _sorted(readers)
    if len(draft.order) < len(readers):
        done = set(draft.order)
        _open_loops(draft, {node: after for node, after in readers.items() if node not in done})
        draft.order = _sorted_with_loops(readers, draft.loops)


def _sorted(readers: Mapping[str, Sequence[str]]) -> list[str]:
    """Every node that no loop leads to, after those that it reads."""
    waiting = {**dict.fromkeys(readers, 0), **Counter(chain.from_iterable(readers.values()))}
    ready = [_place(0, node) for node, count in waiting.items() if not count]
    heapq.heapify(ready)
    done = []
    while ready:
        depth, _, node = heapq.heappop(ready)
        done.append(node)
        for reader in readers[node]:
            waiting[reader] -= 1
            if not waiting[reader]:  # Its last source is also its deepest, for they come in the order of their depth.
                heapq.heappush(ready, _place(depth + 1, reader))
    return done


def _place(depth: int, node: str) -> tuple[int, tuple[tuple[int, str], ...], str]:
    return depth, natural(node[:_LONGEST_ID]), node


def _open_loops(draft: Draft, stuck: Mapping[str, Sequence[str]]) -> None:
    """Sort every loop that opens when the wires into its Delays are cut, and report those that do not."""
    for group in loops(stuck):
        members = set(group)
        cut = {
            node: [reader for reader in stuck[node] if reader in members and not draft.kinds[reader].delays]
            for node in group
        }
        closed = list(loops(cut))
        for loop in closed:
            _report_loop(draft, loop)
        if not closed:
            draft.loops.append(tuple(_sorted(cut)))


def _sorted_with_loops(readers: Mapping[str, Sequence[str]], opened: Sequence[tuple[str, ...]]) -> list[str]:
    """The same as ``_sorted`` with each opened loop as if it were one node, the first of it."""
    first = {node: loop[0] for loop in opened for node in loop}
    together: dict[str, list[str]] = {first.get(node, node): [] for node in readers}
    for node, after in readers.items():
        source = first.get(node, node)
        targets = [first.get(reader, reader) for reader in after]
        together[source] += [target for target in targets if target != source or node not in first]
    inner = {loop[0]: loop for loop in opened}
    return [member for node in _sorted(together) for member in inner.get(node, (node,))]


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
