"""Files made to do harm or merely broken: more than 200, each of which must be refused with one sentence.

``python -m tests.robustness.hostile FOLDER`` writes them all into a folder, to be tried by hand.
"""

import io
import json
import pickle
import random
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from core.storage.project import project_to_bytes, project_to_json_bytes
from tests.projects import full_project

NODE = {"kind": "dense", "position": [0, 0], "hyperparameters": {}}
NASTY: tuple[Any, ...] = (None, True, -1, 1.5, 10**30, "", "text", [], [None], {}, {"a": []})


def corpus() -> dict[str, bytes]:
    """All of them by name."""
    files: dict[str, bytes] = {}
    for part in (disguises, truncations, lying_lengths, tables, texts, records, values, metadata, floods, arrays):
        for name, data in part():
            assert name not in files, name
            files[name] = data
    return files


def document(**changes: Any) -> dict[str, Any]:
    """A good small document, with entries replaced."""
    base: dict[str, Any] = {"format": "neuroloom", "version": 1, "nodes": {"a": NODE, "b": NODE}}
    base |= {"wires": {"w1": {"source": ["a", "output"], "target": ["b", "input"], "order": 0}}}
    return base | {"notes": {}, "frames": {}, "training": {}} | changes


def text(**changes: Any) -> bytes:
    return json.dumps(document(**changes)).encode()


def container(header: Any, data: bytes = b"") -> bytes:
    raw = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(raw)) + raw + data


def with_metadata(entries: dict[str, Any] | None = None, data: bytes = b"", **changes: Any) -> bytes:
    words = {"format": "neuroloom", "version": "1", "diagram": text().decode()} | changes
    return container({"__metadata__": words} | (entries or {}), data)


def row(dtype: Any = "F32", shape: Any = (2,), offsets: Any = (0, 8)) -> dict[str, Any]:
    return {"dtype": dtype, "shape": shape, "data_offsets": offsets}


