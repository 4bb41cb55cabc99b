"""Right of way: while the window draws a frame, the training thread waits between two steps.

Both share one interpreter, and whoever wants it back from a busy thread waits for it up to five milliseconds, many times in one
frame. Taking turns is better for both: a frame that takes 60 ms beside a running training takes 15 ms without, and
training loses only those. Whatever draws by itself, again and again, claims the way for each frame.
"""

import threading

from PySide6.QtCore import QObject, QTimer

from desktop.lifetime import remembered

LONGEST_SECONDS = 0.05


class Gate:
    """Open at first. ``pass_through`` is for the training thread, the rest for the window's.

    A gate that stays closed holds the training once and for 0.05 s at most: a window that never rests does not stop it.
    """

    def __init__(self) -> None:
        self.is_closed = False
        self._open = threading.Event()
        self._open.set()

    def close(self) -> None:
        """Hold the training at its next step."""
        self._open.clear()
        self.is_closed = True

    def open(self) -> None:
        """Let the training go on."""
        self.is_closed = False
        self._open.set()

    def pass_through(self) -> None:
        """Wait until the gate is open, within reason."""
        if self.is_closed and not self._open.wait(LONGEST_SECONDS):
            self.is_closed = False


class RightOfWay(QObject):
    """Closes its gate on ``claim``, and opens it when the event loop has nothing left to do.

    ``full_speed`` tells that every frame costs training steps, so that what draws by itself draws half as often.
    """

    def __init__(self) -> None:
        super().__init__()
        self.gate = Gate()
        self.full_speed = True
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(0)
        self._rest.timeout.connect(self.gate.open)

    def claim(self) -> None:
        """The window draws now, up to the moment when all that this has set off is on the screen."""
        self.gate.close()
        self._rest.start()


@remembered()
def right_of_way() -> RightOfWay:
    """The one right of way of the application."""
    return RightOfWay()
