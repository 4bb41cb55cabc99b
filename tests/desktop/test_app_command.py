"""The ``neuroloom`` command: what opens the window, and what must never load Qt."""

import subprocess
import sys
from pathlib import Path

import pytest

from desktop.__main__ import wants_window

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("arguments", "window"),
    [
        ([], True),
        (["net.nloom"], True),
        (["net.nloom.json"], True),
        (["template:xor"], True),
        (["templates"], False),
        (["train", "net.nloom"], False),
        (["--help"], False),
        (["nonsense"], False),
    ],
)
def test_a_project_or_nothing_opens_the_window(arguments: list[str], window: bool) -> None:
    assert wants_window(arguments) is window


def python(program: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", program, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60
    )


def test_a_verb_loads_no_qt() -> None:
    done = python(
        "import sys; from desktop.__main__ import main; code = main(); "
        "print([name for name in sys.modules if name.startswith(('PySide6', 'pyqtgraph', 'shiboken6'))], code)",
        "templates",
        "--json",
    )
    assert done.stdout.splitlines()[-1] == "[] 0"


def test_without_qt_the_window_is_refused_in_a_sentence() -> None:
    done = python("import sys; sys.modules['PySide6'] = None; from desktop.__main__ import main; sys.exit(main())")
    assert done.returncode == 2
    assert "Qt" in done.stderr
    assert "Traceback" not in done.stderr


def test_starting_the_window_loads_nothing_that_only_a_few_need() -> None:
    done = python(
        "import os, sys; os.environ['QT_QPA_PLATFORM'] = 'offscreen'; "
        "from desktop.app import create_application, create_window; a = create_application([]); w = create_window(); "
        "print([name for name in ('torch', 'polars', 'fast_sugiyama', 'typer', 'rich', 'sklearn') if name in sys.modules]); "
        "w.close()"
    )
    assert done.stdout.splitlines()[-1] == "[]", done.stderr