def disguises() -> Iterator[tuple[str, bytes]]:
    """Files of other sorts under our name."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("../../escape.txt", "x")
    array = io.BytesIO()
    np.save(array, np.zeros(3))
    bomb = b"\x93NUMPY\x01\x00v\x00{'descr': '<f8', 'fortran_order': False, 'shape': (1073741824,), }".ljust(128)
    yield "zip", archive.getvalue()
    yield "pickle", pickle.dumps({"format": "neuroloom"})
    yield "pickle-that-calls", b"cos\nsystem\n(S'true'\ntR."
    yield "pickle-protocol-0", pickle.dumps({"format": "neuroloom"}, protocol=0)
    yield "png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(50)
    yield "npy", array.getvalue()
    yield "npy-that-asks-for-8-gib", bomb
    yield "gzip", b"\x1f\x8b\x08\x00" + zlib.compress(text())
    yield "hdf5", b"\x89HDF\r\n\x1a\n" + bytes(100)
    yield "elf", b"\x7fELF\x02\x01\x01" + bytes(100)
    yield "shell-script", b"#!/bin/sh\ntrue\n"
    yield "python", b"import os\nos.getcwd()\n"
    yield "html", b"<!doctype html><script>1</script>"
    yield "xml-with-entities", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    yield "yaml-that-calls", b"!!python/object/apply:os.getcwd []"
    yield "svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>'
    yield "empty", b""
    yield "one-byte", b"{"
    yield "spaces", b" " * 1000
    yield "zeros-8", bytes(8)
    yield "zeros-1000", bytes(1000)
    yield "ones-1000", b"\xff" * 1000
    yield "noise", random.Random(0).randbytes(5000)
    yield "utf-16", text().decode().encode("utf-16")
    yield "utf-32", text().decode().encode("utf-32")
    yield "latin-1", text(nodes={}, wires={}, notes={"n": {"text": "@@"}}).replace(b"@@", b"\xe4\xf6")
    yield "two-marks", b"\xef\xbb\xbf\xef\xbb\xbf" + text()
    yield "other-safetensors", container({"__metadata__": {"format": "pt"}, "w": row()}, bytes(8))
    yield "safetensors-without-metadata", container({"a/w": row()}, bytes(8))


def truncations() -> Iterator[tuple[str, bytes]]:
    """Good files cut off at many places, or with something behind them."""
    for form, data in (("json", project_to_json_bytes(full_project())), ("nloom", project_to_bytes(full_project()))):
        for part in range(1, 20):
            cut = data[: len(data) * part // 20]
            yield f"cut-{form}-{part:02}", cut
        yield f"cut-{form}-last", data.rstrip()[:-1]
        yield f"more-{form}", data + b"x"
        yield f"twice-{form}", data + data


def lying_lengths() -> Iterator[tuple[str, bytes]]:
    """Headers that claim a length that they do not have."""
    good = container({})
    limit = 8 * 1024**2
    for length in (1, 3, limit, limit + 1, 2**31, 2**32, 2**53, 2**63, 2**64 - 1):
        yield f"length-{length}", struct.pack("<Q", length) + good[8:]


def tables() -> Iterator[tuple[str, bytes]]:
    """Every entry of the document replaced by what it must not be."""
    for entry in ("format", "version", "nodes", "wires", "notes", "frames", "training", "extras"):
        for number, nasty in enumerate(NASTY):
            if isinstance(nasty, dict) and entry != "format" and entry != "version" and not nasty:
                continue
            if entry == "extras" and isinstance(nasty, dict):
                continue
            yield f"{entry}-is-{number}", text(**{entry: nasty})
    for entry in ("format", "version"):
        yield f"{entry}-is-missing", json.dumps({k: v for k, v in document().items() if k != entry}).encode()
    yield "unknown-entry", text(code="import os")
    yield "version-0", text(version=0)
    yield "version-minus-1", text(version=-1)
    yield "version-2-with-nonsense", text(version=2, nodes={"a": 1})
    yield "version-2-with-a-loose-wire", text(version=2, nodes={})


def texts() -> Iterator[tuple[str, bytes]]:
    """What JSON readers disagree about."""
    good = text().decode()
    yield "duplicate-format", b'{"format": "neuroloom", "format": "neuroloom", "version": 1}'
    yield "duplicate-node", good.replace('"b": {', '"a": {', 1).encode()
    yield "duplicate-kind", good.replace('"kind": "dense"', '"kind": "dense", "kind": "x"', 1).encode()
    yield "duplicate-escaped", good.replace('"kind": "dense"', '"kind": "dense", "k\\u0069nd": "x"', 1).encode()
    yield "comment", b"// hello\n" + good.encode()
    yield "comment-inside", good.replace("{", "{/* */", 1).encode()
    yield "trailing-comma", (good[:-1] + ",}").encode()
    yield "single-quotes", good.replace('"', "'").encode()
    yield "control-character", good.replace("dense", "de\x01nse", 1).encode()
    yield "raw-newline", good.replace("dense", "de\nnse", 1).encode()
    yield "bad-escape", good.replace("dense", "de\\xnse", 1).encode()
    yield "half-a-character", text(notes={"n": {"text": "@@"}}).replace(b"@@", b"\\ud83d")
    yield "half-a-character-as-key", text(nodes={"@@": NODE}, wires={}).replace(b"@@", b"\\udc00")
    yield "bare-nan", b"NaN"
    yield "list", b"[" + good.encode() + b"]"
    yield "string", json.dumps(good).encode()
    yield "two-documents", good.encode() + b"\n" + good.encode()
    yield "nul-at-the-end", good.encode() + b"\0"


def records() -> Iterator[tuple[str, bytes]]:
    """Records with fields missing, too many, or of the wrong sort, and ids that are none."""
    for identifier in ("", " ", "a/b", "../a", "a.b", "ä", "a\n", "a\0", "x" * 65, "__metadata__ ", "a:b", "'; --"):
        yield f"node-id-{identifier.encode().hex()[:20]}", text(nodes={identifier: NODE}, wires={})
        yield f"note-id-{identifier.encode().hex()[:20]}", text(notes={identifier: {}})
    for field in ("kind", "title", "position", "hyperparameters"):
        for number, nasty in enumerate((None, 1, [], {}, True)):
            if field == "hyperparameters" and isinstance(nasty, dict):
                continue
            yield f"node-{field}-{number}", text(nodes={"a": NODE | {field: nasty}}, wires={})
    for field in ("source", "target", "order"):
        for number, nasty in enumerate((None, "a", [], ["a"], ["a", 1], ["a", "output", "x"], -1, 1.5, {})):
            wire = {"source": ["a", "output"], "target": ["b", "input"], "order": 0} | {field: nasty}
            yield f"wire-{field}-{number}", text(wires={"w1": wire})
    good = {"source": ["a", "output"], "target": ["b", "input"], "order": 0}
    yield "wire-to-nobody", text(wires={"w1": good | {"target": ["z", "input"]}})
    yield "wire-from-nobody", text(wires={"w1": good | {"source": ["z", "output"]}})
    yield "wire-to-itself", text(wires={"w1": good | {"target": ["a", "input"]}})
    yield "wire-to-no-port", text(wires={"w1": good | {"target": ["b", "door"]}})
    yield "wire-from-an-input", text(wires={"w1": good | {"source": ["a", "input"]}})
    yield "wire-twice", text(wires={"w1": good, "w2": good | {"order": 1}})
    yield (
        "wires-two-at-a-single-port",
        text(nodes={"a": NODE, "b": NODE, "c": NODE}, wires={"w1": good, "w2": good | {"source": ["c", "output"]}}),
    )
    yield "wire-with-code", text(wires={"w1": good | {"code": "x"}})
    yield (
        "port-name-empty",
        text(nodes={"a": {"kind": "q"}, "b": {"kind": "q"}}, wires={"w1": good | {"source": ["a", ""]}}),
    )
    yield (
        "port-name-long",
        text(nodes={"a": {"kind": "q"}, "b": {"kind": "q"}}, wires={"w1": good | {"source": ["a", "p" * 65]}}),
    )
    yield "node-with-id", text(nodes={"a": NODE | {"id": "b"}}, wires={})
    yield "node-kind-path", text(nodes={"a": NODE | {"kind": "../dense"}}, wires={})
    yield "node-kind-long", text(nodes={"a": NODE | {"kind": "k" * 65}}, wires={})
    yield "node-class", text(nodes={"a": NODE | {"__class__": "os.system"}}, wires={})
    yield "note-to-nobody", text(notes={"n": {"target": "z"}})
    yield "frame-of-nobody", text(frames={"f": {"nodes": ["a", "z"]}})
    yield "frame-of-numbers", text(frames={"f": {"nodes": [1]}})


def values() -> Iterator[tuple[str, bytes]]:
    """Numbers that are none, texts that are too long, values that are too deep."""
    for name, number in (
        ("nan", "NaN"),
        ("inf", "Infinity"),
        ("minus-inf", "-Infinity"),
        ("1e999", "1e999"),
        ("1e7", "1e7"),
        ("digits", "9" * 5000),
    ):
        for place in ("[@@, 0]", "[0, @@]"):
            data = text(nodes={"a": NODE | {"position": "@"}}, wires={}).replace(b'"@"', place.encode())
            yield f"position-{name}-{place.index('@')}", data.replace(b"@@", number.encode())
        if name != "1e7":
            data = text(nodes={"a": NODE | {"hyperparameters": {"units": "@@"}}}, wires={})
            yield f"hyperparameter-{name}", data.replace(b'"@@"', number.encode())
            yield (
                f"rate-{name}",
                text(training={"optimizer": {"learning_rate": "@@"}}).replace(b'"@@"', number.encode()),
            )
            yield f"extras-{name}", text(extras={"x": "@@"}).replace(b'"@@"', number.encode())
    for depth in (17, 100, 10_000, 1_000_000):
        yield f"depth-list-{depth}", b"{" + b'"a":' + b"[" * depth + b"]" * depth + b"}"
        yield f"depth-object-{depth}", b'{"a":' * depth + b"1" + b"}" * depth
        yield f"depth-open-{depth}", b'{"a":' * depth
    deep = json.loads("[" * 13 + "]" * 13)
    yield "hyperparameter-deep", text(nodes={"a": NODE | {"hyperparameters": {"v": deep}}}, wires={})
    yield "hyperparameter-long", text(nodes={"a": NODE | {"hyperparameters": {"v": "t" * 4097}}}, wires={})
    yield "hyperparameter-name-long", text(nodes={"a": NODE | {"hyperparameters": {"t" * 4097: 1}}}, wires={})
    yield "title-long", text(nodes={"a": NODE | {"title": "t" * 4097}}, wires={})
    yield "note-long", text(notes={"n": {"text": "t" * 65537}})
    yield "note-of-nan", text(notes={"n": {"size": [float("nan"), 1]}})
    yield "dataset-key-long", text(training={"dataset": {"key": "t" * 4097}})
    yield "seed-large", text(training={"seed": 2**53 + 1})
    yield "batch-size-0", text(training={"batch_size": 0})
    yield "epochs-minus-1", text(training={"epochs": -1})
    yield "fraction-2", text(training={"validation_fraction": 2})
    yield "momentum-2", text(training={"optimizer": {"momentum": 2}})
    yield "optimizer-unknown-field", text(training={"optimizer": {"code": 1}})
    yield "history-0", text(training={"optimizer": {"history": 0}})
    yield "schedule-factor-minus", text(training={"schedule": {"key": "step", "factor": -1}})
    yield "schedule-unknown-field", text(training={"schedule": {"code": 1}})
    yield "l2-minus", text(training={"regularization": {"l2": -1}})
    yield "clipping-no-record", text(training={"clipping": 1.0})
    yield "patience-0", text(training={"early_stopping": {"patience": 0}})
    yield "extras-large", text(extras={str(number): "t" * 4000 for number in range(70)})


def metadata() -> Iterator[tuple[str, bytes]]:
    """The texts of a container replaced by what they must not be."""
    for name in ("format", "version", "diagram"):
        for number, nasty in enumerate(("", "x", "[]", "null", "{}", "\ud800", 1, None, ["neuroloom"])):
            yield f"metadata-{name}-{number}", with_metadata(**{name: nasty})
    yield "metadata-version-other", with_metadata(version="2")
    yield "metadata-version-huge", with_metadata(version="9" * 100_000)
    yield "metadata-extras-list", with_metadata(extras="[]")
    yield "metadata-extras-deep", with_metadata(extras='{"a":' * 20 + "1" + "}" * 20)
    yield "metadata-diagram-twice", with_metadata(diagram=text().decode()[:-1] + ', "version": 1}')
    yield "metadata-is-a-list", container({"__metadata__": []})
    yield "metadata-twice", container(b'{"__metadata__":{},"__metadata__":{}}')


def floods() -> Iterator[tuple[str, bytes]]:
    """More of everything than anybody needs."""
    yield "nodes-20001", text(nodes={f"n{number}": {"kind": "q"} for number in range(20_001)}, wires={})
    yield "notes-20001", text(notes={f"n{number}": {} for number in range(20_001)})
    yield "frames-20001", text(frames={f"n{number}": {} for number in range(20_001)})
    yield "lists-2-million", b'{"a":[' + b"[]," * 2_000_000 + b"1]}"
    yield "numbers-5-million", b'{"a":[' + b"1," * 5_000_000 + b"1]}"
    yield "brackets-closing", b"{" + b"]" * 3_000_000
    yield "quotes", b'{"' + b'"' * 3_000_000
    yield "backslashes", b'{"' + b'\\"' * 1_500_000
    yield "header-of-lists", container(b'{"a":[' + b"[]," * 1_200_000 + b"1]}")
    yield "arrays-100000", with_metadata({f"a/w{number}": row() for number in range(100_000)}, bytes(8))


def arrays() -> Iterator[tuple[str, bytes]]:
    """Tables of arrays that lie."""
    for number, bad in enumerate(
        (
            row(dtype="F16"),
            row(dtype="OBJECT"),
            row(dtype="|O"),
            row(dtype=None),
            row(dtype=["F32"]),
            row(shape=[]),
            row(shape=[-2]),
            row(shape=[0]),
            row(shape=[2.0]),
            row(shape=[True, 2]),
            row(shape="2"),
            row(shape=[3]),
            row(shape=[2**62, 2**62]),
            row(shape=[1] * 100),
            row(offsets=[0]),
            row(offsets=[0, 4]),
            row(offsets=[0, 9]),
            row(offsets=[8, 0]),
            row(offsets=[-8, 0]),
            row(offsets=[4, 12]),
            row(offsets=[0, 2**63]),
            row(offsets=["0", "8"]),
            row() | {"code": "x"},
            {"dtype": "F32"},
            [],
            None,
        )
    ):
        yield f"array-{number:02}", with_metadata({"a/w": bad}, bytes(8))
    yield "arrays-same-bytes", with_metadata({"a/w": row(), "b/w": row()}, bytes(8))
    yield "arrays-overlap", with_metadata({"a/w": row(), "b/w": row(offsets=[4, 12])}, bytes(12))
    yield "arrays-with-a-gap", with_metadata({"a/w": row(), "b/w": row(offsets=[12, 20])}, bytes(20))
    yield "array-short", with_metadata({"a/w": row()}, bytes(7))
    yield "array-long", with_metadata({"a/w": row()}, bytes(9))
    for number, name in enumerate(
        ("w", "z/w", "a/", "/w", "a/../../w", "a/w/w", "", "a\0/w", "../a/w", ".optimiser/w")
    ):
        yield f"array-name-{number}", with_metadata({name: row()}, bytes(8))
    for value in ("nan", "inf", "-inf"):
        yield f"array-of-{value}", with_metadata({"a/w": row()}, struct.pack("<ff", 1.0, float(value)))


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in corpus().items():
        (folder / f"{name}.nloom").write_bytes(data)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
