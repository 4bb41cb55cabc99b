"""The wire in hand: one end fixed, the other at the mouse, snapping to the nearest fitting port of what lies under it.

Connecting and re-attaching share it. Ports that may take the wire are lit and other nodes dim; where the wire may not
go, the reason stands at the mouse in words.
"""

from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from core.diagram.records import Endpoint
from desktop.canvas.hits import nearest_port, port_at
from desktop.canvas.overlay import Hints
from desktop.canvas.trial import Trial, fitting_ports, try_wire
from desktop.canvas.wire_curve import WireCurve

if TYPE_CHECKING:
    from desktop.canvas.view import CanvasView


TRIAL_SECONDS = 0.03
"""How long the start of a gesture may look ahead."""


class WireInHand:
    """A wire from (``output``) or to ``fixed``; ``moved`` is the wire whose end was picked up, if it is not a new one."""

    def __init__(self, view: "CanvasView", fixed: Endpoint, output: bool, moved: str | None = None) -> None:
        self.fixed, self.output = fixed, output
        self.target: Endpoint | None = None
        self.trial: Trial | None = None
        self._view = view
        self._moved = moved
        self._trials: dict[Endpoint, Trial] = {}
        self._fitting = self._looked_through(fitting_ports(view.bridge, fixed, output, moved))
        view.canvas.dim_others({fixed[0], *(end[0] for end in self._fitting)})

    def move(self, point: QPointF) -> None:
        """Follow the mouse."""
        self.target = self._target_at(point)
        self.trial = None if self.target is None else self._tried(self.target)
        scene = self._view.canvas
        fixed = scene.nodes[self.fixed[0]].port(self.fixed[1])
        free = point if self.target is None else scene.nodes[self.target[0]].port(self.target[1])
        start, end = (fixed, free) if self.output else (free, fixed)
        self._view.overlay.show_hints(
            Hints(
                wire=WireCurve((start.x(), start.y()), (end.x(), end.y())),
                verdict=None if self.trial is None else self.trial.fits,
                ports=tuple(self._place(end) for end in sorted(self._fitting)),
                snapped=None if self.target is None else self._place(self.target),
            )
        )
        if self.trial is not None and not self.trial.fits:
            self._view.reason.show_reason(self.trial.reason, self._view.mapFromScene(point))
        else:
            self._view.reason.dismiss()

    @property
    def fitting(self) -> frozenset[Endpoint]:
        """The ports that are lit."""
        return frozenset(self._fitting)

    def let_go(self) -> None:
        """Take away everything that was shown."""
        self._view.overlay.show_hints()
        self._view.canvas.dim_others(None)
        self._view.reason.dismiss()

    def ends(self, free: Endpoint) -> tuple[Endpoint, Endpoint]:
        """Source and target, with the free end there."""
        return (self.fixed, free) if self.output else (free, self.fixed)

    def _looked_through(self, allowed: set[Endpoint]) -> set[Endpoint]:
        """The allowed ports without those whose shapes do not fit, as far as there is time to try; nearest first."""
        end = perf_counter() + TRIAL_SECONDS
        here = self._view.canvas.nodes[self.fixed[0]].pos()
        nodes = self._view.canvas.nodes
        fitting = set(allowed)
        for port in sorted(allowed, key=lambda port: ((nodes[port[0]].pos() - here).manhattanLength(), port)):
            if not self._tried(port).fits:
                fitting.discard(port)
            if perf_counter() > end:
                break
        return fitting

    def _target_at(self, point: QPointF) -> Endpoint | None:
        scene = self._view.canvas
        hit = port_at(scene, point, self._view.zoom)
        if hit is not None and hit.port is not None and hit.output != self.output and hit.port[0] != self.fixed[0]:
            return hit.port
        key = scene.node_at(point) or (hit.port[0] if hit is not None and hit.port is not None else None)
        if key is None or key == self.fixed[0]:
            return None
        item = scene.nodes[key]
        names = item.look.inputs if self.output else item.look.outputs
        fitting = tuple(name for name in names if (key, name) in self._fitting)
        name = nearest_port(item, fitting or names, point)
        return None if name is None else (key, name)

    def _tried(self, end: Endpoint) -> Trial:
        if end not in self._trials:
            self._trials[end] = try_wire(self._view.bridge, *self.ends(end), self._moved)
        return self._trials[end]

    def _place(self, end: Endpoint) -> tuple[float, float]:
        point = self._view.canvas.nodes[end[0]].port(end[1])
        return point.x(), point.y()
