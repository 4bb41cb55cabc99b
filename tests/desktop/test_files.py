"""Opening, saving, and what is asked before anything is lost; every question is answered by pressing its button."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QUrl
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from core.diagram import edits
from core.storage.project import Project, load_project, save_project
from desktop.app import create_start_window
from desktop.document_bridge import Parameters
from desktop.files import recovery
from desktop.files.drop import project_file
from desktop.files.questions import with_suffix
from desktop.main_window import MainWindow
from desktop.settings import RECENT_LIMIT, Settings
from desktop.training.state import RunState
from tests.desktop.making import MakeWindow, come_to_rest
from tests.desktop.test_app import open_network, small_network
from tests.drags import drop_on


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A project on the disk."""
    path = tmp_path / "net.nloom"
    save_project(Project(small_network()), path)
    return path


def edit(window: MainWindow, x: float = 50.0) -> None:
    """Any edit that leaves the document unsaved."""
    window.bridge.apply(edits.move(window.bridge.diagram, {"x": (x, x)}), "Move")


def question(window: MainWindow, qtbot: QtBot, name: str) -> QMessageBox:
    """The dialog of this name, once it is open."""

    def found() -> list[QMessageBox]:
        return [box for box in window.findChildren(QMessageBox, name) if box.isVisible()]

    qtbot.waitUntil(lambda: bool(found()))
    return found()[0]


def answer(box: QMessageBox, text: str) -> None:
    """Press the button of this text."""
    next(button for button in box.buttons() if button.text().replace("&", "") == text).click()


def hint(window: MainWindow) -> str:
    """What the status line says on the left."""
    return str(window.findChild(QLabel, "statusHint").text())


def train_a_little(window: MainWindow, qtbot: QtBot) -> None:
    window.action("training.start").trigger()
    qtbot.waitUntil(lambda: window.controller.step_count > 20)
    window.action("training.pause").trigger()


def test_a_file_is_opened_and_saved_in_place(window: MainWindow, file: Path) -> None:
    window.files.open_path(file)
    edit(window)
    assert window.isWindowModified()
    window.action("file.save").trigger()
    assert not window.isWindowModified()
    saved = load_project(file)
    assert saved.diagram == window.bridge.diagram
    assert file.with_name("net.nloom~").exists()


def test_trained_parameters_are_saved_bit_for_bit(window: MainWindow, file: Path, qtbot: QtBot) -> None:
    window.files.open_path(file)
    train_a_little(window, qtbot)
    with qtbot.waitSignal(window.controller.run_ended):
        window.action("training.stop").trigger()
    assert window.isWindowModified()
    window.action("file.save").trigger()
    saved, held = load_project(file).parameters, window.controller.parameters()
    assert saved is not None
    assert held is not None
    assert saved.keys() == held.keys() == {"h/weight", "h/bias", "y/weight", "y/bias"}
    for name in held:
        assert np.array_equal(saved[name], held[name])
    assert not window.isWindowModified()


def test_saving_while_it_trains_takes_whole_parameters(window: MainWindow, file: Path, qtbot: QtBot) -> None:
    window.files.open_path(file)
    window.action("training.start").trigger()
    qtbot.waitUntil(lambda: window.controller.step_count > 20)
    window.action("file.save").trigger()
    saved = load_project(file).parameters
    assert saved is not None
    assert all(np.isfinite(array).all() for array in saved.values())
    assert np.abs(saved["h/weight"]).max() > 0


def test_the_text_form_holds_no_parameters(window: MainWindow, tmp_path: Path) -> None:
    open_network(window)
    path = tmp_path / "net.nloom.json"
    window.files.write(path)
    saved = load_project(path)
    assert saved.parameters is None
    assert saved.diagram == window.bridge.diagram
    assert not hint(window), "nothing was trained, so nothing is missing"


