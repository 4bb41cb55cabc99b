"""The palette as a person uses it: looked at, searched, dragged from, walked through with the keys."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QDrag, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.catalogue.kind import Category
from core.catalogue.registry import all_kinds, find_kind, registered
from core.diagram.diagram import Diagram
from core.storage.project import Project
from desktop import theme
from desktop.document_bridge import DocumentBridge
from desktop.kinds.drag import KIND_MIME, drag_pixmap, kind_in, kind_mime
from desktop.kinds.glyph import glyph_icon, glyph_pixmap
from desktop.palette.panel import PalettePanel


@pytest.fixture
def palette(qtbot) -> PalettePanel:
    panel = PalettePanel(DocumentBridge())
    qtbot.addWidget(panel)
    panel.resize(212, 800)
    panel.show()
    QApplication.processEvents()
    return panel


def ink(image: QImage) -> np.ndarray:
    image = image.convertToFormat(QImage.Format.Format_RGBA8888)
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4).copy()


def test_every_kind_has_a_tile_under_its_category(palette):
    assert palette.visible_kinds() == [kind.key for kind in all_kinds()]
    used = {kind.category for kind in all_kinds()}
    tops = [palette.grid.heading(category).y() for category in Category if category in used]
    assert tops == sorted(tops)
    for kind in all_kinds():
        tile, heading = palette.tile(kind.key), palette.grid.heading(kind.category)
        assert tile.isVisibleTo(palette)
        assert tile.y() >= heading.geometry().bottom()
        assert heading.isVisibleTo(palette)


def test_tiles_neither_overlap_nor_leave_the_panel(palette):
    tiles = [palette.tile(kind.key) for kind in all_kinds()]
    for number, tile in enumerate(tiles):
        assert tile.geometry().right() <= palette.grid.width()
        for other in tiles[number + 1 :]:
            assert not tile.geometry().intersects(other.geometry())


@pytest.mark.parametrize("width", [212, 320, 500])
def test_no_title_is_cut(palette, width):
    palette.resize(width, 800)
    QApplication.processEvents()
    for kind in all_kinds():
        tile = palette.tile(kind.key)
        assert tile.title_width() <= tile.width()


def test_a_tile_says_what_its_kind_is(palette):
    tile = palette.tile("dense")
    assert tile.accessibleName() == "Dense"
    assert find_kind("dense").help in tile.toolTip()
    assert "f(Wx + b)" in tile.toolTip()


def test_searching_leaves_what_fits_and_enter_takes_the_first(palette, qtbot):
    QTest.keyClicks(palette.search, "fully connected")
    assert palette.visible_kinds()[0] == "dense"
    assert not palette.tile("softmax").isVisible()
    with qtbot.waitSignal(palette.kind_activated) as activated:
        QTest.keyClick(palette.search, Qt.Key.Key_Return)
    assert activated.args == ["dense"]
    QTest.keyClick(palette.search, Qt.Key.Key_Escape)
    assert len(palette.visible_kinds()) == len(all_kinds())


def test_a_search_that_finds_nothing_says_so(palette, qtbot):
    palette.search.setText("zzzz")
    assert palette.visible_kinds() == []
    assert "zzzz" in palette.nothing_found.text()
    assert palette.nothing_found.isVisible()
    with qtbot.assertNotEmitted(palette.kind_activated):
        QTest.keyClick(palette.search, Qt.Key.Key_Return)
    palette.search.clear()
    assert not palette.nothing_found.isVisible()


def test_a_double_click_asks_for_a_node(palette, qtbot):
    with qtbot.waitSignal(palette.kind_activated) as activated:
        QTest.mouseDClick(palette.tile("tanh"), Qt.MouseButton.LeftButton)
    assert activated.args == ["tanh"]


def test_keys_walk_from_the_search_through_the_tiles_and_back(palette, qtbot):
    palette.activateWindow()
    qtbot.waitUntil(palette.isActiveWindow)
    palette.search.setFocus()
    QTest.keyClick(palette.search, Qt.Key.Key_Down)
    first = palette.tile(all_kinds()[0].key)
    assert first.hasFocus()
    QTest.keyClick(first, Qt.Key.Key_Down)
    below = QApplication.focusWidget()
    assert below.y() > first.y()
    QTest.keyClick(below, Qt.Key.Key_Right)
    beside = QApplication.focusWidget()
    assert (beside.y(), beside.x() > below.x()) == (below.y(), True)
    with qtbot.waitSignal(palette.kind_activated) as activated:
        QTest.keyClick(beside, Qt.Key.Key_Return)
    assert activated.args == [beside.kind.key]
    QTest.keyClick(first, Qt.Key.Key_Up)
    assert palette.search.hasFocus()


def test_the_tab_key_stops_at_one_tile_only(palette, qtbot):
    palette.activateWindow()
    qtbot.waitUntil(palette.isActiveWindow)
    palette.tile("tanh").setFocus()
    stops = [kind.key for kind in all_kinds() if palette.tile(kind.key).focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert stops == ["tanh"]
    palette.search.setText("dense")
    stops = [kind.key for kind in all_kinds() if palette.tile(kind.key).focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert stops == ["dense"]


def test_dragging_a_tile_carries_its_key(palette, monkeypatch):
    carried = []
    monkeypatch.setattr(QDrag, "exec", lambda drag, _action: carried.append((drag.mimeData(), drag.pixmap())))
    tile = palette.tile("dense")
    QTest.mousePress(tile, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
    QTest.mouseMove(tile, QPoint(22, 20))
    assert not carried
    QTest.mouseMove(tile, QPoint(50, 40))
    ((data, pixmap),) = carried
    assert bytes(data.data(KIND_MIME).data()) == b"dense"
    assert not pixmap.isNull()
    QTest.mouseRelease(tile, Qt.MouseButton.LeftButton, pos=QPoint(50, 40))


def test_what_is_carried_is_read_back():
    assert kind_in(kind_mime(find_kind("relu"))) is find_kind("relu")
    strange = kind_mime(find_kind("relu"))
    strange.setData(KIND_MIME, b"\xff no such kind")
    assert kind_in(strange) is None
    strange.clear()
    assert kind_in(strange) is None


def test_opening_a_document_reads_the_catalogue_anew(palette):
    class Another(type(find_kind("dense"))):
        key = "another_dense"
        title = "Another"

    with registered(Another()):
        assert palette.tile("another_dense") is None
        palette.reload()
        assert palette.tile("another_dense").isVisible()
        kept = palette.tile("dense")
    palette.reload()
    assert palette.tile("another_dense") is None
    assert palette.tile("dense") is kept


def test_the_palette_follows_the_document_that_is_opened(qtbot):
    bridge = DocumentBridge()
    panel = PalettePanel(bridge)
    qtbot.addWidget(panel)

    class Another(type(find_kind("dense"))):
        key = "another_dense"

    with registered(Another()):
        bridge.open_project(Project(diagram=Diagram(), parameters=None), None)
        assert panel.tile("another_dense") is not None


@pytest.mark.parametrize("ratio", [1.0, 2.0, 3.0])
def test_a_glyph_is_drawn_in_its_color_at_every_pixel_ratio(qapp, ratio):
    pixmap = glyph_pixmap(find_kind("relu"), 20, "#ff0000", ratio)
    pixels = ink(pixmap.toImage())
    assert pixels.shape[:2] == (round(20 * ratio), round(20 * ratio))
    solid = pixels[pixels[..., 3] > 200]
    assert len(solid) > 5 * ratio
    assert (solid[:, 0] > 240).all()
    assert (solid[:, 1] < 16).all()


def test_an_icon_is_there_for_sharp_screens(qapp):
    icon = glyph_icon(find_kind("dense"), 16, "#123456")
    assert {size.width() for size in icon.availableSizes()} >= {16, 32, 48}


def test_a_tile_shows_focus_and_theme(palette, qtbot):
    tile = palette.tile("dense")
    before = ink(tile.grab().toImage()).copy()
    palette.activateWindow()
    qtbot.waitUntil(palette.isActiveWindow)
    tile.setFocus()
    assert (ink(tile.grab().toImage()) != before).any()
    for mode in ("dark", "light"):
        theme.hub().set_mode(mode)
        middle = ink(tile.grab().toImage())[6, 12, :3]
        plane = QColor(theme.current().raised)
        assert tuple(middle) == (plane.red(), plane.green(), plane.blue())
    theme.hub().set_mode("system")


def test_the_picture_under_the_pointer_names_the_kind(palette):
    small = drag_pixmap(find_kind("add"), palette)
    large = drag_pixmap(find_kind("categorical_cross_entropy"), palette)
    assert large.width() > small.width()
