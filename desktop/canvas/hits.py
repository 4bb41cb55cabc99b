"""What is under the mouse: a port, a node, a note, a wire, or nothing.

A port answers within at least 24 pixels of the screen at any zoom; of a node's own body it takes no more than a
quarter, so that a small node can still be moved.
"""

from dataclasses import dataclass

from PySide6.QtCore import QPointF

from core.diagram.records import Endpoint
from desktop.canvas.node_item import NodeItem
from desktop.canvas.scene import CanvasScene

PORT_PIXELS = 24.0
WIRE_PIXELS = 7.0


@dataclass(frozen=True, slots=True)
class Hit:
    """At most one of these is set; ``output`` tells on which side a port is."""

    port: Endpoint | None = None
    output: bool = False
    node: str | None = None
    note: str | None = None
    wire: str | None = None


def hit_at(scene: CanvasScene, point: QPointF, zoom: float) -> Hit:
    """The uppermost thing at a point of the scene, seen at a zoom."""
    node = scene.node_at(point)
    port = port_at(scene, point, zoom)
    # A node under the mouse is nearer than the port of another one, whose area may be large far out.
    if port is not None and port.port is not None and node in (None, port.port[0]):
        return port
    if node is not None:
        return Hit(node=node)
    note = scene.note_at(point)
    if note is not None and note in scene.notes:
        return Hit(note=note)
    wire = scene.wires.nearest(point.x(), point.y(), WIRE_PIXELS / zoom)
    if wire is not None:
        return Hit(wire=wire)
    return Hit(note=note)


def port_at(scene: CanvasScene, point: QPointF, zoom: float) -> Hit | None:
    """The nearest port whose area holds a point."""
    side = PORT_PIXELS / zoom
    best: tuple[float, Hit] | None = None
    x, y = point.x(), point.y()
    for key, item in scene.nodes.items():
        half_width, half_height = item.geometry.half
        dx, dy = x - item.place[0], y - item.place[1]
        if abs(dx) > half_width + side or abs(dy) > half_height + side:
            continue
        for output, ports in ((False, item.geometry.inputs), (True, item.geometry.outputs)):
            for name, place in ports.items():
                distance = _distance(dx - place.x(), dy - place.y(), output, 2 * half_width, side)
                if distance is not None and (best is None or distance < best[0]):
                    best = distance, Hit(port=(key, name), output=output)
    return None if best is None else best[1]


def nearest_port(item: NodeItem, names: tuple[str, ...], point: QPointF) -> str | None:
    """Of some ports of a node, the one nearest to a point."""
    ranked = sorted(names, key=lambda name: (item.port(name) - point).manhattanLength())
    return ranked[0] if ranked else None


def _distance(dx: float, dy: float, output: bool, width: float, side: float) -> float | None:
    """The distance from the middle of a port, or None outside of its area."""
    outward = dx if output else -dx
    inside = min(side / 2, width / 4)
    if -inside <= outward <= side - inside and abs(dy) <= side / 2:
        return abs(dx) + abs(dy)
    return None
