"""Insertion: a node dropped on a wire goes into it, where its ports and the shapes allow that."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from core.catalogue import registry
from core.diagram import edits
from core.diagram.change import Change
from core.diagram.diagram import Diagram
from core.diagram.records import Node
from core.errors import NeuroloomError
from desktop.canvas.trial import judged

if TYPE_CHECKING:
    from desktop.canvas.view import CanvasView

NEAR = 16.0
"""How near to a wire the middle of the node must be, in units of the canvas."""


@dataclass(frozen=True, slots=True)
class Insertion:
    """A node (that is in the diagram, or is to be added) into a wire."""

    wire: str
    node: str
    input_port: str
    output_port: str

    def change(self, diagram: Diagram, added: Node | None = None) -> Change:
        """The edit, on a diagram in which the node lies where it shall be."""
        node = added if added is not None else diagram.nodes[self.node]
        return edits.insert_on_wire(diagram, self.wire, node, self.input_port, self.output_port)


def find_insertion(view: "CanvasView", kind: str, point: QPointF, node: str | None = None) -> Insertion | None:
    """The insertion that dropping a node there would be, or None; ``node`` is its id where it exists already."""
    known = registry.find_kind(kind)
    if known is None or not known.inputs or not known.outputs:
        return None
    diagram = view.bridge.diagram
    if node is not None and (diagram.incoming(node) or diagram.outgoing(node)):
        return None
    wire = view.canvas.wires.nearest(point.x(), point.y(), NEAR)
    if wire is None:
        return None
    found = Insertion(wire, node or "", known.inputs[0].name, known.outputs[0].name)
    added = None if node is not None else Node(id=edits.new_node_id(diagram, kind), kind=kind)
    try:
        trial = judged(view.bridge, found.change(diagram, added))
    except NeuroloomError:
        return None
    return found if trial.fits else None
