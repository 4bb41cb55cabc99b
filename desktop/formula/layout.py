"""Laying a formula out: the parts in, a box of marks out; spacing follows what TeX does, in a fraction of its rules."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QFontMetricsF, QPainterPath

from desktop.formula.box import Box, StrokeMark, TextMark
from desktop.formula.fences import fence
from desktop.formula.tree import (
    OPENING,
    Accent,
    Face,
    Fenced,
    Fraction,
    Ink,
    Inked,
    Part,
    Root,
    Row,
    Script,
    Space,
    Symbol,
    Table,
    face_of,
    is_sign,
)
from desktop.lifetime import remembered

FAMILIES = ("STIX Two Text", "Cambria", "Times New Roman", "Nimbus Roman", "Liberation Serif", "DejaVu Serif")
SMALLEST = 9.0
AXIS = 0.26
"""Height of the fraction bar and of the middle of brackets over the baseline, in font sizes."""
LIMITS = frozenset({"lim", "max", "min", "argmax"})


@dataclass(frozen=True, slots=True)
class Style:
    """In which size and ink a part is set."""

    pixels: float
    ink: Ink = Ink.TEXT
    strong: bool = False
    script: bool = False

    def smaller(self, factor: float = 0.72) -> "Style":
        """The style of scripts."""
        return replace(self, pixels=max(SMALLEST, self.pixels * factor), script=True)

    def font(self, face: Face) -> QFont:
        """The font of a face in this style."""
        size = self.pixels * (1.45 if face is Face.BIG and not self.script else 1.0)
        return _font(max(1, round(size)), face is Face.VARIABLE, self.strong or face is Face.BOLD)


@remembered(256)
def _font(pixels: int, italic: bool, bold: bool) -> QFont:
    font = QFont()
    font.setFamilies(list(FAMILIES))
    font.setStyleHint(QFont.StyleHint.Serif)
    font.setPixelSize(pixels)
    font.setItalic(italic)
    font.setBold(bold)
    return font


@remembered(2048)
def _measured(text: str, font: QFont) -> tuple[float, QRectF]:
    """How far a text carries the pen, and the rectangle of its ink; measured once."""
    metrics = QFontMetricsF(font)
    return metrics.horizontalAdvance(text), metrics.tightBoundingRect(text)


def lay_out(part: Part, style: Style) -> Box:
    """The box of one part."""
    match part:
        case Symbol():
            return _symbol(part, style)
        case Space(width):
            return Box(width=width * style.pixels)
        case Row(parts):
            return lay_out_row(parts, style)
        case Script():
            return _script(part, style)
        case Fraction(top, bottom):
            return _fraction(top, bottom, style)
        case Root(body):
            return _root(body, style)
        case Accent(mark, body):
            return _accent(mark, body, style)
        case Fenced(left, body, right):
            return _fenced(left, body, right, style)
        case Table(lines):
            return _table(lines, style)
        case Inked(body, ink, strong):
            return lay_out(body, replace(style, ink=ink, strong=strong or style.strong))


def lay_out_row(parts: tuple[Part, ...], style: Style, *, continued: bool = False) -> Box:
    """Parts side by side, with the air that operators want around them; ``continued``: the row goes on from a line above."""
    box = Box()
    for at, part in enumerate(parts):
        before = parts[at - 1] if at else None
        sign = is_sign(parts, at) and not (continued and at == 0)
        box.add(lay_out(part, style), _gap(before, part, sign, style) if before is not None else 0.0)
        if sign:
            continue
        face = face_of(part)
        if face in (Face.BINARY, Face.RELATION) and not style.script:
            box.width += _air(face, style)
    return box


def _air(face: Face, style: Style) -> float:
    return style.pixels * (0.26 if face is Face.RELATION else 0.2)


def _gap(before: Part, part: Part, sign: bool, style: Style) -> float:
    """The air between two parts; what operators want on their right is added when they are set."""
    face, last = face_of(part), face_of(before)
    if style.script:
        return 0.0
    if face in (Face.BINARY, Face.RELATION) and not sign:
        return _air(face, style)
    if last is Face.PUNCTUATION:
        return 0.16 * style.pixels
    opens = isinstance(part, Fenced) or (isinstance(part, Symbol) and part.text in OPENING)
    closed = isinstance(before, Symbol) and before.text in OPENING
    if last is Face.BIG:
        return 0.06 * style.pixels
    if last is Face.FUNCTION and not opens:
        return 0.16 * style.pixels
    if face in (Face.FUNCTION, Face.BIG) and not closed and last not in (Face.BINARY, Face.RELATION):
        return 0.16 * style.pixels
    return 0.0


def _symbol(part: Symbol, style: Style) -> Box:
    font = style.font(part.face)
    advance, ink = _measured(part.text, font)
    ascent, descent = 0.68 * style.pixels, 0.2 * style.pixels
    lift = 0.0
    if part.face is Face.BIG:
        lift = -ink.center().y() - AXIS * style.pixels
        ascent, descent = -ink.top() - lift, ink.bottom() + lift
    slant = 0.08 * style.pixels if part.face is Face.VARIABLE and part.text[-1:] in "fTVWYσ" else 0.0
    mark = TextMark(QPointF(0, lift), part.text, font, style.ink)
    return Box(advance + slant, ascent, descent, [mark])


def _script(part: Script, style: Style) -> Box:
    base = lay_out(part.base, style)
    inner = style.smaller()
    sub = None if part.sub is None else lay_out(part.sub, inner)
    sup = None if part.sup is None else lay_out(part.sup, inner)
    face = face_of(part)
    wants_limits = face is Face.BIG or (isinstance(part.base, Symbol) and part.base.text in LIMITS)
    if wants_limits and not style.script:
        return _limits(base, sub, sup, style)
    box = Box()
    box.put(base, 0, 0)
    tall = base.ascent > style.pixels
    if sup is not None:
        rise = base.ascent - 0.35 * style.pixels if tall else 0.4 * style.pixels
        box.put(sup, base.width, -rise)
    if sub is not None:
        drop = base.descent + 0.05 * style.pixels if base.descent > 0.5 * style.pixels else 0.2 * style.pixels
        box.put(sub, base.width - _tuck(part.base, style), drop)
    box.width += 0.04 * style.pixels
    return box


def _tuck(base: Part, style: Style) -> float:
    """How far a subscript slides under a slanted letter."""
    return 0.08 * style.pixels if isinstance(base, Symbol) and base.text[-1:] in "fTVWYσ" else 0.0


def _limits(base: Box, sub: Box | None, sup: Box | None, style: Style) -> Box:
    box = Box()
    width = max(part.width for part in (base, sub, sup) if part is not None)
    box.put(base, (width - base.width) / 2, 0)
    gap = 0.08 * style.pixels
    if sup is not None:
        box.put(sup, (width - sup.width) / 2, -base.ascent - gap - sup.descent)
    if sub is not None:
        box.put(sub, (width - sub.width) / 2, base.descent + gap + sub.ascent)
    return box


def _fraction(top: Part, bottom: Part, style: Style) -> Box:
    inner = replace(style, pixels=max(SMALLEST, style.pixels * (0.85 if style.script else 0.92)))
    over, under = lay_out(top, inner), lay_out(bottom, inner)
    pad, gap, axis = 0.12 * style.pixels, 0.14 * style.pixels, AXIS * style.pixels
    width = max(over.width, under.width) + 2 * pad
    box = Box()
    box.put(over, (width - over.width) / 2, -axis - gap - over.descent)
    box.put(under, (width - under.width) / 2, -axis + gap + under.ascent)
    bar = QPainterPath(QPointF(0.04 * style.pixels, -axis))
    bar.lineTo(width - 0.04 * style.pixels, -axis)
    box.marks.append(StrokeMark(bar, max(1.0, 0.06 * style.pixels), style.ink))
    box.width = width + 0.06 * style.pixels
    return box


def _root(body: Part, style: Style) -> Box:
    inner = lay_out(body, style)
    size, gap = style.pixels, 0.12 * style.pixels
    hook, top, bottom = 0.55 * size, -inner.ascent - gap, inner.descent
    path = QPainterPath(QPointF(0.04 * size, bottom - 0.45 * inner.height))
    path.lineTo(0.16 * size, bottom - 0.5 * inner.height)
    path.lineTo(0.32 * size, bottom)
    path.lineTo(hook, top)
    path.lineTo(hook + inner.width + 0.1 * size, top)
    box = Box()
    box.put(inner, hook + 0.04 * size, 0)
    box.marks.append(StrokeMark(path, max(1.0, 0.06 * size), style.ink))
    box.width = hook + inner.width + 0.16 * size
    box.ascent += gap + 0.06 * size
    return box


def _accent(mark: str, body: Part, style: Style) -> Box:
    inner = lay_out(body, style)
    half, top = 0.2 * style.pixels, -_ink_ascent(body, style) - 0.08 * style.pixels
    middle = inner.width / 2 + 0.06 * style.pixels
    path = QPainterPath(QPointF(middle - half, top))
    if mark == "^":
        path.lineTo(middle, top - 0.16 * style.pixels)
        path.lineTo(middle + half, top)
    elif mark == "~":
        path.cubicTo(middle - half / 3, top - 0.24 * style.pixels, middle + half / 3, top + 0.1 * style.pixels,
                     middle + half, top - 0.12 * style.pixels)  # fmt: skip
    elif mark == "˙":
        path = QPainterPath()
        path.addEllipse(QPointF(middle, top), 0.03 * style.pixels, 0.03 * style.pixels)
    else:
        half = max(half, inner.width / 2)
        path = QPainterPath(QPointF(middle - half, top - 0.04 * style.pixels))
        path.lineTo(middle + half, top - 0.04 * style.pixels)
        if mark == "→":
            path.lineTo(middle + half - 0.14 * style.pixels, top - 0.14 * style.pixels)
    box = Box()
    box.put(inner, 0, 0)
    box.marks.append(StrokeMark(path, max(1.0, 0.055 * style.pixels), style.ink))
    box.ascent = max(box.ascent, -top + 0.2 * style.pixels)
    return box


def _ink_ascent(part: Part, style: Style) -> float:
    """How high a part's letters really reach: an accent sits on an x lower than on a d."""
    if isinstance(part, Symbol):
        return -_measured(part.text, style.font(part.face))[1].top()
    return lay_out(part, style).ascent


