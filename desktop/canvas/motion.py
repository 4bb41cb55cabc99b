"""Motion: live values, pulses and short movements, all on the view's one clock; a switch turns off what moves by itself."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from core.diagram.records import Position
from desktop.canvas.clock import CALM_INTERVAL, INTERVAL

if TYPE_CHECKING:
    from core.inspection.snapshot import Snapshot
    from desktop.canvas.view import CanvasView


HURRIED = 1000.0
"""Steps per second from which training leaves no time between two frames."""


class Motion:
    """What moves on a view."""

    def __init__(self, view: "CanvasView") -> None:
        self._view = view
        self._shown = True
        self._wanted = False
        self._pace = 0.0

    def stop(self) -> None:
        """Everything stands still: another document is shown."""
        self._view.toast.dismiss()  # Without the clock it would never go, and its Undo is not meant for this document.
        self._view.clock.stop()
        self._view.canvas.pulses.stop()
        self._wanted = False

    def show_snapshot(self, snapshot: "Snapshot | None") -> None:
        """Show the network's state: a part at once, and the rest with the next ticks."""
        live = self._view.canvas.live
        live.show(snapshot)
        if snapshot is None:
            return
        if self._wanted and snapshot.steps_per_second != self._pace:
            self.set_pulses(True, snapshot.steps_per_second)
        if live.hand_out(0.0):
            self._view.clock.add(live.hand_out, _interval(snapshot.steps_per_second))

    def set_pulses(self, running: bool, steps_per_second: float) -> None:
        """Let pulses run along the wires, or stop them."""
        self._wanted, self._pace = running, steps_per_second
        pulses = self._view.canvas.pulses
        if running and self._shown:
            pulses.start(steps_per_second)
            self._view.clock.add(pulses.advance_by, _interval(steps_per_second))
        else:
            self._view.clock.remove(pulses.advance_by)
            pulses.stop()

    def switch(self, shown: bool) -> None:
        """Whether anything on the canvas moves by itself."""
        self._shown = shown
        self.set_pulses(self._wanted, self._pace)

    def glide(self, before: Mapping[str, Position], after: Mapping[str, Position], seconds: float) -> None:
        """Show nodes on their way; the document has them at the end of it already."""
        if not self._shown:
            return
        passed = 0.0

        def tick(step: float) -> bool:
            nonlocal passed
            passed += step
            t = min(1.0, passed / seconds)
            t = t * t * (3.0 - 2.0 * t)
            nodes = self._view.bridge.diagram.nodes
            still = [key for key, place in after.items() if key in nodes and nodes[key].position == place]
            self._view.canvas.preview_positions({key: _between(before[key], after[key], t) for key in still})
            return passed < seconds

        self._view.canvas.preview_positions(before)
        self._view.clock.add(tick)


def _interval(steps_per_second: float) -> int:
    return CALM_INTERVAL if steps_per_second > HURRIED else INTERVAL


def _between(first: Position, second: Position, t: float) -> Position:
    return first[0] + (second[0] - first[0]) * t, first[1] + (second[1] - first[1]) * t
