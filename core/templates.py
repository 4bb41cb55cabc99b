"""The templates: small projects that come with the program, each with a goal in one sentence.

``index.json`` lists them in the order of teaching; each project lies beside it, as JSON, or as a project file where trained
parameters belong to it. Listing them reads the index alone, so that it costs next to nothing.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING

from core.errors import ProjectFileError

if TYPE_CHECKING:
    from core.storage.project import Project

SUFFIXES = (".nloom.json", ".nloom")


@dataclass(frozen=True, slots=True)
class TemplateInfo:
    """What a gallery shows of a template; ``seconds`` is how long its training takes on two cores."""

    key: str
    title: str
    goal: str
    category: str
    parameters: int
    seconds: float


@cache
def templates() -> tuple[TemplateInfo, ...]:
    """Every template, in the order of teaching."""
    rows = json.loads((_folder() / "index.json").read_text(encoding="utf-8"))
    return tuple(TemplateInfo(**row) for row in rows)


def template(key: str) -> "Project":
    """A fresh copy of the project of a template. Raises ProjectFileError for an unknown key."""
    # Reading projects takes NumPy and msgspec, which a mere list of templates can do without.
    from core.storage.project import project_from_bytes

    known = [info.key for info in templates()]
    if key not in known:
        raise ProjectFileError(f"There is no template {key!r}; choose one of {', '.join(known)}.")
    found = (_folder() / f"{key}{suffix}" for suffix in SUFFIXES)
    return project_from_bytes(next(file for file in found if file.is_file()).read_bytes())


def _folder() -> Traversable:
    return files("resources") / "examples"
