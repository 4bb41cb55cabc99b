"""The menu bar, made from the action table: an order for the actions that are known here, then whatever else there is.

A panel that adds an action called ``training.something`` finds it in the Training menu without a line here.
"""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMainWindow, QMenu

from desktop import theme
from desktop.actions import ActionTable
from desktop.settings import Settings

_FILE = ("file.new_from_template", "file.new", "file.open", "RECENT", "", "file.save", "file.save_as", "", "file.quit")
_EDIT = (
    "edit.undo", "edit.redo", "", "edit.cut", "edit.copy", "edit.paste", "edit.duplicate", "edit.delete", "",
    "edit.select_all", "", "canvas.add_node", "canvas.tidy",
)  # fmt: skip
_VIEW = ("view.fit", "view.fit_selection", "view.actual_size", "view.zoom_in", "view.zoom_out")
_TRAINING = ("training.start", "training.pause", "training.step", "training.stop", "", "training.reset")
_HELP = ("help.keys", "help.about")
_THEMES = (("system", "System"), ("light", "Light"), ("dark", "Dark"))


class Menus:
    """The menus of one window; their titles stand at once, and ``fill`` is called when all panels have added their actions."""

    def __init__(self, window: QMainWindow, actions: ActionTable, settings: Settings) -> None:
        self._window = window
        self._actions = actions
        self._settings = settings
        self._menus = {title: self._menu(title) for title in ("&File", "&Edit", "&View", "&Training", "&Help")}
        self._recent: QMenu | None = None
        self._open_recent: Callable[[Path], None] | None = None

    def fill(self, open_recent: Callable[[Path], None], docks: Sequence[QAction]) -> None:
        """Put the actions into the menus."""
        self._open_recent = open_recent
        self._fill(self._menus["&File"], _FILE, "file.")
        self._fill(self._menus["&Edit"], _EDIT, "edit.", "canvas.", "select.", "node.")
        view = self._menus["&View"]
        self._fill(view, _VIEW, "view.", leave_out=("view.reset_layout",))
        self._add_theme_menu(view)
        panels = view.addMenu("&Panels")
        panels.addActions(list(docks))
        panels.addSeparator()
        panels.addAction(self._actions.action("view.reset_layout"))
        self._fill(self._menus["&Training"], _TRAINING, "training.")
        self._fill(self._menus["&Help"], _HELP, "help.")

    def _menu(self, title: str) -> QMenu:
        menu = QMenu(title, self._window)
        self._window.menuBar().addMenu(menu)
        return menu

    def _fill(self, menu: QMenu, order: Sequence[str], *prefixes: str, leave_out: Sequence[str] = ()) -> None:
        """First the known actions in their order, then the others of these prefixes; "" is a line between."""
        known = set(_FILE + _EDIT + _VIEW + _TRAINING + _HELP) | set(leave_out)
        for action_id in order:
            if action_id == "RECENT":
                self._add_recent_menu(menu)
            elif not action_id:
                menu.addSeparator()
            elif action_id in self._actions:
                menu.addAction(self._actions.action(action_id))
        others = [key for key in self._actions if key.startswith(prefixes) and key not in known]
        if others:
            menu.addSeparator()
        for key in others:
            menu.addAction(self._actions.action(key))

    def _add_recent_menu(self, menu: QMenu) -> None:
        self._recent = menu.addMenu("Open &recent")
        self._recent.aboutToShow.connect(self._list_recent)

    def _list_recent(self) -> None:
        """The files that were open last; looked up when the menu opens, so that start-up need not."""
        assert self._recent is not None
        self._recent.clear()
        for path in self._settings.recent:
            action = self._recent.addAction(path.name)
            action.setToolTip(str(path))
            action.triggered.connect(partial(self._open, path))
        if self._recent.isEmpty():
            self._recent.addAction("Nothing was opened yet").setEnabled(False)

    def _open(self, path: Path, _checked: bool = False) -> None:
        if self._open_recent is not None:
            self._open_recent(path)

    def _add_theme_menu(self, view: QMenu) -> None:
        view.addSeparator()
        menu = view.addMenu("&Theme")
        group = QActionGroup(menu)
        for mode, title in _THEMES:
            action = self._actions.add(f"view.theme_{mode}", title, partial(self._choose_theme, mode), checkable=True)
            action.setChecked(theme.hub().mode == mode)
            group.addAction(action)
            menu.addAction(action)

    def _choose_theme(self, mode: str, _checked: bool = True) -> None:
        self._settings.theme = mode
        theme.hub().set_mode(mode)
