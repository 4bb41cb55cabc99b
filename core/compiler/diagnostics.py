"""Diagnostics: what stands between a diagram and a model that learns, said to a student, with the mend at hand."""

from dataclasses import dataclass
from enum import StrEnum

from core.diagram.change import Change


class Severity(StrEnum):
    """An error keeps the diagram from training; a warning lets it train, and says why it will disappoint."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Fix:
    """A mend that can be applied with one click and undone with another; ``title`` is the text of the button."""

    title: str
    change: Change


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding: ``code`` is stable and for programs, ``message`` is a sentence or two for people."""

    severity: Severity
    code: str
    message: str
    nodes: tuple[str, ...] = ()
    wires: tuple[str, ...] = ()
    fixes: tuple[Fix, ...] = ()
