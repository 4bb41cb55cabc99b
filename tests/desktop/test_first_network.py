"""A first network, by a real mouse on a real screen: dragged, wired, trained on the circle, saved, closed, opened again.

Every press of the mouse and of a key is made by xdotool and comes through the X server, as a person's would. The pictures of the
trained window, in both themes, are kept in tests/output to be looked at.
"""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from core.catalogue.hyperparameters import parse
from core.catalogue.registry import find_kind
from core.inspection.snapshot import DecisionMap
from core.model.model import Model
from core.training.events import EpochEnded
from desktop.main_window import MainWindow
from desktop.plots.draw_queue import draw_queue
from desktop.training.state import RunState
from tests.desktop.making import MakeWindow

OUTPUT = Path(__file__).parents[1] / "output"
SIZE = (1440, 900)


def why_not() -> str:
    """Why this machine cannot run the test, or "" where it can."""
    if os.environ.get("QT_QPA_PLATFORM", "xcb") != "xcb" or not os.environ.get("DISPLAY"):
        return "needs an X display"
    return "" if shutil.which("xdotool") else "needs xdotool"


pytestmark = [pytest.mark.window, pytest.mark.skipif(bool(why_not()), reason=why_not())]


class Hand:
    """A person's hand on mouse and keyboard, by way of the X server."""

    def __init__(self, qtbot: QtBot) -> None:
        self._qtbot = qtbot

    def click(self, at: QPoint, times: int = 1) -> None:
        """Go there and press the left button."""
        self._do("mousemove", at.x(), at.y(), "click", "--repeat", times, "--delay", 40, 1)

    def drag(self, start: QPoint, end: QPoint) -> None:
        """Press at one place, move in small steps, and let go at another."""
        moves: list[object] = []
        for share in (0.02, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0, 1.0):
            x, y = (round(a + (b - a) * share) for a, b in zip(start.toTuple(), end.toTuple(), strict=True))
            moves += ["mousemove", x, y, "sleep", 0.02]
        self._do("mousemove", start.x(), start.y(), "sleep", 0.02, "mousedown", 1, *moves, "mouseup", 1)

    def type(self, text: str) -> None:
        """Type a text."""
        self._do("type", "--delay", 5, text)

    def press(self, *keys: str) -> None:
        """Press keys, by the names that X gives them."""
        self._do("key", *keys)

    def _do(self, *words: object) -> None:
        """Run xdotool, and let the window live meanwhile."""
        process = subprocess.Popen(["xdotool", *map(str, words)])
        self._qtbot.waitUntil(lambda: process.poll() is not None, timeout=20_000)
        assert process.returncode == 0


