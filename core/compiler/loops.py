"""Loops of a graph: its strongly connected components (Tarjan 1972), without recursion, so that no depth is too deep."""

from collections.abc import Iterator, Mapping, Sequence


def loops(readers: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """Every group of nodes that can all reach each other, and every node that reads itself.

    ``readers`` maps a node to those that read it; readers that are no key are ignored. Linear in nodes and wires.
    """
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    path: list[str] = []
    on_path: set[str] = set()
    for root in readers:
        if root in index:
            continue
        work: list[tuple[str, Iterator[str]]] = []
        _enter(root, readers, index, low, path, on_path, work)
        while work:
            node, rest = work[-1]
            successor = next((reader for reader in rest if reader in readers), None)
            if successor is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    group = _leave(node, path, on_path)
                    if len(group) > 1 or node in readers[node]:
                        yield group
            elif successor not in index:
                _enter(successor, readers, index, low, path, on_path, work)
            elif successor in on_path:
                low[node] = min(low[node], index[successor])


def _enter(
    node: str,
    readers: Mapping[str, Sequence[str]],
    index: dict[str, int],
    low: dict[str, int],
    path: list[str],
    on_path: set[str],
    work: list[tuple[str, Iterator[str]]],
) -> None:
    index[node] = low[node] = len(index)
    path.append(node)
    on_path.add(node)
    work.append((node, iter(readers[node])))


def _leave(node: str, path: list[str], on_path: set[str]) -> tuple[str, ...]:
    group: list[str] = []
    while not group or group[-1] != node:
        group.append(path.pop())
        on_path.discard(group[-1])
    return tuple(reversed(group))
