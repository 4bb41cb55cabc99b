"""Tables of other people: what is read, and what is refused with a sentence."""

import gzip
import re
import zlib
from pathlib import Path

import numpy as np
import pytest

from core.datasets import csv_table
from core.datasets.csv_table import Table, read_table
from core.errors import DatasetError


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "t.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


@pytest.mark.parametrize(
    "text",
    [
        "x1,x2\n1,0.5\n-2,3e-1\n",
        "x1;x2\r\n1;0.5\r\n-2;0.3\r\n",
        "x1\tx2\n1\t0.5\n-2\t0.3",
        '\ufeff"x1","x2"\n 1 ,0.5\n-2, 0.3\n',
    ],
)
def test_forms_of_the_same_table(tmp_path: Path, text: str) -> None:
    table = read_table(written(tmp_path, text))
    assert table.names == ("x1", "x2")
    assert table.values.tolist() == [[1.0, 0.5], [-2.0, 0.3]]


def test_numbers_in_the_first_line_are_no_names(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, "1,2\n3,4\n"))
    assert table.names == ()
    assert table.columns(("a", "b")).tolist() == [[1, 2], [3, 4]]
    with pytest.raises(DatasetError, match=re.escape("The table has 2 columns without names; 3 are needed: a, b, c.")):
        table.columns(("a", "b", "c"))


def test_nothing_is_unpacked(tmp_path: Path) -> None:
    assert read_table(written(tmp_path, "x^,x2\n1,2\n")).names == ("x^", "x2")
    for packed in (gzip.compress(b"a\n1\n"), zlib.compress(b"a\n1\n")):
        with pytest.raises(DatasetError, match="not a text in UTF-8"):
            read_table(written(tmp_path, packed))


def test_long_and_broken_names_make_short_sentences(tmp_path: Path) -> None:
    path = written(tmp_path, '"' + "long\nname " * 50 + '",b\nx,2\n')
    with pytest.raises(DatasetError) as refused:
        read_table(path)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 200


def test_columns_are_found_by_name() -> None:
    table = Table(("b", "other", "a"), np.array([[1.0, 2.0, 3.0]]))
    assert table.columns(("a", "b")).tolist() == [[3.0, 1.0]]
    with pytest.raises(DatasetError, match=re.escape("The table has no column 'c'; it has: b, other, a.")):
        table.columns(("a", "c"))
    many = Table(tuple(f"c{number}" for number in range(15)), np.zeros((1, 15)))
    with pytest.raises(DatasetError, match=r"c0, .*c11 and 3 more\."):
        many.columns(("x",))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "t.csv is empty."),
        ("a,b\n", "t.csv has no rows of numbers."),
        ("a,b\n1,2\n3,four\n", "t.csv: row 2, column b is 'four'; a number is needed there."),
        ("a,b\n1,\n", "t.csv: row 1, column b is empty; a number is needed there."),
        ("a,b\n1,inf\n", "t.csv: row 1, column b is 'inf'; a number is needed there."),
        ("1,2\n3,x\n", "t.csv: row 2, column 2 is 'x'; a number is needed there."),
        ("a,b\n1,=2+3\n", "row 1, column b is '=2+3'"),
        ("a,b\n1,2,3\n", "Every row needs the same number of cells."),
        (b"a,b\n1,\xff\n", "t.csv is not a text in UTF-8"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, text: str | bytes, sentence: str) -> None:
    with pytest.raises(DatasetError, match=re.escape(sentence)):
        read_table(written(tmp_path, text))


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"There is no table 'none\.csv' here\."):
        read_table(tmp_path / "none.csv")
    with pytest.raises(DatasetError, match="There is no table"):
        read_table(tmp_path)


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(DatasetError, match=r"t\.csv cannot be read: Permission denied\."):
        read_table(written(tmp_path, "a\n1\n"))


@pytest.mark.parametrize(("bound", "text"), [("MAX_ROWS", "a\n1\n2\n3\n"), ("MAX_COLUMNS", "a,b,c\n1,2,3\n")])
def test_bounds_hold_at_their_value(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: str, text: str) -> None:
    monkeypatch.setattr(csv_table, bound, 3)
    assert read_table(written(tmp_path, text)).values.size == 3
    monkeypatch.setattr(csv_table, bound, 2)
    with pytest.raises(DatasetError, match=r"has 3 (rows|columns); at most 2"):
        read_table(written(tmp_path, text))


def test_a_large_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, "a\n1\n")
    monkeypatch.setattr(csv_table, "MAX_BYTES", path.stat().st_size)
    assert read_table(path).values.tolist() == [[1.0]]
    monkeypatch.setattr(csv_table, "MAX_BYTES", path.stat().st_size - 1)
    with pytest.raises(DatasetError, match="larger than"):
        read_table(path)
