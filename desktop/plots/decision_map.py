"""The output view: what the network answers, in the form that fits its data, with the truth laid on top.

Two inputs give a map, one gives a curve; pictures show themselves with the answer under them, or beside the picture that is the answer;
other classes make a table of confusions, other numbers a plot of predicted against true.
"""

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from core.datasets.dataset import Dataset
from core.inspection.snapshot import Snapshot
from desktop.plots.confusion_view import ConfusionView
from desktop.plots.curve_view import CurveView
from desktop.plots.map_view import MapView
from desktop.plots.output import OutputView
from desktop.plots.pairs_view import PairsView
from desktop.plots.panel import PlotPanel
from desktop.plots.scale_legend import ScaleLegend
from desktop.plots.scatter_view import ScatterView
from desktop.plots.thumbnail_view import ThumbnailView
from desktop.theme import Theme
from desktop.training.controller import TrainingController

EMPTY = "Wire inputs to an output to see what the network answers."


class DecisionMap(PlotPanel):
    """Chooses the view that fits the data, and asks the training thread for maps only while it can be seen."""

    def __init__(self, controller: TrainingController, parent: QWidget | None = None) -> None:
        super().__init__("decisionMap", "Output", EMPTY, parent)
        self._controller = controller
        self._snapshot = controller.snapshot
        self._views: dict[type[OutputView], OutputView] = {}
        self._view: OutputView | None = None
        self._legend = ScaleLegend()
        self.add_to_head(self._legend)
        controller.snapshot_ready.connect(self._on_snapshot)
        controller.history_cleared.connect(self._on_cleared)
        controller.network_gone.connect(self._on_cleared)
        self.start()

    @property
    def view(self) -> OutputView | None:
        """The view that is shown now, or None while there is nothing to show."""
        return None if self.is_empty else self._view

    def _on_snapshot(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self.request_redraw()

    def _on_cleared(self) -> None:
        self._snapshot = self._controller.snapshot
        self.request_redraw()

    def restyle(self, theme: Theme) -> None:
        for view in self._views.values():
            view.restyle(theme)

    def redraw(self) -> None:
        snapshot, dataset = self._snapshot, self._controller.bridge.dataset
        kind = None if snapshot is None or dataset is None else fitting_view(snapshot, dataset)
        if kind is None or snapshot is None or dataset is None:
            self._legend.setVisible(False)
            self.set_subtitle("")
            self.show_empty()
            return
        if kind not in self._views:
            self._views[kind] = kind()
            self._views[kind].restyle(self.theme)
        self._view = self._views[kind]
        self._view.show_output(snapshot, dataset)
        ends = self._view.legend
        self._legend.setVisible(ends is not None)
        if ends is not None:
            self._legend.set_ends(*ends)
        self.set_subtitle(self._view.caption)
        self.set_body(self._view.widget)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._controller.set_request(decision_map=True, predictions=True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._controller.set_request(decision_map=False, predictions=False)


def fitting_view(snapshot: Snapshot, dataset: Dataset) -> type[OutputView] | None:
    """The view that fits the data, or None where the snapshot has nothing for it."""
    shape = dataset.input_shape
    if snapshot.decision_map is not None and shape == (2,):
        return MapView
    if snapshot.decision_map is not None and shape == (1,) and dataset.task == "regression":
        return CurveView
    if snapshot.predictions is None or not snapshot.predictions.outputs.size:
        return None
    if snapshot.predictions.outputs.shape != snapshot.predictions.targets.shape:
        return None
    if len(snapshot.predictions.targets.shape) == 4:
        return PairsView
    if dataset.task == "regression" or snapshot.predictions.reconstructs:
        return ScatterView
    return ThumbnailView if len(shape) == 3 else ConfusionView
