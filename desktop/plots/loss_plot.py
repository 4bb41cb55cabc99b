"""The loss plot: how wrong the network is, and how well it does, epoch by epoch; the earlier run stays as a ghost behind it.

The scale belongs to the present run while its losses make sense: neither a ghost nor a loss that grows beyond all bounds sets it.
"""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from core.training.events import Diverged, RunEnded, RunStarted
from desktop.plots.axes import LEFT_PIXELS, RIGHT_PIXELS, Axes, NumberAxis, style_axis
from desktop.plots.caption import PART
from desktop.plots.end_labels import EndLabel, EndLabels
from desktop.plots.explanation import Explanation
from desktop.plots.line import FEW_POINTS, Line
from desktop.plots.loss_history import LossHistory
from desktop.plots.panel import PlotPanel
from desktop.plots.sanitizer import Values, finite_points, sensible_top, smoothed, thinned_to_pixels
from desktop.plots.series import Series
from desktop.plots.style import number, pen
from desktop.theme import Theme
from desktop.training.controller import TrainingController
from desktop.training.telemetry import Telemetry

EMPTY = "Press Train to see the loss fall.<br>It says how wrong the network is: lower is better."
NAMES = {"accuracy": "accuracy", "r2": "R²", "validation_loss": "loss"}
SHORT = {"accuracy": "acc.", "r2": "R²", "validation_loss": "loss"}
RESET = "The weights are far off by now: reset them as well."
FAR_OFF = 10.0
"""Times the loss that the run began with."""
CURVES = ("ghost", "training", "validation", "metric")


