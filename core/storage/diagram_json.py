"""The diagram as JSON, there and back.

Writing is canonical: the tables are sorted by natural id and free tables by key, so that equal diagrams give equal bytes
whatever their history. Reading goes record by record, so that an error can say ``$.nodes.h.position``.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from core.catalogue.ports import ports_of
from core.diagram import limits
from core.diagram.diagram import Diagram
from core.diagram.ids import natural
from core.diagram.records import Frame, Node, Note, Record, TrainingSettings, Wire, address
from core.diagram.rules import check_placed
from core.errors import ProjectFileError
from core.storage.migrations import VERSION
from core.storage.strict_json import child

FORMAT = "neuroloom"
KEYS = ("format", "version", "nodes", "wires", "notes", "frames", "training")

_TABLES: tuple[tuple[str, type[Record], int], ...] = (
    ("nodes", Node, limits.MAX_NODES),
    ("wires", Wire, limits.MAX_WIRES),
    ("notes", Note, limits.MAX_NOTES),
    ("frames", Frame, limits.MAX_FRAMES),
)
_PLACE = re.compile(r"^(.*?)(?: - at `\$(.*)`)?$", re.DOTALL)

Converted = TypeVar("Converted")


def diagram_to_json(diagram: Diagram) -> dict[str, Any]:
    """The diagram as values that JSON knows, in canonical order."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "nodes": {node.id: node_to_json(node) for node in _sorted(diagram.nodes)},
        "wires": {wire.id: wire_to_json(wire) for wire in _sorted(diagram.wires)},
        "notes": {note.id: note_to_json(note) for note in _sorted(diagram.notes)},
        "frames": {frame.id: frame_to_json(frame) for frame in _sorted(diagram.frames)},
        "training": _training_to_json(diagram.training),
    }


def diagram_from_json(document: Mapping[str, Any], newer: bool = False) -> Diagram:
    """The diagram of a JSON document of this version, checked whole.

    With ``newer``, entries and fields that this version does not know are passed over.
    Raises ProjectFileError with the JSON path of the fault.
    """
    unknown = next((key for key in document if key not in KEYS), None)
    if unknown is not None and not newer:
        raise ProjectFileError(f"{unknown[:80]!r} is not an entry of a project.", child("$", unknown))
    tables: dict[str, dict[str, Any]] = {}
    for name, record_type, limit in _TABLES:
        rows = document.get(name, {})
        if not isinstance(rows, dict):
            raise ProjectFileError(f"Expected an object of {name} by id.", f"$.{name}")
        if len(rows) > limit:
            raise ProjectFileError(f"There are {len(rows):,} {name}; a diagram can hold {limit:,}.", f"$.{name}")
        tables[name] = {
            key: record_from_json(key, row, record_type, child(f"$.{name}", key), newer) for key, row in rows.items()
        }
    training = convert(document.get("training", {}), TrainingSettings, "$.training", newer)
    diagram = Diagram(training=training, **tables)
    fault = check_placed(diagram, ports_of)
    if fault:
        raise ProjectFileError(fault[0], _place_of(fault[1]))
    return diagram


def record_from_json(key: str, row: Any, record_type: type[Converted], place: str, newer: bool = False) -> Converted:
    """The record with this id from its JSON. Raises ProjectFileError with the JSON path of the fault."""
    if not isinstance(row, dict):
        raise ProjectFileError("Expected an object.", place)
    if "id" in row and not newer:
        raise ProjectFileError("The id of an entry is its key; it has no field 'id'.", f"{place}.id")
    return convert({**row, "id": key}, record_type, place, newer)


def convert(value: Any, wanted: type[Converted], place: str, newer: bool = False) -> Converted:
    """A value from JSON as a record. Raises ProjectFileError with the JSON path of the fault."""
    try:
        return msgspec.convert(_known_fields(value, wanted) if newer else value, wanted)
    except msgspec.ValidationError as error:
        found = _PLACE.fullmatch(str(error))
        text, within = (found[1], found[2] or "") if found else (str(error), "")
        raise ProjectFileError(f"{text[:200]}.", place + within) from None


