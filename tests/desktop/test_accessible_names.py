"""Everything that can be pressed, typed into or focused says what it is to those who do not see it."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QApplication, QComboBox, QScrollBar, QWidget

from core.diagram import edits
from core.templates import template
from desktop.main_window import MainWindow


def interactive(window: MainWindow) -> Iterator[QWidget]:
    """The widgets that a person can do something with, but for the inner parts of Qt's own (viewports, lists of boxes)."""
    for widget in window.findChildren(QWidget):
        parent = widget.parentWidget()
        inner = widget.objectName().startswith("qt_") or isinstance(widget, QScrollBar) or within_box(widget)
        inner = inner or (isinstance(parent, QAbstractScrollArea) and parent.viewport() is widget)
        if not inner and (widget.focusPolicy() is not Qt.FocusPolicy.NoFocus or isinstance(widget, QAbstractButton)):
            yield widget


def within_box(widget: QWidget) -> bool:
    above = widget.parentWidget()
    while above is not None and not isinstance(above, QComboBox):
        above = above.parentWidget()
    return above is not None


def nameless(window: MainWindow) -> list[str]:
    found = []
    for widget in interactive(window):
        accessible = QAccessible.queryAccessibleInterface(widget)
        assert accessible is not None
        if not accessible.text(QAccessible.Text.Name).strip():
            above, chain = widget, []
            while above is not None and above is not window:
                chain.append(f"{type(above).__name__}#{above.objectName()}")
                above = above.parentWidget()
            found.append(" in ".join(chain))
    return found


@pytest.mark.parametrize("key", ["circle", "digits"])
def test_every_interactive_widget_has_a_name(window, key):
    bridge, selection = window.bridge, window.selection
    bridge.open_project(template(key), None)
    QApplication.processEvents()
    change, note = edits.add_note(bridge.diagram, "Why?", (0.0, 0.0))
    bridge.apply(change, "Add note")
    change, frame = edits.add_frame(bridge.diagram, "Hidden", (0.0, 0.0), (200.0, 200.0))
    bridge.apply(change, "Add frame")
    change = edits.delete(bridge.diagram, wires=list(bridge.diagram.wires)[-1:])
    bridge.apply(change, "Cut")  # for a problem with a mend
    nodes, wires = list(bridge.diagram.nodes), list(bridge.diagram.wires)
    for chosen in (
        {},
        *({"nodes": [node]} for node in nodes),
        {"nodes": nodes},
        {"wires": wires[:1]},
        {"notes": [note]},
        {"notes": [frame]},
    ):
        selection.set(**chosen)
        QApplication.processEvents()
        assert nameless(window) == []


def test_tab_goes_through_the_window_in_reading_order(window, qtbot):
    """Each panel is one stretch of the way round, none is entered twice."""
    window.bridge.open_project(template("circle"), None)
    window.selection.set(nodes=[next(iter(window.bridge.diagram.nodes))])
    QApplication.processEvents()
    panels = ("palettePanel", "canvasView", "inspectorPanel", "problemsPanel", "trainingBar")
    visited: list[str] = []
    widget = window.nextInFocusChain()
    while widget is not window:
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisibleTo(window):
            above = widget
            while above is not None and above.objectName() not in panels:
                above = above.parentWidget()
            if above is not None and visited[-1:] != [above.objectName()]:
                visited.append(above.objectName())
        widget = widget.nextInFocusChain()
    assert len(visited) == len(set(visited)) >= 4, visited
