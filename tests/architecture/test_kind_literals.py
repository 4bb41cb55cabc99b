"""Only ``core/catalogue/kinds`` names a kind by its key, so that adding a kind touches one file and renaming one breaks nothing."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.catalogue.registry import all_kinds

ROOT = Path(__file__).parents[2]

LET_PASS = {
    "core/catalogue/kinds": "the one place",
    "core/ops": "speaks of ops, and cannot even import the catalogue",
    "core/model": "runs plans, and cannot even import the catalogue",
    "desktop/formula/symbols.py": "the names of functions in formulas",
}
"""Folders and files whose words are not kinds, and why."""

AMBIGUOUS = {
    "input": "the usual name of an input port, and the first rows of a printed plan",
    "step": "one update of the parameters: a field of events and an action of the training bar",
    "linear": "a mode of interpolation, of axes, of easing",
    "add": "the usual name of an action that adds something",
}
"""Keys that are ordinary words too: they are let pass, but not where they stand for a kind."""

KIND_NAMES = {"kind", "kind_key", "key", "kinds", "keys"}
KIND_CALLS = {"find_kind", "new_node_id", "add_node", "replace_kind", "add_kind_at", "activate", "Node"}


def offences(source: str, keys: set[str]) -> Iterator[tuple[int, str]]:
    """The lines of a module where a string constant is, or stands for, the key of a kind."""
    tree = ast.parse(source)
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    suspects = {id(constant) for constant in _standing_for_kinds(tree)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or node.value not in keys or id(node) in docstrings:
            continue
        if node.value not in AMBIGUOUS or id(node) in suspects:
            yield node.lineno, node.value


def _standing_for_kinds(tree: ast.AST) -> Iterator[ast.AST]:
    """The expressions that are compared with, assigned to, passed as or listed under a kind."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            if any(_name(side) in KIND_NAMES for side in sides):
                yield from (part for side in sides for part in ast.walk(side))
        elif isinstance(node, ast.keyword) and node.arg in KIND_NAMES:
            yield from ast.walk(node.value)
        elif isinstance(node, ast.Call) and _name(node.func) in KIND_CALLS:
            yield from node.args
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(_name(target) in KIND_NAMES for target in targets):
                yield from ast.walk(node.value)
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values):
                if isinstance(key, ast.Constant) and key.value in KIND_NAMES:
                    yield from ast.walk(value)
        elif isinstance(node, ast.match_case):
            yield from ast.walk(node.pattern)


def _name(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def modules() -> Iterator[tuple[str, str]]:
    """Path and source of every module in which a kind's key would be an offence."""
    for folder in ("core", "desktop"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if not any(name == place or name.startswith(place + "/") for place in LET_PASS):
                yield name, path.read_text(encoding="utf-8")


def test_no_module_outside_the_catalogue_names_a_kind():
    keys = {kind.key for kind in all_kinds()}
    found = [f"{name}:{line} {key!r}" for name, source in modules() for line, key in offences(source, keys)]
    assert not found, "use the registry, categories, roles or remedies instead: " + ", ".join(found)


def test_every_exception_is_about_something_that_is_there():
    assert all((ROOT / place).exists() for place in LET_PASS)


def test_every_ambiguous_word_is_the_key_of_a_kind():
    assert set(AMBIGUOUS) <= {kind.key for kind in all_kinds()}


@pytest.mark.parametrize(
    "source",
    [
        "x = 'dense'",
        "names = ['relu']",
        "if node.kind == 'input': pass",
        "if kind in ('input', 'output'): pass",
        "Node(id='x', kind='input')",
        "find_kind('step')",
        "change = add_node(diagram, 'add', (0, 0))",
        "record = {'kind': 'linear'}",
        "KEY = 1\nkey = 'input'",
        "match kind:\n    case 'input': pass",
    ],
)
def test_an_offence_is_found(source):
    assert list(offences(source, {"dense", "relu", "input", "step", "add", "linear"}))


@pytest.mark.parametrize(
    "source", ["'''dense'''", "port = 'input'", "event['step']", "actions.add('add', run)", "x = 'Dense'"]
)
def test_what_is_no_offence_is_let_pass(source):
    assert not list(offences(source, {"dense", "input", "step", "add"}))
