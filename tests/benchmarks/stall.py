"""How the window answers while digits are trained at full speed, and what looking costs the training.

Run it as ``python -m tests.benchmarks.stall``. Rounds without and with the window alternate in one process, so that both see the
same machine. The window is a real one, on the X display if there is one, else offscreen. A moment is taken every ten
milliseconds, and its delay is how long the window needs from then to its next turn: what a click would have waited.
"""

import os
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# A layout that somebody left behind would change what is measured, and nothing is to be left behind here.
_HOME = tempfile.TemporaryDirectory(prefix="neuroloom-stall-")
os.environ.update(dict.fromkeys(("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"), _HOME.name))
if not os.environ.get("DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np  # noqa: E402
from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer  # noqa: E402

ROUNDS = 15
SECONDS = 1.0
WARM_UP_SECONDS = 1.0
HEARTBEAT = 0.010
EXAMPLE = Path(__file__).parents[2] / "resources" / "examples" / "digits.nloom.json"

LIMITS = {"p50": 16.0, "p99": 50.0, "share": 0.80}


class Heartbeat(QObject):
    """Delays, in milliseconds, of moments that are evenly spread over time."""

    def __init__(self) -> None:
        super().__init__()
        self.delays: list[float] = []
        self._due = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(round(HEARTBEAT * 1000))
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        """Take moments from now on."""
        self._due = perf_counter() + HEARTBEAT
        self._timer.start()

    def stop(self) -> None:
        """Take no more."""
        self._timer.stop()

    def _beat(self) -> None:
        now = perf_counter()
        while self._due <= now:
            self.delays.append((now - self._due) * 1000)
            self._due += HEARTBEAT


def wait(seconds: float) -> None:
    """Let the window live for a while."""
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


def headless_speed(plan: Any, dataset: Any, settings: Any) -> Callable[[float], float]:
    """A function that trains for some seconds without a window and returns the steps per second."""
    from core.model.model import Model
    from core.training.trainer import Trainer

    def measure(seconds: float) -> float:
        trainer = Trainer(Model(plan, seed=settings.seed), dataset, settings)
        events = trainer.events()
        next(events)
        started = perf_counter()
        while perf_counter() - started < seconds:
            next(events)
        return trainer.step / (perf_counter() - started)

    return measure


def window_speed(window: Any, heartbeat: Heartbeat, seconds: float) -> float:
    """Train in the window for some seconds; the steps per second."""
    controller = window.controller
    controller.set_speed(None)
    controller.start()
    wait(0.2)
    before, started = controller.step_count, perf_counter()
    heartbeat.start()
    wait(seconds)
    heartbeat.stop()
    speed: float = (controller.step_count - before) / (perf_counter() - started)
    controller.pause()
    controller.parameters()  # Answered when the run is held.
    wait(0.2)
    return speed


def main() -> int:
    """Print the figures; 1 if a limit is missed."""
    from core.storage.project import load_project
    from desktop.app import create_application, create_window

    application = create_application(["stall"])
    window = create_window(None)
    wait(0.3)
    window.resize(1440, 900)  # Else an offscreen window is so narrow that every longer number makes it wider.
    project = load_project(EXAMPLE)
    window.bridge.open_project(project, None)
    wait(0.5)
    make_endless(window.bridge)
    wait(0.5)
    compilation, dataset = window.bridge.compilation, window.bridge.dataset
    measure = headless_speed(compilation.plan, dataset, window.bridge.diagram.training)
    measure(WARM_UP_SECONDS)
    heartbeat = Heartbeat()
    window.controller.set_speed(None)
    window.controller.start()
    wait(WARM_UP_SECONDS)
    alone, watched = [], []
    for _ in range(ROUNDS):
        alone.append(measure(SECONDS))
        watched.append(window_speed(window, heartbeat, SECONDS))
    closed = window.controller.close()
    window.close()
    missed = report(heartbeat.delays, alone, watched, application.platformName())
    return int(bool(missed) or not closed)


def make_endless(bridge: Any) -> None:
    """So many epochs that no round sees the last."""
    from core.diagram import edits

    bridge.apply(edits.set_training(bridge.diagram, epochs=100_000, target=None), "Train for ever")


def report(delays: list[float], alone: list[float], watched: list[float], platform: str) -> list[str]:
    """Print what was measured; the names of the limits that were missed."""
    p50, p99, p999 = np.percentile(delays, [50, 99, 99.9])
    share = statistics.median(with_window / without for with_window, without in zip(watched, alone))
    print(
        f"digits at full speed, {ROUNDS} rounds of {SECONDS:g} s each way, platform {platform}, Python {sys.version.split()[0]}"
    )
    print(f"window answers within  p50 {p50:.1f} ms  p99 {p99:.1f} ms  p99.9 {p999:.1f} ms  worst {max(delays):.1f} ms")
    print(
        f"steps per second       alone {statistics.median(alone):,.0f}  with window {statistics.median(watched):,.0f}"
    )
    print(f"share that is kept     {share:.1%}  (rounds: {', '.join(f'{w / a:.0%}' for w, a in zip(watched, alone))})")
    missed = [
        name
        for name, good in (
            ("p50", p50 <= LIMITS["p50"]),
            ("p99", p99 <= LIMITS["p99"]),
            ("share", share >= LIMITS["share"]),
        )
        if not good
    ]
    print("all limits are kept" if not missed else f"missed: {', '.join(missed)}")
    return missed


if __name__ == "__main__":
    sys.exit(main())
