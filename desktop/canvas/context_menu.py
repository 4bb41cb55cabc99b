"""The right button: on empty canvas the add search, on anything else the commands that concern it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QMenu

from desktop.canvas.hits import Hit, hit_at
from desktop.canvas.keyboard import select_hit

if TYPE_CHECKING:
    from desktop.canvas.view import CanvasView

COMMANDS = (
    "edit.cut",
    "edit.copy",
    "edit.duplicate",
    "edit.delete",
    "",
    "select.upstream",
    "select.downstream",
    "select.connected",
    "",
    "view.fit_selection",
    "canvas.tidy",
)


def open_menu(view: "CanvasView", event: QContextMenuEvent) -> None:
    """Answer the right button."""
    point = view.scene_point(QPointF(event.pos()))
    hit = hit_at(view.canvas, point, view.zoom)
    if hit == Hit():
        view.adding.search(point)
        return
    select_hit(view, hit)
    menu = made_menu(view)
    menu.popup(event.globalPos())


def made_menu(view: "CanvasView") -> QMenu:
    """The menu of the selection; it goes with its closing."""
    menu = QMenu(view)
    menu.aboutToHide.connect(menu.deleteLater)
    for action_id in COMMANDS:
        if action_id:
            menu.addAction(view.action(action_id))
        else:
            menu.addSeparator()
    return menu
