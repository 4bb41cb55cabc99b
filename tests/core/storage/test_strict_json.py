"""JSON made to do harm: depth, number of values, duplicate keys, and texts that end too early."""

import json
import time

import pytest

from core.errors import ProjectFileError
from core.storage import strict_json
from core.storage.strict_json import child, parse


def nested(levels, opening="[", closing="]"):
    return (opening * levels + closing * levels).encode()


def test_good_json_is_read_as_the_standard_reader_does():
    text = '{"a": [1, -2.5e3, "x\\"]}\\\\", null, true, {}], "ä": {"b": "\\u00e9"}, "": []}'
    assert parse(text.encode()) == json.loads(text)
    assert parse(b"\xef\xbb\xbf 1") == 1


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_depth_at_the_limit_and_one_above(opening, closing):
    inner = "1" if opening != "[" else ""
    parse((opening * 16 + inner + closing * 16).encode())
    with pytest.raises(ProjectFileError, match="16 levels"):
        parse((opening * 17 + inner + closing * 17).encode())


def test_depth_is_not_what_stands_in_texts():
    assert parse(json.dumps(["[" * 100, '"]\\', "{" * 100]).encode()) == ["[" * 100, '"]\\', "{" * 100]
    assert parse(b"[" + b",".join([b"[[],{}]"] * 50) + b"]") == [[[], {}]] * 50


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b'{"a"',
        b'{"a":',
        b'{"a":1',
        b'"abc',
        b'"abc\\',
        b'"\\"',
        b"[1,]",
        b"{'a':1}",
        b"1 2",
        b"]",
        b"[]]",
        b"nul",
    ],
)
def test_what_is_not_json(text):
    with pytest.raises(ProjectFileError, match=r"not valid JSON: .* at line 1, column \d+"):
        parse(text)


def test_the_place_of_a_syntax_error():
    with pytest.raises(ProjectFileError, match="line 3, column 3"):
        parse(b'{\n"a": 1,\n  b: 2}')


@pytest.mark.parametrize("text", [b'"\xff"', b'{"\xc3\x28": 1}', '"a"'.encode("utf-16")])
def test_what_is_not_utf_8(text):
    with pytest.raises(ProjectFileError, match="not text in UTF-8"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (b'{"a": 1, "a": 2}', "$"),
        (b'{"a": {"b": 1, "c": 2, "b": 1}}', "$.a"),
        (b'{"a": [1, {"b c": {"x": 1, "x": {}}}]}', '$.a[1]["b c"]'),
        (b'[[{"a":1,"\\u0061":2}]]', "$[0][0]"),
        (b'{"": {"x": 1, "x": 2}}', '$[""]'),
    ],
)
def test_a_key_that_occurs_twice(text, place):
    with pytest.raises(ProjectFileError, match="occurs twice") as caught:
        parse(text)
    assert caught.value.place == place


def test_a_duplicate_within_a_duplicate_is_still_one_sentence():
    with pytest.raises(ProjectFileError, match="occurs twice") as caught:
        parse(b'{"a": {"b": 1, "b": 2}, "a": 3}')
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (b'"\\ud800"', "$"),
        (b'{"a": [1, {"b": "x\\uDFFFy"}]}', "$.a[1].b"),
        (b'{"a": {"\\udc00\\ud800": 1}}', "$.a"),
    ],
)
def test_half_a_character(text, place):
    with pytest.raises(ProjectFileError, match="half of a character") as caught:
        parse(text)
    assert caught.value.place == place


def test_whole_characters_and_what_only_looks_like_a_half():
    assert parse(b'["\\ud83d\\ude00", "\\\\ud800", "\\u00e9"]') == ["\U0001f600", "\\ud800", "\u00e9"]


def test_numbers_that_are_not_finite_come_through():
    values = parse(b"[NaN, Infinity, -Infinity, 1e999, " + b"9" * 5000 + b", 12345678901234567890]")
    assert values[0] != values[0]
    assert values[1:5] == [float("inf"), float("-inf"), float("inf"), float("inf")]
    assert values[5] == 12345678901234567890


def test_the_number_of_values_at_the_limit_and_one_above(monkeypatch):
    monkeypatch.setattr(strict_json, "MAX_JSON_CONTAINERS", 3)
    parse(b"[[],{}]")
    with pytest.raises(ProjectFileError, match="more values"):
        parse(b"[[],{},[]]")
    monkeypatch.setattr(strict_json, "MAX_JSON_VALUES", 4)
    parse(b"[1,2,3,4]")
    with pytest.raises(ProjectFileError, match="more values"):
        parse(b"[1,2,3,4,5]")


@pytest.mark.parametrize(
    "text",
    [
        b'"' * 2_000_001,
        b'"\\' * 1_000_000,
        b'\\"' * 1_000_000,
        b"[" * 2_000_000,
        b"]" * 2_000_000,
        b"[]" * 1_000_000,
        b'{"a":' * 400_000,
        b"9" * 2_000_000,
        b" " * 2_000_000,
        b'["' + b"\\u0000" * 300_000,
    ],
    ids=range(10),
)
def test_two_megabytes_of_malice_take_no_time(text):
    start = time.process_time()
    with pytest.raises(ProjectFileError):
        parse(text + b"!")
    assert time.process_time() - start < 2.0


def test_paths():
    assert child("$", "nodes") == "$.nodes"
    assert child("$.nodes", "a b") == '$.nodes["a b"]'
    assert len(child("$", "x y" * 1000)) < 100
