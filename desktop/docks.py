"""The docks around the canvas: where they stand at first, how they are remembered, and their slim title bars."""

from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QByteArray, QChildEvent, QEvent, QObject, QPointF, QSize, Qt
from PySide6.QtGui import QAction, QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QDockWidget,
    QHBoxLayout,
    QLabel,
    QLayout,
    QMainWindow,
    QSizePolicy,
    QTabBar,
    QTabWidget,
    QToolButton,
    QWidget,
)

from desktop import theme

Area = Qt.DockWidgetArea

_SIDE_WIDTHS = {"palette": 212, "inspector": 272}
_NARROW_WIDTHS = {"palette": 202, "inspector": 268}
_NARROW = 1100
"""A window narrower than this leaves the canvas more of its width."""
_PLOT_WIDTHS = {"loss": 41, "gradients": 41, "activations": 33, "output": 26}
_STATE_VERSION = 1
_TITLE_HEIGHT = 28


@dataclass(frozen=True, slots=True)
class DockPlace:
    """One dock: its id, the title that a person reads, and the side where it stands at first."""

    key: str
    title: str
    area: Area


class Docks(QObject):
    """The docks of a main window by key; ``reset`` puts them where they stand in a fresh window."""

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._docks: dict[str, QDockWidget] = {}
        self._places: dict[str, DockPlace] = {}
        window.setDockNestingEnabled(True)
        for corner in (Qt.Corner.BottomLeftCorner, Qt.Corner.BottomRightCorner):
            window.setCorner(corner, Area.BottomDockWidgetArea)
        window.installEventFilter(self)
        window.setTabPosition(Area.AllDockWidgetAreas, QTabWidget.TabPosition.North)

    def add(self, place: DockPlace, widget: QWidget | None = None) -> QDockWidget:
        """Make a dock for a panel, which may also come later (see ``fill``)."""
        dock = Dock(place.title, self._window)
        dock.setObjectName(f"dock.{place.key}")
        dock.setAllowedAreas(Area.AllDockWidgetAreas)
        dock.setWidget(widget or QWidget())
        dock.setTitleBarWidget(DockTitle(dock))
        self._docks[place.key] = dock
        self._places[place.key] = place
        self._window.addDockWidget(place.area, dock)
        return dock

    def fill(self, key: str, widget: QWidget, head: QLayout) -> None:
        """Put a panel into its dock; ``head`` is the panel's own headline, to be shown as the title bar."""
        dock = self._docks[key]
        for old in (dock.widget(), dock.titleBarWidget()):
            if old is not None:
                old.deleteLater()
        dock.setTitleBarWidget(DockTitle(dock, head))
        dock.setWidget(widget)

    def dock(self, key: str) -> QDockWidget:
        """The dock of a key."""
        return self._docks[key]

    def set_title(self, key: str, title: str) -> None:
        """Another title for a dock: what its tab says."""
        self._docks[key].setWindowTitle(title)

    def show_panel(self, key: str) -> None:
        """Bring a dock to the front, opened if it was closed."""
        dock = self._docks[key]
        dock.show()
        dock.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The window makes tab bars as it needs them: a double-click on a tab is to undock its panel."""
        if event.type() == QEvent.Type.ChildPolished and isinstance(event, QChildEvent):
            tabs = event.child()
            if isinstance(tabs, QTabBar):
                tabs.tabBarDoubleClicked.connect(lambda at: self._undock_tab(tabs.tabText(at)))
                tabs.setToolTip("Double-click undocks")
        return super().eventFilter(watched, event)

    def view_actions(self) -> list[QAction]:
        """An action per dock that shows and hides it, in the order in which they were added."""
        return [dock.toggleViewAction() for dock in self._docks.values()]

    def reset(self) -> None:
        """All docks open, docked, and of their first sizes."""
        for key, dock in self._docks.items():
            dock.setFloating(False)
            self._window.addDockWidget(self._places[key].area, dock)
            dock.show()
        plots = [self._docks[key] for key in _PLOT_WIDTHS if key in self._docks]
        for left, right in pairwise(plots):
            self._window.splitDockWidget(left, right, Qt.Orientation.Horizontal)
        if {"inspector", "problems"} <= self._docks.keys():
            self._window.tabifyDockWidget(self._docks["inspector"], self._docks["problems"])
            self._docks["inspector"].raise_()
        self._resize(plots)

    def save(self) -> QByteArray:
        """How the docks stand, to be given to ``restore`` at the next start."""
        return self._window.saveState(_STATE_VERSION)

    def restore(self, state: QByteArray | None) -> bool:
        """Put the docks where they stood; False where there is nothing to go by."""
        return state is not None and self._window.restoreState(state, _STATE_VERSION)

    def _undock_tab(self, title: str) -> None:
        for dock in self._docks.values():
            if dock.windowTitle() == title and not dock.isFloating():
                dock.setFloating(True)
                return

    def _resize(self, plots: list[QDockWidget]) -> None:
        sides = _SIDE_WIDTHS if self._window.width() >= _NARROW else _NARROW_WIDTHS
        known = [(self._docks[key], width) for key, width in sides.items() if key in self._docks]
        horizontal, vertical = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        if known:
            self._window.resizeDocks([dock for dock, _ in known], [width for _, width in known], horizontal)
        if plots:
            high = self._window.height()
            height = max(min(184, round(high * 0.3)), min(300, round(high * 0.255)))
            self._window.resizeDocks(plots, [height] * len(plots), vertical)
            shares = [_PLOT_WIDTHS[dock.objectName().removeprefix("dock.")] for dock in plots]
            width = max(self._window.width(), 600)
            self._window.resizeDocks(plots, [width * share // sum(shares) for share in shares], horizontal)


class Dock(QDockWidget):
    """A dock that has a line around it while it floats."""

    def __init__(self, title: str, window: QMainWindow) -> None:
        super().__init__(title, window)
        self.topLevelChanged.connect(lambda floats: self.setContentsMargins(*(4 * [int(floats)])))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.isFloating():
            colors = theme.current()
            painter = QPainter(self)
            painter.setPen(QColor(colors.line))
            painter.setBrush(QColor(colors.panel))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
            painter.end()


class DockTitle(QWidget):
    """A dock's title bar: its name, or the head that the panel has given away; buttons show when the mouse is near.

    It folds away while the dock is one of several tabs, because the tab says the name already.
    """

    def __init__(self, dock: QDockWidget, head: QLayout | None = None) -> None:
        super().__init__(dock)
        self._dock = dock
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 5, 12, 0)
        if head is not None:
            layout.addLayout(head)
        else:
            title = QLabel(dock.windowTitle())
            title.setProperty("textRole", "dockTitle")
            layout.addWidget(title, 1)
        self.buttons = QWidget(self)
        self.buttons.setProperty("plane", "panel")
        self.buttons.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.buttons.hide()
        row = QHBoxLayout(self.buttons)
        row.setContentsMargins(6, 0, 4, 0)
        row.setSpacing(2)
        for shape, name, action in (
            ("float", "Undock, or dock again", self._toggle_floating),
            ("close", "Close; the View menu brings it back", dock.close),
        ):
            button = _TitleButton(shape, name, self.buttons)
            button.clicked.connect(action)
            row.addWidget(button)

    @property
    def is_folded(self) -> bool:
        """Whether the dock is one of several tabs."""
        window = self._dock.parent()
        if not isinstance(window, QMainWindow) or self._dock.isFloating():
            return False
        return bool(window.tabifiedDockWidgets(self._dock))

    def sizeHint(self) -> QSize:
        return QSize(60, 0 if self.is_folded else _TITLE_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place_buttons()

    def _place_buttons(self) -> None:
        """At the right end, but left of the panel's own switches, which must not be covered."""
        switches = [switch.x() for switch in self.findChildren(QToolButton) if switch.isVisibleTo(self)]
        size, end = self.buttons.sizeHint(), min(switches, default=self.width())
        self.buttons.setGeometry(max(0, end - size.width()), 2, size.width(), self.height() - 2)

    def enterEvent(self, event: QEvent) -> None:
        self._place_buttons()
        self.buttons.show()
        self.buttons.raise_()

    def leaveEvent(self, event: QEvent) -> None:
        self.buttons.hide()

    def _toggle_floating(self) -> None:
        self._dock.setFloating(not self._dock.isFloating())


class _TitleButton(QAbstractButton):
    """A small drawn button, faint until the mouse is near."""

    def __init__(self, shape: str, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._shape = shape
        self.setFixedSize(20, 20)
        self.setToolTip(name)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() or self.hasFocus():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colors.raised))
            painter.drawRoundedRect(self.rect(), 5, 5)
        painter.setPen(QPen(QColor(colors.text if self.underMouse() else colors.muted), 1.3))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._shape == "close":
            painter.drawLine(QPointF(6.5, 6.5), QPointF(13.5, 13.5))
            painter.drawLine(QPointF(13.5, 6.5), QPointF(6.5, 13.5))
        else:
            painter.drawRoundedRect(6, 8, 6, 6, 1, 1)
            painter.drawPolyline([QPointF(9, 6), QPointF(14, 6), QPointF(14, 11)])
        painter.end()
