"""Gradients, activations and output: the right picture for every kind of network, with words where something is wrong."""

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from core.datasets.registry import dataset
from core.diagram.diagram import Diagram
from core.diagram.records import DatasetChoice, Node, TrainingSettings
from core.inspection import snapshot as snapshots
from core.templates import template
from desktop.plots.activation_plot import ActivationPlot
from desktop.plots.confusion_view import ConfusionPicture, ConfusionView, confusion, true_classes
from desktop.plots.curve_view import CurveView
from desktop.plots.decision_map import DecisionMap
from desktop.plots.gradient_plot import GradientPlot
from desktop.plots.map_view import MapPicture, MapView, map_pixels
from desktop.plots.output import class_colors, class_numbers
from desktop.plots.scatter_view import ScatterView
from desktop.plots.thumbnail_view import ThumbnailView, worst_first
from desktop.theme import DARK
from desktop.training.controller import TrainingController
from desktop.training.telemetry import GradientNorms, Telemetry
from tests.desktop.plots.conftest import Show
from tests.desktop.training.making import MakeController, small_network

LOSSES = {
    "regression": ("linear", "mean_squared_error"),
    "binary": ("sigmoid", "binary_cross_entropy"),
    "classes": ("softmax", "categorical_cross_entropy"),
}


def network_for(key: str) -> Diagram:
    """A small network that fits a dataset."""
    data = dataset(key)
    activation, loss = LOSSES[data.task]
    units = {"units": data.target_shape[0], "activation": activation}
    return Diagram.build(
        nodes=[
            Node(id="x", kind="input"),
            Node(id="row", kind="flatten"),
            Node(id="h", kind="dense", title="Hidden", hyperparameters={"units": 5, "activation": "tanh"}),
            Node(id="y", kind="dense", hyperparameters=units),
            Node(id="loss", kind=loss),
        ],
        wires=[("x", "row"), ("row", "h"), ("h", "y"), ("y", "loss")]
        if len(data.input_shape) > 1
        else [("x", "h"), ("h", "y"), ("y", "loss")],
        training=TrainingSettings(dataset=DatasetChoice(key=key), epochs=20),
    )


def picture_of(panel: object) -> QImage:
    return panel.grab().toImage()  # type: ignore[attr-defined, no-any-return]


def norms(controller: TrainingController, plot: GradientPlot, **values: float) -> None:
    """Ten points of gradient norms, drawn at once."""
    first = plot._last_step + 1
    controller.telemetry_ready.emit(Telemetry(gradients=tuple(GradientNorms(first + n, values) for n in range(10))))
    plot.redraw_at_once()


def test_a_run_draws_a_line_per_node_with_its_name(qtbot: QtBot, controller: TrainingController, show: Show) -> None:
    plot = show(GradientPlot(controller))
    assert plot.is_empty
    controller.start()
    qtbot.waitUntil(lambda: not plot.is_empty)
    controller.pause()
    assert set(plot._series) == {"h", "y"}
    assert plot._ranks == {"h": 0, "y": 1}
    assert plot._color("h") != plot._color("y")
    visible = [item.toPlainText() for item in plot._labels._items if item.isVisible()]
    assert visible == ["h", "y"]


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"h": 1e-6, "y": 1.0}, "Vanishing"),
        ({"h": 1.0, "y": 1e-6}, "Exploding"),
        ({"h": 5e4, "y": 1e4}, "Exploding"),
        ({"h": 0.5, "y": 1.0}, "log scale"),
        ({"h": 0.0, "y": 0.0}, "log scale"),
    ],
)
def test_what_is_wrong_with_gradients_is_said_in_words(
    controller: TrainingController, show: Show, values: dict[str, float], word: str
) -> None:
    plot = show(GradientPlot(controller))
    norms(controller, plot, **values)
    assert word in plot.subtitle


def test_gradients_that_are_no_numbers_do_not_break_the_plot(controller: TrainingController, show: Show) -> None:
    plot = show(GradientPlot(controller))
    norms(controller, plot, h=float("nan"), y=float("inf"))
    norms(controller, plot, h=1e-320, y=1e38)
    picture_of(plot)
    assert np.isfinite(plot._axes.view.viewRange()).all()


