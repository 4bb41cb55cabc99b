"""The registry: every kind by key, found by looking through ``catalogue/kinds``, in palette order."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from core.catalogue import kinds
from core.catalogue.kind import Category, NodeKind
from core.errors import NeuroloomError


def all_kinds() -> tuple[NodeKind, ...]:
    """Every kind, by category and then by its order in the palette."""
    return _in_order()


def find_kind(key: str) -> NodeKind | None:
    """The kind with this key, or None where this version does not know it."""
    return _kinds().get(key)


def register(kind: NodeKind) -> None:
    """Add a kind. Raises NeuroloomError if the declaration is incomplete or the key is taken."""
    problems = list(_problems(kind))
    if problems:
        raise NeuroloomError(f"The kind {type(kind).__name__} cannot be registered: {'; '.join(problems)}.")
    _kinds()[kind.key] = kind
    _in_order.cache_clear()


@contextmanager
def registered(kind: NodeKind) -> Iterator[NodeKind]:
    """Add a kind for the length of a with-block: how a test tries out a kind of its own."""
    register(kind)
    try:
        yield kind
    finally:
        del _kinds()[kind.key]
        _in_order.cache_clear()


def remedies_for(trouble: str) -> tuple[NodeKind, ...]:
    """The kinds that mend a trouble when they are inserted, in palette order."""
    return tuple(kind for kind in all_kinds() if trouble in kind.remedies)


@cache
def _kinds() -> dict[str, NodeKind]:
    found: dict[str, NodeKind] = {}
    for module_info in pkgutil.walk_packages(kinds.__path__, kinds.__name__ + "."):
        module = importlib.import_module(module_info.name)
        for _, declared in inspect.getmembers(module, inspect.isclass):
            if (
                issubclass(declared, NodeKind)
                and not inspect.isabstract(declared)
                and declared.__module__ == module.__name__
            ):
                kind = declared()
                problems = list(_problems(kind, found))
                if problems:
                    raise NeuroloomError(f"{module_info.name}.{declared.__name__}: {'; '.join(problems)}.")
                found[kind.key] = kind
    return found


@cache
def _in_order() -> tuple[NodeKind, ...]:
    return tuple(sorted(_kinds().values(), key=_palette_order))


def _palette_order(kind: NodeKind) -> tuple[int, int, str]:
    return list(Category).index(kind.category), kind.order, kind.title


def _problems(kind: NodeKind, known: dict[str, NodeKind] | None = None) -> Iterator[str]:
    for name in ("key", "title", "category", "help", "formula", "glyph"):
        if not getattr(kind, name, None):
            yield f"it declares no {name}"
    if getattr(kind, "key", None) in (_kinds() if known is None else known):
        yield f"the key {kind.key!r} is taken"
