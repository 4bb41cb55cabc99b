"""The curve: the answer of a network of one input over that input, with the samples on top."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtWidgets import QWidget

from core.datasets.dataset import Dataset
from core.inspection.snapshot import Snapshot
from desktop.plots.axes import Axes
from desktop.plots.caption import PART
from desktop.plots.line import Line
from desktop.plots.output import OutputView, first_unit, with_unit
from desktop.plots.sanitizer import finite_points
from desktop.theme import Theme

CAPTION = f"network <span>—</span>{PART}samples ∘"


class CurveView(OutputView):
    """The y axis belongs to the samples: a network that is far off leaves the picture, and comes back into it."""

    def __init__(self) -> None:
        self._axes = Axes("", "")
        self._points = pg.ScatterPlotItem(size=4.5, pxMode=True)
        self._curve = Line()
        self._axes.addItem(self._points, ignoreBounds=True)
        self._axes.addItem(self._curve, ignoreBounds=True)
        self._dataset: Dataset | None = None
        self.caption = CAPTION

    @property
    def widget(self) -> QWidget:
        return self._axes

    def show_output(self, snapshot: Snapshot, dataset: Dataset) -> None:
        decision_map = snapshot.decision_map
        assert decision_map is not None
        if dataset is not self._dataset:
            self._dataset = dataset
            self._show_samples(dataset)
        values = decision_map.values[0, :, 0]
        x = np.linspace(decision_map.low[0], decision_map.high[0], len(values))
        self._curve.draw(*finite_points(x, values))
        targets = np.asarray(dataset.target_scaling.undo(dataset.targets))
        low, high = float(targets.min()), float(targets.max())
        margin = 0.12 * (high - low)
        self._axes.set_range((decision_map.low[0], decision_map.high[0]), (low - margin, high + margin))

    def _show_samples(self, dataset: Dataset) -> None:
        inputs = np.asarray(dataset.input_scaling.undo(dataset.inputs))
        targets = np.asarray(dataset.target_scaling.undo(dataset.targets))
        self._points.setData(*finite_points(inputs[:, 0], targets[:, 0]))
        self._axes.name_axis(self._axes.bottom, with_unit(dataset.feature_names[0], first_unit(dataset.feature_units)))
        self._axes.name_axis(self._axes.left, with_unit(dataset.target_names[0], first_unit(dataset.target_units)))

    def restyle(self, theme: Theme) -> None:
        self._axes.restyle(theme)
        self._curve.set_style(theme.positive, 2.2)
        self._points.setPen(None)
        self._points.setBrush(pg.mkBrush(theme.negative))
        self.caption = CAPTION.replace("<span>", f'<span style="color:{theme.positive}">').replace(
            "∘", f'<span style="color:{theme.negative}">•</span>'
        )
