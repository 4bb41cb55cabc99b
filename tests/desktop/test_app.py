"""The window as scripts and people find it: commands, names, layout, theme, and a clean end."""

import gc
import threading
import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from core.diagram import edits
from core.diagram.diagram import Diagram
from core.diagram.records import Node, TrainingSettings
from core.storage.project import Project
from desktop import theme
from desktop.actions import ActionTable
from desktop.app import create_application, create_window
from desktop.collector import IdleCollector
from desktop.main_window import MainWindow
from desktop.settings import Settings
from desktop.status import counted
from desktop.style import style_sheet
from desktop.training.state import RunState
from tests.desktop.making import MakeWindow, come_to_rest

ACTIONS = [
    "training.start",
    "training.pause",
    "training.step",
    "training.stop",
    "training.reset",
    "edit.undo",
    "edit.redo",
    "edit.delete",
    "edit.copy",
    "edit.cut",
    "edit.paste",
    "edit.duplicate",
    "edit.select_all",
    "file.new",
    "file.new_from_template",
    "file.open",
    "file.save",
    "file.save_as",
    "file.quit",
    "view.fit",
    "view.reset_layout",
    "canvas.tidy",
    "canvas.add_node",
    "help.keys",
    "help.about",
]

NAMES = [
    "canvasView",
    "palettePanel",
    "inspectorPanel",
    "problemsPanel",
    "lossPlot",
    "gradientPlot",
    "activationPlot",
    "decisionMap",
    "trainingBar",
    "statusTotals",
]


def small_network() -> Diagram:
    return Diagram.build(
        nodes=[
            Node(id="x", kind="input"),
            Node(id="h", kind="dense", position=(200.0, 0.0), hyperparameters={"units": 8, "activation": "tanh"}),
            Node(id="y", kind="dense", position=(400.0, 0.0), hyperparameters={"units": 1, "activation": "sigmoid"}),
            Node(id="loss", kind="binary_cross_entropy", position=(600.0, 0.0)),
        ],
        wires=[("x", "h"), ("h", "y"), ("y", "loss")],
        training=TrainingSettings(epochs=1_000_000),
    )


def open_network(window: MainWindow) -> None:
    window.bridge.open_project(Project(small_network()), None)


def test_every_promised_action_is_there(window: MainWindow) -> None:
    for action_id in ACTIONS:
        assert window.action(action_id).objectName() == action_id


def test_an_unknown_action_names_those_there_are(window: MainWindow) -> None:
    with pytest.raises(KeyError, match=r"file\.save"):
        window.action("file.explode")


def test_every_promised_widget_has_its_name_and_can_be_seen_or_tabbed_to(window: MainWindow) -> None:
    for name in NAMES:
        found = window.findChildren(QWidget, name)
        assert len(found) == 1, name
        assert found[0].accessibleName(), name
        assert found[0].isVisible() or name == "problemsPanel"  # which is the tab behind the inspector


def test_keys_never_mean_two_things_at_once(window: MainWindow) -> None:
    open_network(window)
    seen: dict[str, str] = {}
    for action_id in window.commands:
        if not window.action(action_id).isEnabled():
            continue
        for sequence in window.action(action_id).shortcuts():
            text = sequence.toString()
            assert text not in seen, f"{text} is {seen[text]} and {action_id}"
            seen[text] = action_id


def test_every_action_can_be_found_in_a_menu_or_has_keys(window: MainWindow) -> None:
    in_menus = {
        action.objectName()
        for bar in window.menuBar().actions()
        for action in [
            *bar.menu().actions(),
            *(a for m in bar.menu().actions() if m.menu() for a in m.menu().actions()),
        ]
    }
    lost = [key for key in window.commands if key not in in_menus and not window.action(key).shortcuts()]
    assert not lost


def test_a_taken_id_is_refused() -> None:
    table = ActionTable()
    table.add("a.b", "A", lambda: None)
    with pytest.raises(ValueError, match=r"a\.b"):
        table.add("a.b", "B", lambda: None)


def test_undo_says_what_it_undoes(window: MainWindow) -> None:
    open_network(window)
    window.bridge.apply(edits.move(window.bridge.diagram, {"h": (210.0, 40.0)}), "Move Dense & co")
    assert window.action("edit.undo").text() == "&Undo move Dense && co"
    window.action("edit.undo").trigger()
    assert not window.action("edit.undo").isEnabled()
    assert window.action("edit.redo").text() == "&Redo move Dense && co"


def test_what_the_status_line_tells_does_not_outlive_its_reason(window: MainWindow, qtbot: QtBot) -> None:
    hint = window.findChild(QLabel, "statusHint")
    open_network(window)
    window.bridge.apply(edits.set_training(window.bridge.diagram, epochs=1), "Epochs")

    def train() -> None:
        with qtbot.waitSignal(window.controller.run_ended):
            window.action("training.start").trigger()
        assert hint.text().startswith("Trained for 1 epoch")

    train()
    window.action("training.reset").trigger()
    assert hint.text() == ""
    train()
    window.bridge.apply(edits.move(window.bridge.diagram, {"h": (1.0, 2.0)}), "Move")
    assert hint.text() == ""
    train()
    window.action("training.step").trigger()
    window.action("training.start").trigger()
    assert not hint.text().startswith("Trained")
    with qtbot.waitSignal(window.controller.run_ended):
        window.action("training.stop").trigger()
    assert hint.text() != ""
    open_network(window)
    assert hint.text() == ""


