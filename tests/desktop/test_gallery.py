"""The template gallery: every template has a card with its picture, and every way in leads to the canvas."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from core.diagram import edits
from core.storage.project import Project
from core.templates import TemplateInfo, template, templates
from desktop import theme
from desktop.app import create_application, create_start_window
from desktop.gallery.card import TemplateCard
from desktop.gallery.page import GalleryPage
from desktop.main_window import MainWindow
from desktop.settings import Settings
from desktop.thumbnail import paint_sketch, sketch_of
from tests.desktop.making import MakeWindow, come_to_rest
from tests.desktop.test_app import open_network, small_network


@pytest.fixture
def page(window: MainWindow) -> GalleryPage:
    """The gallery over an empty window."""
    window.action("file.new_from_template").trigger()
    assert window.gallery is not None
    assert window.gallery.page is not None
    return window.gallery.page


def card(page: GalleryPage, key: str) -> TemplateCard:
    return next(card for card in page.grid.cards if card.info.key == key)


def test_every_template_has_a_card_with_its_goal(page: GalleryPage) -> None:
    assert [card.info for card in page.grid.cards] == list(templates())
    assert card(page, "xor").accessibleName() == "XOR"
    assert card(page, "xor").accessibleDescription()


def test_every_picture_is_made_after_the_page_is_seen(window: MainWindow, qtbot: QtBot) -> None:
    window.show_gallery()
    assert window.gallery is not None
    page = window.gallery.page
    assert page is not None
    assert not any(card.has_picture for card in page.grid.cards)
    qtbot.waitUntil(lambda: all(card.has_picture for card in page.grid.cards), timeout=20_000)


@pytest.mark.parametrize("info", templates(), ids=lambda info: info.key)
def test_every_picture_shows_its_network(qapp: object, info: TemplateInfo) -> None:
    sketch = sketch_of(template(info.key))
    assert sketch.compilation.ok
    assert sketch.parameter_count > 0
    picture = paint_sketch(sketch, QSize(240, 140), 2.0, theme.current())
    assert picture.size() == QSize(480, 280)
    image = picture.toImage()
    colors = {image.pixel(x, y) for x in range(0, 480, 3) for y in range(0, 280, 3)}
    assert len(colors) > 10


def test_a_project_that_does_not_compile_has_a_picture_too(qapp: object) -> None:
    diagram = small_network()
    wire = diagram.outgoing("x")[0]
    sketch = sketch_of(Project(diagram.apply(edits.disconnect(diagram, [wire.id]))))
    assert not sketch.compilation.ok
    assert not paint_sketch(sketch, QSize(100, 60), 1.0, theme.current()).isNull()


def test_searching_leaves_what_matches(page: GalleryPage, qtbot: QtBot) -> None:
    qtbot.keyClicks(page.search, "digits")
    assert {card.info.key for card in page.grid.shown} == {
        info.key for info in templates() if "digits" in f"{info.title} {info.goal} {info.key}".lower()
    }
    assert all(card.isVisible() == (card in page.grid.shown) for card in page.grid.cards)
    page.search.setText("nothing like this")
    assert not page.grid.shown
    page.search.clear()
    assert len(page.grid.shown) == len(templates())


def test_enter_in_the_search_opens_the_first(page: GalleryPage, qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClicks(page.search, "circle")
    qtbot.keyClick(page.search, Qt.Key.Key_Return)
    assert window.windowTitle().startswith("Circle")
    assert window.gallery is not None
    assert window.gallery.page is None
    assert window.bridge.compilation.ok


def test_a_double_click_opens_a_template(page: GalleryPage, qtbot: QtBot, window: MainWindow) -> None:
    qtbot.mouseDClick(card(page, "xor"), Qt.MouseButton.LeftButton)
    assert window.bridge.diagram == template("xor").diagram
    assert window.bridge.path is None
    assert not window.isWindowModified()


def test_arrows_walk_the_cards_and_enter_opens(page: GalleryPage, qtbot: QtBot, window: MainWindow) -> None:
    first, second = page.grid.cards[:2]
    assert window.focusWidget() is first
    qtbot.keyClick(first, Qt.Key.Key_Right)
    assert window.focusWidget() is second
    qtbot.keyClick(second, Qt.Key.Key_Down)
    below = window.focusWidget()
    assert below in page.grid.cards
    assert below.y() > second.y()
    qtbot.keyClick(second, Qt.Key.Key_Return)
    assert window.windowTitle().startswith(second.info.title)


@pytest.mark.parametrize("letter", ["i", "f"])
def test_typing_goes_to_the_search(page: GalleryPage, qtbot: QtBot, window: MainWindow, letter: str) -> None:
    """Also where the letter is a key of the canvas below."""
    qtbot.keyClick(page.grid.cards[0], letter)
    assert page.search.text() == letter
    assert window.focusWidget() is page.search


def test_escape_goes_to_the_canvas(page: GalleryPage, qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert window.gallery is not None
    assert window.gallery.page is None
    assert window.focusWidget() is window.canvas


def test_an_empty_canvas_is_one_click_away(page: GalleryPage, window: MainWindow) -> None:
    page.findChild(QPushButton, "gallery.empty").click()
    assert not window.bridge.diagram.nodes
    assert window.gallery is not None
    assert window.gallery.page is None


def test_a_recent_file_is_one_click_away(window: MainWindow, tmp_path: Path) -> None:
    open_network(window)
    window.files.write(tmp_path / "mine.nloom")
    window.files.new_empty()
    window.show_gallery()
    assert window.gallery is not None
    page = window.gallery.page
    assert page is not None
    next(button for button in page.findChildren(QPushButton) if button.text() == "mine").click()
    assert window.bridge.path == tmp_path / "mine.nloom"


def test_the_page_covers_the_window_below_its_menus(page: GalleryPage, window: MainWindow, qtbot: QtBot) -> None:
    assert page.geometry().bottomRight() == window.rect().bottomRight()
    assert page.y() >= window.menuBar().height() - 1
    window.resize(window.width() + 60, window.height() + 40)
    qtbot.waitUntil(lambda: page.geometry().bottomRight() == window.rect().bottomRight())


def test_unsaved_work_is_asked_about_before_a_template_replaces_it(make_window: MakeWindow, qtbot: QtBot) -> None:
    window = make_window()
    open_network(window)
    window.bridge.apply(edits.move(window.bridge.diagram, {"x": (1.0, 1.0)}), "Move")
    window.show_gallery()
    assert window.gallery is not None
    assert window.gallery.page is not None
    window.gallery.page.template_chosen.emit("xor", "XOR")
    qtbot.waitUntil(lambda: any(box.isVisible() for box in window.findChildren(QMessageBox)))
    (box,) = window.findChildren(QMessageBox)
    next(button for button in box.buttons() if button.text().replace("&", "") == "Cancel").click()
    assert "h" in window.bridge.diagram.nodes


def test_a_change_takes_the_page_away(page: GalleryPage, window: MainWindow) -> None:
    window.bridge.apply(edits.set_training(window.bridge.diagram, epochs=3), "Epochs")
    assert window.gallery is not None
    assert window.gallery.page is None


@pytest.fixture
def start_window(qtbot: QtBot, settings: Settings) -> Iterator[MainWindow]:
    """What a person sees who starts the program without a file."""
    create_application([], settings)
    window = create_start_window(settings)
    qtbot.waitExposed(window)
    yield window
    come_to_rest(qtbot, [window])


def test_at_the_start_the_gallery_can_be_used_before_the_rest_is_there(qtbot: QtBot, settings: Settings) -> None:
    create_application([], settings)
    window = create_start_window(settings)
    assert not window.is_assembled
    assert window.gallery is not None
    assert window.gallery.page is not None
    window.gallery.page.template_chosen.emit("xor", "XOR")
    assert window.bridge.diagram == template("xor").diagram
    assert window.gallery.page is None
    come_to_rest(qtbot, [window])


def test_at_the_start_the_rest_comes_by_itself(start_window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(start_window.completed, timeout=20_000):
        pass
    assert start_window.is_assembled
    assert start_window.recovery is not None
    assert start_window.gallery is not None
    page = start_window.gallery.page
    assert page is not None
    assert page.isVisible()
    assert start_window.childAt(start_window.rect().center()) in page.findChildren(QWidget)
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert start_window.focusWidget() is start_window.canvas


def test_a_start_window_that_is_closed_at_once_leaves_nothing(start_window: MainWindow) -> None:
    assert start_window.close()
    assert not start_window.is_assembled


def test_the_button_of_a_card_opens_it_with_one_click(page: GalleryPage, qtbot: QtBot, window: MainWindow) -> None:
    chosen = card(page, "xor")
    qtbot.mouseClick(chosen, Qt.MouseButton.LeftButton, pos=QPoint(30, 30))
    assert page.isVisible()
    assert window.focusWidget() is chosen
    qtbot.mouseClick(chosen, Qt.MouseButton.LeftButton, pos=chosen.button_rect().center().toPoint())
    assert window.bridge.diagram == template("xor").diagram
