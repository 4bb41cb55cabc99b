"""One edit of a large diagram costs what it touches: the figures are in ``python -m tests.benchmarks.edits``."""

import random
import statistics

import pytest

from core.catalogue.ports import ports_of
from core.diagram.document import DiagramDocument
from tests.benchmarks import edits as benchmark

SINGLE = [
    "add a node",
    "connect",
    "disconnect",
    "move a node",
    "set a hyperparameter",
    "set training",
    "delete a node and its wires",
]


@pytest.fixture(scope="module")
def large():
    return benchmark.large_diagram()


@pytest.mark.parametrize("name", SINGLE)
def test_one_edit_of_2000_nodes_and_20000_wires_takes_at_most_5_ms(large, name, monkeypatch):
    monkeypatch.setattr(benchmark, "ROUNDS", 30)
    times = benchmark.seconds_per_edit(DiagramDocument(large, ports_of), benchmark.the_edits(random.Random(0))[name])
    assert len(large.nodes) == 2000
    assert len(large.wires) == 20_000
    assert statistics.median(times) < benchmark.BUDGET
