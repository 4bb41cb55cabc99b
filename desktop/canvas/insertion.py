"""Insertion: a node dropped on a wire goes into it, where its ports and the shapes allow that."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QPointF

from core.catalogue import registry
from core.diagram import edits
from core.diagram.change import Change
from core.diagram.diagram import Diagram
from core.diagram.records import Node
from core.diagram.room import Widths, room_between
from core.errors import NeuroloomError
from desktop.canvas.geometry import geometry_of
from desktop.canvas.node_look import plain_look
from desktop.canvas.trial import judged

if TYPE_CHECKING:
    from desktop.canvas.view import CanvasView

NEAR = 24.0
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

    def roomy_change(self, diagram: Diagram, width_of: Widths, added: Node | None = None) -> Change:
        """The edit, with as much room on both sides of the node as its wires need to be seen."""
        node = added if added is not None else diagram.nodes[self.node]
        wire = diagram.wires[self.wire]
        width = width_of(node.id) if added is None else geometry_of(plain_look(node)).body.width()
        x, pushed = room_between(diagram, wire.source[0], wire.target[0], width, width_of, node.position[0])
        if added is None:
            pushed = pushed.then(edits.move(diagram, {node.id: (x, node.position[1])}))
        else:
            added = msgspec.structs.replace(added, position=(x, added.position[1]))
        return pushed.then(self.change(diagram.apply(pushed), added))


class Insertions:
    """The wires that a node of a kind can go into; each is tried once. ``node`` is its id where it exists already."""

    def __init__(self, view: "CanvasView", kind: str, node: str | None = None) -> None:
        self._view, self._kind, self._node = view, kind, node
        self._tried: dict[str, Insertion | None] = {}
        diagram = view.bridge.diagram
        self._free = node is None or not (diagram.incoming(node) or diagram.outgoing(node))

    def at(self, point: QPointF) -> Insertion | None:
        """The insertion that dropping the node at a point would be, or None."""
        if not self._free:
            return None
        wire = self._view.canvas.wires.nearest(point.x(), point.y(), NEAR)
        if wire is None:
            return None
        if wire not in self._tried:
            self._tried[wire] = self._into(wire)
        return self._tried[wire]

    def _into(self, wire: str) -> Insertion | None:
        known = registry.find_kind(self._kind)
        if known is None or not known.inputs or not known.outputs:
            return None
        diagram = self._view.bridge.diagram
        found = Insertion(wire, self._node or "", known.inputs[0].name, known.outputs[0].name)
        added = None
        if self._node is None:
            added = Node(id=edits.new_node_id(diagram, self._kind), kind=self._kind)
        try:
            trial = judged(self._view.bridge, found.change(diagram, added))
        except NeuroloomError:
            return None
        return found if trial.fits else None
