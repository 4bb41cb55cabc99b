"""Numbers as people read and write them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.forms import numbers


@pytest.mark.parametrize(
    ("text", "value"),
    [("0.03", 0.03), (" 1e-3 ", 1e-3), ("0,5", 0.5), ("−2", -2.0), ("1 000", 1000.0), (".5", 0.5)],
)
def test_what_people_type_is_understood(text, value):
    assert numbers.parse_number(text) == value


@pytest.mark.parametrize("text", ["", "abc", "nan", "inf", "1.2.3", "1,2,3", "--1", "1e999"])
def test_what_is_no_finite_number_is_none(text):
    assert numbers.parse_number(text) is None


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e9, max_value=1e9))
def test_a_setting_survives_being_shown(value):
    assert numbers.parse_number(numbers.number_text(value)) == pytest.approx(value, rel=1e-9)


@pytest.mark.parametrize(
    ("call", "value", "text"),
    [
        (numbers.number_text, 0.03, "0.03"),
        (numbers.number_text, 1e-8, "1e−8"),
        (numbers.number_text, 400, "400"),
        (numbers.signed_text, 1.8437, "+1.84"),
        (numbers.signed_text, -2.0714, "−2.07"),
        (numbers.signed_text, 0.0, "+0"),
        (numbers.signed_text, -0.07213, "−0.0721"),
        (numbers.signed_text, 12345.6, "+12,346"),
        (numbers.signed_text, math.nan, "–"),
        (numbers.value_text, 0.68, "0.680"),
        (numbers.value_text, -3.4, "−3.40"),
        (numbers.value_text, 2.5e-7, "2.5e−7"),
        (numbers.loss_text, 0.0208, "0.021"),
        (numbers.loss_text, 1.337, "1.34"),
        (numbers.loss_text, 0.0000312, "3.1e−5"),
        (numbers.loss_text, 0.0, "0.000"),
        (numbers.loss_text, math.inf, "–"),
        (numbers.pace_text, 2468.4, "2,470 steps a second"),
        (numbers.pace_text, 2.04, "2.0 steps a second"),
        (numbers.pace_text, 112_345, "112,000 steps a second"),
        (numbers.pace_text, 0.0, ""),
    ],
)
def test_values_are_rounded_to_what_can_be_believed(call, value, text):
    assert call(value) == text


def test_metrics_are_shares_or_numbers():
    assert numbers.metric_text("accuracy", 0.986) == "98.6\u202f%"
    assert numbers.metric_text("accuracy", 1.0) == "100\u202f%"
    assert numbers.metric_text("accuracy", 0.99999) != "100\u202f%"
    assert numbers.metric_text("r2", -0.25) == "−0.250"
    assert numbers.metric_text("r2", math.nan) == "–"
    assert numbers.metric_title("r2") == "R²"


def test_counts_have_their_nouns():
    assert numbers.count_text(1, "parameter") == "1 parameter"
    assert numbers.count_text(5130, "parameter") == "5,130 parameters"
