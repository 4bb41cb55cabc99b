"""A part of a diagram as a text for the clipboard, and back; what comes from a clipboard is trusted no more than a file."""

from core.diagram.diagram import Diagram
from core.diagram.fragment import Fragment
from core.errors import ProjectFileError
from core.storage import strict_json
from core.storage.diagram_json import diagram_from_json, diagram_to_json, indented_text
from core.storage.limits import MAX_HEADER_BYTES
from core.storage.migrations import VERSION, migrate

FRAGMENT_FORMAT = "neuroloom-fragment"
_TABLES = ("nodes", "wires", "notes", "frames")


def fragment_to_json(fragment: Fragment) -> str:
    """A fragment as text."""
    document = diagram_to_json(_as_diagram(fragment))
    rows = {name: document[name] for name in _TABLES if document[name]}
    return indented_text({"format": FRAGMENT_FORMAT, "version": VERSION, **rows})


def fragment_from_json(text: str) -> Fragment:
    """The fragment that a text holds. Raises ProjectFileError if it holds none, or one that breaks a rule or a limit."""
    if not text.lstrip().startswith("{") or FRAGMENT_FORMAT not in text:
        raise ProjectFileError("The clipboard holds no part of a diagram.")
    if len(text) > MAX_HEADER_BYTES:
        raise ProjectFileError(
            f"The clipboard holds {len(text):,} characters; at most {MAX_HEADER_BYTES:,} are allowed."
        )
    document = strict_json.parse(text.encode(errors="replace"), "The text on the clipboard")
    if document.get("format") != FRAGMENT_FORMAT:
        raise ProjectFileError("The clipboard holds no part of a diagram.", "$.format")
    version = document.get("version")
    if type(version) is not int:
        raise ProjectFileError("The version of the format must be a whole number.", "$.version")
    if "training" in document:
        raise ProjectFileError("A part of a diagram has no training settings.", "$.training")
    diagram = diagram_from_json(migrate(document, version), newer=version > VERSION)
    return Fragment(
        nodes=tuple(diagram.nodes.values()),
        wires=tuple(diagram.wires.values()),
        notes=tuple(diagram.notes.values()),
        frames=tuple(diagram.frames.values()),
    )


def _as_diagram(fragment: Fragment) -> Diagram:
    return Diagram(
        nodes={node.id: node for node in fragment.nodes},
        wires={wire.id: wire for wire in fragment.wires},
        notes={note.id: note for note in fragment.notes},
        frames={frame.id: frame for frame in fragment.frames},
    )