def test_many_nodes_are_shown_by_a_choice_of_them(controller: TrainingController, show: Show) -> None:
    plot = show(GradientPlot(controller))
    norms(controller, plot, **{f"n{number}": 0.1 for number in range(60)})
    assert "16 of 60" in plot.subtitle
    assert sum(curve.isVisible() for curve in plot._curves) == 16
    norms(controller, plot, h=0.1)
    assert sum(curve.isVisible() for curve in plot._curves) == 1
    controller.history_cleared.emit()
    plot.redraw_at_once()
    assert plot.is_empty


def test_nodes_of_one_depth_differ_and_keep_their_hue(make_controller: MakeController, show: Show) -> None:
    controller = make_controller(template("circle").diagram)
    plot = show(GradientPlot(controller))
    norms(controller, plot, **dict.fromkeys(("h1", "h2", "h3", "h4", "y"), 0.1))
    hidden = [QColor(plot._color(node)) for node in ("h1", "h2", "h3", "h4")]
    lightness = [color.lightness() for color in hidden]
    assert all(later - earlier > 12 for earlier, later in pairwise(lightness))
    assert max(color.hslHue() for color in hidden) - min(color.hslHue() for color in hidden) <= 3
    assert abs(QColor(plot._color("y")).hslHue() - hidden[0].hslHue()) > 30


def test_a_gradient_of_0_lies_at_the_bottom_and_is_told(controller: TrainingController, show: Show) -> None:
    plot = show(GradientPlot(controller))
    norms(controller, plot, h=0.0, y=0.5)
    bottom, top = plot._axes.view.viewRange()[1]
    assert bottom > -3.0
    line = next(curve.getData()[1] for curve in plot._curves if curve.isVisible())
    assert bottom < line[0] < bottom + 0.1 * (top - bottom)
    assert [item.toPlainText() for item in plot._labels._items if item.isVisible()] == ["h: 0", "y"]
    assert "no gradient" in plot.subtitle


def test_a_single_point_can_be_seen(controller: TrainingController, show: Show) -> None:
    plot = show(GradientPlot(controller))
    controller.telemetry_ready.emit(Telemetry(gradients=(GradientNorms(2, {"h": 0.1, "y": 1.0}),)))
    plot.redraw_at_once()
    x, y = plot._curves[0].getData()
    assert x[0] < 2.0 < x[1]
    assert y.tolist() == [-1.0, -1.0]


def test_a_short_run_begins_at_step_0(controller: TrainingController, show: Show) -> None:
    plot = show(GradientPlot(controller))
    controller.telemetry_ready.emit(
        Telemetry(gradients=tuple(GradientNorms(n, {"h": 0.1, "y": 1.0}) for n in (1, 2, 3)))
    )
    plot.redraw_at_once()
    left, right = plot._axes.view.viewRange()[0]
    assert left == pytest.approx(0.0, abs=0.1)
    assert right >= 10.0


def test_a_small_network_shows_bars_and_a_large_one_lines(
    qtbot: QtBot, make_controller: MakeController, show: Show
) -> None:
    small = show(ActivationPlot(make_controller(small_network(units=3))))
    assert [(block.title, block.values.shape) for block in small.rows._blocks] == [("h", (3, 48)), ("y", (1, 48))]
    assert small.rows.draws_bars
    large = show(ActivationPlot(make_controller(small_network(units=40))))
    assert not large.rows.draws_bars
    for panel in (small, large):
        colors = {picture_of(panel).pixelColor(x, 60).name() for x in range(100, 400)}
        assert len(colors) > 5


def test_a_node_that_only_passes_values_on_is_left_out(make_controller: MakeController, show: Show) -> None:
    plot = show(ActivationPlot(make_controller(network_for("digits"))))
    assert [block.title for block in plot.rows._blocks] == ["Hidden", "y"]


def test_scales_are_round_and_told_where_they_differ(make_controller: MakeController, show: Show) -> None:
    controller = make_controller(network_for("meals"))
    plot = show(ActivationPlot(controller))
    parameters = controller.parameters()
    assert parameters is not None
    snapshot = controller.snapshot
    assert snapshot is not None
    snapshot.batch_activations["y"][:] = 37.0
    controller.snapshot_ready.emit(snapshot)
    plot.redraw_at_once()
    assert [block.scale for block in plot.rows._blocks] == [1.0, 50.0]
    assert plot.rows.scales_differ