def test_undo_answers_after_a_number_was_typed(window: MainWindow, qtbot: QtBot) -> None:
    open_network(window)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    rate = window.panels.bar.fields.learning_rate
    before = window.bridge.diagram.training.optimizer.learning_rate
    for way_back in (Qt.Key.Key_Return, Qt.Key.Key_Tab):
        rate.setFocus()
        rate.selectAll()
        QTest.keyClicks(rate, "0.5")
        QTest.keyClick(rate, way_back)
        assert window.bridge.diagram.training.optimizer.learning_rate == 0.5
        where = QApplication.focusWidget()
        assert where is not None
        assert (where is window.canvas) == (way_back == Qt.Key.Key_Return)
        QTest.keyClick(where, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert window.bridge.diagram.training.optimizer.learning_rate == before
    rate.setFocus()
    QTest.keyClick(rate, Qt.Key.Key_Escape)
    assert window.canvas.hasFocus()


def test_the_totals_follow_the_diagram(window: MainWindow, qtbot: QtBot) -> None:
    totals = window.findChild(QWidget, "statusTotals")
    assert totals.text() == "0 nodes"
    open_network(window)
    assert totals.text() == "4 nodes · 33 parameters · 24 multiply-adds · no problems"
    wire = next(iter(window.bridge.diagram.outgoing("y"))).id
    with qtbot.waitSignal(window.bridge.compiled):
        window.bridge.apply(edits.disconnect(window.bridge.diagram, [wire]), "Remove a wire")
    assert "problem" in totals.text()
    assert totals.property("level") == "error"


def test_numbers_come_with_their_noun() -> None:
    assert counted(1, "node") == "1 node"
    assert counted(9216, "multiply-add") == "9,216 multiply-adds"
    assert counted(12_300_000, "parameter") == "12.3 million parameters"


def test_the_title_says_name_and_whether_it_is_saved(window: MainWindow) -> None:
    assert window.windowTitle() == "Untitled[*] — Neuroloom"
    open_network(window)
    assert not window.isWindowModified()
    window.bridge.apply(edits.move(window.bridge.diagram, {"h": (1.0, 2.0)}), "Move")
    assert window.isWindowModified()
    window.action("edit.undo").trigger()
    assert not window.isWindowModified()


def test_docks_are_remembered_and_reset(make_window: MakeWindow) -> None:
    first = make_window()
    first.docks.dock("gradients").close()
    first.close()
    second = make_window()
    assert second.docks.dock("gradients").isHidden()
    assert not second.docks.dock("loss").isHidden()
    second.action("view.reset_layout").trigger()
    assert not second.docks.dock("gradients").isHidden()


@pytest.mark.qt_log_ignore("does not support raise")  # which the offscreen platform says of a floating window
def test_a_floating_dock_comes_home(window: MainWindow) -> None:
    dock = window.docks.dock("loss")
    dock.setFloating(True)
    assert dock.isFloating()
    window.docks.reset()
    assert not dock.isFloating()
    assert window.dockWidgetArea(dock) == Qt.DockWidgetArea.BottomDockWidgetArea


def test_the_plots_stand_side_by_side_below_the_canvas(window: MainWindow) -> None:
    docks = [window.docks.dock(key) for key in ("loss", "gradients", "activations", "output")]
    lefts = [dock.geometry().left() for dock in docks]
    assert lefts == sorted(set(lefts))
    assert len({dock.geometry().top() for dock in docks}) == 1
    assert docks[0].geometry().top() > window.canvas.geometry().bottom()


def test_the_theme_is_chosen_and_remembered(make_window: MakeWindow, settings: Settings) -> None:
    window = make_window()
    window.action("view.theme_dark").trigger()
    assert theme.current().name == "dark"
    window.action("view.theme_light").trigger()
    assert theme.current().name == "light"
    assert settings.theme == "light"
    window.action("view.theme_system").trigger()
    assert theme.hub().mode == "system"


@pytest.mark.parametrize("name", sorted(theme.THEMES))
def test_the_style_sheet_has_no_gap(name: str) -> None:
    sheet = style_sheet(theme.THEMES[name])
    assert "$" not in sheet
    for line in sheet.splitlines():
        for part in line.split("url(")[1:]:
            assert Path(part.partition(")")[0]).is_file()


def test_closing_while_training_is_quick_and_leaves_no_thread(make_window: MakeWindow, qtbot: QtBot) -> None:
    window = make_window()
    open_network(window)
    with qtbot.waitSignal(window.controller.snapshot_ready):
        window.action("training.start").trigger()
    qtbot.waitUntil(lambda: window.controller.step_count > 50)
    assert window.controller.state is RunState.RUNNING
    before = time.monotonic()
    assert window.shut_down()
    assert window.close()
    assert time.monotonic() - before < 1.0
    assert not [thread.name for thread in threading.enumerate() if "recovery" in thread.name]


def test_deleting_a_window_that_trains_ends_the_training(make_window: MakeWindow, qtbot: QtBot) -> None:
    window = make_window()
    open_network(window)
    with qtbot.waitSignal(window.controller.snapshot_ready):
        window.action("training.start").trigger()
    controller = window.controller
    with qtbot.waitSignal(window.destroyed):
        window.deleteLater()
    assert controller is not None


def test_garbage_is_collected_on_the_gui_thread_only_while_a_window_lives(make_window: MakeWindow) -> None:
    assert gc.isenabled()
    first, second = make_window(), make_window()
    assert not gc.isenabled()
    first.close()
    assert not gc.isenabled()
    second.close()
    assert gc.isenabled()


def test_the_collector_finds_cycles(qtbot: QtBot) -> None:
    collector = IdleCollector()
    collector.start()
    try:
        gc.collect()
        for _ in range(2000):
            cycle: list[object] = []
            cycle.append(cycle)
        assert collector.collect() >= 1000
    finally:
        collector.stop()


def test_opening_a_window_with_a_file(make_window: MakeWindow, tmp_path: Path) -> None:
    from core.storage.project import save_project

    path = tmp_path / "net.nloom"
    save_project(Project(small_network()), path)
    window = make_window(path)
    assert window.windowTitle() == "net.nloom[*] — Neuroloom"
    assert set(window.bridge.diagram.nodes) == {"x", "h", "y", "loss"}


def test_the_keys_are_listed(window: MainWindow, qtbot: QtBot) -> None:
    open_network(window)
    window.bridge.apply(edits.move(window.bridge.diagram, {"h": (9.0, 9.0)}), "Move Dense")
    window.action("help.keys").trigger()
    dialog = window.findChild(QWidget, "dialog.keys")
    texts = [label.text() for label in dialog.findChildren(QWidget) if hasattr(label, "text")]
    assert "Save" in texts
    assert "Ctrl+S" in texts
    assert "Undo" in texts
    assert not any("Move Dense" in text or "move Dense" in text for text in texts)
    dialog.accept()


@pytest.mark.qt_log_ignore("does not support raise")
def test_a_double_click_on_a_tab_undocks_its_panel(window: MainWindow, qtbot: QtBot) -> None:
    (tabs,) = (bar for bar in window.findChildren(QTabBar) if bar.count() == 2)
    at = next(number for number in range(2) if tabs.tabText(number).startswith("Problems"))
    qtbot.mouseDClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tabRect(at).center())
    assert window.docks.dock("problems").isFloating()
    assert not window.docks.dock("inspector").isFloating()


