"""Who may know whom, at run time: the static contracts stand in pyproject.toml and are checked by import-linter."""

import subprocess
import sys

import pytest

BANNED_IN_CORE = ("PySide6", "shiboken6", "pyqtgraph", "desktop")
HEAVY = ("polars", "fast_sugiyama", "sklearn", "torch", "scipy", "pickle5")


def modules_after(statement: str) -> set[str]:
    code = f"import sys; {statement}; print(' '.join(sorted({{name.split('.')[0] for name in sys.modules}})))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    return set(run.stdout.split())


@pytest.mark.parametrize("statement", ["import core", "import core.cli"])
def test_core_starts_without_qt_and_without_heavy_libraries(statement):
    loaded = modules_after(statement)
    assert not loaded & set(BANNED_IN_CORE)
    assert not loaded & set(HEAVY)


def test_the_headless_verbs_of_the_command_import_no_qt():
    statement = (
        "import contextlib, io, sys; sys.argv = ['neuroloom', 'templates', '--json']; from desktop.__main__ import main\n"
        "with contextlib.redirect_stdout(io.StringIO()):\n"
        "    try:\n        main()\n    except SystemExit as stop:\n        assert not stop.code\n"
    )
    code = statement + "\nprint(' '.join(sorted({name.split('.')[0] for name in sys.modules})))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert not set(run.stdout.split()) & {"PySide6", "shiboken6", "pyqtgraph"}
