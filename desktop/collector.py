"""Python's cyclic garbage is collected on the GUI thread, when it idles, and nowhere else.

A collection that starts in the worker thread may destroy Qt objects there, which crashes (napari has had that open since
2020). So automatic collection is off while a window lives, and a timer collects, the young more often than the old.
"""

import gc

from PySide6.QtCore import QObject, QTimer

_INTERVAL_MS = 500
_THRESHOLDS = (700, 10, 10)


class IdleCollector(QObject):
    """Collects on the GUI thread until ``stop``; several may live at once, the last one to stop turns Python's own on."""

    _living = 0

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setInterval(_INTERVAL_MS)
        self._timer.timeout.connect(self.collect)
        self._running = False

    def start(self) -> None:
        """Turn automatic collection off, and take it over."""
        if not self._running:
            self._running = True
            IdleCollector._living += 1
            gc.disable()
            self._timer.start()

    def stop(self) -> None:
        """Give collection back to Python once no other collector is running."""
        if self._running:
            self._running = False
            self._timer.stop()
            IdleCollector._living -= 1
            if not IdleCollector._living:
                gc.enable()

    def collect(self) -> int:
        """Collect the generations that are due; gives the number of objects found unreachable."""
        due = [count > limit for count, limit in zip(gc.get_count(), _THRESHOLDS, strict=True)]
        if not due[0]:
            return 0
        generation = 2 if due[1] and due[2] else 1 if due[1] else 0
        return gc.collect(generation)
