"""A formula as one line of plain text, for tool tips, screen readers, and where nothing can be painted."""

from unicodedata import normalize

from desktop.formula.parse import FormulaError, parse_formula
from desktop.formula.tree import (
    Accent,
    Face,
    Fenced,
    Fraction,
    Inked,
    Part,
    Root,
    Row,
    Script,
    Space,
    Symbol,
    Table,
    is_sign,
)

_SUB = str.maketrans("0123456789+−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")
_SUP = str.maketrans("0123456789+−=()in′T", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁱⁿ′ᵀ")
_COMBINING = {"^": "\u0302", "¯": "\u0304", "~": "\u0303", "→": "\u20d7", "˙": "\u0307"}


def plain_formula(latex: str) -> str:
    """The formula in Unicode; a formula that cannot be read is given back as it is."""
    try:
        return normalize("NFC", " ".join(_text(parse_formula(latex)).split()))
    except FormulaError:
        return latex


def _text(part: Part) -> str:
    match part:
        case Symbol(text, face):
            return _spaced(text, face)
        case Space(width):
            return " " if width > 0.2 else ""
        case Row(parts):
            return _joined(parts)
        case Script():
            return _scripted(part)
        case Fraction(top, bottom):
            return f"{_grouped(top)} / {_grouped(bottom)}"
        case Root(body):
            return f"√{_grouped(body)}"
        case Accent(mark, body):
            return _text(body) + _COMBINING[mark]
        case Fenced(left, body, right):
            return f"{left}{_text(body).strip()}{right}"
        case Table(lines):
            return "; ".join(", ".join(_text(cell).strip() for cell in line) for line in lines)
        case Inked(body, _, _):
            return _text(body)


def _joined(parts: tuple[Part, ...]) -> str:
    pieces: list[str] = []
    for at, part in enumerate(parts):
        piece = _text(part)
        if is_sign(parts, at):
            piece = piece.strip()
        if pieces and pieces[-1][-1:].isalnum() and _is_function(part):
            piece = " " + piece
        if at and _is_function(parts[at - 1]) and piece[:1].isalnum():
            piece = " " + piece
        pieces.append(piece)
    return "".join(pieces)


def _is_function(part: Part) -> bool:
    base = part.base if isinstance(part, Script) else part
    return isinstance(base, Symbol) and base.face in (Face.FUNCTION, Face.BIG)


def _spaced(text: str, face: Face) -> str:
    if face in (Face.BINARY, Face.RELATION):
        return text if text == "·" else f" {text} "
    return f"{text} " if face is Face.PUNCTUATION else text


def _scripted(part: Script) -> str:
    text = _text(part.base)
    if part.sub is not None:
        text += _script(_text(part.sub).replace(" ", ""), _SUB, "_")
    if part.sup is not None:
        text += _script(_text(part.sup).replace(" ", ""), _SUP, "^")
    return text


def _script(text: str, letters: dict[int, int], mark: str) -> str:
    if all(ord(letter) in letters for letter in text):
        return text.translate(letters)
    return f"{mark}{text}" if len(text) == 1 else f"{mark}({text})"


def _grouped(part: Part) -> str:
    text = _text(part).strip()
    return text if len(text) < 2 or text.isalnum() else f"({text})"
