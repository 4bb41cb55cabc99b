"""What people do to a window while it trains, and what must hold then."""

import threading

import pytest
from PySide6.QtCore import QThread
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from core.diagram import edits
from core.storage.project import Project
from core.training.events import RunStarted
from desktop import theme
from desktop.app import create_application, create_start_window
from desktop.main_window import MainWindow
from desktop.panels import PLOTS
from desktop.settings import Settings
from desktop.training.state import RunState
from tests.desktop.making import come_to_rest
from tests.desktop.test_app import open_network, small_network


@pytest.fixture
def training(window: MainWindow, qtbot: QtBot) -> MainWindow:
    """A window whose network has been trained for some steps, and goes on."""
    open_network(window)
    with qtbot.waitSignal(window.controller.snapshot_ready):
        window.action("training.start").trigger()
    qtbot.waitUntil(lambda: window.controller.step_count > 20)
    return window


def threads(window: MainWindow) -> list[QThread]:
    """The training threads that are still known."""
    worker = window.controller._host._worker
    return [] if worker is None else [worker]


def test_rate_and_batch_size_are_taken_over_by_the_run(training: MainWindow, qtbot: QtBot) -> None:
    starts: list[RunStarted] = []
    training.controller.training_event.connect(
        lambda event: starts.append(event) if isinstance(event, RunStarted) else None
    )
    (worker,) = threads(training)
    training.controller.set_learning_rate(0.002)
    training.bridge.apply(edits.set_training(training.bridge.diagram, batch_size=7), "Batch size")
    before = training.controller.step_count
    qtbot.waitUntil(lambda: training.controller.step_count > before + 20)
    assert threads(training) == [worker], "the same thread goes on, and with it the state of the optimizer"
    assert not starts
    assert training.controller.state is RunState.RUNNING


def test_a_run_is_held_stepped_and_goes_on_in_the_same_thread(training: MainWindow, qtbot: QtBot) -> None:
    (worker,) = threads(training)
    training.action("training.pause").trigger()
    with qtbot.waitSignal(training.controller.snapshot_ready):
        training.action("training.step").trigger()
    training.action("training.start").trigger()
    before = training.controller.step_count
    qtbot.waitUntil(lambda: training.controller.step_count > before + 5)
    assert threads(training) == [worker]


def test_another_document_ends_the_run(training: MainWindow) -> None:
    (worker,) = threads(training)
    training.files.show_restored(Project(small_network()), None, "another")
    assert worker.isFinished()
    assert training.controller.state is RunState.IDLE
    assert training.controller.step_count == 0


def test_the_theme_changes_under_a_run(training: MainWindow, qtbot: QtBot) -> None:
    before = theme.hub().mode
    other = "light" if theme.current().is_dark else "dark"
    try:
        training.action(f"view.theme_{other}").trigger()
        steps = training.controller.step_count
        with qtbot.waitSignal(training.controller.snapshot_ready):
            qtbot.waitUntil(lambda: training.controller.step_count > steps + 20)
        assert training.controller.state is RunState.RUNNING
    finally:
        theme.hub().set_mode(before)


@pytest.mark.parametrize("held", [False, True])
def test_a_window_closes_over_an_open_dialog(training: MainWindow, qtbot: QtBot, held: bool) -> None:
    if held:
        training.action("training.pause").trigger()
    (worker,) = threads(training)
    training.action("file.open").trigger()
    qtbot.waitUntil(lambda: any(dialog.isVisible() for dialog in training.findChildren(QFileDialog)))
    assert training.shut_down()
    assert training.close()
    assert worker.isFinished()
    assert not any(dialog.isVisible() for dialog in training.findChildren(QFileDialog))


def test_plots_that_nobody_sees_are_neither_computed_nor_drawn(
    training: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = list(PLOTS)
    drawn: list[str] = []
    for key in keys:
        panel = training.docks.dock(key).widget()
        training.docks.dock(key).close()
        monkeypatch.setattr(panel, "redraw", lambda key=key: drawn.append(key))
    assert not training.controller._probe.decision_map
    assert not training.controller._probe.predictions
    with qtbot.waitSignal(training.controller.telemetry_ready):
        before = training.controller.step_count
        qtbot.waitUntil(lambda: training.controller.step_count > before + 50)
    assert not drawn


@pytest.mark.parametrize("turns", [0, 1, 3, 8])
def test_a_window_closes_while_its_gallery_is_still_being_made(qtbot: QtBot, settings: Settings, turns: int) -> None:
    create_application([], settings)
    window = create_start_window(settings)
    for _ in range(turns):
        QApplication.processEvents()
    assert window.close()
    assert not [thread.name for thread in threading.enumerate() if "recovery" in thread.name]
    come_to_rest(qtbot, [window])
