"""What the tooltip of a port says: its name, what is wanted or given there, and what size that has."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QToolTip

from desktop.canvas.figures import shape_text
from desktop.canvas.hits import Hit, hit_at

if TYPE_CHECKING:
    from desktop.canvas.scene import CanvasScene
    from desktop.canvas.view import CanvasView


def show(view: "CanvasView", event: QEvent) -> bool:
    """Show the tooltip of the port under the mouse; whether there was one to show."""
    if event.type() != QEvent.Type.ToolTip or not isinstance(event, QHelpEvent):
        return False
    text = tip(view.canvas, hit_at(view.canvas, view.scene_point(QPointF(event.pos())), view.zoom))
    if text:
        QToolTip.showText(event.globalPos(), text, view)
    return bool(text)


def tip(scene: "CanvasScene", hit: Hit) -> str:
    """The tooltip of a port; "" for whatever else is hit, and for ports of unknown kinds."""
    if hit.port is None:
        return ""
    node, name = hit.port
    kind = scene.nodes[node].look.kind
    if kind is None:
        return ""
    port = next(port for port in (kind.outputs if hit.output else kind.inputs) if port.name == name)
    size = _size(scene, hit)
    lines = [f"{port.title} · {size}" if size else port.title, port.help]
    if port.optional:
        lines.append("Need not be wired.")
    if port.many:
        lines.append("Takes as many wires as you like.")
    return "\n".join(line for line in lines if line)


def _size(scene: "CanvasScene", hit: Hit) -> str:
    """The sample shape of what leaves or, where one wire ends, arrives."""
    assert hit.port is not None
    if hit.output:
        sources = [hit.port]
    else:
        sources = [wire.source for wire in scene.diagram.incoming(hit.port[0]) if wire.target == hit.port]
    shapes = scene.findings.compilation.shapes if scene.findings is not None else {}
    shape = shapes.get(sources[0]) if len(sources) == 1 else None
    return "" if shape is None else shape_text(shape)
