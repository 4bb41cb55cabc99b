"""Our reader of the container against the safetensors package, and headers that lie."""

import json

import numpy as np
import pytest
import safetensors
import safetensors.numpy

from core.errors import ProjectFileError
from core.storage import tensors
from core.storage.tensors import encode, read_header, read_tensor


def file_of(table, data=b"", pad=0):
    """A file with this header, whether it is true or not."""
    header = table if isinstance(table, bytes) else json.dumps(table).encode() + b" " * pad
    return len(header).to_bytes(8, "little") + header + data


def row(dtype="F32", shape=(2,), offsets=(0, 8)):
    return {"dtype": dtype, "shape": list(shape), "data_offsets": list(offsets)}


def arrays_of(data):
    return {entry.name: read_tensor(data, entry) for entry in read_header(data).entries}


def test_both_readers_see_the_same():
    chance = np.random.default_rng(0)
    for _ in range(50):
        wanted = {}
        for number in range(chance.integers(0, 6)):
            shape = tuple(chance.integers(1, 5, size=chance.integers(0, 4)))
            dtype = chance.choice(["float32", "float64", "int64"])
            wanted[f"n{number}/w"] = np.asarray(chance.standard_normal(shape) * 100, dtype)
        data = encode(wanted, {"format": "x", "ä": "ö"})
        theirs = safetensors.numpy.load(data)
        ours = arrays_of(data)
        assert set(ours) == set(theirs) == set(wanted)
        for name, array in wanted.items():
            for found in (ours[name], theirs[name]):
                assert found.dtype == array.dtype
                assert found.shape == array.shape
                assert found.tobytes() == array.tobytes()
        rewritten = safetensors.numpy.save(wanted, {"format": "x", "ä": "ö"})
        assert read_header(rewritten).metadata == {"format": "x", "ä": "ö"}
        assert all(np.array_equal(arrays_of(rewritten)[name], wanted[name]) for name in wanted)


def test_equal_contents_give_equal_bytes():
    one, two = np.ones(2, np.float32), np.zeros(3)
    assert encode({"a": one, "b": two}, {}) == encode({"b": two, "a": one}, {})
    assert [entry.name for entry in read_header(encode({"w10": one, "w9": one, "b": two}, {})).entries] == [
        "b",
        "w9",
        "w10",
    ]


def test_arrays_start_where_processors_like_it():
    header = read_header(encode({"a": np.ones(1, np.float32), "b": np.ones(1), "c": np.array(1)}, {"x": "y"}))
    assert all(entry.begin % entry.dtype.itemsize == 0 for entry in header.entries)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "ends within its header|not a JSON"),
        ((2**63).to_bytes(8, "little"), "claims to be"),
        ((8 * 1024**2 + 1).to_bytes(8, "little") + b"{}", "claims to be 8,388,609"),
        ((100).to_bytes(8, "little") + b"{}", "108 bytes announced, 10 found"),
        (file_of(b""), "not valid JSON"),
        (file_of(b"[]"), "not a JSON object"),
        (file_of(b'{"a":1,"a":1}'), "occurs twice"),
        (file_of(b"[" * 100), "levels"),
        (file_of({"__metadata__": []}), "must be texts"),
        (file_of({"__metadata__": {"a": 1}}), "must be texts"),
        (file_of({"w": 1}), "described by"),
        (file_of({"w": {"dtype": "F32", "shape": [1]}}), "described by"),
        (file_of({"w": row() | {"code": "x"}}, bytes(8)), "described by"),
        (file_of({"w": row(dtype="F16", offsets=(0, 4))}, bytes(4)), "dtype 'F16'"),
        (file_of({"w": row(dtype="f32")}, bytes(8)), "dtype 'f32'"),
        (file_of({"w": row(dtype=["F32"])}, bytes(8)), "dtype"),
        (file_of({"w": row(dtype="x" * 9999)}, bytes(8)), "dtype"),
        (file_of({"w": row(shape=(0,), offsets=(0, 0))}), "shape"),
        (file_of({"w": row(shape=(-2,))}, bytes(8)), "shape"),
        (file_of({"w": row(shape=(2.0,))}, bytes(8)), "shape"),
        (file_of({"w": row(shape=(True, 2))}, bytes(8)), "shape"),
        (file_of({"w": row() | {"shape": "2"}}, bytes(8)), "shape"),
        (file_of({"w": row(shape=(1,) * 9, offsets=(0, 4))}, bytes(4)), "shape"),
        (file_of({"w": row(shape=(2**40, 2**40))}, bytes(8)), "takes"),
        (file_of({"w": row(offsets=(0, 7))}, bytes(7)), "takes 8 bytes, not 7"),
        (file_of({"w": row(offsets=(8, 0))}, bytes(8)), "not -8"),
        (file_of({"w": row(offsets=(-8, 0))}, bytes(8)), "data_offsets"),
        (file_of({"w": row(offsets=(0,))}, bytes(8)), "data_offsets"),
        (file_of({"w": row(offsets=(0, 8, 8))}, bytes(8)), "data_offsets"),
        (file_of({"w": row(offsets=(0, "8"))}, bytes(8)), "data_offsets"),
        (file_of({"w": row()}, bytes(7)), "cut short"),
        (file_of({"w": row()}, bytes(9)), "longer than its arrays"),
        (file_of({}, bytes(1)), "longer than its arrays"),
        (file_of({"a": row(), "b": row()}, bytes(8)), "overlaps"),
        (file_of({"a": row(), "b": row(offsets=(4, 12))}, bytes(12)), "overlaps"),
        (file_of({"a": row(), "b": row(offsets=(12, 20))}, bytes(20)), "leaves a gap"),
        (file_of({"a": row(offsets=(4, 12))}, bytes(12)), "leaves a gap"),
    ],
)
def test_headers_that_lie(data, words):
    with pytest.raises(ProjectFileError, match=words) as caught:
        read_header(data)
    assert len(str(caught.value)) < 300


