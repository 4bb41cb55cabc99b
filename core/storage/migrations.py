"""From older versions of the file format to this one, one pure step from dict to dict for each version.

``MIGRATIONS[n]`` turns the JSON of a diagram of version n into one of version n + 1. Version 1 is the first, so the table
is empty; every version that is ever released keeps its files in ``tests/data/projects``.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from core.errors import ProjectFileError

VERSION = 1

Migration: TypeAlias = Callable[[dict[str, Any]], dict[str, Any]]

MIGRATIONS: Mapping[int, Migration] = {}


def migrate(document: dict[str, Any], version: int, migrations: Mapping[int, Migration] = MIGRATIONS) -> dict[str, Any]:
    """The JSON of a diagram in this version's form; a newer one is left as it is.

    Raises ProjectFileError for a version that never was.
    """
    while version < VERSION:
        step = migrations.get(version)
        if step is None:
            raise ProjectFileError(f"There is no version {version} of the project format; this is version {VERSION}.")
        document = step(document)
        version += 1
    return document
