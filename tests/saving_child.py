"""A process of its own that saves, to be ended in the middle of it.

``python -m tests.saving_child exits FILE FAULT`` ends a forked save at every I/O call and prints what it found as JSON.
``python -m tests.saving_child forever FILE`` saves projects one after the other until it is killed.
"""

import itertools
import json
import os
import sys
from pathlib import Path

import numpy as np

from core.diagram.diagram import Diagram
from core.diagram.records import Node
from core.storage import atomic
from core.storage.atomic import write_atomically
from core.storage.project import Project, save_project
from tests.faults import FaultyOs

OLD, NEW = b"old " * 1000, b"new " * 5000
EXIT_CODE = 77


def exits(target: Path, fault: str) -> dict[str, object]:
    """The number of I/O calls of a save, how many of them ended the process, and the contents found after that."""
    write_atomically(target, OLD)
    counter = FaultyOs()
    save_under(counter, target)
    codes, contents = [], []
    for at in range(1, len(counter.calls) + 1):
        target.write_bytes(OLD)
        child = os.fork()
        if child == 0:
            save_under(FaultyOs(at, fault), target)
            os._exit(0)
        codes.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        found = target.read_bytes()
        contents.append({OLD: "old", NEW: "new"}.get(found, "other"))
        write_atomically(target, NEW)
        assert target.read_bytes() == NEW
    return {"calls": counter.calls, "codes": codes, "contents": contents}


def save_under(faulty: FaultyOs, target: Path) -> None:
    real, atomic.os = atomic.os, faulty  # type: ignore[assignment]
    try:
        write_atomically(target, NEW)
    finally:
        atomic.os = real


def numbered_project(number: int) -> Project:
    """A project that says in every part of it which one it is, and whose size differs from one to the next."""
    nodes = [Node(id=f"n{place}", kind="dense", title=str(number)) for place in range(20 + number % 7)]
    parameters = {"n0/weight": np.full((100 + number % 5, 50), number, np.float32)}
    return Project(Diagram.build(nodes), parameters, extras={"number": number})


def forever(target: Path, first: int) -> None:
    """Save; say so once each save is complete."""
    for number in itertools.count(first):
        save_project(numbered_project(number), target)
        os.write(1, f"{number}\n".encode())


if __name__ == "__main__":
    if sys.argv[1] == "exits":
        print(json.dumps(exits(Path(sys.argv[2]), sys.argv[3])))
    else:
        forever(Path(sys.argv[2]), int(sys.argv[3]))
