"""The container of a project: named arrays and a table of texts in one safetensors file.

The format is eight bytes with the length of a JSON header, the header, and the arrays behind one another. It is read here
rather than by the safetensors package so that every limit is checked on the header, before an array is made; the tests
hold the two readers against each other. See https://github.com/huggingface/safetensors#format.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.diagram.ids import natural
from core.errors import ProjectFileError
from core.storage import strict_json
from core.storage.limits import MAX_HEADER_BYTES

Tensor: TypeAlias = NDArray[Any]

DTYPES: dict[str, np.dtype[Any]] = {"F64": np.dtype("<f8"), "I64": np.dtype("<i8"), "F32": np.dtype("<f4")}
MAX_DIMENSIONS = 8
_METADATA = "__metadata__"
_LENGTH_BYTES = 8
_ALIGNMENT = 8
_FIELDS = {"dtype", "shape", "data_offsets"}


@dataclass(frozen=True, slots=True)
class TensorEntry:
    """A row of the header, checked: where in the file an array lies and what it looks like."""

    name: str
    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    begin: int
    end: int

    @property
    def size(self) -> int:
        """How many numbers it holds."""
        return math.prod(self.shape)


@dataclass(frozen=True, slots=True)
class Header:
    """What a file says of itself: its texts and its arrays, none of which has been made yet."""

    metadata: dict[str, str]
    entries: tuple[TensorEntry, ...]


def encode(tensors: Mapping[str, Tensor], metadata: Mapping[str, str]) -> bytes:
    """The file as bytes; equal contents give equal bytes. Raises ProjectFileError if the header becomes too long."""
    codes = {dtype: code for code, dtype in DTYPES.items()}
    arrays: dict[str, Tensor] = {}
    for name, tensor in tensors.items():
        little = np.asarray(tensor, order="C")
        arrays[name] = little.astype(little.dtype.newbyteorder("<"), copy=False)
    header: dict[str, Any] = {_METADATA: dict(metadata)}
    parts, offset = [], 0
    for name in sorted(arrays, key=lambda name: (-arrays[name].dtype.itemsize, natural(name))):
        array = arrays[name]
        if array.dtype not in codes:
            raise ProjectFileError(
                f"The array {name!r} holds {array.dtype}; a project holds float32, float64 and int64."
            )
        header[name] = {
            "dtype": codes[array.dtype],
            "shape": list(array.shape),
            "data_offsets": [offset, offset + array.nbytes],
        }
        offset += array.nbytes
        parts.append(array.tobytes())
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % _ALIGNMENT)
    if len(text) > MAX_HEADER_BYTES:
        raise ProjectFileError(
            f"The diagram takes {len(text):,} bytes; a .nloom file has room for {MAX_HEADER_BYTES:,}. "
            "Save it as .nloom.json instead."
        )
    return b"".join((len(text).to_bytes(_LENGTH_BYTES, "little"), text, *parts))


def read_header(data: bytes) -> Header:
    """The header of a file, every claim of it checked against the file's length. Raises ProjectFileError."""
    length = int.from_bytes(data[:_LENGTH_BYTES], "little")
    if length > MAX_HEADER_BYTES:
        raise ProjectFileError(
            f"The header claims to be {length:,} bytes long; at most {MAX_HEADER_BYTES:,} are allowed."
        )
    start = _LENGTH_BYTES + length
    if start > len(data):
        raise ProjectFileError(f"The file ends within its header: {start:,} bytes announced, {len(data):,} found.")
    table = strict_json.parse(data[_LENGTH_BYTES:start], "The header")
    if not isinstance(table, dict):
        raise ProjectFileError("The header is not a JSON object.")
    metadata = table.pop(_METADATA, {})
    if not isinstance(metadata, dict) or not all(isinstance(text, str) for text in metadata.values()):
        raise ProjectFileError("The metadata of the header must be texts.", f"$.{_METADATA}")
    entries = sorted((_entry(name, row, start) for name, row in table.items()), key=lambda entry: entry.begin)
    _check_contiguous(entries, start, len(data))
    return Header(metadata, tuple(entries))


def read_tensor(data: bytes, entry: TensorEntry) -> Tensor:
    """An array of its own with the contents of an entry. Raises ProjectFileError if a number is not finite."""
    flat = np.frombuffer(data, entry.dtype, entry.size, entry.begin)
    array = flat.reshape(entry.shape).astype(entry.dtype.newbyteorder("="))
    if not np.isfinite(array).all():
        raise ProjectFileError(f"The array {entry.name!r} holds numbers that are not finite.")
    return array


def _entry(name: str, row: Any, start: int) -> TensorEntry:
    place = strict_json.child("$", name)
    if not isinstance(row, dict) or row.keys() != _FIELDS:
        raise ProjectFileError("An array is described by dtype, shape and data_offsets.", place)
    dtype = DTYPES.get(row["dtype"]) if isinstance(row["dtype"], str) else None
    if dtype is None:
        raise ProjectFileError(f"An array has the dtype {row['dtype']!r}; expected F32, F64 or I64."[:200], place)
    shape, offsets = row["shape"], row["data_offsets"]
    if not _are_counts(shape, minimum=1) or len(shape) > MAX_DIMENSIONS:
        raise ProjectFileError(f"The shape of an array must be up to {MAX_DIMENSIONS} whole numbers from 1.", place)
    if not _are_counts(offsets, minimum=0) or len(offsets) != 2:
        raise ProjectFileError("The data_offsets of an array must be two whole numbers from 0.", place)
    needed = math.prod(shape) * dtype.itemsize
    if offsets[1] - offsets[0] != needed:
        raise ProjectFileError(
            f"An array of this shape takes {needed:,} bytes, not {offsets[1] - offsets[0]:,}.", place
        )
    return TensorEntry(name, dtype, tuple(shape), start + offsets[0], start + offsets[1])


def _are_counts(values: Any, minimum: int) -> bool:
    return isinstance(values, list) and all(type(value) is int and value >= minimum for value in values)


def _check_contiguous(entries: list[TensorEntry], start: int, end: int) -> None:
    for entry in entries:
        if entry.begin != start:
            fault = "overlaps the one before it" if entry.begin < start else "leaves a gap before it"
            raise ProjectFileError(f"An array {fault}.", strict_json.child("$", entry.name))
        start = entry.end
    if start != end:
        fault = "cut short" if start > end else "longer than its arrays"
        raise ProjectFileError(f"The file is {fault}: {start:,} bytes announced, {end:,} found.")