def test_what_the_package_refuses_we_refuse():
    """Flip and cut bytes of a good file: whatever we accept, the package accepts, and reads the same."""
    data = encode({"a/w": np.arange(4, dtype=np.float32), "a/b": np.ones(2)}, {"format": "neuroloom"})
    chance = np.random.default_rng(1)
    accepted = 0
    for _ in range(3000):
        broken = bytearray(data)
        for _ in range(chance.integers(1, 4)):
            broken[chance.integers(0, len(broken))] = chance.choice(list(b'0129"{}[],: FI\x00\xffa'))
        broken = bytes(broken[: len(broken) - chance.integers(0, 2) * chance.integers(0, 9)])
        try:
            ours = arrays_of(broken)
        except ProjectFileError:
            continue
        accepted += 1
        theirs = safetensors.numpy.load(broken)
        assert {name: array.tobytes() for name, array in ours.items()} == {
            name: array.tobytes() for name, array in theirs.items()
        }
    assert accepted > 50


def test_the_header_at_the_limit_and_one_above(monkeypatch):
    data = encode({}, {"text": "x" * 100})
    length = len(data) - 8
    monkeypatch.setattr(tensors, "MAX_HEADER_BYTES", length)
    assert encode({}, {"text": "x" * 100}) == data
    assert read_header(data).metadata == {"text": "x" * 100}
    monkeypatch.setattr(tensors, "MAX_HEADER_BYTES", length - 1)
    with pytest.raises(ProjectFileError, match=r"Save it as .nloom.json"):
        encode({}, {"text": "x" * 100})
    with pytest.raises(ProjectFileError, match="claims to be"):
        read_header(data)


def test_dimensions_at_the_limit():
    data = encode({"w": np.ones((1,) * 8)}, {})
    assert arrays_of(data)["w"].shape == (1,) * 8


def test_other_dtypes_are_not_written():
    for dtype in ("float16", "int32", "bool", "complex64", "U3"):
        with pytest.raises(ProjectFileError, match="float32, float64 and int64"):
            encode({"w": np.zeros(1, dtype)}, {})


def test_an_array_is_made_only_after_the_header_was_believed():
    entry = read_header(encode({"w": np.ones((3, 4), np.float32)}, {})).entries[0]
    assert (entry.size, entry.shape, entry.dtype) == (12, (3, 4), np.dtype("<f4"))
