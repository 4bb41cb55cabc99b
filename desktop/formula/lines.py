"""Fitting a formula into a width: a little smaller first, then broken between formulas and before an operator, as in a book."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

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
    lines = [line for formula in _together(row.parts, style, width) for line in _broken(formula, style, width)]
    if len(lines) == 1:  # nowhere to break
        return lay_out_row(row.parts, replace(style, pixels=max(9.0, style.pixels * width / box.width)))
    return _stacked([(lay_out_row(parts, style, continued=continues), continues) for parts, continues in lines], style)


def _together(parts: tuple[Part, ...], style: Style, width: float) -> list[tuple[Part, ...]]:
    """The row cut at wide spaces, where what stands on both sides does not fit into one line."""
    found: list[tuple[Part, ...]] = []
    for formula in _cut(parts, lambda at: _is_wide(parts[at])):
        if found and lay_out_row(found[-1] + formula, style).width <= width:
            found[-1] += formula
        else:
            found.append(formula[1:] if found else formula)
    return found


def _broken(parts: tuple[Part, ...], style: Style, width: float) -> list[tuple[tuple[Part, ...], bool]]:
    """The lines of a formula, each with whether it continues the one before: broken before operators that stand between two things."""
    lines: list[tuple[Part, ...]] = []
    line: tuple[Part, ...] = ()
    for piece in _cut(parts, lambda at: _breakable(parts[at]) and not is_sign(parts, at)):
        room = width - (INDENT * style.pixels if lines else 0.0)
        if line and lay_out_row(line + piece, style).width > room:
            lines.append(line)
            line = piece
        else:
            line += piece
    return [(line, at > 0) for at, line in enumerate([*lines, line])]


def _cut(parts: tuple[Part, ...], before: Callable[[int], bool]) -> list[tuple[Part, ...]]:
    """The row cut before the parts for which that is asked, but not before the first."""
    starts = [0, *(at for at in range(1, len(parts)) if before(at)), len(parts)]
    return [parts[start:stop] for start, stop in pairwise(starts)]


def _is_wide(part: Part) -> bool:
    return isinstance(part, Space) and part.width >= WIDE


def _breakable(part: Part) -> bool:
    if isinstance(part, Inked):
        return _breakable(part.body)
    base = part.base if isinstance(part, Script) else part
    return isinstance(base, Symbol) and base.face in (Face.BINARY, Face.RELATION) and base.text != "·"


def _stacked(lines: list[tuple[Box, bool]], style: Style) -> Box:
    """Lines one below the other, those that continue a formula indented."""
    whole = Box()
    y = 0.0
    for at, (box, continues) in enumerate(lines):
        if at:
            y += lines[at - 1][0].descent + box.ascent + LEADING * style.pixels
        whole.put(box, INDENT * style.pixels if continues else 0.0, y)
    return whole
