"""Right of way: while the window has something to do, the training thread waits between two steps.

Both share one interpreter, and whoever wants it back from a busy thread waits for it up to five milliseconds, many times in one
frame. Taking turns is better for both: a frame that takes 60 ms beside a running training takes 15 ms without, and
training loses only those. Qt's event dispatcher says when the window wakes up and when it goes back to sleep.
"""

import threading

from PySide6.QtCore import QAbstractEventDispatcher, QObject

LONGEST_SECONDS = 0.05


class Gate:
    """Open at first. ``pass_through`` is for the worker, the rest for the window's thread.

    A gate that stays closed holds the worker once and for 0.05 s at most: a window that never sleeps does not stop the training.
    """

    def __init__(self) -> None:
        self.is_closed = False
        self._open = threading.Event()
        self._open.set()

    def close(self) -> None:
        """Hold the worker at its next step."""
        self._open.clear()
        self.is_closed = True

    def open(self) -> None:
        """Let the worker go on."""
        self.is_closed = False
        self._open.set()

    def pass_through(self) -> None:
        """Wait until the gate is open, within reason."""
        if self.is_closed and not self._open.wait(LONGEST_SECONDS):
            self.is_closed = False


class RightOfWay(QObject):
    """Closes a gate whenever the event loop of this thread is awake, between ``start`` and ``stop``."""

    def __init__(self, gate: Gate, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._gate = gate
        self._dispatcher: QAbstractEventDispatcher | None = None

    def start(self) -> None:
        """From now on the window goes first."""
        dispatcher = QAbstractEventDispatcher.instance()
        if self._dispatcher is None and dispatcher is not None:
            self._dispatcher = dispatcher
            dispatcher.awake.connect(self._gate.close)
            dispatcher.aboutToBlock.connect(self._gate.open)

    def stop(self) -> None:
        """Leave the gate open."""
        if self._dispatcher is not None:
            self._dispatcher.awake.disconnect(self._gate.close)
            self._dispatcher.aboutToBlock.disconnect(self._gate.open)
            self._dispatcher = None
        self._gate.open()
