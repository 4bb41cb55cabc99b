"""What the plots call a node, and how deep it lies in the network."""

from core.diagram.diagram import Diagram


def node_label(diagram: Diagram, node_id: str) -> str:
    """The title that the user gave, else the id."""
    node = diagram.nodes.get(node_id)
    return node_id if node is None or not node.title else node.title


def ranks(diagram: Diagram, nodes: list[str]) -> dict[str, int]:
    """Node -> its place in depth among ``nodes`` alone, counted from 0 without gaps."""
    depth = depths(diagram)
    levels = sorted({depth.get(node, 0) for node in nodes})
    return {node: levels.index(depth.get(node, 0)) for node in nodes}


def depths(diagram: Diagram) -> dict[str, int]:
    """Node -> number of wires on the longest way to it; what lies on or behind a loop counts from where the loop is entered."""
    depth = dict.fromkeys(diagram.nodes, 0)
    waits_for = {node: len(diagram.incoming(node)) for node in diagram.nodes}
    ready = [node for node, count in waits_for.items() if not count]
    while ready:
        node = ready.pop()
        for wire in diagram.outgoing(node):
            target = wire.target[0]
            depth[target] = max(depth[target], depth[node] + 1)
            waits_for[target] -= 1
            if not waits_for[target]:
                ready.append(target)
    return depth