class LossPlot(PlotPanel):
    """Training loss (solid), validation loss (dashed), and the metric on the right axis."""

    def __init__(self, controller: TrainingController, parent: QWidget | None = None) -> None:
        super().__init__("lossPlot", "Loss", EMPTY, parent)
        self._history = LossHistory()
        self._ghost = Series()
        self._metric_name = "accuracy"
        self._metric_range = (0.0, 0.0)
        self._axes = Axes("epoch", "loss")
        self.add_body(self._axes)
        self._curves = {name: Line() for name in CURVES}
        self._metric_view = pg.ViewBox(enableMouse=False, enableMenu=False)
        self._metric_axis = NumberAxis("right")
        self._lay_out_axes()
        self._cursor, self._marker = (pg.InfiniteLine(angle=90, movable=False) for _ in range(2))
        for line in (self._cursor, self._marker):
            line.setVisible(False)
            self._axes.addItem(line, ignoreBounds=True)
        self._explanation = Explanation(self._axes, LEFT_PIXELS, RIGHT_PIXELS)
        self._labels = EndLabels(self._axes)
        self._logarithmic = self.add_switch("log", "Logarithmic loss axis")
        self._smooth = self.add_switch("smooth", "Smooth the curves")
        self._logarithmic.toggled.connect(self.redraw_at_once)
        self._smooth.toggled.connect(self.redraw_at_once)
        self._axes.hovered.connect(self._on_hover)
        self._axes.left_by_mouse.connect(self._on_leave)
        controller.training_event.connect(self._on_event)
        controller.telemetry_ready.connect(self._on_telemetry)
        controller.history_cleared.connect(self._on_cleared)
        controller.bridge.replaced.connect(self._on_replaced)
        self._resized = QTimer(self)
        self._resized.setSingleShot(True)
        self._resized.setInterval(0)
        self._resized.timeout.connect(self.redraw_at_once)
        self._axes.view.sigResized.connect(self._on_resized)
        self.start()

    def _lay_out_axes(self) -> None:
        plot = self._axes.getPlotItem()
        plot.setAxisItems({"right": self._metric_axis})
        plot.scene().addItem(self._metric_view)
        self._metric_axis.linkToView(self._metric_view)
        self._metric_view.setXLink(plot)
        self._metric_view.disableAutoRange()
        for name, curve in self._curves.items():
            (self._metric_view if name == "metric" else self._axes).addItem(curve, ignoreBounds=True)

    def _on_event(self, event: object) -> None:
        if isinstance(event, RunStarted):
            self._metric_name = event.metric
            self._history.begin_run(event)
            self._explanation.say("")
            self.request_redraw()
        elif isinstance(event, RunEnded):
            self._history.end_run(event)
            if event.diagnosis:
                far_off = not event.loss_last <= FAR_OFF * event.loss_first
                self._explanation.say(f"{event.diagnosis} {RESET}" if far_off else event.diagnosis)
            self.request_redraw()
        elif isinstance(event, Diverged):
            self._history.note_divergence(event)
            self._explanation.say(event.diagnosis)
            self.request_redraw()

    def _on_telemetry(self, telemetry: Telemetry) -> None:
        self._history.add(telemetry)
        self.request_redraw()

    def _on_cleared(self) -> None:
        training = self._history.training
        if len(training) > 1:
            self._ghost = training.copy()
        self._history.clear()
        self._explanation.say("")
        self.request_redraw()

    def _on_replaced(self) -> None:
        """The curves of another document say nothing about this one."""
        self._on_cleared()
        self._ghost = Series()

    def _on_resized(self) -> None:
        self._metric_view.setGeometry(self._axes.view.sceneBoundingRect())
        self._resized.start()

    def _on_hover(self, x: float) -> None:
        latest = self._history.last_x
        if latest is None or not 0 <= x <= latest:
            self._on_leave()
            return
        self._cursor.setPos(x)
        self._cursor.setVisible(True)
        words = [f"epoch {x:.0f}"]
        for name, series in (("training", self._history.training), ("validation", self._history.validation)):
            value = series.at(x)
            if value is not None:
                words.append(f"{name} {number(value)}")
        metric = self._history.metric.at(x)
        if metric is not None:
            words.append(f"{NAMES[self._metric_name]} {self._metric_text(metric)}")
        self.set_subtitle(" · ".join(words), self.theme.text)

    def _on_leave(self) -> None:
        self._cursor.setVisible(False)
        self._write_legend()

    def _write_legend(self) -> None:
        theme = self.theme
        ghost = bool(len(self._ghost))
        words = ("train", "val.") if ghost else ("training", "validation")  # For both there is no room at 1280 pixels.
        metric = (SHORT if ghost else NAMES).get(self._metric_name, self._metric_name)
        legend = [f'{words[0]} <span style="color:{theme.positive}">—</span>']
        if len(self._history.validation):
            legend.append(f'{words[1]} <span style="color:{theme.positive}">--</span>')
        legend.append(f'{metric} <span style="color:{theme.ok}">—</span>')
        if ghost:
            legend.append(f'earlier <span style="color:{theme.muted}">—</span>')
        self.set_subtitle(PART.join(legend))

    def _metric_text(self, value: float) -> str:
        return f"{value * 100:.1f} %" if self._metric_name == "accuracy" else number(value)

    def restyle(self, theme: Theme) -> None:
        self._axes.restyle(theme)
        style_axis(self._metric_axis, theme)
        self._curves["ghost"].set_style(theme.muted, alpha=0.6)
        self._curves["training"].set_style(theme.positive, 1.6)
        self._curves["validation"].set_style(theme.positive, 1.6, dashed=True)
        self._curves["metric"].set_style(theme.ok, 1.2)
        self._cursor.setPen(pen(theme.muted))
        self._marker.setPen(pen(theme.error, 1.5, dashed=True))
        self._explanation.restyle(theme)
        for switch in (self._logarithmic, self._smooth):
            switch.setStyleSheet(
                f"QToolButton {{ min-width: 0px; color: {theme.muted}; background: transparent; border: none; padding: 0 1px; min-width: 0; }}"
                f"QToolButton:checked {{ color: {theme.accent}; }}"
            )

    def redraw(self) -> None:
        history = self._history
        if history.last_x is None and not len(self._ghost):
            self.set_subtitle("")
            self.show_empty()
            return
        self.set_body(self._axes)
        if not self._cursor.isVisible():
            self._write_legend()
        shown = {"ghost": self._ghost, "training": history.training, "validation": history.validation}
        points = {name: self._points(series, loss=True, dashed=name == "validation") for name, series in shown.items()}
        metric = self._points(history.metric, loss=False)
        low, high = self._set_ranges(points, metric)
        if history.diverged_at is not None:  # The loss that raised the alarm lies above all that can be shown.
            x, y = points["training"]
            points["training"] = np.append(x, history.diverged_at), np.append(y, np.inf)
        for name, (x, y) in points.items():
            # Far out of sight Qt computes in numbers that are too large for it; the way out of the picture stays as steep.
            self._curves[name].draw(x, np.clip(y, low - 3 * (high - low), high + 3 * (high - low)))
        self._curves["metric"].draw(*metric)
        self._marker.setVisible(history.diverged_at is not None)
        self._marker.setPos(history.diverged_at or 0.0)

    def _points(self, series: Series, *, loss: bool, dashed: bool = False) -> tuple[Values, Values]:
        most = self._axes.pixels_across
        # Dashes say nothing between points that are closer than they are long.
        x, y = thinned_to_pixels(series.x, series.y, min(most, FEW_POINTS // 2 - 1) if dashed else most)
        if self._smooth.isChecked():
            y = smoothed(y, max(3, len(y) // 20))
        if loss and self._logarithmic.isChecked():
            with np.errstate(divide="ignore", invalid="ignore"):
                y = np.log10(y)
        return finite_points(x, y)

    def _set_ranges(
        self, points: dict[str, tuple[Values, Values]], metric: tuple[Values, Values]
    ) -> tuple[float, float]:
        """Set all ranges; the least and the greatest loss of the scale."""
        self._axes.left.logarithmic = self._logarithmic.isChecked()
        low, high = self._loss_range(points)
        last = max((float(x[-1]) for x, _ in points.values() if len(x)), default=0.0) or 1.0
        labels = self._end_labels(points)
        room = self._labels.width([label.text for label in labels])
        across = self._axes.pixels_across
        self._axes.extend_range((0.0, last * across / max(across - room, 40.0)), (low, high))
        self._axes.bottom.last = last
        self._labels.show(labels, last)
        self._show_metric_axis(metric[1])
        return low, high

    def _loss_range(self, points: dict[str, tuple[Values, Values]]) -> tuple[float, float]:
        """What the present run needs; a ghost that stands there alone sets the scale as well."""
        curves = [points["training"][1], points["validation"][1]]
        losses = np.concatenate(curves if len(curves[0]) else [points["ghost"][1]])
        if not len(losses):
            return 0.0, 1.0
        low, high = float(losses.min()), float(losses.max())
        if self._logarithmic.isChecked():
            return low, high
        is_sound = len(curves[0]) and not self._history.has_diverged
        usual = losses[0]
        if is_sound:
            usual = max(usual, np.median(losses))
        elif (
            len(curves[0]) and self._history.diverged_at is None
        ):  # It goes on from where it diverged: show where it is.
            usual = max(usual, curves[0][-1])
        return min(0.0, low), 1.05 * sensible_top(high, float(usual), 30.0 if is_sound else 3.0)

    def _end_labels(self, points: dict[str, tuple[Values, Values]]) -> list[EndLabel]:
        labels = []
        curves = (("training", "train", self._history.training), ("validation", "val.", self._history.validation))
        for name, short, series in curves:
            x, y = points[name]
            if len(x):
                labels.append(EndLabel(f"{short} {number(float(series.y[-1]), 2)}", float(y[-1]), self.theme.positive))
        return labels

    def _show_metric_axis(self, values: Values) -> None:
        self._metric_axis.setVisible(bool(len(values)))
        if not len(values):
            return
        self._metric_axis.percent = self._metric_name == "accuracy"
        low = 0.0 if self._metric_name == "accuracy" else max(-1.0, min(0.0, float(values.min())))
        if (low, 1.02) != self._metric_range:
            self._metric_range = (low, 1.02)
            self._metric_view.setYRange(low, 1.02, padding=0)
