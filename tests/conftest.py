"""What every test runs under: a home of its own, one BLAS thread, and a check that nothing is left behind."""

import gc
import importlib.util
import os
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

# Before NumPy and Qt are imported: timing must not depend on the machine's cores, nor files on the user's home.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
_HOME = Path(tempfile.mkdtemp(prefix="neuroloom-tests-"))
for _variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
    os.environ[_variable] = str(_HOME / _variable.lower())

import pytest  # noqa: E402
from hypothesis import settings  # noqa: E402

# The same examples on every run, so that a change is judged by what it changes; NEUROLOOM_FUZZ=1 looks for new ones.
settings.register_profile("same", derandomize=True)
if not os.environ.get("NEUROLOOM_FUZZ"):
    settings.load_profile("same")

HAS_QT = importlib.util.find_spec("PySide6") is not None


def pytest_addoption(parser: pytest.Parser) -> None:
    """Without Qt the Qt plugin is off, and its settings would be unknown ones."""
    if not HAS_QT:
        parser.addini("qt_api", "unused without Qt")
        parser.addini("qt_log_level_fail", "unused without Qt")
        parser.addini("qt_log_ignore", "unused without Qt", type="linelist")


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    """A test that leaves a Python thread running fails, with the names of the threads."""
    before = set(threading.enumerate())
    yield
    left = [
        thread
        for thread in threading.enumerate()
        if thread not in before and thread.is_alive() and not _foreign(thread)
    ]
    for thread in left:
        thread.join(2.0)
    names = [thread.name for thread in left if thread.is_alive()]
    assert not names, f"threads left running: {names}"


def _foreign(thread: threading.Thread) -> bool:
    """Qt's own threads show up as dummies once they have run Python; the Qt check below looks after those."""
    return isinstance(thread, threading._DummyThread)


def pytest_sessionfinish() -> None:
    """As the program ends: nothing of Qt outlives the application that it was made for."""
    if "desktop.lifetime" in sys.modules:
        from PySide6.QtWidgets import QApplication

        from desktop.lifetime import end_of_application

        if QApplication.instance() is not None:
            end_of_application()
            gc.collect()


if HAS_QT:
    from tests.leaks import nothing_of_qt_is_left  # noqa: F401  (a fixture for every test)
