"""The problems panel: sentences with their mends, in order, and a click that finds the place."""

import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea, QWidget

from core.compiler.diagnostics import Severity
from core.diagram import edits
from core.diagram.diagram import Diagram
from core.diagram.records import DatasetChoice, Node, TrainingSettings
from core.storage.project import Project
from desktop import theme
from desktop.document_bridge import DocumentBridge
from desktop.problems.mark import paint_severity
from desktop.problems.panel import MOST_ROWS, ProblemsPanel
from desktop.selection import Selection

CIRCLE = TrainingSettings(dataset=DatasetChoice(key="circle"))


def whole() -> Diagram:
    nodes = [
        Node(id="x", kind="input"),
        Node(id="h", kind="dense", hyperparameters={"activation": "tanh"}),
        Node(id="y", kind="dense", hyperparameters={"units": 1, "activation": "sigmoid"}),
        Node(id="loss", kind="binary_cross_entropy"),
    ]
    return Diagram.build(nodes, [("x", "h"), ("h", "y"), ("y", "loss")], CIRCLE)


class Desk:
    def __init__(self):
        self.bridge, self.selection = DocumentBridge(), Selection()
        self.panel = ProblemsPanel(self.bridge, self.selection)

    def open(self, diagram):
        self.bridge.open_project(Project(diagram=diagram, parameters=None), None)
        QApplication.processEvents()

    def sentences(self):
        return [row.diagnostic.message for row in self.panel.rows]


@pytest.fixture
def desk(qtbot):
    made = Desk()
    qtbot.addWidget(made.panel)
    made.panel.resize(300, 500)
    made.panel.show()
    QApplication.processEvents()
    return made


def test_a_whole_network_has_no_problems(desk):
    desk.open(whole())
    assert desk.panel.rows == []
    assert desk.panel.counts == (0, 0)
    assert any("No problems" in label.text() and label.isVisible() for label in desk.panel.findChildren(QLabel))


def test_problems_are_the_compilers_errors_first(desk):
    desk.open(Diagram.build([*whole().nodes.values()], [("x", "h"), ("h", "y")], CIRCLE))
    found = desk.bridge.compilation
    assert desk.sentences() == [item.message for item in (*found.errors, *found.warnings)]
    assert desk.panel.rows[0].diagnostic.severity is Severity.ERROR
    assert desk.panel.counts == (len(found.errors), len(found.warnings))
    assert desk.panel.rows[0].accessibleName().startswith("Error: ")


def test_a_fix_is_applied_with_one_click_and_undone_with_another(desk, qtbot):
    desk.open(whole())
    (wire,) = desk.bridge.diagram.incoming("loss")
    with qtbot.waitSignal(desk.panel.counts_changed) as counted:
        desk.bridge.apply(edits.disconnect(desk.bridge.diagram, [wire.id]), "disconnect")
    assert counted.args[0] >= 1
    broken = desk.bridge.diagram
    button = next(button for row in desk.panel.rows for button in row.fix_buttons())
    title = button.text()
    button.click()
    assert desk.bridge.diagram != broken
    assert desk.bridge.document.undo_label == title
    desk.bridge.undo()
    assert desk.bridge.diagram == broken


def test_a_click_selects_the_place_and_asks_to_show_it(desk, qtbot):
    desk.open(Diagram.build([*whole().nodes.values()], [("x", "h"), ("h", "y")], CIRCLE))
    row = next(row for row in desk.panel.rows if row.diagnostic.nodes)
    with qtbot.waitSignal(desk.panel.show_node) as shown:
        QTest.mouseClick(row, Qt.MouseButton.LeftButton)
    assert shown.args == [row.diagnostic.nodes[0]]
    assert desk.selection.nodes == set(row.diagnostic.nodes)
    desk.selection.clear()
    with qtbot.waitSignal(desk.panel.show_node):
        QTest.keyClick(row, Qt.Key.Key_Return)
    assert desk.selection.nodes


