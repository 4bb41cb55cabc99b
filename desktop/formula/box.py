"""What a formula becomes once it is laid out: marks at places relative to the start of the baseline, and the room they take."""

from dataclasses import dataclass, field, replace
from typing import TypeAlias

from PySide6.QtCore import QPointF
from PySide6.QtGui import QFont, QPainterPath

from desktop.formula.tree import Ink


@dataclass(frozen=True, slots=True)
class TextMark:
    """A text whose baseline starts at ``at``."""

    at: QPointF
    text: str
    font: QFont
    ink: Ink

    def moved(self, by: QPointF) -> "TextMark":
        return replace(self, at=self.at + by)


@dataclass(frozen=True, slots=True)
class StrokeMark:
    """A line drawing: the bar of a fraction, a root, a tall bracket."""

    path: QPainterPath
    width: float
    ink: Ink

    def moved(self, by: QPointF) -> "StrokeMark":
        return replace(self, path=self.path.translated(by))


Mark: TypeAlias = TextMark | StrokeMark


@dataclass(slots=True)
class Box:
    """``ascent`` is the room above the baseline, ``descent`` the room below; y grows downwards."""

    width: float = 0.0
    ascent: float = 0.0
    descent: float = 0.0
    marks: list[Mark] = field(default_factory=list)

    @property
    def height(self) -> float:
        """All the room from top to bottom."""
        return self.ascent + self.descent

    def put(self, other: "Box", x: float, y: float) -> None:
        """Take in the marks of another box at a place, and grow to hold it."""
        by = QPointF(x, y)
        self.marks += [mark.moved(by) for mark in other.marks]
        self.width = max(self.width, x + other.width)
        self.ascent = max(self.ascent, other.ascent - y)
        self.descent = max(self.descent, other.descent + y)

    def add(self, other: "Box", space: float = 0.0) -> None:
        """Set another box to the right of all that is here, on the same baseline."""
        self.put(other, self.width + space, 0.0)
