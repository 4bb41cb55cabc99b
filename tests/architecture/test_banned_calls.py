"""What our own code never calls, because it would run, or allocate, what a stranger's file says."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted(path for room in ("core", "desktop") for path in (ROOT / room).rglob("*.py"))
BANNED_MODULES = {"pickle", "marshal", "shelve", "cloudpickle", "dill", "joblib"}
BANNED_CALLS = {"eval", "exec", "compile", "numpy.load", "numpy.savez", "np.load", "np.savez", "np.save", "np.fromfile"}
BANNED_NAMES = {"pyqtgraph.configfile", "pyqtgraph.flowchart", "QGraphicsProxyWidget", "QGraphicsDropShadowEffect"}
MAY_WRITE = {"core/storage/atomic.py"}


def dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def offences(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names] + (
                [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            )
            for name in names:
                if name.split(".")[0] in BANNED_MODULES or name in BANNED_NAMES:
                    yield f"line {line}: imports {name}"
        if isinstance(node, ast.Call) and dotted(node.func) in BANNED_CALLS:
            yield f"line {line}: calls {dotted(node.func)}"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "terminate":
            yield f"line {line}: calls terminate"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_dangerous_is_called(path):
    assert not list(offences(path))


def test_the_scan_finds_what_it_looks_for(tmp_path):
    bad = tmp_path / "bad.py"
    bad.write_text("import pickle\nimport numpy as np\nnp.load('x')\nthread.terminate()\neval('1')\n")
    assert len(list(offences(bad))) == 4


def test_only_the_atomic_writer_opens_a_users_file_for_writing():
    found = {}
    for path in SOURCES:
        name = path.relative_to(ROOT).as_posix()
        lines = [
            node.lineno
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Call) and _opens_for_writing(node)
        ]
        if lines and name not in MAY_WRITE:
            found[name] = lines
    assert not found


def _opens_for_writing(call: ast.Call) -> bool:
    name = dotted(call.func)
    if name.endswith((".write_text", ".write_bytes")):
        return True
    if name != "open" and not name.endswith(".open"):
        return False
    modes = [
        argument.value
        for argument in call.args[:2]
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]
    modes += [word.value.value for word in call.keywords if word.arg == "mode" and isinstance(word.value, ast.Constant)]
    return any(set(mode) <= set("rwabxt+") and set(mode) & set("wax+") for mode in modes)
