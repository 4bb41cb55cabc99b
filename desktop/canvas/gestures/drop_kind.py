"""Drop: a kind comes from the palette; on empty canvas it becomes a node, on a wire it goes into the wire."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from core.catalogue.kind import NodeKind
from desktop.canvas.gestures.gesture import Gesture, Modifiers
from desktop.canvas.insertion import Insertion, Insertions
from desktop.canvas.overlay import Hints

if TYPE_CHECKING:
    from desktop.canvas.view import CanvasView


class DropKindGesture(Gesture):
    """A kind over the canvas that has not been dropped yet."""

    hint = "Drop to add the node; on a wire it is inserted"

    def __init__(self, view: "CanvasView", start: QPointF, kind: NodeKind) -> None:
        super().__init__(view, start)
        self._kind = kind
        self._insertions = Insertions(view, kind.key)
        self._insertion: Insertion | None = None

    def move(self, point: QPointF, modifiers: Modifiers) -> None:
        self._insertion = self._insertions.at(point)
        curve = None
        if self._insertion is not None:
            curve = self.view.canvas.wires.wires[self._insertion.wire].curve
        self.view.overlay.show_hints(Hints(target_wire=curve))

    def finish(self, point: QPointF, modifiers: Modifiers) -> None:
        self.move(point, modifiers)
        self.view.overlay.show_hints()
        if self._insertion is None:
            self.view.adding.near(self._kind.key, point)
        else:
            self.view.adding.into_wire(self._kind.key, point, self._insertion)

    def cancel(self) -> None:
        self.view.overlay.show_hints()
