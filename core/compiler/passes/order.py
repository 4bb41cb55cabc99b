"""Order: the nodes so that each comes after those that it reads."""

import heapq

from core.compiler.draft import Draft


def order(draft: Draft) -> None:
    """Fill ``order`` with every node that no loop leads to, whatever order the diagram lists them in."""
    waiting = {node: sum(1 for _ in draft.into(node)) for node in draft.kinds}
    depth = dict.fromkeys(waiting, 0)
    ready = [(0, node) for node, count in waiting.items() if not count]
    heapq.heapify(ready)
    while ready:
        _, node = heapq.heappop(ready)
        draft.order.append(node)
        for wire in draft.diagram.outgoing(node):
            reader = wire.target[0]
            if wire not in draft.wires.get(wire.target, ()):
                continue
            depth[reader] = max(depth[reader], depth[node] + 1)
            waiting[reader] -= 1
            if not waiting[reader]:
                heapq.heappush(ready, (depth[reader], reader))
    if len(draft.order) < len(waiting):
        stuck = [node for node, count in waiting.items() if count]
        draft.error("loop", "These nodes wait for each other in a loop.", *stuck)
