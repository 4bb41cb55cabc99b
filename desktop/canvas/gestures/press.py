"""Which gesture a press of the left button begins, by what is under the mouse and which keys are held."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from core.diagram.records import Endpoint, Wire
from desktop.canvas.gestures.connect import ConnectGesture
from desktop.canvas.gestures.gesture import Gesture, Modifiers
from desktop.canvas.gestures.move import MoveGesture
from desktop.canvas.gestures.reattach import ReattachGesture
from desktop.canvas.gestures.rubber_band import RubberBandGesture
from desktop.canvas.hits import Hit, hit_at

if TYPE_CHECKING:
    from desktop.canvas.view import CanvasView


def gesture_for_press(view: "CanvasView", point: QPointF, modifiers: Modifiers) -> Gesture | None:
    """The gesture that begins here; selecting what was pressed on is part of it."""
    hit = hit_at(view.canvas, point, view.zoom)
    if hit.port is not None:
        return _at_port(view, point, hit.port, hit.output)
    if hit.node is None and hit.note is None and hit.wire is None:
        return RubberBandGesture(view, point)
    toggles = bool(modifiers & (Modifiers.ShiftModifier | Modifiers.ControlModifier))
    _select(view, hit, toggles)
    return MoveGesture(view, point, hit) if hit.wire is None else None


def _at_port(view: "CanvasView", point: QPointF, port: Endpoint, output: bool) -> Gesture:
    """A selected wire's end is picked up; so is the last wire of an input; anything else begins a new wire."""
    wires = _wires_at(view, port, output)
    selected = [wire for wire in wires if wire.id in view.selection.wires]
    if selected:
        return ReattachGesture(view, point, selected[0], output)
    if wires and not output:
        return ReattachGesture(view, point, wires[-1], False)
    return ConnectGesture(view, point, port, output)


def _wires_at(view: "CanvasView", port: Endpoint, output: bool) -> list[Wire]:
    diagram = view.bridge.diagram
    if output:
        return [wire for wire in diagram.outgoing(port[0]) if wire.source == port]
    return [wire for wire in diagram.incoming(port[0]) if wire.target == port]


def _select(view: "CanvasView", hit: Hit, toggles: bool) -> None:
    """Press on something: it is selected alone, unless it already is or a key adds it."""
    selection = view.selection
    nodes = frozenset({hit.node}) if hit.node is not None else frozenset[str]()
    wires = frozenset({hit.wire}) if hit.wire is not None else frozenset[str]()
    notes = frozenset({hit.note}) if hit.note is not None else frozenset[str]()
    if toggles:
        selection.set(selection.nodes ^ nodes, selection.wires ^ wires, selection.notes ^ notes)
    elif not (nodes <= selection.nodes and wires <= selection.wires and notes <= selection.notes):
        selection.set(nodes, wires, notes)
