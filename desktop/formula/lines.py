"""Fitting a formula into a width: a little smaller first, then broken before an operator or at a wide space, as in a book."""

from dataclasses import replace

from desktop.formula.box import Box
from desktop.formula.layout import Style, lay_out_row
from desktop.formula.tree import Face, Inked, Part, Row, Script, Space, Symbol, is_sign

LEAST_SCALE = 0.8
INDENT = 1.2
LEADING = 0.3
WIDE = 1.0
"""A space of this width, in font sizes, stands between two formulas."""


def fit_row(row: Row, style: Style, width: float) -> Box:
    """The row in at most ``width`` where that can be had: as it is, smaller, or in several lines."""
    box = lay_out_row(row.parts, style)
    if box.width <= width:
        return box
    smaller = lay_out_row(row.parts, replace(style, pixels=style.pixels * width / box.width))
    # Fonts come in whole pixels and scripts have a smallest size, so that a formula does not shrink as told.
    if box.width * LEAST_SCALE <= width and smaller.width <= width + 1:
        return smaller
    lines = _broken(row.parts, style, width)
    if len(lines) == 1:  # nowhere to break
        return lay_out_row(row.parts, replace(style, pixels=max(9.0, style.pixels * width / box.width)))
    return _stacked([lay_out_row(line, style, continued=at > 0) for at, line in enumerate(lines)], style)


def _broken(parts: tuple[Part, ...], style: Style, width: float) -> list[tuple[Part, ...]]:
    pieces = _pieces(parts)
    lines: list[tuple[Part, ...]] = []
    line: tuple[Part, ...] = ()
    for piece in pieces:
        room = width - (INDENT * style.pixels if lines else 0.0)
        if line and lay_out_row(line + piece, style).width > room:
            lines.append(line)
            line = piece[1:] if _is_wide(piece[0]) else piece
        else:
            line += piece
    lines.append(line)
    return lines


def _pieces(parts: tuple[Part, ...]) -> list[tuple[Part, ...]]:
    """The row cut before each operator that stands between two things, and before each wide space."""
    pieces: list[tuple[Part, ...]] = []
    start = 0
    for at in range(1, len(parts)):
        if _is_wide(parts[at]) or (_breakable(parts[at]) and not is_sign(parts, at)):
            pieces.append(parts[start:at])
            start = at
    pieces.append(parts[start:])
    return pieces


def _is_wide(part: Part) -> bool:
    return isinstance(part, Space) and part.width >= WIDE


def _breakable(part: Part) -> bool:
    if isinstance(part, Inked):
        return _breakable(part.body)
    base = part.base if isinstance(part, Script) else part
    return isinstance(base, Symbol) and base.face in (Face.BINARY, Face.RELATION) and base.text != "·"


def _stacked(boxes: list[Box], style: Style) -> Box:
    whole = Box()
    y = 0.0
    for at, box in enumerate(boxes):
        if at:
            y += boxes[at - 1].descent + box.ascent + LEADING * style.pixels
        whole.put(box, INDENT * style.pixels if at else 0.0, y)
    return whole
