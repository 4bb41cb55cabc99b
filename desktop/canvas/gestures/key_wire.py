"""A wire by keyboard: W takes one in hand, arrows go through the ports that fit, Enter connects, Esc cancels."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from core.diagram.records import Endpoint
from desktop.canvas.gestures.gesture import Gesture, Modifiers
from desktop.canvas.gestures.wire_in_hand import WireInHand

if TYPE_CHECKING:
    from desktop.canvas.view import CanvasView


class KeyWireGesture(Gesture):
    """A new wire from an output port, led by keys."""

    hint = "Arrows choose the port, Enter connects, Esc cancels"

    def __init__(self, view: "CanvasView", start: QPointF, port: Endpoint) -> None:
        super().__init__(view, start)
        self._hand = WireInHand(view, port, True)
        nodes = view.canvas.nodes
        self._ports = sorted(self._hand.fitting, key=lambda end: (nodes[end[0]].x(), nodes[end[0]].y(), end))
        self._chosen = -1
        self.place = start

    def step(self, by: int) -> None:
        """Go to the next fitting port, or the one before."""
        if self._ports:
            self._chosen = (self._chosen + by) % len(self._ports) if self._chosen >= 0 else 0
            node, port = self._ports[self._chosen]
            self.place = self.view.canvas.nodes[node].port(port)
            self.view.keep_in_sight(node)
            self._hand.move(self.place)

    def move(self, point: QPointF, modifiers: Modifiers) -> None:
        """The mouse has no part in this."""

    def finish(self, point: QPointF, modifiers: Modifiers) -> None:
        target, trial = self._hand.target, self._hand.trial
        self._hand.let_go()
        if target is not None and trial is not None and trial.change is not None and trial.fits:
            names = self.view.name(self._hand.fixed[0]), self.view.name(target[0])
            self.view.apply(trial.change, f"Connect {names[0]} to {names[1]}")

    def cancel(self) -> None:
        self._hand.let_go()
