"""The project: a diagram, its trained parameters, and the file in which both are kept.

A ``.nloom`` file is a safetensors file: the arrays are the parameters, called ``node/parameter``, and the metadata holds the
diagram as JSON. A ``.nloom.json`` file is that JSON alone, for people and version control. Neither can hold code. A file is
parsed and checked whole before anybody gets to see any of it, and a save is read back and compared before it is written.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import safetensors

from core.diagram.diagram import Diagram
from core.diagram.ids import natural
from core.diagram.limits import value_problem
from core.diagram.rules import check_placed
from core.errors import ProjectFileError
from core.storage import strict_json
from core.storage.atomic import write_atomically
from core.storage.diagram_json import (
    FORMAT,
    compact_text,
    diagram_from_json,
    diagram_to_json,
    indented_text,
    plain,
)
from core.storage.limits import MAX_EXTRAS_BYTES, MAX_FILE_BYTES, MAX_JSON_BYTES, parameters_problem
from core.storage.migrations import MIGRATIONS, VERSION, Migration, migrate
from core.storage.reading import fingerprint, read_file
from core.storage.tensors import Tensor, TensorEntry, encode, read_header, read_tensor

JSON_SUFFIX = ".json"
OPTIMIZER_PREFIX = ".optimizer/"
"""No node id begins with a dot."""

_PARAMETER_NAME = re.compile(r"([A-Za-z0-9_-]{1,64})/[A-Za-z0-9_.-]{1,128}", re.ASCII)
_STATE_NAME = re.compile(r"[A-Za-z0-9_./-]{1,200}", re.ASCII)
_DISGUISES = (
    (b"PK\x03\x04", "a zip archive"),
    (b"\x80", "a Python pickle"),
    (b"\x89PNG", "a PNG picture"),
    (b"\x93NUMPY", "a NumPy array"),
    (b"\x89HDF", "an HDF5 file"),
    (b"\x1f\x8b", "a gzip archive"),
)


@dataclass(slots=True, eq=False)
class Project:
    """What a project file holds.

    ``parameters`` and ``optimizer_state`` are arrays by name, or None; ``extras`` are small values beside the diagram.
    ``read_only`` is set, and ``notice`` says why, if a newer version wrote the file. ``fingerprint`` tells the contents of
    the file apart from other contents (see ``save_project``).
    """

    diagram: Diagram
    parameters: dict[str, Tensor] | None = None
    optimizer_state: dict[str, Tensor] | None = None
    extras: dict[str, Any] = field(default_factory=dict)
    read_only: bool = False
    notice: str = ""
    fingerprint: str = ""


def load_project(path: str | Path) -> Project:
    """The project in a file, of either form. Raises ProjectFileError with a JSON path where there is one."""
    return project_from_bytes(read_file(path))


def save_project(project: Project, path: str | Path, expected: str | None = None) -> str:
    """Write a project, as JSON alone where the name ends in .json; the fingerprint of the file.

    Parameters of nodes that the diagram no longer has are left out, and all of them in the JSON form. With ``expected``, the
    fingerprint that loading or the last save gave, FileChangedError is raised if the file has other contents by now.
    Raises ProjectFileError if the project is read-only or cannot be saved; the file is then as it was.
    """
    if project.read_only:
        raise ProjectFileError(f"This project cannot be saved. {project.notice}")
    as_json = str(path).lower().endswith(JSON_SUFFIX)
    data = project_to_json_bytes(project) if as_json else project_to_bytes(project)
    written = Project(project.diagram, extras=project.extras) if as_json else project
    return write_atomically(path, data, lambda data: check_read_back(data, written), expected)


def project_to_bytes(project: Project) -> bytes:
    """The contents of a ``.nloom`` file. Raises ProjectFileError if the project breaks a limit."""
    document = _document(project.diagram)
    metadata = {"format": FORMAT, "version": str(VERSION), "diagram": compact_text(document)}
    if project.extras:
        metadata["extras"] = compact_text(_checked_extras(project.extras))
    data = encode(_tensors(project), metadata)
    if len(data) > MAX_FILE_BYTES:
        raise ProjectFileError(f"The project takes {len(data):,} bytes; a file has room for {MAX_FILE_BYTES:,}.")
    return data


def project_to_json_bytes(project: Project) -> bytes:
    """The contents of a ``.nloom.json`` file: everything but the arrays. Raises ProjectFileError."""
    document = _document(project.diagram)
    if project.extras:
        document["extras"] = _checked_extras(project.extras)
    data = indented_text(document).encode()
    if len(data) > MAX_JSON_BYTES:
        raise ProjectFileError(f"The diagram takes {len(data):,} bytes; a file has room for {MAX_JSON_BYTES:,}.")
    return data


def project_from_bytes(data: bytes, migrations: Mapping[int, Migration] = MIGRATIONS) -> Project:
    """The project in the contents of a file, of either form. Raises ProjectFileError."""
    # The length of any header that is allowed leaves zeros here, which no text has.
    if data[4:8] == bytes(4) or (data[8:9] == b"{" and data[:1] != b"{"):
        project = _from_tensor_file(data, migrations)
    else:
        project = _from_json(data, migrations)
    project.fingerprint = fingerprint(data)
    return project


def check_read_back(data: bytes, project: Project) -> None:
    """Raise ProjectFileError unless reading these bytes gives this project again."""
    try:
        found = project_from_bytes(data)
        is_same = _are_alike(found.diagram, project.diagram) and _rest(found) == _rest(project)
        if data[4:8] == bytes(4):
            # A second reader, not ours, must see the same arrays: other programs will use it.
            others = {name: (tuple(row["shape"]), bytes(row["data"])) for name, row in _deserialize(data)}
            is_same = is_same and others == _raw(_tensors(project))
    except (ProjectFileError, safetensors.SafetensorError) as error:
        raise ProjectFileError(
            f"The project was not saved, because what would be written cannot be read: {error}"
        ) from error
    if not is_same:
        raise ProjectFileError("The project was not saved, because what would be written is not what is open.")


def _document(diagram: Diagram) -> dict[str, Any]:
    fault = check_placed(diagram)
    if fault:
        raise ProjectFileError(fault[0])
    return diagram_to_json(diagram)


def _checked_extras(extras: Mapping[str, Any]) -> dict[str, Any]:
    problem = value_problem(dict(extras), depth=1)
    if problem:
        raise ProjectFileError(problem, "$.extras")
    canonical: dict[str, Any] = plain(dict(extras))
    size = len(compact_text(canonical).encode())
    if size > MAX_EXTRAS_BYTES:
        raise ProjectFileError(f"The extras are {size:,} bytes; at most {MAX_EXTRAS_BYTES:,} are allowed.", "$.extras")
    return canonical


def _tensors(project: Project) -> dict[str, Tensor]:
    """The arrays that go into the file, by their names there."""
    tensors: dict[str, Tensor] = {}
    for name, array in (project.parameters or {}).items():
        match = _PARAMETER_NAME.fullmatch(name)
        if match is None:
            raise ProjectFileError(f"{name[:80]!r} is not the name of a parameter (node/parameter).")
        if match[1] in project.diagram.nodes:
            tensors[name] = array
    for name, array in (project.optimizer_state or {}).items():
        if _STATE_NAME.fullmatch(name) is None:
            raise ProjectFileError(f"{name[:80]!r} is not the name of an array.")
        tensors[OPTIMIZER_PREFIX + name] = array
    return tensors


def _deserialize(data: bytes) -> list[tuple[str, dict[str, Any]]]:
    """The arrays as the safetensors package reads them."""
    rows: list[tuple[str, dict[str, Any]]] = safetensors.deserialize(data)  # type: ignore[no-untyped-call]
    return rows


def _raw(tensors: Mapping[str, Tensor]) -> dict[str, tuple[tuple[int, ...], bytes]]:
    return {
        name: (np.shape(array), np.asarray(array).astype(array.dtype.newbyteorder("<")).tobytes())
        for name, array in tensors.items()
    }


def _are_alike(diagram: Diagram, other: Diagram) -> bool:
    """Whether two diagrams are equal, or differ only in what JSON writes alike, such as tuples and lists."""
    return diagram == other or diagram_to_json(diagram) == diagram_to_json(other)


def _rest(project: Project) -> tuple[object, ...]:
    """All of a project but its diagram, in a form that can be compared."""
    tensors = _tensors(project)
    dtypes = {name: array.dtype.newbyteorder("=") for name, array in tensors.items()}
    return plain(project.extras), _raw(tensors), dtypes


def _from_tensor_file(data: bytes, migrations: Mapping[int, Migration]) -> Project:
    header = read_header(data)
    metadata = header.metadata
    if metadata.get("format") != FORMAT:
        raise ProjectFileError(
            "This is a safetensors file, but not a Neuroloom project: its metadata names no such format."
        )
    version = metadata.get("version", "")
    if not re.fullmatch(r"[0-9]{1,6}", version, re.ASCII):
        raise ProjectFileError("The version of the project format must be a whole number.", "$.__metadata__.version")
    document = strict_json.parse(metadata.get("diagram", "").encode(), "The diagram")
    if isinstance(document, dict) and document.get("version") != int(version):
        raise ProjectFileError("The file names two different versions of the project format.", "$.version")
    extras = strict_json.parse(metadata.get("extras", "{}").encode(), "The extras")
    project = _from_document(document, extras, migrations)
    _add_tensors(project, data, header.entries)
    return project


def _from_json(data: bytes, migrations: Mapping[int, Migration]) -> Project:
    if not data.removeprefix(strict_json.BYTE_ORDER_MARK).lstrip(b" \t\r\n").startswith(b"{"):
        disguise = next((what for start, what in _DISGUISES if data.startswith(start)), None)
        found = f"it is {disguise}" if disguise else "it is empty" if not data else "its beginning fits neither form"
        raise ProjectFileError(f"This is not a Neuroloom project: {found}.")
    if len(data) > MAX_JSON_BYTES:
        raise ProjectFileError(f"The project is {len(data):,} bytes of JSON; at most {MAX_JSON_BYTES:,} are allowed.")
    document = strict_json.parse(data)
    extras = document.pop("extras", {})
    return _from_document(document, extras, migrations)


def _from_document(document: Any, extras: Any, migrations: Mapping[int, Migration]) -> Project:
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ProjectFileError(f"This is not a Neuroloom project: its format is not {FORMAT!r}.", "$.format")
    version = document.get("version")
    if type(version) is not int:
        raise ProjectFileError("The version of the project format must be a whole number.", "$.version")
    if not isinstance(extras, dict):
        raise ProjectFileError("Expected an object.", "$.extras")
    _checked_extras(extras)
    if version <= VERSION:
        return Project(diagram_from_json(migrate(document, version, migrations)), extras=extras)
    notice = (
        f"It was written by a newer version of Neuroloom (format {version}; this one knows {VERSION}), "
        "so it is open for reading only."
    )
    try:
        diagram = diagram_from_json(document, newer=True)
    except ProjectFileError as error:
        raise ProjectFileError(f"This project was written by a newer version of Neuroloom: {error}") from None
    return Project(diagram, extras=extras, read_only=True, notice=notice)


def _add_tensors(project: Project, data: bytes, entries: tuple[TensorEntry, ...]) -> None:
    """Make the arrays of a file, after all of their names and sizes have been found good."""
    parameters = [entry for entry in entries if not entry.name.startswith(OPTIMIZER_PREFIX)]
    problem = parameters_problem(sum(entry.size for entry in parameters))
    if problem:
        raise ProjectFileError(problem)
    for entry in parameters:
        match = _PARAMETER_NAME.fullmatch(entry.name)
        if match is None or match[1] not in project.diagram.nodes:
            place = strict_json.child("$", entry.name)
            raise ProjectFileError("An array belongs to no node of the diagram.", place)
    made = {entry.name: read_tensor(data, entry) for entry in sorted(entries, key=lambda entry: natural(entry.name))}
    state = {name.removeprefix(OPTIMIZER_PREFIX): made.pop(name) for name in list(made) if name.startswith(".")}
    project.parameters = made or None
    project.optimizer_state = state or None