def test_hundreds_of_neurons_become_one_block(controller: TrainingController, show: Show) -> None:
    plot = show(ActivationPlot(controller))
    snapshot = controller.snapshot
    assert snapshot is not None
    nodes = {f"n{number}": Node(id=f"n{number}", kind="neuron") for number in range(200)}
    controller.bridge.apply(_added(nodes), "Add")
    snapshot.batch_activations.update({node: np.full((1, 48), 0.001 * place) for place, node in enumerate(nodes)})
    controller.snapshot_ready.emit(snapshot)
    plot.redraw_at_once()
    assert plot.rows._blocks[0].title == "201 neurons"
    assert len(plot.rows._blocks) == 2
    picture_of(plot)


def _added(nodes: dict[str, Node]) -> object:
    from core.diagram.change import Change

    return Change(added=tuple(nodes.values()))


@pytest.mark.parametrize(
    ("key", "view", "caption"),
    [
        ("circle", MapView, "over"),
        ("sine", CurveView, "network"),
        ("meals", ScatterView, "off by"),
        ("iris", ConfusionView, "rows: the true class"),
        ("seven-segment", ConfusionView, "of 10"),
        ("digits", ThumbnailView, "wrong"),
    ],
)
def test_every_kind_of_data_has_its_view(
    qtbot: QtBot, make_controller: MakeController, show: Show, key: str, view: type, caption: str
) -> None:
    controller = make_controller(network_for(key))
    panel = show(DecisionMap(controller))
    qtbot.waitUntil(lambda: panel.view is not None)
    assert isinstance(panel.view, view)
    assert caption in panel.subtitle
    picture = picture_of(panel)
    assert len({picture.pixelColor(x, y).name() for x in range(0, 420, 7) for y in range(30, 220, 7)}) > 4


def test_without_a_network_a_sentence_stands_there(qtbot: QtBot, controller: TrainingController, show: Show) -> None:
    from core.diagram import edits
    from core.storage.project import Project

    panel = show(DecisionMap(controller))
    qtbot.waitUntil(lambda: panel.view is not None)
    with qtbot.waitSignal(controller.history_cleared):
        controller.bridge.open_project(Project(diagram=Diagram(), parameters=None), None)
    panel.redraw_at_once()
    assert panel.view is None
    assert edits.new_node_id(controller.bridge.diagram, "dense")


def test_an_emptied_canvas_shows_nothing_of_what_was_there(
    qtbot: QtBot, controller: TrainingController, show: Show
) -> None:
    from core.diagram import edits

    output, activations = show(DecisionMap(controller)), show(ActivationPlot(controller))
    qtbot.waitUntil(lambda: output.view is not None)
    bridge = controller.bridge
    with qtbot.waitSignal(controller.network_gone):
        bridge.apply(edits.delete(bridge.diagram, list(bridge.diagram.nodes)), "Delete")
    qtbot.waitUntil(lambda: output.is_empty and activations.is_empty)
    bridge.undo()
    qtbot.waitUntil(lambda: not output.is_empty and not activations.is_empty)


def test_maps_are_asked_for_only_while_they_can_be_seen(
    qtbot: QtBot, controller: TrainingController, show: Show
) -> None:
    panel = show(DecisionMap(controller))
    panel.hide()
    qtbot.waitUntil(lambda: controller.snapshot is not None and controller.snapshot.decision_map is None)
    panel.show()
    qtbot.waitUntil(lambda: controller.snapshot is not None and controller.snapshot.decision_map is not None)


def test_the_map_stands_the_right_way_up(controller: TrainingController) -> None:
    snapshot, data = controller.snapshot, dataset("circle")
    assert snapshot is not None
    plane = snapshot.decision_map
    assert plane is not None
    plane.values[:] = 0.0
    plane.values[0, -1] = 1.0
    pixels = map_pixels(plane, data, DARK)
    positive = np.array(DARK.diverging_table[-1])
    assert (pixels[-1, -1] == positive).all()
    assert (pixels[0, 0] == DARK.diverging_table[0]).all()
    picture = MapPicture()
    picture.resize(300, 220)
    picture.show_map(pixels, plane)
    low, high = picture.place_of(*plane.low), picture.place_of(*plane.high)
    square = picture.square()
    assert (low.x(), low.y()) == pytest.approx((square.left(), square.bottom()))
    assert (high.x(), high.y()) == pytest.approx((square.right(), square.top()))
    picture.deleteLater()


