"""The ports of a kind by its key, in the form that the structural rules of ``core.diagram.rules`` ask for."""

from core.catalogue.kind import Port
from core.catalogue.registry import find_kind


def ports_of(kind: str) -> tuple[tuple[Port, ...], tuple[Port, ...]] | None:
    """The (input ports, output ports) of a kind, or None where this version does not know it."""
    known = find_kind(kind)
    return None if known is None else (known.inputs, known.outputs)
