"""The parts that a formula is made of, once read: what the painter lays out and what the plain text is made from."""

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias


class Face(Enum):
    """How a symbol is set, and how much air it wants around it."""

    VARIABLE = "variable"
    ROMAN = "roman"
    BOLD = "bold"
    FUNCTION = "function"
    BINARY = "binary"
    RELATION = "relation"
    PUNCTUATION = "punctuation"
    BIG = "big"


class Ink(Enum):
    """What the colour of a part says."""

    TEXT = "text"
    POSITIVE = "positive"
    NEGATIVE = "negative"
    MUTED = "muted"


@dataclass(frozen=True, slots=True)
class Symbol:
    """A letter, a number, a name, an operator."""

    text: str
    face: Face


@dataclass(frozen=True, slots=True)
class Space:
    """Air, in units of the font size."""

    width: float


@dataclass(frozen=True, slots=True)
class Row:
    """Parts side by side on one line."""

    parts: tuple["Part", ...]


@dataclass(frozen=True, slots=True)
class Script:
    """A part with something below right or above right; of a big operator, below and above."""

    base: "Part"
    sub: "Part | None" = None
    sup: "Part | None" = None


@dataclass(frozen=True, slots=True)
class Fraction:
    """One part over another, with a line between."""

    top: "Part"
    bottom: "Part"


@dataclass(frozen=True, slots=True)
class Root:
    """The square root of a part."""

    body: "Part"


@dataclass(frozen=True, slots=True)
class Accent:
    """A mark above a part: hat, bar, or vector arrow."""

    mark: str
    body: "Part"


@dataclass(frozen=True, slots=True)
class Fenced:
    """A part between two delimiters that grow with it; an empty one is not drawn."""

    left: str
    body: "Part"
    right: str


@dataclass(frozen=True, slots=True)
class Table:
    """Lines of cells, as in a definition by cases."""

    lines: tuple[tuple["Part", ...], ...]


@dataclass(frozen=True, slots=True)
class Inked:
    """A part in a colour, or in bold."""

    body: "Part"
    ink: Ink = Ink.TEXT
    strong: bool = False


Part: TypeAlias = Symbol | Space | Row | Script | Fraction | Root | Accent | Fenced | Table | Inked

OPENING = frozenset("([{|⌊⌈⟨‖")
"""After one of these an operator is a sign."""


def is_sign(parts: tuple[Part, ...], at: int) -> bool:
    """Whether the operator at this place has nothing on its left, and so is a sign."""
    if face_of(parts[at]) is not Face.BINARY:
        return False
    before = parts[at - 1] if at else None
    if before is None or face_of(before) in (Face.BINARY, Face.RELATION, Face.PUNCTUATION):
        return True
    return isinstance(before, Symbol) and before.text in OPENING


def face_of(part: Part) -> Face | None:
    """The face of a symbol, also where it is inked or has scripts; None of anything else."""
    if isinstance(part, Inked):
        return face_of(part.body)
    base = part.base if isinstance(part, Script) else part
    return base.face if isinstance(base, Symbol) else None