def _fenced(left: str, body: Part, right: str, style: Style) -> Box:
    inner = lay_out(body, style)
    axis = AXIS * style.pixels
    reach = max(inner.ascent - axis, inner.descent + axis) + 0.06 * style.pixels
    box = Box()
    for text in (left, None, right):
        if text is None:
            box.add(inner)
        elif text:
            box.add(fence(text, reach, axis, style.pixels, style.font(Face.ROMAN), style.ink))
    return box


def _table(lines: tuple[tuple[Part, ...], ...], style: Style) -> Box:
    cells = [[lay_out(cell, style) for cell in line] for line in lines]
    columns = max(len(line) for line in cells)
    widths = [max((line[column].width for line in cells if column < len(line)), default=0) for column in range(columns)]
    gap, between = 0.9 * style.pixels, 0.28 * style.pixels
    heights = [(max(cell.ascent for cell in line), max(cell.descent for cell in line)) for line in cells]
    total = sum(up + down for up, down in heights) + between * (len(cells) - 1)
    box = Box()
    y = -total / 2 - AXIS * style.pixels
    for line, (up, down) in zip(cells, heights, strict=True):
        x = 0.1 * style.pixels
        for cell, width in zip(line, widths, strict=False):
            box.put(cell, x, y + up)
            x += width + gap
        y += up + down + between
    return box
