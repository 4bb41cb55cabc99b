"""Tidy: layers from left to right (Sugiyama), with room for what each node takes up.

fast-sugiyama gives ranks and an order within each rank that crosses few wires. It aborts on cycles, so wires that lead
back are left out first, found by one depth-first walk. Nodes with the very same neighbours keep the order they had:
h1 stays above h2.
"""

from collections.abc import Mapping, Sequence

from core.diagram.records import Position

COLUMN_GAP = 96.0
ROW_GAP = 28.0

Sizes = Mapping[str, tuple[float, float]]
Edges = Sequence[tuple[str, str]]


def tidy_positions(sizes: Sizes, edges: Edges, before: Mapping[str, Position]) -> dict[str, Position]:
    """Where each node of ``sizes`` (width, height) is to lie; the middle of all stays where it was."""
    if not sizes:
        return {}
    inside = [(start, end) for start, end in dict.fromkeys(edges) if start in sizes and end in sizes and start != end]
    forward = _without_back_edges(inside, before)
    columns = _columns(sizes, forward, before)
    placed = _placed(columns, sizes)
    return _centred(placed, before)


def _without_back_edges(edges: Edges, before: Mapping[str, Position]) -> list[tuple[str, str]]:
    """The edges that do not close a cycle in a depth-first walk from left to right."""
    following: dict[str, list[str]] = {}
    for start, end in edges:
        following.setdefault(start, []).append(end)
    done: set[str] = set()
    kept: list[tuple[str, str]] = []
    starts = sorted(following, key=lambda key: (before.get(key, (0.0, 0.0)), key))
    for root in starts:
        if root in done:
            continue
        path = {root}
        stack = [(root, iter(following.get(root, ())))]
        while stack:
            node, rest = stack[-1]
            end = next(rest, "")
            if not end:
                stack.pop()
                path.discard(node)
                done.add(node)
            elif end not in path:
                kept.append((node, end))
                if end not in done:
                    path.add(end)
                    stack.append((end, iter(following.get(end, ()))))
    return kept


def _columns(sizes: Sizes, edges: Edges, before: Mapping[str, Position]) -> list[list[str]]:
    """The nodes rank by rank from left to right, each rank from top to bottom; lone nodes stand in a last column."""
    number = {key: place for place, key in enumerate(sorted({end for edge in edges for end in edge}))}
    names = {place: key for key, place in number.items()}
    columns: dict[int, list[tuple[float, str]]] = {}
    shift = 0.0
    if edges:
        from fast_sugiyama import from_edges  # Not at start-up: it brings the standard library's e-mail package along.

        parts = from_edges([(number[start], number[end]) for start, end in edges], vertex_spacing=100)
        parts.sort(key=lambda part: min(before[names[place]][1] for place, _ in part[0] if place in names))
        for positions, width, height, _ in parts:
            for place, (across, depth) in positions:
                if place in names:  # the others are dummies on long edges
                    rank = round((height - depth) / 100)
                    columns.setdefault(rank, []).append((across + shift, names[place]))
            shift += width + 200
    ordered = [[key for _, key in sorted(columns[rank])] for rank in sorted(columns)]
    ordered = [_same_neighbours_in_old_order(column, edges, before) for column in ordered]
    lone = sorted((key for key in sizes if key not in number), key=lambda key: (before[key][1], key))
    return [*ordered, lone] if lone else ordered


def _same_neighbours_in_old_order(column: list[str], edges: Edges, before: Mapping[str, Position]) -> list[str]:
    neighbours: dict[str, set[tuple[str, str]]] = {key: set() for key in column}
    for start, end in edges:
        if start in neighbours:
            neighbours[start].add(("to", end))
        if end in neighbours:
            neighbours[end].add(("from", start))
    groups: dict[frozenset[tuple[str, str]], list[str]] = {}
    for key in column:
        groups.setdefault(frozenset(neighbours[key]), []).append(key)
    waiting = {
        group: iter(sorted(keys, key=lambda key: (before[key][1], before[key][0], key)))
        for group, keys in groups.items()
    }
    return [next(waiting[frozenset(neighbours[key])]) for key in column]


def _placed(columns: list[list[str]], sizes: Sizes) -> dict[str, Position]:
    """Columns side by side, each centred on one line."""
    placed: dict[str, Position] = {}
    x = 0.0
    for column in columns:
        width = max(sizes[key][0] for key in column)
        height = sum(sizes[key][1] for key in column) + ROW_GAP * (len(column) - 1)
        y = -height / 2
        for key in column:
            placed[key] = (x + width / 2, y + sizes[key][1] / 2)
            y += sizes[key][1] + ROW_GAP
        x += width + COLUMN_GAP
    return placed


def _centred(placed: dict[str, Position], before: Mapping[str, Position]) -> dict[str, Position]:
    """The same, moved so that the middle is where it was."""
    shift = [
        _middle([before[key][axis] for key in placed]) - _middle([place[axis] for place in placed.values()])
        for axis in (0, 1)
    ]
    return {key: (round(x + shift[0], 1), round(y + shift[1], 1)) for key, (x, y) in placed.items()}


def _middle(values: list[float]) -> float:
    return (min(values) + max(values)) / 2