def test_the_text_form_says_that_it_does_not_hold_what_was_trained(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    open_network(window)
    train_a_little(window, qtbot)
    window.files.write(tmp_path / "net.nloom")
    assert "weights" not in hint(window)
    window.files.write(tmp_path / "net.nloom.json")
    assert "Trained weights are kept only in .nloom files." in hint(window)


@pytest.mark.parametrize(
    ("contents", "sentence"),
    [
        (b"", ""),
        (b"{", ""),
        (b"PK\x03\x04 and so on", "zip"),
        (b'{"format": "neuroloom", "version": 1, "nodes": 3}', "$.nodes"),
    ],
)
def test_a_bad_file_gets_one_sentence_and_changes_nothing(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, contents: bytes, sentence: str
) -> None:
    open_network(window)
    before = window.bridge.diagram
    path = tmp_path / "bad.nloom"
    path.write_bytes(contents)
    window.files.open_path(path)
    box = question(window, qtbot, "message.error")
    assert "bad.nloom" in box.text()
    assert sentence in box.informativeText()
    assert "Traceback" not in box.informativeText()
    answer(box, "OK")
    assert window.bridge.diagram is before
    assert window.bridge.path is None
    assert path not in window.settings.recent


def test_a_missing_file_is_said_to_be_missing(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    window.files.open_path(tmp_path / "gone.nloom")
    box = question(window, qtbot, "message.error")
    assert "gone.nloom" in box.text()
    assert box.informativeText()
    answer(box, "OK")


def test_a_file_of_a_newer_version_can_be_looked_at_but_not_saved(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "newer.nloom.json"
    path.write_text('{"format": "neuroloom", "version": 999, "nodes": {}, "wires": {}}')
    contents = path.read_bytes()
    window.files.open_path(path)
    answer(question(window, qtbot, "message.error"), "OK")
    assert window.bridge.is_read_only
    window.bridge.apply(edits.set_training(window.bridge.diagram, epochs=7), "Epochs")
    window.action("file.save").trigger()
    box = question(window, qtbot, "message.error")
    assert "cannot be saved" in box.text()
    answer(box, "OK")
    assert path.read_bytes() == contents
    assert window.isWindowModified()


def test_cancel_keeps_what_is_open(window: MainWindow, qtbot: QtBot, file: Path) -> None:
    open_network(window)
    edit(window)
    before = window.bridge.diagram
    window.files.open_path(file)
    answer(question(window, qtbot, "question.unsaved"), "Cancel")
    qtbot.waitUntil(lambda: not window.findChildren(QMessageBox))
    assert window.bridge.diagram is before


def test_discard_goes_on(window: MainWindow, qtbot: QtBot, file: Path) -> None:
    open_network(window)
    edit(window)
    window.files.open_path(file)
    answer(question(window, qtbot, "question.unsaved"), "Discard")
    qtbot.waitUntil(lambda: window.bridge.path == file)
    assert not window.isWindowModified()


def test_save_saves_and_goes_on(window: MainWindow, qtbot: QtBot, file: Path) -> None:
    window.files.open_path(file)
    edit(window, 77.0)
    window.action("file.new").trigger()
    answer(question(window, qtbot, "question.unsaved"), "Save")
    qtbot.waitUntil(lambda: not window.bridge.diagram.nodes)
    assert load_project(file).diagram.nodes["x"].position == (77.0, 77.0)


def test_closing_asks_and_cancel_keeps_the_window(window: MainWindow, qtbot: QtBot) -> None:
    open_network(window)
    edit(window)
    assert not window.close()
    answer(question(window, qtbot, "question.unsaved"), "Cancel")
    assert window.isVisible()
    qtbot.waitUntil(lambda: not window.findChildren(QMessageBox))
    window.close()
    answer(question(window, qtbot, "question.unsaved"), "Discard")
    qtbot.waitUntil(lambda: not window.isVisible())


def test_an_untouched_template_is_closed_without_a_question(window: MainWindow) -> None:
    window.files.new_from_template("circle", "Circle")
    assert not window.files.is_unsaved
    assert window.windowTitle() == "Circle[*] — Neuroloom"
    assert window.close()


def test_training_a_network_that_has_a_file_is_worth_a_question(window: MainWindow, qtbot: QtBot, file: Path) -> None:
    window.files.open_path(file)
    assert not window.files.is_unsaved
    train_a_little(window, qtbot)
    window.action("file.new").trigger()
    box = question(window, qtbot, "question.unsaved")
    assert "trained" in box.informativeText()
    answer(box, "Discard")
    qtbot.waitUntil(lambda: not window.bridge.diagram.nodes)


def test_training_a_template_is_worth_a_question_until_it_is_reset(window: MainWindow, qtbot: QtBot) -> None:
    window.files.new_from_template("circle")
    train_a_little(window, qtbot)
    assert window.files.is_unsaved
    assert window.isWindowModified()
    assert not window.close()
    box = question(window, qtbot, "question.unsaved")
    assert "trained" in box.informativeText()
    answer(box, "Cancel")
    qtbot.waitUntil(lambda: not window.findChildren(QMessageBox))
    window.action("training.reset").trigger()
    assert not window.files.is_unsaved
    assert window.close()


def test_opening_while_training_ends_the_run_first(window: MainWindow, qtbot: QtBot, file: Path) -> None:
    open_network(window)
    window.action("training.start").trigger()
    qtbot.waitUntil(lambda: window.controller.step_count > 20)
    window.files.open_path(file)
    answer(question(window, qtbot, "question.unsaved"), "Discard")
    qtbot.waitUntil(lambda: window.bridge.path == file)
    assert window.controller.step_count == 0
    assert window.controller.state.value == "idle"


def test_a_file_that_someone_else_changed_is_asked_about(window: MainWindow, qtbot: QtBot, file: Path) -> None:
    window.files.open_path(file)
    edit(window)
    other = Project(edited(small_network()))
    save_project(other, file)
    window.action("file.save").trigger()
    answer(question(window, qtbot, "question.changedOnDisk"), "Cancel")
    assert load_project(file).diagram == other.diagram
    assert window.isWindowModified()
    qtbot.waitUntil(lambda: not window.findChildren(QMessageBox))
    window.action("file.save").trigger()
    answer(question(window, qtbot, "question.changedOnDisk"), "Overwrite")
    qtbot.waitUntil(lambda: not window.isWindowModified())
    assert load_project(file).diagram == window.bridge.diagram


def edited(diagram):  # type: ignore[no-untyped-def]  # a Diagram for a Diagram
    return diagram.apply(edits.move(diagram, {"x": (-9.0, -9.0)}))


def test_a_folder_that_cannot_be_written_is_said_so(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    open_network(window)
    edit(window)
    window.files.write(tmp_path / "missing" / "net.nloom")
    box = question(window, qtbot, "message.error")
    assert "net.nloom" in box.text()
    answer(box, "OK")
    assert window.isWindowModified()
    assert window.bridge.path is None


def test_recent_files_are_remembered_newest_first(window: MainWindow, tmp_path: Path) -> None:
    paths = [tmp_path / f"net{number}.nloom" for number in range(RECENT_LIMIT + 2)]
    open_network(window)
    for path in paths:
        window.files.write(path)
    window.files.write(paths[5])
    recent = Settings(tmp_path / "home").recent
    assert recent[0] == paths[5]
    assert len(recent) == RECENT_LIMIT
    assert len(set(recent)) == RECENT_LIMIT


def test_the_recent_menu_opens_a_file(window: MainWindow, file: Path) -> None:
    window.files.load(file)
    window.files.new_empty()
    (menu,) = (
        action.menu()
        for bar in window.menuBar().actions()
        for action in bar.menu().actions()
        if action.menu() and "recent" in action.text()
    )
    menu.aboutToShow.emit()
    menu.actions()[0].trigger()
    assert window.bridge.path == file


@pytest.mark.parametrize(
    ("name", "expected"),
    [("net", "net.nloom"), ("net.nloom", "net.nloom"), ("net.nloom.json", "net.nloom.json"), ("a.b", "a.b.nloom")],
)
def test_a_name_gets_its_ending_once(name: str, expected: str) -> None:
    assert with_suffix(Path(name), ".nloom") == Path(expected)


def dragged(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(os.fspath(path)) for path in paths])
    return data


def test_a_file_dragged_onto_the_window_is_opened(window: MainWindow, file: Path) -> None:
    assert drop_on(window, QPoint(9, 9), dragged(file))
    assert window.bridge.path == file


def test_only_one_local_project_is_taken(tmp_path: Path) -> None:
    project = tmp_path / "a.nloom"
    assert project_file(dragged(project)) == project
    assert project_file(dragged(project, project)) is None
    assert project_file(dragged(tmp_path / "picture.png")) is None
    web = QMimeData()
    web.setUrls([QUrl("https://example.org/a.nloom")])
    assert project_file(web) is None


def visible_dialogs(window: MainWindow) -> list[QDialog]:
    return [dialog for dialog in window.findChildren(QDialog) if dialog.isVisible()]


def test_save_without_a_file_asks_for_one(window: MainWindow, qtbot: QtBot) -> None:
    open_network(window)
    window.action("file.save").trigger()
    qtbot.waitUntil(lambda: bool(visible_dialogs(window)))
    (dialog,) = visible_dialogs(window)
    assert dialog.objectName() == "fileDialog"
    dialog.reject()
    qtbot.waitUntil(lambda: not visible_dialogs(window))
    assert window.bridge.path is None


def crash(window: MainWindow) -> None:
    """What is left when the process of a window is killed: the snapshot, and a lock that nobody holds."""
    keeper = window.recovery
    assert keeper is not None
    keeper.wait()
    writer = keeper._writer
    assert writer is not None
    descriptor = writer._lock._descriptor
    assert descriptor is not None
    os.close(descriptor)
    writer._lock._descriptor = None
    keeper._writer = None
    window.shut_down()
    window.close()


def bar_button(window: MainWindow, name: str) -> QPushButton:
    found = window.findChildren(QPushButton, f"restoreBar.{name}")
    assert len(found) == 1
    return found[0]


def is_offered(window: MainWindow) -> bool:
    """Whether the bar can be seen that offers what a crash left."""
    return window.offer is not None and window.offer.bar is not None and window.offer.bar.isVisible()


def test_a_change_is_kept_within_a_second_and_a_half(window: MainWindow, qtbot: QtBot) -> None:
    open_network(window)
    assert window.recovery is not None
    with qtbot.waitSignal(window.recovery.written, timeout=1500):
        edit(window)


def test_constant_editing_is_kept_every_five_seconds(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr(recovery.time, "monotonic", lambda: now[0])
    open_network(window)
    keeper = window.recovery
    assert keeper is not None
    waits = []
    for _ in range(8):
        edit(window, now[0])
        waits.append(keeper._edit_timer.interval())
        now[0] += 0.7
    assert waits[0] == 1000
    assert waits[-1] < 200  # 4.9 s after the first change there is a tenth of a second left
    keeper._edit_timer.stop()


def test_what_a_crash_left_is_restored(make_window: MakeWindow, qtbot: QtBot, file: Path) -> None:
    first = make_window(file)
    assert first.recovery is not None
    with qtbot.waitSignal(first.recovery.written):
        edit(first, 123.0)
    crash(first)

    second = make_window()
    texts = [label.text() for label in second.findChildren(QLabel)]
    assert any("“net.nloom” was kept" in text for text in texts)
    bar_button(second, "restore").click()
    qtbot.waitUntil(lambda: second.bridge.path == file)
    assert second.bridge.diagram.nodes["x"].position == (123.0, 123.0)
    assert second.isWindowModified()
    assert not is_offered(second)
    assert "another window" not in hint(second), "its own lock is not that of another window"
    second.action("file.save").trigger()
    assert load_project(file).diagram.nodes["x"].position == (123.0, 123.0)
    second.close()

    third = make_window()
    assert not third.findChildren(QPushButton, "restoreBar.restore")


def test_what_a_crash_left_is_discarded_into_the_trash(
    make_window: MakeWindow, qtbot: QtBot, settings: Settings
) -> None:
    first = make_window()
    open_network(first)
    assert first.recovery is not None
    with qtbot.waitSignal(first.recovery.written):
        edit(first)
    crash(first)
    second = make_window()
    bar_button(second, "discard").click()
    assert not is_offered(second)
    assert list((settings.data_folder / "recovery" / "trash").glob("*.nloom"))


def test_later_offers_it_again_at_the_next_start(make_window: MakeWindow, qtbot: QtBot) -> None:
    first = make_window()
    open_network(first)
    assert first.recovery is not None
    with qtbot.waitSignal(first.recovery.written):
        edit(first)
    crash(first)
    second = make_window()
    bar_button(second, "later").click()
    assert not is_offered(second)
    second.close()
    assert bar_button(make_window(), "restore")


def test_the_offer_lies_over_the_gallery_and_moves_nothing(
    make_window: MakeWindow, qtbot: QtBot, settings: Settings
) -> None:
    first = make_window()
    open_network(first)
    assert first.recovery is not None
    with qtbot.waitSignal(first.recovery.written):
        edit(first)
    crash(first)
    second = create_start_window(settings)
    try:
        qtbot.waitExposed(second)
        assert second.gallery is not None
        page = second.gallery.page
        assert page is not None
        second.assemble()
        QApplication.processEvents()
        before = page.mapTo(second, page.rect().topLeft())
        second.make_all_parts()
        QApplication.processEvents()
        assert is_offered(second)
        assert page.mapTo(second, page.rect().topLeft()) == before
        middle = bar_button(second, "later").mapTo(second, QPoint(5, 5))
        assert second.childAt(middle) is bar_button(second, "later")
        bar_button(second, "later").click()
        assert not is_offered(second)
    finally:
        come_to_rest(qtbot, [second])


def test_an_open_window_is_not_taken_for_a_crashed_one(make_window: MakeWindow, qtbot: QtBot) -> None:
    first = make_window()
    open_network(first)
    assert first.recovery is not None
    with qtbot.waitSignal(first.recovery.written):
        edit(first)
    second = make_window()
    assert not second.findChildren(QPushButton, "restoreBar.restore")


def test_a_clean_end_leaves_nothing_to_recover(window: MainWindow, qtbot: QtBot, settings: Settings) -> None:
    open_network(window)
    assert window.recovery is not None
    with qtbot.waitSignal(window.recovery.written):
        edit(window)
    window.shut_down()
    assert not [path for path in (settings.data_folder / "recovery").iterdir() if path.is_file()]


def test_saving_clears_the_snapshot(window: MainWindow, qtbot: QtBot, file: Path, settings: Settings) -> None:
    window.files.open_path(file)
    assert window.recovery is not None
    with qtbot.waitSignal(window.recovery.written):
        edit(window)
    folder = settings.data_folder / "recovery"
    assert list(folder.glob("*.nloom"))
    window.action("file.save").trigger()
    assert not list(folder.glob("*.nloom"))


def test_a_file_dropped_on_the_canvas_reaches_the_window(window: MainWindow, file: Path) -> None:
    assert drop_on(window.canvas.viewport(), QPoint(99, 99), dragged(file))
    assert window.bridge.path == file


DRAWS_AND_WAITS = """
import sys
from pathlib import Path
from desktop.app import create_application, create_window
from desktop.settings import Settings
from core.diagram import edits
from PySide6.QtCore import QTimer
settings = Settings(Path(sys.argv[1]))
application = create_application([], settings)
window = create_window(Path(sys.argv[2]), settings)
window.make_all_parts()
window.recovery.written.connect(lambda: print("kept", flush=True))
window.bridge.apply(edits.move(window.bridge.diagram, {"x": (321.0, 0.0)}), "Move")
application.exec()
"""


def test_a_killed_window_loses_nothing_that_was_kept(
    make_window: MakeWindow, qtbot: QtBot, file: Path, tmp_path: Path
) -> None:
    command = [sys.executable, "-c", DRAWS_AND_WAITS, str(tmp_path / "home"), str(file)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "kept\n"
        process.kill()
    window = make_window()
    bar_button(window, "restore").click()
    qtbot.waitUntil(lambda: window.bridge.path == file)
    assert window.bridge.diagram.nodes["x"].position == (321.0, 0.0)


def test_a_file_that_is_open_in_another_window_is_said_to_be(make_window: MakeWindow, qtbot: QtBot, file: Path) -> None:
    make_window(file)
    second = make_window()
    assert second.recovery is not None
    with qtbot.waitSignal(second.recovery.troubled) as said:
        second.files.open_path(file)
    assert "another window" in said.args[0]


def train_to_the_end(window: MainWindow, qtbot: QtBot, epochs: int) -> None:
    window.bridge.apply(edits.set_training(window.bridge.diagram, epochs=epochs), "Epochs")
    with qtbot.waitSignal(window.controller.run_ended):
        window.action("training.start").trigger()


def same(one: Parameters | None, other: Parameters | None) -> bool:
    """Whether two sets of parameters are there, and equal bit for bit."""
    if one is None or other is None or one.keys() != other.keys():
        return False
    return all(np.array_equal(one[name], other[name]) for name in one)


def test_an_edit_after_training_is_kept_with_what_was_trained(
    make_window: MakeWindow, qtbot: QtBot, file: Path
) -> None:
    first = make_window(file)
    assert first.recovery is not None
    with qtbot.waitSignal(first.recovery.written):
        edit(first)  # The snapshot of this holds untrained parameters.
    train_to_the_end(first, qtbot, 30)
    first.action("file.save").trigger()
    trained = load_project(file).parameters
    assert same(trained, first.controller.parameters())
    with qtbot.waitSignal(first.recovery.written):
        edit(first, 99.0)
    crash(first)

    second = make_window()
    bar_button(second, "restore").click()
    qtbot.waitUntil(lambda: second.bridge.path == file)
    assert second.bridge.diagram.nodes["x"].position == (99.0, 99.0)
    assert same(second.controller.parameters(), trained)
    second.action("file.save").trigger()
    assert same(load_project(file).parameters, trained)


def test_a_run_that_has_ended_is_kept_without_an_edit(make_window: MakeWindow, qtbot: QtBot) -> None:
    first = make_window()
    open_network(first)
    train_to_the_end(first, qtbot, 5)
    assert first.recovery is not None
    trained = first.controller.parameters()
    with qtbot.waitSignal(first.recovery.written):
        pass
    crash(first)
    second = make_window()
    bar_button(second, "restore").click()
    qtbot.waitUntil(lambda: bool(second.bridge.diagram.nodes))
    assert same(second.controller.parameters(), trained)


def test_an_end_that_nobody_was_asked_about_keeps_the_latest_parameters(
    window: MainWindow, qtbot: QtBot, settings: Settings
) -> None:
    open_network(window)
    assert window.recovery is not None
    window.action("training.start").trigger()
    qtbot.waitUntil(lambda: window.controller.step_count > 20)
    with qtbot.waitSignal(window.recovery.written):
        window.recovery.keep()
    (copy,) = (settings.data_folder / "recovery").glob("*.nloom")
    earlier = load_project(copy).parameters
    steps = window.controller.step_count
    qtbot.waitUntil(lambda: window.controller.step_count > steps + 20)
    window.shut_down(asked=False)
    assert earlier is not None
    assert not same(load_project(copy).parameters, earlier)


def test_an_old_copy_does_not_silently_replace_a_newer_file(make_window: MakeWindow, qtbot: QtBot, file: Path) -> None:
    first = make_window(file)
    assert first.recovery is not None
    with qtbot.waitSignal(first.recovery.written):
        edit(first)
    crash(first)
    newer = Project(edited(small_network()))
    save_project(newer, file)
    second = make_window()
    bar_button(second, "restore").click()
    qtbot.waitUntil(lambda: second.bridge.path == file)
    assert "was saved after this copy" in hint(second)
    second.action("file.save").trigger()
    answer(question(second, qtbot, "question.changedOnDisk"), "Cancel")
    assert load_project(file).diagram == newer.diagram


def test_parameters_are_taken_along_once_a_minute(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr(recovery.time, "monotonic", lambda: now[0])
    open_network(window)
    keeper = window.recovery
    assert keeper is not None
    copies: list[object] = []
    monkeypatch.setattr(window.controller, "parameters", lambda: copies.append(1) or {})
    monkeypatch.setattr(type(window.controller), "state", RunState.RUNNING)
    for seconds in (0.0, 5.0, 54.0, 2.0, 5.0):
        now[0] += seconds
        with qtbot.waitSignal(keeper.written):
            keeper.keep()
    assert len(copies) == 2


DRAWS_AND_IS_ENDED = """
import sys
from desktop import app
from core.diagram import edits
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
application = app.create_application([])
def draw():
    (window,) = [widget for widget in QApplication.topLevelWidgets() if widget.objectName() == "mainWindow"]
    window.make_all_parts()
    window.bridge.apply(edits.move(window.bridge.diagram, {"x": (55.0, 0.0)}), "Move")
    window.action("training.start").trigger()
    print("drawn", flush=True)
QTimer.singleShot(0, draw)
sys.exit(app.run(sys.argv[1]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends processes without a word")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["terminate", "interrupt"])
def test_a_window_that_is_told_to_end_keeps_its_work(
    make_window: MakeWindow, qtbot: QtBot, file: Path, tmp_path: Path, number: signal.Signals
) -> None:
    command = [sys.executable, "-c", DRAWS_AND_IS_ENDED, str(file)]
    environment = {**os.environ, "NEUROLOOM_HOME": str(tmp_path / "home")}
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, cwd=root, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "drawn\n"
        process.send_signal(number)
        assert process.wait(20) == 0
    window = make_window()
    bar_button(window, "restore").click()
    qtbot.waitUntil(lambda: window.bridge.path == file)
    assert window.bridge.diagram.nodes["x"].position == (55.0, 0.0)


def test_one_asks_once_however_often_one_closes(window: MainWindow, qtbot: QtBot) -> None:
    open_network(window)
    edit(window)
    assert not window.close()
    assert not window.close()
    box = question(window, qtbot, "question.unsaved")
    assert len(window.findChildren(QMessageBox)) == 1
    answer(box, "Cancel")
    qtbot.waitUntil(lambda: not window.findChildren(QMessageBox))


def test_a_template_is_called_by_its_title(window: MainWindow, qtbot: QtBot) -> None:
    window.files.new_from_template("xor")
    assert window.windowTitle() == "XOR[*] — Neuroloom"
    window.files.new_from_template("nothing-like-it")
    box = question(window, qtbot, "message.error")
    assert "nothing-like-it" in box.text()
    answer(box, "OK")
    assert window.windowTitle() == "XOR[*] — Neuroloom"
