"""Tables that a person brings along: a CSV file of numbers, read with bounds, and with errors that name row and column."""

import codecs
import os
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from core.datasets.dataset import FloatArray
from core.errors import DatasetError

if TYPE_CHECKING:
    import polars

MAX_BYTES = 64 * 2**20
MAX_ROWS = 200_000
MAX_COLUMNS = 10_000
SEPARATORS = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class Table:
    """``values`` is (rows, columns); ``names`` is empty where the first line of the file holds numbers already."""

    names: tuple[str, ...]
    values: FloatArray

    def columns(self, wanted: tuple[str, ...]) -> FloatArray:
        """The columns of these names, in this order; by place where the table has no names.

        Raises DatasetError where one is missing.
        """
        if not self.names:
            if self.values.shape[1] != len(wanted):
                raise DatasetError(
                    f"The table has {self.values.shape[1]} columns without names; {len(wanted)} are needed: {_list(wanted)}."
                )
            return self.values
        missing = [name for name in wanted if name not in self.names]
        if missing:
            raise DatasetError(f"The table has no column {missing[0]!r}; it has: {_list(self.names)}.")
        return self.values[:, [self.names.index(name) for name in wanted]]


def read_table(path: str | Path) -> Table:
    """The numbers in a CSV file, separated by comma, semicolon or tab.

    Raises DatasetError, with row and column, for what is no table of finite numbers within the bounds.
    """
    name, data = os.path.basename(path), _read(Path(path))
    lines = data.splitlines()
    first = lines[0].decode("utf-8") if lines else ""
    separator = max(SEPARATORS, key=first.count)
    cells = [cell.strip().strip('"') for cell in first.split(separator)]
    if len(cells) > MAX_COLUMNS:
        raise DatasetError(f"{name} has {len(cells):,} columns; at most {MAX_COLUMNS:,} are allowed.")
    named = not all(_is_number(cell) for cell in cells)
    rows = len(lines) - named
    if rows > MAX_ROWS:
        raise DatasetError(f"{name} has {rows:,} rows; at most {MAX_ROWS:,} are allowed.")
    frame = _parse(name, data, separator, named)
    if not frame.height:
        raise DatasetError(f"{name} has no rows of numbers.")
    names = tuple(" ".join(column.split()) for column in frame.columns) if named else ()
    return Table(names, _numbers(name, frame, names))


def _read(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise DatasetError(f"There is no table {path.name!r} here.")
        if path.stat().st_size > MAX_BYTES:
            raise DatasetError(f"{path.name} is larger than {MAX_BYTES // 2**20} MiB, which is the most for a table.")
        data = path.read_bytes()
        return data.decode("utf-8-sig").encode("utf-8")
    except OSError as error:
        raise DatasetError(f"{path.name} cannot be read: {error.strerror or error}.") from None
    except UnicodeDecodeError:
        raise DatasetError(f"{path.name} is not a text in UTF-8; save the table as CSV in UTF-8.") from None


def _parse(name: str, data: bytes, separator: str, named: bool) -> "polars.DataFrame":
    import polars

    # polars unpacks what begins like a compressed file, and "x^" does; after a byte order mark it takes a text for a text.
    file = BytesIO(codecs.BOM_UTF8 + data)
    try:
        return polars.read_csv(file, has_header=named, separator=separator, infer_schema=False)
    except polars.exceptions.NoDataError:
        raise DatasetError(f"{name} is empty.") from None
    except polars.exceptions.PolarsError as error:
        reason = str(error).splitlines()[0][:200]
        raise DatasetError(f"{name} is not a table: {reason}. Every row needs the same number of cells.") from None


def _numbers(name: str, frame: "polars.DataFrame", names: tuple[str, ...]) -> FloatArray:
    import polars

    # Not strict: what is no number becomes null, and is then named with its row and column.
    numbers = frame.select(polars.all().str.strip_chars().cast(polars.Float64, strict=False))
    values: FloatArray = numbers.fill_null(np.nan).to_numpy()
    bad = np.argwhere(~np.isfinite(values))
    if len(bad):
        row, column = bad[0]
        cell, title = frame[int(row), int(column)], names[column][:40] if names else str(column + 1)
        found = "empty" if cell is None else f"{str(cell)[:40]!r}"
        raise DatasetError(f"{name}: row {row + 1}, column {title} is {found}; a number is needed there.")
    return np.ascontiguousarray(values)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _list(names: tuple[str, ...]) -> str:
    shown = ", ".join(name[:40] for name in names[:12])
    return shown if len(names) <= 12 else f"{shown} and {len(names) - 12} more"
