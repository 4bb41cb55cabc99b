"""Formulas on their card: laid out, fitted into a width, painted in the colours of the theme."""

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from core.catalogue.registry import all_kinds
from desktop import theme
from desktop.formula.box import TextMark
from desktop.formula.layout import Style, lay_out_row
from desktop.formula.lines import fit_row
from desktop.formula.parse import parse_formula
from desktop.formula.view import FormulaLine, FormulaView

STYLE = Style(16.0)


def box_of(latex):
    return lay_out_row(parse_formula(latex).parts, STYLE)


def x_of(box, text):
    return next(mark.at.x() for mark in box.marks if isinstance(mark, TextMark) and mark.text == text)


def y_of(box, text):
    return next(mark.at.y() for mark in box.marks if isinstance(mark, TextMark) and mark.text == text)


@pytest.mark.parametrize("kind", all_kinds(), ids=lambda kind: kind.key)
def test_every_formula_of_the_catalogue_fits_the_inspector(qapp, kind):
    row = parse_formula(kind.formula)
    box = fit_row(row, STYLE, 212)
    assert 0 < box.width <= 213
    assert box.height < 130


def test_parts_stand_where_they_belong(qapp):
    box = box_of("a + b = c")
    assert x_of(box, "a") < x_of(box, "+") < x_of(box, "b") < x_of(box, "=") < x_of(box, "c")
    scripts = box_of("x_i^2")
    assert y_of(scripts, "2") < 0 < y_of(scripts, "i")
    fraction = box_of(r"\frac{a}{b}")
    assert y_of(fraction, "a") < y_of(fraction, "b")
    assert fraction.height > 1.6 * box_of("a").height
    total = box_of(r"\sum_{i}^{n} x")
    assert y_of(total, "n") < y_of(total, "∑") < y_of(total, "i")


def test_a_sign_is_closer_than_an_operator(qapp):
    sign, operator = box_of("-x"), box_of("y-x")
    after_sign = x_of(sign, "x") - x_of(sign, "−")
    after_operator = x_of(operator, "x") - x_of(operator, "−")
    assert after_sign < after_operator - 1
    inked = box_of(r"\positive{1} \negative{-} \negative{2}")
    assert x_of(inked, "2") - x_of(inked, "−") == pytest.approx(after_operator, abs=0.5)


def test_an_operator_at_the_start_of_a_broken_line_is_no_sign(qapp):
    row = parse_formula("aaaaaaaaaa + bbbbbbbbbb")
    box = fit_row(row, STYLE, 100)
    plus = next(mark for mark in box.marks if mark.text == "+")
    first_b = next(mark for mark in box.marks if mark.text == "b")
    assert first_b.at.y() == plus.at.y()
    assert first_b.at.x() - plus.at.x() == pytest.approx(x_of(box_of("a+b"), "b") - x_of(box_of("a+b"), "+"), abs=0.5)


def test_brackets_grow_with_what_they_hold(qapp):
    small, large = box_of(r"\left(a\right)"), box_of(r"\left(\frac{a}{b}\right)")
    assert all(isinstance(mark, TextMark) for mark in small.marks)
    tall = [mark for mark in large.marks if not isinstance(mark, TextMark)]
    assert max(mark.path.boundingRect().height() for mark in tall) > box_of("a").height * 1.4


def test_a_long_formula_shrinks_then_breaks_before_an_operator(qapp):
    row = parse_formula("a + b + c + d + e + f + g + h + k + l + m + n")
    natural = lay_out_row(row.parts, STYLE)
    assert fit_row(row, STYLE, natural.width + 1).height == pytest.approx(natural.height)
    assert fit_row(row, STYLE, natural.width * 0.9).width <= natural.width * 0.9 + 0.5
    broken = fit_row(row, STYLE, natural.width * 0.45)
    assert broken.width <= natural.width * 0.45
    assert broken.height > 2 * natural.height
    unbreakable = fit_row(parse_formula(r"\text{averyveryverylongnamethatcannotbebroken}"), STYLE, 160)
    assert unbreakable.width < 330


@pytest.fixture
def view(qtbot):
    made = FormulaView()
    qtbot.addWidget(made)
    made.resize(240, 100)
    return made


def colors_of(view) -> set[tuple[int, int, int]]:
    view.resize(240, view.heightForWidth(240))
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)[..., 2::-1].copy()
    return {tuple(int(v) for v in color) for color in pixels.reshape(-1, 3)}


def near(color: str, found: set[tuple[int, int, int]]) -> bool:
    wanted = QColor(color)
    return any(abs(r - wanted.red()) + abs(g - wanted.green()) + abs(b - wanted.blue()) < 24 for r, g, b in found)


@pytest.mark.parametrize("mode", ["dark", "light"])
def test_numbers_have_the_colors_of_their_signs(view, mode):
    theme.hub().set_mode(mode)
    colors = theme.current()
    view.set_lines([FormulaLine(r"\strong{\positive{1.84}} \cdot x", 22)])
    found = colors_of(view)
    assert near(colors.positive, found)
    assert not near(colors.negative, found)
    view.set_lines([FormulaLine(r"\strong{\negative{8.88}} \cdot x", 22)])
    assert near(colors.negative, colors_of(view))
    theme.hub().set_mode("system")


def test_the_card_is_as_tall_as_its_lines(view):
    view.set_lines([FormulaLine("y = x")])
    one = view.heightForWidth(240)
    view.set_lines([FormulaLine("y = x"), FormulaLine("= 3", 13)])
    two = view.heightForWidth(240)
    assert two > one + 10
    assert view.accessibleName() == "y = x; = 3"
    view.set_lines([FormulaLine(r"y = \unknown")])
    assert view.accessibleName() == r"y = \unknown"
    assert view.heightForWidth(240) == one
    QApplication.processEvents()


@pytest.mark.parametrize("latex", [r"\hat y", r"\bar{x}", r"\tilde{w}", r"\vec{v}", r"\dot{x}"])
def test_an_accent_is_above_its_letter(qapp, latex):
    box = box_of(latex)
    (mark,) = [mark for mark in box.marks if not isinstance(mark, TextMark)]
    bounds = mark.path.boundingRect()
    assert bounds.bottom() < -0.4 * STYLE.pixels
    assert -bounds.top() <= box.ascent
    assert 0 <= bounds.center().x() <= box.width


def test_a_double_bar_is_two_lines(qapp):
    box = box_of(r"\left\| \frac{a}{b} \right\|")
    bars = [mark.path.boundingRect() for mark in box.marks if not isinstance(mark, TextMark)]
    tall = [bar for bar in bars if bar.height() > 20]
    assert len(tall) == 2
    assert all(bar.width() > 1 for bar in tall)


def test_formulas_side_by_side_are_broken_where_they_meet(qapp):
    row = parse_formula(r"a + b = c, \quad d + e = f")
    box = fit_row(row, STYLE, 0.6 * box_of(r"a + b = c, \quad d + e = f").width)
    assert y_of(box, "c") < y_of(box, "d") == y_of(box, "f")
    assert x_of(box, "d") == pytest.approx(x_of(box, "a"), abs=1), "only what continues a formula is indented"
