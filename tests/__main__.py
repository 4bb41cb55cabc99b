"""``python -m tests``: everything that must hold before a change lands, in one command.

Each step is a command line of its own; the first lines say what it is, the last lines of the whole run repeat pytest's closing
lines. ``python -m tests STEP ...`` runs only the named steps.
"""

import argparse
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
import venv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
PYTEST = ["-m", "pytest", "-q", "-p", "no:cacheprovider"]
COVERED = ["-m", "coverage", "run", "--parallel-mode", *PYTEST]
"""Every process writes down which lines and branches of core it ran; the step "coverage" puts them together."""
QT_PACKAGES = ("pyside6", "pyqtgraph")
TEST_PACKAGES = ("pytest", "hypothesis", "pytest-randomly", "pytest-timeout", "coverage")
CLOSING_LINE = re.compile(
    r"^=* ?(\d+ (passed|failed|skipped|error|deselected|xfailed).*) in [\d.:]+.*$|^no tests ran.*$"
)

closing_lines: list[str] = []


def run(command: list[str], **environment: str) -> bool:
    """Run a command in the project's root, show what it prints as it comes, and keep pytest's closing line."""
    started = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    assert process.stdout is not None
    for line in process.stdout:
        print(line, end="", flush=True)
        if CLOSING_LINE.match(line.strip()):
            closing_lines.append(line.strip())
    code = process.wait()
    print(f"[{'ok' if code == 0 else f'exit {code}'}, {time.perf_counter() - started:.0f} s]", flush=True)
    return code == 0


def tool(*arguments: str) -> bool:
    """Run a Python tool of this environment as a module."""
    return run([sys.executable, "-m", *arguments])


def check_format() -> bool:
    return tool("ruff", "format", "--check", ".")


def check_lint() -> bool:
    return tool("ruff", "check", ".")


def check_types() -> bool:
    return tool("mypy")


def check_contracts() -> bool:
    command = shutil.which("lint-imports", path=str(Path(sys.executable).parent))
    return run([command or "lint-imports"])


def test_core_without_qt() -> bool:
    """tests/core in an environment of its own, where PySide6 and pyqtgraph were never installed."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [line for line in project["dependencies"] if not line.lower().startswith(QT_PACKAGES)]
    wanted += [line for line in project["optional-dependencies"]["dev"] if re.split(r"[<>=]", line)[0] in TEST_PACKAGES]
    with tempfile.TemporaryDirectory(prefix="neuroloom-without-qt-") as folder:
        venv.create(folder, with_pip=True)
        python = str(Path(folder) / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
        if not run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted]):
            return False
        absent = "import importlib.util, sys; sys.exit(any(map(importlib.util.find_spec, ['PySide6', 'pyqtgraph'])))"
        if not run([python, "-c", absent]):
            return False
        return run([python, *COVERED, "tests/core", "-m", "not nightly"])


def test_exactness() -> bool:
    """Kinds, properties, oracles, files and rules, with Qt's offscreen platform; PyTorch's tests run where PyTorch is installed."""
    command = [
        sys.executable,
        *COVERED,
        "--ignore=tests/core",
        "--ignore=tests/desktop",
        "-m",
        "not window and not nightly",
    ]
    return run(command, QT_QPA_PLATFORM="offscreen")


def test_desktop() -> bool:
    """The window and its panels, with Qt's offscreen platform."""
    command = [sys.executable, *PYTEST, "-m", "not window and not nightly", "tests/desktop"]
    return run(command, QT_QPA_PLATFORM="offscreen")


def check_coverage() -> bool:
    """Every line and branch of the locked files was run by the tests of the two steps before."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    locked = ",".join(project["tool"]["neuroloom"]["coverage"]["locked"])
    return tool("coverage", "combine", "--quiet") and tool(
        "coverage", "report", "--skip-covered", "--show-missing", "--fail-under=100", f"--include={locked}"
    )


def test_real_window() -> bool:
    """The tests that move a real mouse over a real window, under Xvfb with a window manager."""
    missing = [name for name in ("Xvfb", "openbox", "xdotool") if not shutil.which(name)]
    if missing or platform.system() != "Linux":
        print(f"left out: the real-window tests need Linux with {', '.join(missing) or 'X'} (see the README)")
        return not os.environ.get("NEUROLOOM_ALL_TESTS")
    with virtual_screen() as display:
        return run([sys.executable, *PYTEST, "-m", "window", "tests/desktop"], DISPLAY=display, QT_QPA_PLATFORM="xcb")


@contextmanager
def virtual_screen(size: str = "1920x1080") -> Iterator[str]:
    """A screen of its own for the time of a with-block; gives the DISPLAY."""
    reader, writer = os.pipe()
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", f"{size}x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[writer], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(writer)
    try:
        with os.fdopen(reader) as pipe:
            display = f":{pipe.readline().strip()}"
        manager = subprocess.Popen(
            ["openbox"], env={**os.environ, "DISPLAY": display}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            yield display
        finally:
            manager.terminate()
            manager.wait(10)
    finally:
        server.terminate()
        server.wait(10)


STEPS: dict[str, Callable[[], bool]] = {
    "format": check_format,
    "lint": check_lint,
    "types": check_types,
    "contracts": check_contracts,
    "core": test_core_without_qt,
    "exactness": test_exactness,
    "coverage": check_coverage,
    "desktop": test_desktop,
    "window": test_real_window,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests", description=__doc__)
    parser.add_argument("steps", nargs="*", choices=[*STEPS, []], help="all of them when none is named")
    names = parser.parse_args().steps or list(STEPS)
    failed = []
    if "coverage" in names:
        tool("coverage", "erase")
    for name in names:
        print(f"\n== {name}: {(STEPS[name].__doc__ or STEPS[name].__name__.replace('_', ' ')).strip()}", flush=True)
        if not STEPS[name]():
            failed.append(name)
    print(
        f"\n== {len(names) - len(failed)} of {len(names)} steps passed"
        + (f"; failed: {', '.join(failed)}" if failed else "")
    )
    print("\n".join(closing_lines))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
