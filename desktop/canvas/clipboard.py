"""Copy and paste as JSON text, so that a part of a diagram travels between windows, into a mail, and back."""

from collections.abc import Iterable

from PySide6.QtGui import QGuiApplication

from core.diagram.diagram import Diagram
from core.diagram.fragment import Fragment, copy
from core.errors import ProjectFileError
from core.storage.fragment import fragment_from_json, fragment_to_json

LONGEST = 8 * 1024 * 1024
"""Characters of a text that is looked at at all."""


def put_on_clipboard(diagram: Diagram, nodes: Iterable[str], notes: Iterable[str]) -> bool:
    """Copy these nodes, notes and frames; False if there is nothing to copy."""
    known = list(notes)
    fragment = copy(
        diagram,
        nodes=[key for key in nodes if key in diagram.nodes],
        notes=[key for key in known if key in diagram.notes],
        frames=[key for key in known if key in diagram.frames],
    )
    if not fragment:
        return False
    # As text, and not as a QMimeData of ours: some platforms keep the object until after Python is gone, and crash over it.
    QGuiApplication.clipboard().setText(fragment_to_json(fragment))
    return True


def fragment_on_clipboard() -> Fragment | None:
    """The fragment whose text is on the clipboard, or None if there is some other thing."""
    text = QGuiApplication.clipboard().text()
    if not text or len(text) > LONGEST or not text.lstrip().startswith("{"):
        return None
    try:
        return fragment_from_json(text)
    except ProjectFileError:
        return None
