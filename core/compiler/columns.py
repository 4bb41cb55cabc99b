"""Columns: which wire each column of a node's weights belongs to, so that an edit of one wire leaves the others their weights."""

from typing import TypeAlias

from core.catalogue.registry import find_kind
from core.compiler.compile import Compilation
from core.diagram.diagram import Diagram
from core.diagram.records import Wire

WireColumns: TypeAlias = dict[str, tuple[tuple[str, int], ...]]
"""Node -> (what tells the wire from all others, number of columns), in the order of the columns."""


def wire_columns(diagram: Diagram, compilation: Compilation) -> WireColumns:
    """The columns of every node whose every wire carries weights of its own; nodes with a wire of unknown shape are left out."""
    found: WireColumns = {}
    for node in diagram.nodes.values():
        kind = find_kind(node.kind)
        ports = {port.name for port in kind.inputs if port.many and port.weighted} if kind else set()
        wires = [wire for wire in diagram.incoming(node.id) if wire.target[1] in ports] if ports else []
        if wires and all(wire.source in compilation.shapes for wire in wires):
            found[node.id] = tuple((_name(wire), compilation.shapes[wire.source][-1]) for wire in wires)
    return found


def _name(wire: Wire) -> str:
    """The id alone may be given again to another wire, once the wire is gone."""
    node, port = wire.source
    return f"{wire.id} from {node}.{port}"
