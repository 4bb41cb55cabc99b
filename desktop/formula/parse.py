r"""Reading the LaTeX that the catalogue writes: scripts, fractions, roots, sums, cases, Greek, names, and nothing more.

Beside LaTeX's own commands there are ``\positive{}``, ``\negative{}``, ``\muted{}`` and ``\strong{}``, which colour numbers.
"""

import re

from desktop.formula.symbols import ACCENTS, BINARY, DELIMITERS, FACES, FUNCTIONS, GREEK, RELATIONS, SPACES, WORDS
from desktop.formula.tree import (
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
)

_TOKEN = re.compile(r"\s*(\\[A-Za-z]+\*?|\\.|\d+(?:\.\d+)?|\S)", re.DOTALL)
_DIGIT = re.compile(r"\s*(\d)")
_TEXT_ARGUMENT = re.compile(r"\s*(?:\{([^{}]*)\}|([A-Za-z0-9]))")
_INKS = {r"\positive": Ink.POSITIVE, r"\negative": Ink.NEGATIVE, r"\muted": Ink.MUTED, r"\strong": Ink.TEXT}
_ENVIRONMENTS = {"cases": ("{", ""), "matrix": ("", ""), "pmatrix": ("(", ")"), "bmatrix": ("[", "]")}
_IGNORED = {r"\displaystyle", r"\big", r"\Big", r"\bigl", r"\bigr", r"\limits"}


class FormulaError(ValueError):
    """A formula uses what the subset does not have, or its braces do not match."""


def parse_formula(text: str) -> Row:
    """The parts of a formula. Raises FormulaError, which quotes the place."""
    reader = _Reader(text)
    row = reader.row()
    if not reader.at_end:
        raise FormulaError(f"Formula {text!r} has {reader.peek()!r} where it should end.")
    return row


