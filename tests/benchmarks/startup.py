"""``python -m tests.benchmarks.startup``: from the start of the process to a window that answers, beside an empty window.

The empty window imports PySide6 and pyqtgraph and shows one PlotWidget. Both are started in turn, N times each, and timed on one
clock from before the process is made until its event loop is idle after the first paint. Prints medians and their ratio, and when
the parts that the gallery covers are there as well.
"""

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
MOST = 1.3

_WHEN_IDLE = """
import time
from PySide6.QtCore import QObject, QEvent, QTimer
class Watch(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, finish)
        return False
def tell():
    print(time.monotonic(), time.process_time(), flush=True)
def finish():
    tell()
    after()
watch = Watch()
"""

EMPTY = (
    """
from PySide6.QtWidgets import QApplication, QMainWindow
import pyqtgraph
application = QApplication([])
window = QMainWindow()
plot = pyqtgraph.PlotWidget()
window.setCentralWidget(plot)
window.resize(1280, 800)
"""
    + _WHEN_IDLE
    + """
after = application.quit
plot.viewport().installEventFilter(watch)
window.show()
application.exec()
"""
)

OURS = (
    """
from desktop.app import create_application, create_start_window
application = create_application([])
window = create_start_window()
"""
    + _WHEN_IDLE
    + """
def complete():
    tell()
    application.quit()
after = lambda: None
window.completed.connect(complete)
window.gallery.page.installEventFilter(watch)
application.exec()
window.close()
"""
)


@dataclass(frozen=True)
class Start:
    """Seconds to a usable window, by the clock and of the processor; ``complete``: until its last part is loaded."""

    wall: float
    cpu: float
    complete: float


def start_once(program: str, home: str) -> Start:
    """Start a program that prints the time at which it is usable, and what it has cost the processor."""
    environment = {**os.environ, "NEUROLOOM_HOME": home, "PYTHONPYCACHEPREFIX": f"{home}/bytecode"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # An installed program has its bytecode.
    started = time.monotonic()
    process = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )
    if process.returncode:
        raise RuntimeError(process.stderr)
    times = [float(word) for word in process.stdout.split()]
    return Start(wall=times[0] - started, cpu=times[1], complete=times[-2] - started)


def measure(rounds: int) -> tuple[list[Start], list[Start]]:
    """Starts of the empty window and of ours, in turn; a first round that fills the caches is not counted."""
    empty: list[Start] = []
    ours: list[Start] = []
    with tempfile.TemporaryDirectory(prefix="neuroloom-startup-") as home:
        for number in range(rounds + 1):
            pair = start_once(EMPTY, home), start_once(OURS, home)
            if number:
                empty.append(pair[0])
                ours.append(pair[1])
    return empty, ours


@contextmanager
def screen() -> Iterator[None]:
    """Without a display, Qt's offscreen platform."""
    if not os.environ.get("DISPLAY") and sys.platform.startswith("linux"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    yield


def main() -> int:
    """Print the figures; exit code 1 when ours takes more than 1.3 times as long."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.startup", description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    rounds = parser.parse_args().rounds
    with screen():
        empty, ours = measure(rounds)
    where = os.environ.get("QT_QPA_PLATFORM", "the system's screen")
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {where}, {rounds} rounds in turn")
    for name, starts in (("empty PySide6 + pyqtgraph window", empty), ("Neuroloom with its gallery", ours)):
        walls, cpus = [start.wall for start in starts], [start.cpu for start in starts]
        spread = f"from {min(walls):.3f} to {max(walls):.3f}"
        print(
            f"{name:34} median {statistics.median(walls):.3f} s ({spread}), processor {statistics.median(cpus):.3f} s"
        )
    complete = statistics.median(start.complete for start in ours)
    print(f"what the gallery covers is complete after {complete:.3f} s, in steps between which the window answers")
    pairs = list(zip(empty, ours, strict=True))
    ratio = statistics.median(b.wall / a.wall for a, b in pairs)
    print(f"ratio, median of pairs: {ratio:.2f} by the clock (at most {MOST}), ", end="")
    print(f"{statistics.median(b.cpu / a.cpu for a, b in pairs):.2f} of the processor")
    return 0 if ratio <= MOST else 1


if __name__ == "__main__":
    sys.exit(main())
