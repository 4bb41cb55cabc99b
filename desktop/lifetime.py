"""What is made once and lives as long as the application: remembered from then on, and let go before Qt goes.

Python empties its modules after Qt has gone. A font, a picture or a QObject that is still remembered then dies without what
it was made with, which at times ends the process by a crash.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, TypeVar

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from shiboken6 import Shiboken

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")
Function = Callable[Parameters, Result]

_forget: list[Callable[[], None]] = []


def remembered(most: int | None = None) -> Callable[[Function[Parameters, Result]], Function[Parameters, Result]]:
    """As ``functools.lru_cache``, for results that hold anything of Qt; ``end_of_application`` forgets them."""

    def decorate(function: Function[Parameters, Result]) -> Function[Parameters, Result]:
        cached = lru_cache(most)(function)
        _forget.append(cached.cache_clear)
        return cached

    return decorate


def end_of_application() -> None:
    """Delete all windows and forget what was remembered; nothing of Qt is to be used afterwards but to be destroyed."""
    for widget in QApplication.topLevelWidgets():
        # The list of a box goes with the box, and a layout of graphics has a widget of its own that nobody else may delete.
        if widget.parent() is None and Shiboken.createdByPython(widget):
            widget.hide()
            widget.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    for forget in _forget:
        forget()
