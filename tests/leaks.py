"""A fixture that fails a test which leaves a running thread, an active timer, an animation or a window behind.

Each start is remembered with the line that made it, so that the failure says where to look.
"""

import sys
import traceback
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def nothing_of_qt_is_left(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Only for tests that use Qt: they ask for a fixture of pytest-qt."""
    if not {"qtbot", "qapp", "qapp_args"} & set(request.fixturenames):
        yield
        return
    from PySide6.QtCore import QAbstractAnimation, QThread, QTimer
    from PySide6.QtWidgets import QApplication

    application = request.getfixturevalue("qapp")
    started: list[tuple[weakref.ref[Any], Callable[[Any], bool], str]] = []
    watch(monkeypatch, QTimer, "start", lambda timer: bool(timer.isActive()), started)
    watch(monkeypatch, QThread, "start", lambda thread: bool(thread.isRunning()), started)
    watch(
        monkeypatch, QAbstractAnimation, "start", lambda run: run.state() == QAbstractAnimation.State.Running, started
    )
    windows = {id(widget) for widget in QApplication.topLevelWidgets()}
    yield
    _settle(application)
    left = [f"{type(thing).__name__} started at {where}" for thing, where in _alive(started)]
    left += [
        f"window {widget!r} {widget.objectName()!r}"
        for widget in QApplication.topLevelWidgets()
        if id(widget) not in windows and widget.isVisible()
    ]
    assert not left, "left behind by this test: " + "; ".join(left)


def watch(
    monkeypatch: pytest.MonkeyPatch,
    owner: Any,
    method: str,
    running: Callable[[Any], bool],
    started: list[tuple[weakref.ref[Any], Callable[[Any], bool], str]],
) -> None:
    """Remember every object whose ``method`` is called, and where."""
    original = getattr(owner, method)

    def remembering(self: Any, *arguments: Any, **named: Any) -> Any:
        started.append((weakref.ref(self), running, _caller()))
        return original(self, *arguments, **named)

    monkeypatch.setattr(owner, method, remembering)


def _alive(started: list[tuple[weakref.ref[Any], Callable[[Any], bool], str]]) -> Iterator[tuple[Any, str]]:
    from shiboken6 import Shiboken

    seen: set[int] = set()
    for reference, running, where in started:
        thing = reference()
        if thing is None or id(thing) in seen or not Shiboken.isValid(thing):
            continue
        seen.add(id(thing))
        if running(thing):
            yield thing, where


def _settle(application: Any) -> None:
    """Let pytest-qt's closed widgets go, and everything that was told to go later."""
    import gc

    from PySide6.QtCore import QEvent

    for _ in range(3):
        application.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        application.processEvents()
    gc.collect()


def _caller() -> str:
    frame = traceback.extract_stack(sys._getframe(2), limit=1)[0]
    return f"{frame.filename}:{frame.lineno}"