@pytest.mark.qt_log_ignore("does not support raise")
def test_title_bars_fold_away_behind_tabs_and_come_back(window: MainWindow) -> None:
    dock = window.docks.dock("inspector")
    assert dock.titleBarWidget().height() == 0
    window.docks.dock("problems").setFloating(True)
    QApplication.processEvents()
    assert dock.titleBarWidget().sizeHint().height() > 0


@pytest.mark.parametrize("width", [1024, 1280])
def test_the_window_fits_a_projector(window: MainWindow, width: int) -> None:
    window.showNormal()
    window.resize(width, 720)
    QApplication.processEvents()
    assert window.size().width() == width
    assert window.minimumSizeHint().height() <= 720
    assert window.panels.bar.fields.isVisible()
    assert window.panels.bar.pace.isVisible() == (width >= 1280)


def test_the_list_of_keys_is_never_higher_than_the_window(window: MainWindow, qtbot: QtBot) -> None:
    window.showNormal()
    window.resize(960, 500)
    window.action("help.keys").trigger()
    dialog = window.findChild(QWidget, "dialog.keys")
    assert dialog.height() <= 500
    dialog.accept()


def test_the_window_fits_half_a_screen_of_twice_the_points(window: MainWindow) -> None:
    window.files.new_from_template("meals")
    window.showNormal()
    window.resize(960, 500)
    window.docks.reset()
    QApplication.processEvents()
    assert (window.width(), window.height()) == (960, 500)
    assert window.canvas.width() > 470
    assert window.panels.bar.fields.isVisible()
    fields = window.panels.bar.fields
    edge = window.panels.bar.mapFromGlobal(fields.mapToGlobal(fields.rect().topRight())).x()
    assert edge <= window.panels.bar.width()


def test_a_part_that_is_looked_for_is_made(qtbot: QtBot, settings: Settings) -> None:
    create_application([], settings)
    window = create_window(None, settings)
    assert window.findChild(QWidget, "decisionMap") is not None
    assert window.findChildren(QWidget, "lossPlot")
    come_to_rest(qtbot, [window])
