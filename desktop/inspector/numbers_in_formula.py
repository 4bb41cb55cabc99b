"""The formula of a neuron with its names, and again with its numbers: = tanh(1.84 · 0.62 − 2.07 · 0.35 + 0.41) = 0.68."""

import math

from desktop.forms.numbers import MINUS, value_text
from desktop.inspector.names import latex_name
from desktop.inspector.readings import Term

MOST_TERMS = 4
"""A sum with more terms shows the first ones, and dots."""


def named_formula(title: str, function: str, terms: tuple[Term, ...], has_bias: bool) -> str:
    """``h_3 = tanh(w_1 x_1 + w_2 x_2 + b)``; ``function`` is "" where the sum is the output."""
    parts = [_product(number, term) for number, term in enumerate(terms[:MOST_TERMS], start=1)]
    if len(terms) > MOST_TERMS:
        parts = [*parts[: MOST_TERMS - 2], r"\dots", _product(len(terms), terms[-1])]
    if has_bias:
        parts.append("b")
    return f"{latex_name(title)} = {_called(function, ' + '.join(parts))}"


def numeric_lines(function: str, terms: tuple[Term, ...], bias: float | None, total: float, output: float) -> list[str]:
    """The sum with its numbers, and what comes of it; empty where a number is not known."""
    shown = [number for term in terms for number in (term.weight, term.value)]
    if not all(math.isfinite(number) for number in (*shown, total, output)):
        return []
    kept = terms if len(terms) <= MOST_TERMS else terms[: MOST_TERMS - 2]
    text = "".join(_term(term, first=at == 0) for at, term in enumerate(kept))
    if len(terms) > MOST_TERMS:
        text += r" + \dots " + _term(terms[-1], first=False)
    if bias is not None:
        text += f" {'+' if bias >= 0 else '-'} {_plain(abs(bias))}"
    last = rf"\strong{{{_plain(output)}}}"
    if not function:
        return [f"= {text}", f"= {last}"]
    return [f"= {_called(function, text)}", f"= {_called(function, _plain(total))} = {last}"]


def _product(number: int, term: Term) -> str:
    name = latex_name(term.source)
    return rf"w_{{{number}}} \cdot {name}" if name.startswith(r"\text") else f"w_{{{number}}} {name}"


def _term(term: Term, *, first: bool) -> str:
    ink = "positive" if term.weight >= 0 else "negative"
    size = rf"\{ink}{{{_plain(abs(term.weight))}}}"
    sign = "" if first and term.weight >= 0 else rf"\{ink}{{{'+' if term.weight >= 0 else '-'}}}"
    value = _plain(term.value)
    return rf"{sign}{size} \cdot {f'({value})' if term.value < 0 else value}"


def _plain(value: float) -> str:
    """Two decimals, as on a blackboard; three digits for what is small or large."""
    text = f"{value:.2f}" if 0.1 <= abs(value) < 100 else value_text(value)
    return text.replace(MINUS, "-").replace(",", "")


def _called(function: str, inside: str) -> str:
    return f"{function}({inside})" if function else inside
