"""Reading JSON that may have been made to do harm.

Its depth and its number of values are measured on the raw bytes, in time that grows with their length and nothing else,
before the parser builds anything. A key that occurs twice in one object is refused, since which of the two would count is
up to the reader. Numbers that are not finite come through as such: whoever takes the value refuses them and can say where.
"""

import json
import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from core.diagram.limits import MAX_NESTING
from core.errors import ProjectFileError
from core.storage.limits import MAX_JSON_CONTAINERS, MAX_JSON_VALUES

BYTE_ORDER_MARK = b"\xef\xbb\xbf"

# The second ending takes a string that is never closed: without it each of its quotes would be tried in turn.
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)
_NOT_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[]{}")
_SURROGATE_ESCAPE = re.compile(rb"\\u[dD][89a-fA-F]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_PLAIN_KEY = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_LONGEST_INTEGER = 20


class _Twice:
    """Stands where an object had a key twice, until its place is known."""

    def __init__(self, key: str) -> None:
        self.key = key


def parse(data: bytes, what: str = "The project file") -> Any:
    """The value of a JSON text. Raises ProjectFileError, with the place where there is one."""
    _measure(data, what)
    twice: list[_Twice] = []

    def table(pairs: list[tuple[str, Any]]) -> Any:
        made = dict(pairs)
        if len(made) == len(pairs):
            return made
        keys = sorted(key for key, _ in pairs)
        twice.append(_Twice(next(key for key, other in pairwise(keys) if key == other)))
        return twice[-1]

    try:
        value = json.loads(data.removeprefix(BYTE_ORDER_MARK).decode(), object_pairs_hook=table, parse_int=_integer)
    except UnicodeDecodeError as error:
        raise ProjectFileError(f"{what} is not text in UTF-8 (byte {error.start:,}).") from None
    except json.JSONDecodeError as error:
        fault = f"{error.msg} at line {error.lineno:,}, column {error.colno:,}"
        raise ProjectFileError(f"{what} is not valid JSON: {fault}.") from None
    if twice:
        path = _path_to(value, lambda found: found is twice[0])
        raise ProjectFileError(f"The key {twice[0].key[:80]!r} occurs twice in one object of {what.lower()}.", path)
    if _SURROGATE_ESCAPE.search(data):
        path = _path_to(value, _is_broken_text)
        if path:
            raise ProjectFileError(f"A text in {what.lower()} holds half of a character (a lone surrogate).", path)
    return value


def child(place: str, key: str) -> str:
    """The JSON path of an entry of the object at ``place``."""
    return f"{place}.{key}" if _PLAIN_KEY.fullmatch(key) else f"{place}[{json.dumps(key[:80])}]"


def _measure(data: bytes, what: str) -> None:
    bare = _STRING.sub(b"", data)
    brackets = bare.translate(None, _NOT_BRACKETS)
    containers = len(brackets) - brackets.count(b"]") - brackets.count(b"}")
    if containers > MAX_JSON_CONTAINERS or containers + bare.count(b",") > MAX_JSON_VALUES:
        raise ProjectFileError(f"{what} holds more values than any project can.")
    rest = brackets
    for _ in range(MAX_NESTING):
        rest = rest.replace(b"[]", b"").replace(b"{}", b"")
    if rest and _is_too_deep(brackets):  # Nothing is left of a good text.
        raise ProjectFileError(f"{what} is nested more than {MAX_NESTING} levels deep.")


def _is_too_deep(brackets: bytes) -> bool:
    depth = 0
    for bracket in brackets:
        depth += 1 if bracket in b"[{" else -1
        if depth > MAX_NESTING or depth < 0:
            break
    return depth > MAX_NESTING


def _integer(text: str) -> int | float:
    """Whole numbers that nobody needs become floats, which are refused where they are out of range."""
    return int(text) if len(text) <= _LONGEST_INTEGER else float(text)


def _path_to(value: Any, is_wanted: Callable[[Any], bool], place: str = "$") -> str:
    """The path to the first value that is wanted, or to the object that has it as a key; "" where there is none."""
    if is_wanted(value) or (isinstance(value, dict) and any(is_wanted(key) for key in value)):
        return place
    entries: list[tuple[str, Any]] = []
    if isinstance(value, dict):
        entries = [(child(place, key), entry) for key, entry in value.items()]
    elif isinstance(value, list):
        entries = [(f"{place}[{number}]", entry) for number, entry in enumerate(value)]
    found = (_path_to(entry, is_wanted, path) for path, entry in entries)
    return next((path for path in found if path), "")


def _is_broken_text(value: Any) -> bool:
    return isinstance(value, str) and _SURROGATE.search(value) is not None