def test_rows_stay_while_nothing_changes(desk):
    desk.open(Diagram.build([Node(id="x", kind="input"), Node(id="h", kind="dense")], [], CIRCLE))
    rows = desk.panel.rows
    desk.bridge.apply(edits.move(desk.bridge.diagram, {"x": (5.0, 5.0)}), "move")
    QApplication.processEvents()
    assert [id(row) for row in desk.panel.rows] == [id(row) for row in rows]


def test_data_that_cannot_be_had_is_a_problem(desk):
    training = TrainingSettings(dataset=DatasetChoice(key="circle", options={"noise": 99}))
    desk.open(Diagram.build(whole().nodes.values(), [("x", "h"), ("h", "y"), ("y", "loss")], training))
    assert "noise is 99" in desk.sentences()[0]


def test_a_mend_that_no_longer_fits_says_so(desk):
    desk.open(Diagram.build([*whole().nodes.values()], [("x", "h"), ("h", "y")], CIRCLE))
    fixes = [fix for row in desk.panel.rows for fix in row.diagnostic.fixes]
    fix = next(fix for fix in fixes if fix.change.updated or fix.change.removed)
    desk.bridge.apply(edits.delete(desk.bridge.diagram, ["x", "h", "y", "loss"]), "delete all")
    before = desk.bridge.diagram
    desk.panel.mend(fix)
    assert desk.bridge.diagram == before
    assert desk.panel.trouble
    QApplication.processEvents()


def test_a_flood_of_problems_is_cut_and_counted(desk):
    desk.open(Diagram.build([Node(id=f"n{n}", kind="dense") for n in range(MOST_ROWS + 20)], [], CIRCLE))
    assert len(desk.panel.rows) == MOST_ROWS
    errors, warnings = desk.panel.counts
    assert errors + warnings > MOST_ROWS
    shown = [label.text() for label in desk.panel.findChildren(QLabel) if label.isVisibleTo(desk.panel)]
    assert f"and {errors + warnings - MOST_ROWS} more" in shown


def test_the_marks_differ_in_shape(qapp):
    """Colours taken away, the three marks are still three."""

    def silhouette(severity):
        image = QImage(36, 36, QImage.Format.Format_Alpha8)
        image.fill(0)
        painter = QPainter(image)
        paint_severity(painter, QRectF(0, 0, 36, 36), severity)
        painter.end()
        return np.frombuffer(image.constBits(), np.uint8).reshape(36, -1).copy() > 128

    shapes = [silhouette(severity) for severity in (Severity.ERROR, Severity.WARNING, None)]
    for number, shape in enumerate(shapes):
        assert shape.any()
        for other in shapes[number + 1 :]:
            assert (shape != other).sum() > 40


@pytest.mark.parametrize("mode", ["dark", "light"])
@pytest.mark.parametrize("width", [220, 320])
def test_nothing_is_wider_than_the_panel(desk, request, mode, width):
    """Long mends go on to a second line, long words (paths, names of columns) are broken."""
    request.addfinalizer(lambda: theme.hub().set_mode("system"))
    theme.hub().set_mode(mode)
    digits = TrainingSettings(dataset=DatasetChoice(key="seven-segment"))
    far = Node(id="x", kind="input", hyperparameters={"columns": "a_column_of_a_name_that_never_comes_to_an_end"})
    desk.open(Diagram.build([far, Node(id="h", kind="dense"), Node(id="j", kind="dense")], [("x", "h")], digits))
    desk.panel.resize(width, 260)  # so low that there is a scroll bar as well
    QApplication.processEvents()
    (scroll,) = desk.panel.findChildren(QScrollArea)
    assert scroll.widget().width() == scroll.viewport().width() <= width
    for row in desk.panel.rows:
        for part in row.findChildren(QWidget):
            assert row.rect().contains(part.geometry())
            assert part.height() >= part.heightForWidth(part.width())
        for button in row.fix_buttons():
            assert button.toolTip() == button.text() == " ".join(button.lines(button.width()))
