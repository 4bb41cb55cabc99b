"""From the canvas to the inspector and back by keys alone, and what a new document takes away."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop.canvas import guide
from desktop.main_window import MainWindow
from tests.desktop.test_app import open_network


def focused_in_inspector(window: MainWindow) -> bool:
    """Whether the keyboard is in a field of the inspector."""
    field = QApplication.focusWidget()
    return field is not None and window.panels.inspector.isAncestorOf(field)


@pytest.mark.parametrize("selection", [{"nodes": ["h"]}, {"nodes": ["h", "y"]}, {"wires": ["w1"]}])
def test_enter_edits_what_is_selected_and_escape_comes_back(
    window: MainWindow, qtbot: QtBot, selection: dict[str, list[str]]
) -> None:
    open_network(window)
    window.docks.dock("inspector").close()
    window.canvas.setFocus()
    window.selection.set(**{"nodes": (), "wires": (), **selection})
    QTest.keyClick(window.canvas, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: focused_in_inspector(window))
    assert window.docks.dock("inspector").isVisible()
    field = QApplication.focusWidget()
    assert field is not None
    QTest.keyClick(field, Qt.Key.Key_Escape)
    qtbot.waitUntil(window.canvas.hasFocus)
    assert window.selection


def test_enter_with_nothing_selected_does_nothing(window: MainWindow) -> None:
    open_network(window)
    window.canvas.setFocus()
    window.selection.clear()
    QTest.keyClick(window.canvas, Qt.Key.Key_Return)
    assert not focused_in_inspector(window)


def test_another_document_takes_the_offer_to_undo_away(window: MainWindow) -> None:
    open_network(window)
    window.selection.set(nodes=["h"])
    window.action("edit.delete").trigger()
    assert window.canvas.toast.isVisible()
    open_network(window)
    assert not window.canvas.toast.isVisible()
    assert "h" in window.bridge.diagram.nodes


def test_the_list_of_keys_also_tells_of_hands_and_of_keys_on_the_canvas(window: MainWindow) -> None:
    window.action("help.keys").trigger()
    dialog = window.findChild(QWidget, "dialog.keys")
    texts = {label.text() for label in dialog.findChildren(QLabel)}
    assert {text for line in (*guide.MOUSE, *guide.KEYBOARD) for text in line} <= texts
    dialog.accept()