def test_numbers_that_are_none_are_drawn_neutral(controller: TrainingController) -> None:
    snapshot = controller.snapshot
    assert snapshot is not None
    plane = snapshot.decision_map
    assert plane is not None
    plane.values[:] = np.nan
    assert map_pixels(plane, dataset("circle"), DARK).shape == (100, 100, 3)


def test_confusions_are_counted_by_true_row_and_answered_column() -> None:
    counts = confusion(np.array([0, 0, 1, 2]), np.array([0, 1, 1, 0]), 3)
    assert counts.tolist() == [[1, 1, 0], [0, 1, 0], [1, 0, 0]]


def test_of_several_true_classes_each_is_right_as_an_answer() -> None:
    targets = np.array([[0, 1, 1], [0, 1, 1], [0, 1, 1], [1, 0, 0]], float)
    outputs = np.array([[0.1, 0.2, 0.7], [0.1, 0.7, 0.2], [0.8, 0.1, 0.1], [0.8, 0.1, 0.1]])
    assert true_classes(targets, class_numbers(outputs)).tolist() == [2, 1, 1, 0]
    assert true_classes(np.array([[1.0], [0.0]]), np.array([0, 1])).tolist() == [1, 0]


def test_a_map_is_neutral_at_the_boundary_and_its_legend_says_where_its_colours_end(qtbot: QtBot) -> None:
    def drawn(answer: float, boundary: float) -> tuple[list[int], tuple[str, str] | None]:
        plane = snapshots.DecisionMap(np.full((1, 1, 1), answer), (0.0, 0.0), (1.0, 1.0), ("a", "b"), boundary)
        view = MapView()
        qtbot.addWidget(view.widget)
        view.show_output(snapshots.Snapshot(decision_map=plane), dataset("circle"))
        return map_pixels(plane, dataset("circle"), DARK)[0, 0].tolist(), view.legend

    assert drawn(0.5, 0.5)[0] == drawn(0.0, 0.0)[0] != drawn(0.5, 0.0)[0]
    assert (drawn(0.5, 0.5)[1], drawn(0.0, 0.0)[1]) == (("0", "1"), ("−0.5", "0.5"))


def test_sure_mistakes_come_first_and_sure_successes_last() -> None:
    outputs = np.array([[0.9, 0.1], [0.6, 0.4], [0.55, 0.45], [0.99, 0.01]])
    answers = class_numbers(outputs)
    wrong = np.array([False, True, False, True])
    assert worst_first(outputs, answers, wrong).tolist() == [3, 1, 2, 0]


def test_class_numbers_and_colours() -> None:
    assert class_numbers(np.array([[0.2], [0.7], [np.nan]])).tolist() == [0, 1, 0]
    assert class_numbers(np.array([[0.2, 0.5, 0.3]])).tolist() == [1]
    assert class_numbers(np.array([[-0.2], [0.2]]), boundary=0.0).tolist() == [0, 1]
    assert class_colors(DARK, 2) == [DARK.negative, DARK.positive]
    assert len(set(class_colors(DARK, 8))) == 8


def test_a_cell_of_the_table_of_confusions_says_in_words_what_it_counts(qtbot: QtBot) -> None:
    picture = ConfusionPicture()
    qtbot.addWidget(picture)
    picture.resize(200, 116)
    assert picture.sentence_at(QPointF(100, 50)) == ""
    picture.show_counts(np.array([[3, 1], [0, 1200]]), ["cat", "dog"])
    assert picture.sentence_at(QPointF(60, 20)) == "cat: right 3 times"
    assert picture.sentence_at(QPointF(180, 20)) == "cat: taken for dog once"
    assert picture.sentence_at(QPointF(180, 80)) == "dog: right 1,200 times"
    assert picture.sentence_at(QPointF(5, 50)) == ""


def test_many_classes_have_colours_and_no_numbers_that_nobody_can_read(qtbot: QtBot) -> None:
    picture = ConfusionPicture()
    qtbot.addWidget(picture)
    picture.resize(240, 190)
    seen = []
    for classes in (4, 25):
        picture.show_counts(np.full((classes, classes), 7), [""] * classes)
        blank = picture.grab().toImage()
        picture.show_counts(np.full((classes, classes), 8), [""] * classes)
        seen.append((picture.writes_numbers, picture.grab().toImage() != blank))
    assert seen == [(True, True), (False, False)]
