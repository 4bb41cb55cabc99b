"""A process of its own that saves, to be ended in the middle of it.

``python -m tests.saving_child exits FILE FAULT`` ends a forked save at every I/O call and prints what it found as JSON.
``python -m tests.saving_child kills FILE COUNT`` forks a saver, kills it with signal 9 at a random moment, looks at the file, and
does so again; it prints one JSON line for each kill.
"""

import itertools
import json
import os
import random
import select
import signal
import sys
from pathlib import Path

import numpy as np

from core.diagram.diagram import Diagram
from core.diagram.records import Node
from core.storage import atomic
from core.storage.atomic import write_atomically
from core.storage.project import Project, load_project, save_project
from tests.faults import FaultyOs

OLD, NEW = b"old " * 1000, b"new " * 5000
_NUMBER = 8


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


def forever(target: Path, first: int, report: int) -> None:
    """Save one project after the other, and report the number of each once its save is done."""
    for number in itertools.count(first):
        save_project(numbered_project(number), target)
        os.write(report, number.to_bytes(_NUMBER, "little"))


def kill_one(target: Path, first: int, chance: random.Random) -> int:
    """The last save that a saver reported before it was killed in the middle of another."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        forever(target, first, write)
    os.close(write)
    with os.fdopen(read, "rb") as reports:
        reported = int.from_bytes(reports.read(_NUMBER), "little")
        select.select([], [], [], chance.uniform(0, 0.012))
        os.kill(child, signal.SIGKILL)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
        rest = reports.read()
    return int.from_bytes(rest[-_NUMBER:], "little") if rest else reported


def kills(target: Path, count: int) -> None:
    """What is in the file and in the version before it after each of many kills."""
    chance, number = random.Random(0), 0
    for _ in range(count):
        reported = kill_one(target, number + 1, chance)
        project = load_project(target)
        number = project.extras["number"]
        expected = numbered_project(number)
        is_whole = project.diagram == expected.diagram and np.array_equal(
            project.parameters["n0/weight"], expected.parameters["n0/weight"]
        )
        previous = load_project(target.with_name(target.name + "~")) if number > 1 else None
        litter = len(list(target.parent.glob(".*.tmp")))
        row = {"reported": reported, "found": number, "whole": is_whole, "litter": litter}
        print(json.dumps(row | {"previous": previous and previous.extras["number"]}), flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "exits":
        print(json.dumps(exits(Path(sys.argv[2]), sys.argv[3])))
    else:
        kills(Path(sys.argv[2]), int(sys.argv[3]))