def node_to_json(node: Node) -> dict[str, Any]:
    """A node without its id; an empty title is left out."""
    entry: dict[str, Any] = {"kind": node.kind}
    if node.title:
        entry["title"] = node.title
    return entry | {"position": _pair(node.position), "hyperparameters": plain(node.hyperparameters)}


def wire_to_json(wire: Wire) -> dict[str, Any]:
    """A wire without its id."""
    return {"source": list(wire.source), "target": list(wire.target), "order": wire.order}


def note_to_json(note: Note) -> dict[str, Any]:
    """A note without its id; an arrow that is not there is left out."""
    entry = {"text": note.text, "position": _pair(note.position), "size": _pair(note.size)}
    return entry if note.target is None else entry | {"target": note.target}


def frame_to_json(frame: Frame) -> dict[str, Any]:
    """A frame without its id."""
    return {
        "title": frame.title,
        "position": _pair(frame.position),
        "size": _pair(frame.size),
        "nodes": sorted(frame.nodes, key=natural),
    }


def plain(value: Any) -> Any:
    """A free value in canonical form: keys sorted, tuples as lists."""
    if isinstance(value, dict):
        return {key: plain(value[key]) for key in sorted(value)}
    return [plain(entry) for entry in value] if isinstance(value, list | tuple) else value


def compact_text(document: Any) -> str:
    """JSON in one line."""
    return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def indented_text(document: Mapping[str, Any]) -> str:
    """JSON for people and version control: one line for each record."""
    lines = []
    for key, value in document.items():
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
        if isinstance(value, dict) and value and key != "extras":
            rows = (f"    {json.dumps(name)}: {_line(row)}" for name, row in value.items())
            text = "{\n" + ",\n".join(rows) + "\n  }"
        lines.append(f"  {json.dumps(key)}: {text}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _training_to_json(training: TrainingSettings) -> dict[str, Any]:
    optimizer = training.optimizer
    chosen = {"key": optimizer.key, "learning_rate": float(optimizer.learning_rate)}
    entry = {
        "dataset": {"key": training.dataset.key, "options": plain(training.dataset.options)},
        "optimizer": chosen | _unusual(optimizer),
        "batch_size": training.batch_size,
        "epochs": training.epochs,
        "seed": training.seed,
        "validation_fraction": float(training.validation_fraction),
    }
    if training.target is not None:
        entry["target"] = {"metric": training.target.metric, "value": float(training.target.value)}
    for name in ("schedule", "regularization", "clipping"):
        if unusual := _unusual(getattr(training, name)):
            entry[name] = unusual
    if training.early_stopping is not None:
        entry["early_stopping"] = _unusual(training.early_stopping)
    return entry


def _unusual(record: msgspec.Struct) -> dict[str, Any]:
    """The fields of a record that are not what they are when nothing is said; numbers in the type of their field."""
    fields = {field.name: (field.type, field.default) for field in msgspec.structs.fields(record)}
    values = {name: kind(getattr(record, name)) for name, (kind, _) in fields.items()}
    return {name: value for name, value in values.items() if value != fields[name][1]}


def _sorted(table: Mapping[str, Converted]) -> list[Converted]:
    return [table[key] for key in sorted(table, key=natural)]


def _pair(position: tuple[float, float]) -> list[float | int]:
    """Whole coordinates are written without a fraction, and -0 as 0."""
    return [int(number) if float(number).is_integer() else float(number) for number in position]


def _place_of(record: Record | None) -> str:
    if record is None:
        return ""
    table, key = address(record)
    return f"$.{table}" if isinstance(record, TrainingSettings) else child(f"$.{table}", key)


def _known_fields(value: Any, wanted: Any) -> Any:
    """An object from a newer version without the fields that this version's record does not have."""
    if not isinstance(value, dict):
        return value
    options = [wanted, *getattr(wanted, "__args__", ())]
    record_type = next(
        (option for option in options if isinstance(option, type) and issubclass(option, msgspec.Struct)), None
    )
    if record_type is None:
        return value
    fields = {field.name: field.type for field in msgspec.structs.fields(record_type)}
    return {key: _known_fields(entry, fields[key]) for key, entry in value.items() if key in fields}
