"""Predicted against true: a network that predicts numbers well puts every held-out sample on the diagonal."""

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtWidgets import QWidget

from core.datasets.dataset import Dataset
from core.inspection.snapshot import Snapshot
from desktop.plots.axes import Axes
from desktop.plots.line import Line
from desktop.plots.output import OutputView, first_unit, with_unit
from desktop.plots.sanitizer import finite_points
from desktop.plots.style import number, pen
from desktop.theme import Theme

MOST_POINTS = 1500


class ScatterView(OutputView):
    """One point per held-out sample; where a sample has several targets, points for many of them."""

    def __init__(self) -> None:
        self._axes = Axes("true", "predicted")
        self._diagonal = Line()
        self._points = pg.ScatterPlotItem(size=5, pxMode=True)
        self._axes.addItem(self._diagonal, ignoreBounds=True)
        self._axes.addItem(self._points, ignoreBounds=True)

    @property
    def widget(self) -> QWidget:
        return self._axes

    def show_output(self, snapshot: Snapshot, dataset: Dataset) -> None:
        predictions = snapshot.predictions
        assert predictions is not None
        several = predictions.reconstructs or predictions.targets[0].size > 1
        targets, outputs = finite_points(
            *(self._chosen(array, several) for array in (predictions.targets, predictions.outputs))
        )
        self._points.setData(targets, outputs)
        everything = np.asarray(dataset.target_scaling.undo(dataset.targets))[:, 0]
        if several:
            everything = predictions.targets
        low, high = float(everything.min()), float(everything.max())
        margin = 0.06 * (high - low)
        ends = (low - margin, high + margin)
        self._diagonal.draw(np.array(ends), np.array(ends))
        self._axes.set_range(ends, ends)
        name = "value" if several else with_unit(dataset.target_names[0], first_unit(dataset.target_units))
        self._axes.name_axis(self._axes.bottom, f"true {name}")
        self._axes.name_axis(self._axes.left, f"predicted {name}")
        error = float(np.abs(outputs - targets).mean()) if len(targets) else float("nan")
        self.caption = f"off by {number(error, 2)} {first_unit(dataset.target_units)} on average"

    @staticmethod
    def _chosen(values: NDArray[np.floating], several: bool) -> NDArray[np.floating]:
        """The first target of every sample; where a sample has several numbers, some of all of them."""
        return values.reshape(-1)[:: max(1, values.size // MOST_POINTS)] if several else values[:, 0]

    def restyle(self, theme: Theme) -> None:
        self._axes.restyle(theme)
        self._diagonal.set_style(theme.muted, dashed=True)
        self._points.setPen(pen(theme.panel, 0.5))
        self._points.setBrush(pg.mkBrush(theme.positive))