class Person:
    """Does with the window what a person does, and waits to see it done."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window = window
        self.hand = Hand(qtbot)
        self._qtbot = qtbot
        self._canvas = window.canvas

    def see(self, what: Callable[[], bool], timeout: int = 5000) -> None:
        """Wait until something is so."""
        self._qtbot.waitUntil(what, timeout=timeout)

    def drag_from_palette(self, kind: str, search: str, share: tuple[float, float]) -> str:
        """Search a kind, drag its tile onto the canvas, and give the id of the new node."""
        palette = self.window.panels.palette
        self.type_into(palette.search, search)
        self.see(lambda: palette.visible_kinds()[:1] == [kind])
        tile = palette.tile(kind)
        assert tile is not None
        before = set(self.window.bridge.diagram.nodes)
        room = self._canvas.viewport().rect()
        there = self._canvas.viewport().mapToGlobal(
            QPoint(round(room.width() * share[0]), round(room.height() * share[1]))
        )
        self.hand.drag(tile.mapToGlobal(tile.rect().center()), there)
        self.see(lambda: len(self.window.bridge.diagram.nodes) == len(before) + 1)
        (node,) = set(self.window.bridge.diagram.nodes) - before
        assert self.window.bridge.diagram.nodes[node].kind == kind
        return node

    def select(self, node: str) -> None:
        """Click a node on its head."""
        rect = self._canvas.node_rect(node)
        self.hand.click(self._canvas.viewport().mapToGlobal(QPoint(rect.center().x(), rect.top() + 12)))
        self.see(lambda: self.window.selection.nodes == frozenset({node}))

    def wire(self, source: str, target: str) -> None:
        """Drag a wire from an output to an input."""
        count = len(self.window.bridge.diagram.wires)
        start, end = self._canvas.port_point(source, "output"), self._canvas.port_point(target, "input")
        self.hand.drag(self._canvas.viewport().mapToGlobal(start), self._canvas.viewport().mapToGlobal(end))
        self.see(lambda: len(self.window.bridge.diagram.wires) == count + 1)
        assert [wire.source[0] for wire in self.window.bridge.diagram.incoming(target)] == [source]

    def type_into(self, field: QLineEdit, text: str) -> None:
        """Click a field, replace what stands in it, and confirm."""
        self.hand.click(field.mapToGlobal(field.rect().center()))
        self.see(field.hasFocus)
        self.hand.press("ctrl+a")
        self.hand.type(text)
        self.see(lambda: field.text() == text)

    def choose(self, box: QComboBox, key: str) -> None:
        """Open a box and click one of its choices."""
        self.hand.click(box.mapToGlobal(box.rect().center()))
        view = box.view()
        self.see(view.isVisible)
        at = view.visualRect(box.model().index(box.findData(key), 0)).center()
        assert view.viewport().rect().contains(at)
        self.hand.click(view.viewport().mapToGlobal(at))
        self.see(lambda: box.currentData() == key and not view.isVisible())

    def set_hyperparameter(self, node: str, name: str, value: int | str) -> None:
        """Select a node and change one of its settings in the inspector."""
        self.select(node)
        self.see(lambda: any(field.isVisible() for field in self._fields(name)))
        (field,) = (field for field in self._fields(name) if field.isVisible())
        if isinstance(field, QComboBox):
            self.choose(field, str(value))
        else:
            assert isinstance(field, QLineEdit)
            self.type_into(field, str(value))
            self.hand.press("Return")
        self.see(lambda: self.setting(node, name) == value)

    def setting(self, node: str, name: str) -> object:
        """What a setting of a node is, said or by default."""
        record = self.window.bridge.diagram.nodes[node]
        kind = find_kind(record.kind)
        assert kind is not None
        return getattr(parse(kind, record.hyperparameters), name)

    def _fields(self, name: str) -> list[QWidget]:
        return self.window.panels.inspector.findChildren(QWidget, f"hyperparameter-{name}")


def draw(person: Person) -> tuple[str, str]:
    """Drag and wire a 2-8-1 network; the ids of its input and of its output."""
    x = person.drag_from_palette("input", "input", (0.12, 0.42))
    hidden = person.drag_from_palette("dense", "dense", (0.36, 0.42))
    y = person.drag_from_palette("dense", "dense", (0.61, 0.42))
    loss = person.drag_from_palette("binary_cross_entropy", "binary cross", (0.86, 0.42))
    person.set_hyperparameter(hidden, "units", 8)
    person.set_hyperparameter(hidden, "activation", "tanh")
    person.set_hyperparameter(y, "units", 1)
    person.set_hyperparameter(y, "activation", "sigmoid")
    for source, target in ((x, hidden), (hidden, y), (y, loss)):
        person.wire(source, target)
    return x, y


def train(person: Person, qtbot: QtBot) -> float:
    """Press the button and watch until 97 of 100 held-out points are told right; the accuracy at the end."""
    window = person.window
    measured = [0.0]

    def watch(event: object) -> None:
        if isinstance(event, EpochEnded):
            measured.append(event.validation_metric)

    window.controller.training_event.connect(watch)
    play = window.findChild(QWidget, "playButton")
    with qtbot.waitSignal(window.controller.run_ended, timeout=60_000):
        person.hand.click(play.mapToGlobal(play.rect().center()))
    assert window.controller.state is RunState.IDLE
    return measured[-1]


def shows_a_circle(plane: DecisionMap | None) -> bool:
    """Whether the middle is one class and all that lies far out is the other."""
    if plane is None:
        return False
    answers = np.asarray(plane.values)[:, :, 0] > 0.5
    rows, columns = answers.shape
    middle = answers[rows // 2, columns // 2]
    edge = np.concatenate([answers[0], answers[-1], answers[:, 0], answers[:, -1]])
    return bool((edge != middle).all())


def predictions(window: MainWindow, x: str, y: str) -> np.ndarray:
    """What the network of a window answers on a grid of points."""
    plan, parameters = window.bridge.compilation.plan, window.controller.parameters()
    assert plan is not None
    assert parameters is not None
    model = Model(plan)
    assert set(model.load(parameters)) == set(parameters)
    line = np.linspace(-2.0, 2.0, 33, dtype=np.float32)
    grid = np.stack(np.meshgrid(line, line), -1).reshape(-1, 2)
    return np.asarray(model.forward({x: grid})[y])


def keep_pictures(window: MainWindow, qtbot: QtBot) -> None:
    """The window as it is on the screen, dark and light, once the plots have come to rest."""
    OUTPUT.mkdir(exist_ok=True)
    timers = draw_queue().findChildren(QTimer)
    for name in ("light", "dark"):
        window.action(f"view.theme_{name}").trigger()
        qtbot.waitUntil(lambda: not any(timer.isActive() for timer in timers), timeout=10_000)
        QApplication.processEvents()
        frame = window.geometry()
        screen = QGuiApplication.primaryScreen()
        picture = screen.grabWindow(0, frame.x(), frame.y(), frame.width(), frame.height())
        assert picture.save(str(OUTPUT / f"first-network-{name}.png"))


def save_as(person: Person, path: Path) -> None:
    """Ctrl+S, type the name, Enter."""
    window = person.window
    person.hand.press("ctrl+s")
    person.see(lambda: any(dialog.isVisible() for dialog in window.findChildren(QFileDialog)))
    (dialog,) = window.findChildren(QFileDialog)
    name = dialog.findChild(QLineEdit, "fileNameEdit")
    person.see(name.hasFocus)
    person.hand.press("ctrl+a")
    person.hand.type(str(path))
    person.hand.press("Return")
    person.see(lambda: window.bridge.path == path and path.exists())


def test_a_first_network_from_an_empty_canvas(make_window: MakeWindow, qtbot: QtBot, tmp_path: Path) -> None:
    window = make_window()
    window.showNormal()
    window.resize(*SIZE)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    person = Person(window, qtbot)
    x, y = draw(person)
    person.choose(window.panels.bar.fields.data, "moons")
    person.choose(window.panels.bar.fields.data, "circle")
    person.see(lambda: window.bridge.compilation.ok)
    assert window.bridge.compilation.parameter_count == 2 * 8 + 8 + 8 + 1

    assert train(person, qtbot) >= 0.97
    person.see(
        lambda: window.controller.snapshot is not None and shows_a_circle(window.controller.snapshot.decision_map)
    )
    keep_pictures(window, qtbot)
    learned = predictions(window, x, y)

    path = tmp_path / "first.nloom"
    save_as(person, path)
    assert not window.isWindowModified()
    assert window.close()

    again = make_window(path)
    assert np.array_equal(predictions(again, x, y), learned)
    person.see(lambda: again.controller.snapshot is not None and shows_a_circle(again.controller.snapshot.decision_map))
