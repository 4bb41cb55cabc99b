"""Qt's own file dialog in our clothes: arrows that can be seen in both themes, and columns that can be read."""

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QFileDialog, QStyle, QToolButton, QTreeView, QWidget

from desktop import theme
from desktop.files.questions import choose_file_to_open
from desktop.style import apply_style


def brightness(color: QColor) -> float:
    """The relative luminance of WCAG 2.2."""
    parts = [color.redF(), color.greenF(), color.blueF()]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: QColor, second: QColor) -> float:
    low, high = sorted((brightness(first), brightness(second)))
    return (high + 0.05) / (low + 0.05)


@pytest.fixture(params=["dark", "light"])
def dialog(qtbot, request, tmp_path):
    theme.hub().set_mode(request.param)
    apply_style(QApplication.instance())
    (tmp_path / "circle.nloom").write_bytes(b"x" * 5000)
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    choose_file_to_open(window, tmp_path, lambda path: None)
    found = window.findChild(QFileDialog)
    qtbot.waitExposed(found)
    yield found
    theme.hub().set_mode("system")


def test_every_button_can_be_told_from_the_ground(dialog):
    buttons = [button for button in dialog.findChildren(QToolButton) if button.isVisible()]
    assert len(buttons) >= 6
    for button in buttons:
        picture = button.icon().pixmap(16, 16).toImage()
        inked = [
            picture.pixelColor(x, y)
            for x in range(picture.width())
            for y in range(picture.height())
            if picture.pixelColor(x, y).alpha() > 180
        ]
        assert inked, button.objectName()
        assert max(contrast(color, QColor(theme.current().panel)) for color in inked) >= 3, button.objectName()


def test_the_columns_are_as_wide_as_their_words(dialog, qtbot):
    table = dialog.findChild(QTreeView, "treeView")
    qtbot.waitUntil(lambda: table.model().rowCount(table.rootIndex()) == 1)
    qtbot.waitUntil(lambda: table.sizeHintForColumn(3) <= table.columnWidth(3))
    margin = table.style().pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin)
    for column in (0, 1, 3):
        text = table.model().index(0, column, table.rootIndex()).data()
        assert text
        assert table.fontMetrics().horizontalAdvance(text) + 2 * margin <= table.columnWidth(column)
    assert sum(table.columnWidth(column) for column in range(4)) <= table.viewport().width()
