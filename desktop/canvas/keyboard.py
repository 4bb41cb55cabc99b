"""The canvas by keyboard alone: walk the graph, nudge, edit, and draw a wire by W, arrows and Enter."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent

from desktop.canvas.gestures.key_wire import KeyWireGesture
from desktop.canvas.hits import Hit

if TYPE_CHECKING:
    from desktop.canvas.view import CanvasView

ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
NUDGE = 12.0
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def press(view: "CanvasView", event: QKeyEvent) -> bool:
    """Carry out a key; whether it was one of the canvas."""
    key, gesture = Qt.Key(event.key()), view.gesture
    if isinstance(gesture, KeyWireGesture) and key in (*ARROWS, Qt.Key.Key_Return, Qt.Key.Key_Enter):
        if key in ARROWS:
            gesture.step(1 if key in (Qt.Key.Key_Down, Qt.Key.Key_Right) else -1)
        else:
            view.finish_gesture(gesture.place, event.modifiers())
        return True
    if key in ARROWS:
        _arrow(view, key, event.modifiers())
    elif key == Qt.Key.Key_W and not event.modifiers():
        _begin_wire(view)
    elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        return _edit(view)
    else:
        return False
    return True


def select_hit(view: "CanvasView", hit: Hit) -> None:
    """Select what was pointed at, unless it is selected already."""
    node = hit.node if hit.port is None else hit.port[0]
    selection = view.selection
    if node in selection.nodes or hit.wire in selection.wires or hit.note in selection.notes:
        return
    selection.set(
        nodes=() if node is None else (node,),
        wires=() if hit.wire is None else (hit.wire,),
        notes=() if hit.note is None else (hit.note,),
    )


def _arrow(view: "CanvasView", key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
    dx, dy = ARROWS[key]
    if modifiers & CONTROL and view.selection:
        step = 1.0 if modifiers & SHIFT else NUDGE
        view.commands.nudge(dx * step, dy * step)
    else:
        view.commands.walk(dx, dy)


def _begin_wire(view: "CanvasView") -> None:
    """A wire from the one selected node, if it has an output and there is a port that takes it."""
    if len(view.selection.nodes) != 1 or view.gesture is not None:
        return
    (node,) = view.selection.nodes
    outputs = view.canvas.nodes[node].look.outputs
    if outputs:
        gesture = KeyWireGesture(view, view.canvas.nodes[node].port(outputs[0]), (node, outputs[0]))
        view.begin(gesture)
        gesture.step(1)


def _edit(view: "CanvasView") -> bool:
    """Write in the one note that is selected; anything else is edited in the inspector."""
    notes = list(view.selection.notes)
    if len(notes) == 1 and not view.selection.nodes:
        view.edit_note(notes[0])
    elif view.selection:
        view.settings_wanted.emit()
    return bool(view.selection)


def search_point(view: "CanvasView") -> QPointF:
    """Where a search that was called by a key adds its node."""
    return view.mouse_in_scene() or view.middle_in_scene()
