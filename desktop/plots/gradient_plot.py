"""The gradient plot: how large the gradient of each node's parameters is, over time, on a logarithmic scale.

Colours follow depth, and nodes of one depth are lighter and darker: where the lines of the first layers lie far under those of the
last, the gradient vanishes on its way back; where it grows on the way, it explodes. Both are said in words when they happen.
A gradient of 0 has no place on the scale: its line runs along the bottom. Where the data are sequences, a switch shows instead how far
back in time the gradient reaches.
"""

import numpy as np
from PySide6.QtWidgets import QWidget

from core.inspection.snapshot import Snapshot
from desktop.plots.axes import Axes
from desktop.plots.caption import PART
from desktop.plots.end_labels import EndLabel, EndLabels
from desktop.plots.line import Line
from desktop.plots.nodes import node_label, ranks
from desktop.plots.panel import PlotPanel
from desktop.plots.sanitizer import Values, finite_points, thinned_to_pixels
from desktop.plots.series import Series
from desktop.plots.style import number, shade
from desktop.plots.time_gradients import TimeGradientView
from desktop.theme import Theme
from desktop.training.controller import TrainingController
from desktop.training.telemetry import GradientNorms, Telemetry

EMPTY = "Press Train to see the gradients.<br>They say how strongly each node is asked to change."
FLOOR = 1e-12
"""What is not larger counts as 0."""
ZERO = -12.0 + 1e-6
LEAST_STEPS = 10.0
DASH = np.array([-0.2, 0.2])
MOST_CURVES = 16
MOST_LABELS = 8
VANISHING = 1e-4
LARGE = 1e3


