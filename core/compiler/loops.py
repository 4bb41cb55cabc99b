"""Loops of a graph: its strongly connected components (Tarjan 1972), without recursion, so that no depth is too deep."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def loops(readers: Mapping[Key, Sequence[Key]]) -> Iterator[tuple[Key, ...]]:
    """Every group of nodes that can all reach each other, and every node that reads itself.

    ``readers`` maps a node to those that read it; readers that are no key are ignored. Linear in nodes and wires.
    """
    index: dict[Key, int] = {}
    low: dict[Key, int] = {}
    path: list[Key] = []
    on_path: set[Key] = set()
    for root in readers:
        if root in index:
            continue
        work: list[tuple[Key, Iterator[Key]]] = []
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
    node: Key,
    readers: Mapping[Key, Sequence[Key]],
    index: dict[Key, int],
    low: dict[Key, int],
    path: list[Key],
    on_path: set[Key],
    work: list[tuple[Key, Iterator[Key]]],
) -> None:
    index[node] = low[node] = len(index)
    path.append(node)
    on_path.add(node)
    work.append((node, iter(readers[node])))


def _leave(node: Key, path: list[Key], on_path: set[Key]) -> tuple[Key, ...]:
    group: list[Key] = []
    while not group or group[-1] != node:
        group.append(path.pop())
        on_path.discard(group[-1])
    return tuple(reversed(group))
