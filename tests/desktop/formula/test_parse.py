"""Reading formulas, and saying them in plain text."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalogue.registry import all_kinds
from desktop.formula.parse import FormulaError, parse_formula
from desktop.formula.plain import plain_formula
from desktop.formula.tree import Face, Fenced, Fraction, Ink, Inked, Row, Script, Symbol, Table


@pytest.mark.parametrize("kind", all_kinds(), ids=lambda kind: kind.key)
def test_every_formula_of_the_catalogue_can_be_read(kind):
    assert parse_formula(kind.formula).parts
    assert "\\" not in plain_formula(kind.formula)


@pytest.mark.parametrize(
    ("latex", "plain"),
    [
        (r"y = \tanh\left(\sum_{i=1}^{n} w_i x_i + b\right)", "y = tanh(∑ᵢ₌₁ⁿ wᵢxᵢ + b)"),
        (r"\sigma(z)=\frac{1}{1+e^{-z}}", "σ(z) = 1 / (1 + e^(−z))"),
        (r"f(x)=\begin{cases} x & x > 0 \\ \alpha x & \text{otherwise} \end{cases}", "f(x) = {x, x > 0; αx, otherwise"),
        (r"\frac12 + x_12", "1 / 2 + x₁2"),
        (r"\mathbf{y}=W\mathbf x", "y = Wx"),
        (r"\hat y - \bar{x}", "ŷ − x̄"),
        (r"\sqrt{2}", "√2"),
        (r"\max(0, z)", "max(0, z)"),
        (r"-x", "−x"),
        (r"f'(x)", "f′(x)"),
        (r"= \tanh(\positive{1.84}\cdot 0.62)=\strong{0.68}", "= tanh(1.84·0.62) = 0.68"),
        (r"(h, w) \to h \cdot w", "(h, w) → h·w"),
    ],
)
def test_a_formula_in_plain_text(latex, plain):
    assert plain_formula(latex) == plain


def test_parts_are_what_they_look_like():
    (fraction,) = parse_formula(r"\frac{a}{b}").parts
    assert fraction == Fraction(Symbol("a", Face.VARIABLE), Symbol("b", Face.VARIABLE))
    (script,) = parse_formula("w_{ij}^2").parts
    assert isinstance(script, Script)
    assert script.sub == Row((Symbol("i", Face.VARIABLE), Symbol("j", Face.VARIABLE)))
    assert script.sup == Symbol("2", Face.ROMAN)
    (inked,) = parse_formula(r"\negative{2.07}").parts
    assert inked == Inked(Symbol("2.07", Face.ROMAN), Ink.NEGATIVE)
    (fenced,) = parse_formula(r"\left[x\right.").parts
    assert (fenced.left, fenced.right) == ("[", "")
    (cases,) = parse_formula(r"\begin{cases} 1 & a \\ 0 & b \\ \end{cases}").parts
    assert isinstance(cases, Fenced)
    assert isinstance(cases.body, Table)
    assert [len(line) for line in cases.body.lines] == [2, 2]


@pytest.mark.parametrize(
    "latex",
    [
        r"\unknown",
        "{a",
        "a}",
        r"\frac{a}",
        "x_1_2",
        r"\left(a",
        r"\begin{cases} a \end{matrix}",
        r"\begin{x} \end{x}",
        "^",
        "a & b",
    ],
)
def test_what_cannot_be_read_is_refused_and_shown_as_written(latex):
    with pytest.raises(FormulaError):
        parse_formula(latex)
    assert plain_formula(latex) == latex


@given(st.text(alphabet="\\{}_^&abfracleft()[]12 .'", max_size=24))
def test_no_text_breaks_the_reader(text):
    with suppress(FormulaError):
        assert isinstance(parse_formula(text), Row)
    assert isinstance(plain_formula(text), str)