class GradientPlot(PlotPanel):
    """One line per node with parameters; beyond sixteen, a choice of them evenly spread over depth."""

    def __init__(self, controller: TrainingController, parent: QWidget | None = None) -> None:
        super().__init__("gradientPlot", "Gradient size", EMPTY, parent)
        self._controller = controller
        self._series: dict[str, Series] = {}
        self._ranks: dict[str, int] = {}
        self._shades: dict[str, tuple[int, int]] = {}
        self._curves: list[Line] = []
        self._axes = Axes("step", "")
        self.add_body(self._axes)
        self._axes.left.logarithmic = True
        self._labels = EndLabels(self._axes)
        self._last_step = -1
        self._snapshot = controller.snapshot
        self._time = TimeGradientView()
        self.add_body(self._time.widget)
        self.through_time = self.add_switch("through time", "Gradient by time step of the sequences")
        self.through_time.toggled.connect(self._on_switch)
        controller.snapshot_ready.connect(self._on_snapshot)
        controller.telemetry_ready.connect(self._on_telemetry)
        controller.history_cleared.connect(self._on_cleared)
        self.start()

    def _on_telemetry(self, telemetry: Telemetry) -> None:
        points = [point for point in telemetry.gradients if point.norms and point.step > self._last_step]
        if points:
            self._add(points)
            self.request_redraw()

    def _on_snapshot(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        if self.through_time.isChecked() or self.through_time.isVisibleTo(self) != self._has_time():
            self.request_redraw()

    def _on_switch(self, wanted: bool) -> None:
        self._controller.set_request(time_gradients=wanted)
        self.redraw_at_once()

    def _has_time(self) -> bool:
        """Whether the data are sequences."""
        dataset = self._controller.bridge.dataset
        return dataset is not None and len(dataset.input_shape) == 2

    def _add(self, points: list[GradientNorms]) -> None:
        """Points of one network: an edit starts another run, whose telemetry comes on its own."""
        self._last_step = points[-1].step
        nodes = points[-1].norms
        points = [point for point in points if point.norms.keys() == nodes.keys()]
        if nodes.keys() != self._ranks.keys():
            self._adopt(list(nodes))
        steps = [float(point.step) for point in points]
        for node in nodes:
            norms = np.array([point.norms[node] for point in points])
            self._series[node].extend(steps, np.log10(np.maximum(norms, FLOOR)).tolist())

    def _adopt(self, nodes: list[str]) -> None:
        """The network has these nodes now; lines of nodes that are still there go on."""
        self._ranks = ranks(self._controller.bridge.diagram, nodes)
        self._series = {node: self._series.get(node) or Series(2048) for node in nodes}
        peers = {rank: [node for node in nodes if self._ranks[node] == rank] for rank in set(self._ranks.values())}
        self._shades = {node: (place, len(group)) for group in peers.values() for place, node in enumerate(group)}

    def _on_cleared(self) -> None:
        self._series = {}
        self._ranks = {}
        self._last_step = -1
        self.request_redraw()

    def restyle(self, theme: Theme) -> None:
        self._axes.restyle(theme)
        self._time.restyle(theme)

    def redraw(self) -> None:
        self.through_time.setVisible(self._has_time())
        gradients = {} if self._snapshot is None else self._snapshot.time_gradients
        if self._has_time() and self.through_time.isChecked() and gradients:
            self._time.show_gradients(gradients, self.theme)
            trouble = self._time.trouble
            self.set_subtitle(trouble or self._time.caption, self.theme.warning if trouble else None)
            self.set_body(self._time.widget)
            return
        nodes = [node for node in self._chosen() if len(self._series[node])]
        if not nodes:
            self.set_subtitle("")
            self.show_empty()
            return
        self.set_body(self._axes)
        self._write_subtitle(nodes)
        while len(self._curves) < len(nodes):
            curve = Line()
            self._axes.addItem(curve, ignoreBounds=True)
            self._curves.append(curve)
        points = {node: self._points(self._series[node]) for node in nodes}
        bottom = self._set_range(points)
        for curve, (node, (x, y)) in zip(self._curves, points.items()):
            curve.set_style(self._color(node), 1.3)
            if len(x) == 1:  # A single point has no line; a dash shows where it lies.
                x, y = x + DASH, np.repeat(y, 2)
            curve.draw(x, np.where(y > ZERO, y, bottom))
            curve.setVisible(True)
        for curve in self._curves[len(nodes) :]:
            curve.setVisible(False)

    def _points(self, series: Series) -> tuple[Values, Values]:
        return finite_points(*thinned_to_pixels(series.x, series.y, self._axes.pixels_across // 2))

    def _set_range(self, points: dict[str, tuple[Values, Values]]) -> float:
        """Show all that is not 0; where a line of 0 is to be drawn."""
        known = np.concatenate([y[y > ZERO] for _, y in points.values()])
        low, high = (float(known.min()), float(known.max())) if len(known) else (-2.0, 0.0)
        low, high = float(np.floor(low - 0.05)), float(np.ceil(high + 0.05))
        first = min(float(x[0]) for x, _ in points.values())
        first = first if first > LEAST_STEPS else 0.0
        last = max(float(x[-1]) for x, _ in points.values())
        end = max(last, first + LEAST_STEPS)
        labels = self._end_labels(list(points), low)
        room = self._labels.width([label.text for label in labels])
        across = self._axes.pixels_across
        self._axes.extend_range((first, first + (end - first) * across / max(across - room, 40.0)), (low, high))
        self._axes.bottom.last = end
        self._labels.show(labels, last)
        bottom, top = self._axes.view.viewRange()[1]
        return float(bottom + 0.015 * (top - bottom))

    def _end_labels(self, nodes: list[str], bottom: float) -> list[EndLabel]:
        """The names of some nodes; a gradient of 0 is told, for its height does not."""
        labels = []
        for node in _evenly(nodes, MOST_LABELS):
            y = float(self._series[node].y[-1])
            name = self._name(node)
            label = (
                EndLabel(name, y, self._color(node)) if y > ZERO else EndLabel(f"{name}: 0", bottom, self._color(node))
            )
            labels.append(label)
        return labels

    def _chosen(self) -> list[str]:
        by_depth = sorted(self._series, key=lambda node: self._ranks.get(node, 0))
        return _evenly(by_depth, MOST_CURVES)

    def _color(self, node: str) -> str:
        colors = self.theme.series
        return shade(colors[self._ranks.get(node, 0) % len(colors)], *self._shades.get(node, (0, 1)))

    def _write_subtitle(self, nodes: list[str]) -> None:
        trouble = self.trouble()
        if trouble:
            self.set_subtitle(trouble, self.theme.warning)
            return
        count = "per node" if len(nodes) == len(self._series) else f"{len(nodes)} of {len(self._series)} nodes"
        self.set_subtitle(f"{count}{PART}log scale")

    def trouble(self) -> str:
        """A sentence if the gradient vanishes or explodes on its way from the last layer to the first, else ""."""
        latest = {node: 10.0 ** float(np.median(s.y[-5:])) for node, s in self._series.items() if len(s)}
        if not latest:
            return ""
        largest = max(latest, key=lambda node: latest[node])
        if latest[largest] > LARGE:
            return f"Exploding: the gradient of {self._name(largest)} is {number(latest[largest], 2)}. Lower the rate."
        first, last = self._mean_at(latest, 0), self._mean_at(latest, max(self._ranks.values(), default=0))
        if last <= 10 * FLOOR or first <= 0:
            return ""
        ratio = first / last
        if first <= 1.01 * FLOOR:
            return "Vanishing: no gradient reaches the first layer."
        if ratio < VANISHING:
            return f"Vanishing: the first layer gets {number(ratio, 2)} of the last layer's gradient."
        if ratio > 1 / VANISHING:
            return f"Exploding: the first layer's gradient is {number(ratio, 2)} times the last layer's."
        return ""

    def _mean_at(self, norms: dict[str, float], rank: int) -> float:
        return float(np.mean([norm for node, norm in norms.items() if self._ranks.get(node) == rank] or [0.0]))

    def _name(self, node: str) -> str:
        return node_label(self._controller.bridge.diagram, node)


def _evenly(nodes: list[str], most: int) -> list[str]:
    """At most ``most`` of the nodes, the first and the last among them."""
    if len(nodes) <= most:
        return nodes
    return [nodes[int(index)] for index in np.linspace(0, len(nodes) - 1, most)]
