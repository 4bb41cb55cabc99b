"""What nobody caught: one dialog with a report to copy, a line in the log, a snapshot of the document."""

import sys
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from desktop.crash import LOG_NAME, CrashReporter, ReportDialog
from desktop.main_window import MainWindow
from desktop.settings import Settings


@pytest.fixture
def kept() -> list[str]:
    return []


@pytest.fixture
def reporter(window: MainWindow, settings: Settings, kept: list[str]) -> Iterator[CrashReporter]:
    """A reporter that is installed for the length of the test."""
    reporter = CrashReporter(window, lambda: kept.append("kept"), settings.data_folder)
    before = sys.excepthook, threading.excepthook
    reporter.install()
    yield reporter
    reporter.remove()
    assert (sys.excepthook, threading.excepthook) == before


def raise_and_report(reporter: CrashReporter, text: str) -> None:
    try:
        raise RuntimeError(text)
    except RuntimeError as error:
        reporter.report(type(error), error, error.__traceback__)


def dialogs(window: MainWindow) -> list[ReportDialog]:
    return [dialog for dialog in window.findChildren(ReportDialog) if dialog.isVisible()]


def test_one_dialog_tells_of_it_and_the_document_is_kept(
    reporter: CrashReporter, window: MainWindow, qtbot: QtBot, kept: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    raise_and_report(reporter, "the first fault")
    qtbot.waitUntil(lambda: len(dialogs(window)) == 1)
    raise_and_report(reporter, "the second fault")
    qtbot.waitUntil(lambda: kept == ["kept", "kept"])
    (dialog,) = dialogs(window)
    assert "the first fault" in dialog.report
    assert "the second fault" in dialog.report
    assert "Python" in dialog.report
    assert "Qt" in dialog.report
    assert "the first fault" in capsys.readouterr().err
    copy, go_on = dialog.findChildren(QPushButton)
    copy.click()
    assert QApplication.clipboard().text() == dialog.report
    go_on.click()
    qtbot.waitUntil(lambda: not dialogs(window))


def test_it_goes_to_the_log(reporter: CrashReporter, window: MainWindow, qtbot: QtBot, settings: Settings) -> None:
    raise_and_report(reporter, "a fault for the log")
    qtbot.waitUntil(lambda: bool(dialogs(window)))
    assert "a fault for the log" in (settings.data_folder / LOG_NAME).read_text(encoding="utf-8")
    dialogs(window)[0].accept()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_fails_is_told_of_too(reporter: CrashReporter, window: MainWindow, qtbot: QtBot) -> None:
    def fail() -> None:
        raise RuntimeError("a fault in a thread")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: bool(dialogs(window)))
    assert "a fault in a thread" in dialogs(window)[0].report
    dialogs(window)[0].accept()


def test_a_fault_while_keeping_does_not_hide_the_first_one(
    window: MainWindow, settings: Settings, qtbot: QtBot
) -> None:
    def fail() -> None:
        raise OSError("disk full")

    reporter = CrashReporter(window, fail, settings.data_folder)
    reporter.install()
    try:
        raise_and_report(reporter, "what really happened")
        qtbot.waitUntil(lambda: bool(dialogs(window)))
        assert "what really happened" in dialogs(window)[0].report
        dialogs(window)[0].accept()
    finally:
        reporter.remove()
