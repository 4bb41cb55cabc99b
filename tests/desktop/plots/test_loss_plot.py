"""The loss plot: what a run measures becomes curves, labels and a readout; nothing it is given can break it."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from core.storage.project import Project
from core.training.events import Diverged, EpochEnded, RunEnded, RunStarted, StepsTaken
from desktop.plots.loss_plot import RESET, LossPlot
from desktop.theme import hub
from desktop.training.controller import TrainingController
from desktop.training.telemetry import Telemetry
from tests.desktop.plots.conftest import Show
from tests.desktop.training.making import small_network

STARTED = RunStarted(
    parameters=9, training_samples=80, validation_samples=20, steps_per_epoch=10, metric="accuracy", loss=0.7
)

DIVERGED = Diverged(205, 20, "y", "loss", "the loss grew beyond all bounds. Try 0.01.")
ENDED = RunEnded("diverged", 205, 20, 1.0, 0.7, 3000.0, 2900.0, "accuracy", 0.5, DIVERGED.diagnosis)


def epochs(count: int, loss: object = None, first: int = 1) -> Telemetry:
    """Epochs with losses 1/epoch, or what ``loss`` says."""
    numbers = range(first, first + count)
    values = [1.0 / number for number in numbers] if loss is None else [float(loss)] * count  # type: ignore[arg-type]
    return Telemetry(
        epochs=tuple(
            EpochEnded(10 * number, number, value, 1.2 * value, 0.9, 0.8, 0.1) for number, value in zip(numbers, values)
        ),
        steps=tuple(StepsTaken(10 * number, number, 10, value, value, 0.01) for number, value in zip(numbers, values)),
    )


@pytest.fixture
def plot(controller: TrainingController, show: Show) -> LossPlot:
    return show(LossPlot(controller))


def feed(plot: LossPlot, controller: TrainingController, telemetry: Telemetry, start: bool = True) -> None:
    if start:
        controller.training_event.emit(STARTED)
    controller.telemetry_ready.emit(telemetry)
    plot.redraw_at_once()


def curve(plot: LossPlot, name: str) -> tuple[np.ndarray, np.ndarray]:
    x, y = plot._curves[name].getData()
    return (np.empty(0), np.empty(0)) if x is None else (x, y)


def switch(plot: LossPlot, text: str) -> QToolButton:
    return next(button for button in plot.findChildren(QToolButton) if button.text() == text)


def test_before_training_a_sentence_stands_there(plot: LossPlot) -> None:
    assert plot.is_empty
    assert plot.objectName() == "lossPlot"


def test_losses_become_curves_that_begin_with_the_untrained_loss(
    plot: LossPlot, controller: TrainingController
) -> None:
    feed(plot, controller, epochs(20))
    assert not plot.is_empty
    x, y = curve(plot, "training")
    assert (x[0], y[0]) == (0.0, pytest.approx(0.7))
    np.testing.assert_allclose(y[1:], [1.0 / number for number in range(1, 21)])
    np.testing.assert_allclose(curve(plot, "validation")[1], [1.2 / number for number in range(1, 21)])
    np.testing.assert_allclose(curve(plot, "metric")[1], 0.8)
    assert "validation" in plot.subtitle
    assert "accuracy" in plot.subtitle


def test_few_epochs_are_filled_with_the_losses_of_batches(plot: LossPlot, controller: TrainingController) -> None:
    feed(plot, controller, Telemetry(steps=tuple(StepsTaken(n, 0, 1, 0.5, 0.5 + n, 0.01) for n in range(1, 6))))
    x, y = curve(plot, "training")
    np.testing.assert_allclose(x, [0.0, 0.1, 0.2, 0.3, 0.4, 0.5])
    np.testing.assert_allclose(y, [0.7, 1.5, 2.5, 3.5, 4.5, 5.5])


def test_another_batch_size_does_not_lead_the_curve_out_of_its_epoch(
    plot: LossPlot, controller: TrainingController
) -> None:
    smaller = tuple(StepsTaken(10 + n, 1, 10, 0.5, 0.5, 0.01) for n in range(5, 40, 5))
    larger = (StepsTaken(52, 4, 2, 0.5, 0.5, 0.01),)
    feed(plot, controller, Telemetry(steps=smaller))
    assert curve(plot, "training")[0].max() == 2.0
    feed(plot, controller, Telemetry(steps=larger), start=False)
    assert 4.0 <= curve(plot, "training")[0][-1] <= 5.0


def test_the_range_shows_all_curves(plot: LossPlot, controller: TrainingController) -> None:
    feed(plot, controller, epochs(30))
    (left, right), (bottom, top) = plot._axes.view.viewRange()
    assert left <= 0.0
    assert right > 30.0
    assert bottom <= 0.0
    assert top >= 1.2


def test_the_logarithmic_switch_shows_powers_of_ten(plot: LossPlot, controller: TrainingController) -> None:
    feed(plot, controller, epochs(100))
    switch(plot, "log").click()
    np.testing.assert_allclose(curve(plot, "training")[1][-1], -2.0)
    assert plot._axes.left.tickStrings([-2.0, 0.0], 1.0, 1.0) == ["10⁻²", "1"]
    switch(plot, "log").click()
    np.testing.assert_allclose(curve(plot, "training")[1][-1], 0.01)


def test_the_smooth_switch_takes_the_edge_off(plot: LossPlot, controller: TrainingController) -> None:
    feed(plot, controller, epochs(50, 0.0))
    feed(plot, controller, epochs(1, 9.0, first=51), start=False)
    feed(plot, controller, epochs(49, 0.0, first=52), start=False)
    assert curve(plot, "training")[1].max() == 9.0
    switch(plot, "smooth").click()
    assert 0.5 < curve(plot, "training")[1][1:].max() < 5.0


def test_a_reset_makes_the_run_a_ghost(plot: LossPlot, controller: TrainingController) -> None:
    feed(plot, controller, epochs(20))
    first = curve(plot, "training")[1].copy()
    controller.history_cleared.emit()
    plot.redraw_at_once()
    np.testing.assert_array_equal(curve(plot, "ghost")[1], first)
    assert len(curve(plot, "training")[0]) == 0
    assert "earlier" in plot.subtitle
    feed(plot, controller, epochs(5))
    assert curve(plot, "training")[0][0] == 0.0


def test_two_runs_in_a_row_are_one_curve(plot: LossPlot, controller: TrainingController) -> None:
    feed(plot, controller, epochs(20))
    feed(plot, controller, epochs(20, first=21))
    x, _ = curve(plot, "training")
    assert x[-1] == 40.0
    assert (np.diff(x) > 0).all()


def move_mouse(plot: LossPlot, place: QPoint) -> None:
    event = QMouseEvent(
        QMouseEvent.Type.MouseMove,
        QPointF(place),
        QPointF(plot._axes.viewport().mapToGlobal(place)),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
    )
    plot._axes.mouseMoveEvent(event)


def test_the_value_under_the_mouse_is_told(plot: LossPlot, controller: TrainingController) -> None:
    feed(plot, controller, epochs(20))
    place = plot._axes.mapFromScene(plot._axes.view.mapViewToScene(QPointF(10.0, 0.5)))
    move_mouse(plot, place)
    assert "epoch 10" in plot.subtitle
    assert "training 0.100" in plot.subtitle
    assert "accuracy 80.0 %" in plot.subtitle
    assert plot._cursor.isVisible()
    move_mouse(plot, QPoint(1, 1))
    assert not plot._cursor.isVisible()
    assert "epoch" not in plot.subtitle


@pytest.mark.parametrize("loss", [float("nan"), float("inf"), 1e-310, 0.0, 1e300, -1.0])
@pytest.mark.parametrize("logarithmic", [False, True])
def test_no_number_breaks_the_plot(
    qtbot: QtBot, plot: LossPlot, controller: TrainingController, loss: float, logarithmic: bool
) -> None:
    switch(plot, "log").setChecked(logarithmic)
    feed(plot, controller, epochs(20, loss))
    plot.grab()
    for name in ("training", "validation", "metric"):
        assert np.isfinite(curve(plot, name)[1]).all()
    assert np.isfinite(plot._axes.view.viewRange()).all()


def test_a_million_epochs_stay_small(plot: LossPlot, controller: TrainingController) -> None:
    controller.training_event.emit(STARTED)
    for start in range(1, 40_000, 200):
        controller.telemetry_ready.emit(epochs(200, 0.5, first=start))
    plot.redraw_at_once()
    assert len(plot._history.training) <= 8192
    assert len(curve(plot, "training")[0]) <= 2 * plot._axes.pixels_across + 1


def test_items_are_made_once(plot: LossPlot, controller: TrainingController) -> None:
    feed(plot, controller, epochs(20))
    items = len(plot._axes.scene().items())
    for start in range(21, 200, 20):
        feed(plot, controller, epochs(20, first=start), start=False)
    assert len(plot._axes.scene().items()) == items


def test_another_theme_gives_other_colours_at_once(plot: LossPlot, controller: TrainingController) -> None:
    feed(plot, controller, epochs(20))
    hub().set_mode("dark")
    dark = plot._curves["training"].opts["pen"].color().name()
    hub().set_mode("light")
    light = plot._curves["training"].opts["pen"].color().name()
    hub().set_mode("system")
    assert dark != light


def test_a_plot_that_nobody_sees_draws_only_when_it_is_shown(qtbot: QtBot, controller: TrainingController) -> None:
    plot = LossPlot(controller)
    qtbot.addWidget(plot)
    feed(plot, controller, epochs(20))
    assert plot.is_empty
    with qtbot.waitExposed(plot):
        plot.show()
    assert not plot.is_empty
    assert len(curve(plot, "training")[0]) == 21


def test_the_range_stays_while_the_data_stay(plot: LossPlot, controller: TrainingController) -> None:
    feed(plot, controller, epochs(30))
    before = plot._axes.view.viewRange()
    for _ in range(50):
        plot.redraw_at_once()
    assert plot._axes.view.viewRange() == before


def top_of(plot: LossPlot) -> float:
    return float(plot._axes.view.viewRange()[1][1])


def test_the_curve_of_another_document_does_not_stay(
    qtbot: QtBot, plot: LossPlot, controller: TrainingController
) -> None:
    feed(plot, controller, epochs(20))
    with qtbot.waitSignal(controller.snapshot_ready):
        controller.bridge.open_project(Project(diagram=small_network(3), parameters=None), None)
    plot.redraw_at_once()
    assert plot.is_empty
    feed(plot, controller, epochs(5))
    assert "earlier" not in plot.subtitle
    assert len(curve(plot, "ghost")[0]) == 0


def test_a_ghost_does_not_set_the_scale(plot: LossPlot, controller: TrainingController) -> None:
    feed(plot, controller, epochs(20, 400.0))
    controller.history_cleared.emit()
    feed(plot, controller, epochs(20))
    assert "earlier" in plot.subtitle
    assert top_of(plot) < 2.0


def test_the_earlier_run_is_named_on_a_small_screen(plot: LossPlot, controller: TrainingController) -> None:
    feed(plot, controller, epochs(20))
    controller.history_cleared.emit()
    plot.resize(358, 200)
    feed(plot, controller, epochs(20))
    assert "earlier" in plot._subtitle.text()


def test_a_loss_that_grows_beyond_all_bounds_leaves_the_picture(plot: LossPlot, controller: TrainingController) -> None:
    feed(plot, controller, epochs(30))
    feed(plot, controller, epochs(3, 5e5, first=31), start=False)
    assert top_of(plot) < 60.0
    assert curve(plot, "training")[1].max() > top_of(plot)


def test_a_run_that_diverges_shows_the_way_up_where_it_ended_and_what_to_do(
    plot: LossPlot, controller: TrainingController
) -> None:
    feed(plot, controller, epochs(20))
    steps = tuple(StepsTaken(200 + n, 20, 1, 10.0**n, 10.0**n, 0.01) for n in range(1, 5))
    feed(plot, controller, Telemetry(steps=steps), start=False)
    controller.training_event.emit(DIVERGED)
    controller.training_event.emit(ENDED)
    plot.redraw_at_once()
    x, y = curve(plot, "training")
    np.testing.assert_allclose(x[-6:], [20.1, 20.2, 20.3, 20.4, 20.5, 20.5])
    assert y[-1] > top_of(plot)
    assert plot._history.training.y[-1] == 3000.0
    assert plot._history.metric.y[-1] == 0.5
    assert (plot._marker.isVisible(), plot._marker.value()) == (True, pytest.approx(20.5))
    assert top_of(plot) < 3.0
    assert plot._explanation.isVisible()
    assert plot._explanation.text() == f"Step 205: the loss grew beyond all bounds. Try 0.01. {RESET}"
    controller.training_event.emit(STARTED)
    plot.redraw_at_once()
    assert not plot._marker.isVisible()
    assert not plot._explanation.isVisible()
    feed(plot, controller, Telemetry(steps=(StepsTaken(206, 20, 1, 0.5, 0.5, 0.01),)), start=False)
    assert (np.diff(plot._history.training.x) > 0).all()


def test_weights_that_are_sound_need_no_reset(plot: LossPlot, controller: TrainingController) -> None:
    feed(plot, controller, epochs(20))
    controller.training_event.emit(DIVERGED)
    controller.training_event.emit(replace(ENDED, loss_last=0.8))
    assert plot._explanation.text() == ENDED.diagnosis


def test_a_run_that_goes_on_after_a_divergence_can_be_seen(plot: LossPlot, controller: TrainingController) -> None:
    feed(plot, controller, epochs(20))
    controller.training_event.emit(DIVERGED)
    controller.training_event.emit(ENDED)
    feed(plot, controller, epochs(3, 2000.0, first=21))
    assert 2000.0 < top_of(plot) < 10_000.0
    feed(plot, controller, epochs(3, 0.1, first=24), start=False)
    assert top_of(plot) < 5.0


def test_the_explanation_lies_inside_the_plot_at_any_size(plot: LossPlot, controller: TrainingController) -> None:
    feed(plot, controller, epochs(20))
    controller.training_event.emit(DIVERGED)
    for size in ((420, 220), (260, 160)):
        plot.resize(*size)
        plot.grab()
        assert plot._axes.rect().contains(plot._explanation.geometry())


def test_a_run_that_fails_at_once_has_axes(plot: LossPlot, controller: TrainingController) -> None:
    feed(plot, controller, Telemetry())
    (left, right), _ = plot._axes.view.viewRange()
    assert right - left >= 1.0


def test_where_nothing_is_held_out_there_is_no_validation_curve(plot: LossPlot, controller: TrainingController) -> None:
    controller.training_event.emit(replace(STARTED, validation_samples=0))
    feed(plot, controller, epochs(20), start=False)
    assert "validation" not in plot.subtitle
    assert len(curve(plot, "validation")[0]) == 0
    assert len(curve(plot, "training")[0]) == 21
    assert not any("val." in item.toPlainText() for item in plot._labels._items if item.isVisible())