class _Reader:
    """Walks through the text once, from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text.strip()
        self._at = 0

    @property
    def at_end(self) -> bool:
        return self._at >= len(self._text)

    def peek(self) -> str:
        """The next token, "" at the end."""
        found = _TOKEN.match(self._text, self._at)
        return found[1] if found else ""

    def take(self) -> str:
        """The next token, which is passed over."""
        found = _TOKEN.match(self._text, self._at)
        if not found:
            raise FormulaError(f"Formula {self._text!r} ends too early.")
        self._at = found.end()
        return found[1]

    def expect(self, token: str) -> None:
        """Pass over this token; anything else is an error."""
        got = self.take()
        if got != token:
            raise FormulaError(f"Formula {self._text!r} has {got!r} where {token!r} should be.")

    def row(self, *ends: str) -> Row:
        """Parts up to one of the end tokens, which is left standing."""
        parts: list[Part] = []
        while not self.at_end and self.peek() not in (*ends, "}"):
            if self.peek() in _IGNORED:
                self.take()
                continue
            parts.append(self.scripted())
        return Row(tuple(parts))

    def scripted(self) -> Part:
        """One part with its scripts; primes count as superscripts."""
        base: Part = Row(()) if self.peek() in ("_", "^") else self.atom()
        sub: Part | None = None
        sup: Part | None = None
        while self.peek() in ("_", "^", "'"):
            mark = self.take()
            if mark == "'":
                prime = Symbol("′", Face.ROMAN)
                sup = prime if sup is None else Row((sup, prime))
            elif mark == "_" and sub is None:
                sub = self.argument()
            elif mark == "^" and sup is None:
                sup = self.argument()
            else:
                raise FormulaError(f"Formula {self._text!r} has two scripts in one place.")
        return base if sub is None and sup is None else Script(base, sub, sup)

    def argument(self) -> Part:
        """What belongs to a command or a script: a group in braces, or one atom."""
        digit = _DIGIT.match(self._text, self._at)
        if digit:  # as in LaTeX, only the first digit belongs to it
            self._at = digit.end()
            return Symbol(digit[1], Face.ROMAN)
        if self.peek() != "{":
            return self.atom()
        self.take()
        row = self.row()
        self.expect("}")
        return row.parts[0] if len(row.parts) == 1 else row

    def atom(self) -> Part:
        """One part without scripts."""
        if self.peek() == "{":
            return self.argument()
        token = self.take()
        return self.command(token) if token.startswith("\\") else _plain(token)

    def command(self, token: str) -> Part:
        """A part that begins with a backslash."""
        name = token[1:]
        if name in ("frac", "dfrac", "tfrac"):
            top = self.argument()
            return Fraction(top, self.argument())
        if name == "sqrt":
            return Root(self.argument())
        if name == "left":
            return self.fenced()
        if name == "begin":
            return self.environment()
        if token in _INKS:
            return Inked(self.argument(), _INKS[token], strong=name == "strong")
        if name in ACCENTS:
            return Accent(ACCENTS[name], self.argument())
        if name in FACES:
            return Symbol(self.text_argument(), FACES[name])
        return self.symbol(name)

    def symbol(self, name: str) -> Part:
        """A named symbol, name of a function, or space."""
        if name in SPACES:
            return Space(SPACES[name])
        for table, face in (
            (GREEK, Face.VARIABLE),
            (BINARY, Face.BINARY),
            (RELATIONS, Face.RELATION),
            (WORDS, Face.ROMAN),
            (DELIMITERS, Face.ROMAN),
        ):
            if name in table:
                return Symbol(table[name], face)
        if name in FUNCTIONS:
            return Symbol(name, Face.FUNCTION)
        if name in ("sum", "prod", "int"):
            return Symbol({"sum": "∑", "prod": "∏", "int": "∫"}[name], Face.BIG)
        raise FormulaError(f"Formula {self._text!r} uses \\{name}, which is not known here.")

    def fenced(self) -> Part:
        left = self.delimiter()
        body = self.row("\\right")
        self.expect("\\right")
        return Fenced(left, body, self.delimiter())

    def delimiter(self) -> str:
        token = self.take()
        if token == ".":
            return ""
        return DELIMITERS.get(token[1:], token) if token.startswith("\\") else token

    def environment(self) -> Part:
        name = self.text_argument()
        if name not in _ENVIRONMENTS:
            raise FormulaError(f"Formula {self._text!r} uses the environment {name!r}, which is not known here.")
        lines: list[tuple[Part, ...]] = []
        cells: list[Part] = []
        while True:
            cells.append(self.row("&", "\\\\", "\\end"))
            token = self.take()
            if token != "&":
                lines.append(tuple(cells))
                cells = []
            if token == "\\end":
                break
        if self.text_argument() != name:
            raise FormulaError(f"Formula {self._text!r} closes an environment that is not open.")
        filled = tuple(line for line in lines if any(cell != Row(()) for cell in line))
        left, right = _ENVIRONMENTS[name]
        return Fenced(left, Table(filled), right)

    def text_argument(self) -> str:
        """What stands in braces, letter by letter."""
        found = _TEXT_ARGUMENT.match(self._text, self._at)
        if not found:
            raise FormulaError(
                f"Formula {self._text!r} lacks a text in braces at {self._text[self._at : self._at + 9]!r}."
            )
        self._at = found.end()
        return found[1] if found[1] is not None else found[2]


def _plain(token: str) -> Part:
    if token in "+-*/±·×":
        return Symbol({"-": "−", "*": "∗"}.get(token, token), Face.BINARY if token != "/" else Face.ROMAN)
    if token in "=<>≤≥≈":
        return Symbol(token, Face.RELATION)
    if token in ",;":
        return Symbol(token, Face.PUNCTUATION)
    if token == "~":
        return Space(0.3)
    if token in "}&":
        raise FormulaError(f"{token!r} stands where nothing opens it.")
    return Symbol(token, Face.VARIABLE if token.isalpha() else Face.ROMAN)
