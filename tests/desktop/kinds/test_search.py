"""What people type, and which kind they find first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalogue.registry import all_kinds
from desktop.kinds.search import find_kinds, match_score


def keys(query: str) -> list[str]:
    return [kind.key for kind in find_kinds(query)]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("fully connected", "dense"),
        ("FULLY con", "dense"),
        ("perceptron", "perceptron"),
        ("weighted sum", "neuron"),
        ("bias as an extra input", "constant_value"),
        ("x squared", "squared"),
        ("logistic", "sigmoid"),
        ("relu", "relu"),
        ("leaky", "leaky_relu"),
        ("conc", "concatenate"),
        ("mse", "mean_squared_error"),
        ("mean sq", "mean_squared_error"),
        ("drp", "dropout"),
    ],
)
def test_a_query_finds_what_is_meant(query, first):
    assert keys(query)[0] == first


def test_an_empty_query_finds_everything_in_palette_order():
    assert find_kinds("  ") == list(all_kinds())


def test_nonsense_finds_nothing():
    assert keys("xqzzw") == []


@pytest.mark.parametrize("kind", all_kinds(), ids=lambda kind: kind.key)
def test_every_kind_is_the_first_to_answer_to_its_title(kind):
    assert find_kinds(kind.title)[0] is kind


@pytest.mark.parametrize("kind", all_kinds(), ids=lambda kind: kind.key)
def test_every_kind_answers_to_each_synonym(kind):
    for name in kind.synonyms:
        assert kind in find_kinds(name)


@given(st.text(max_size=30))
def test_no_query_is_too_odd(query):
    found = find_kinds(query)
    assert [match_score(query, kind) for kind in found] == sorted(
        (match_score(query, kind) for kind in found), reverse=True
    )
