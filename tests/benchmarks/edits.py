"""What one edit costs on a large diagram: ``python -m tests.benchmarks.edits`` prints milliseconds per kind of edit.

The diagram has 2,000 nodes and 20,000 wires in ranks, and one node that 2,000 wires end at. An edit is all of it: making
the Change, applying it, checking the rules, the history and a listener. The budget is 5 ms.
"""

import random
import statistics
import time
from collections.abc import Callable

from core.catalogue.ports import ports_of
from core.diagram import edits
from core.diagram.change import Change
from core.diagram.diagram import Diagram
from core.diagram.document import DiagramDocument
from core.diagram.records import Node, Wire

NODES = 2_000
WIRES = 20_000
BUDGET = 0.005
ROUNDS = 200
FULL_NODE = f"n{NODES - 1}"


def large_diagram(seed: int = 0) -> Diagram:
    """Ranks of neurons, wired forward at random; the last node reads almost all others."""
    chance = random.Random(seed)
    nodes = {
        f"n{number}": Node(
            id=f"n{number}",
            kind="neuron",
            position=(number // 40 * 160.0, number % 40 * 80.0),
            hyperparameters={"activation": "tanh"},
        )
        for number in range(NODES)
    }
    pairs = {(number, NODES - 1) for number in range(NODES - 1)}
    while len(pairs) < WIRES:
        start = chance.randrange(NODES - 2)
        pairs.add((start, chance.randrange(start + 1, min(start + 200, NODES - 1))))
    wires = {
        f"w{number}": Wire(id=f"w{number}", source=(f"n{start}", "output"), target=(f"n{end}", "input"), order=number)
        for number, (start, end) in enumerate(sorted(pairs), start=1)
    }
    return Diagram(nodes, wires)


def seconds_per_edit(document: DiagramDocument, edit: Callable[[Diagram], Change]) -> list[float]:
    """Times of one edit, each taken back before the next."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        document.apply(edit(document.diagram), "edit")
        times.append(time.perf_counter() - start)
        document.undo()
    return times


def the_edits(chance: random.Random) -> dict[str, Callable[[Diagram], Change]]:
    """One edit of every sort, each at a random place."""

    def node() -> str:
        return f"n{chance.randrange(NODES - 1)}"

    def free_pair(diagram: Diagram) -> tuple[str, str]:
        while True:
            start, end = node(), node()
            if start != end and all(wire.source[0] != start for wire in diagram.incoming(end)):
                return start, end

    def connect(diagram: Diagram) -> Change:
        start, end = free_pair(diagram)
        return edits.connect(diagram, (start, "output"), (end, "input"))

    return {
        "add a node": lambda diagram: edits.add_node(diagram, "neuron", (0.0, 0.0))[0],
        "connect": connect,
        "disconnect": lambda diagram: edits.disconnect(diagram, [f"w{chance.randrange(1, WIRES + 1)}"]),
        "move a node": lambda diagram: edits.move(diagram, {node(): (chance.random(), 0.0)}),
        "move all nodes": lambda diagram: edits.move(diagram, {key: (chance.random(), 0.0) for key in diagram.nodes}),
        "set a hyperparameter": lambda diagram: edits.set_hyperparameter(diagram, node(), "activation", "relu"),
        "set training": lambda diagram: edits.set_training(diagram, epochs=chance.randrange(1000, 10**6)),
        "delete a node and its wires": lambda diagram: edits.delete(diagram, nodes=[node()]),
        "connect to the node of 2,000 wires": lambda diagram: edits.connect(
            diagram, (node(), "other"), (FULL_NODE, "input")
        ),
        "delete the node of 2,000 wires": lambda diagram: edits.delete(diagram, nodes=[FULL_NODE]),
    }


def measure() -> dict[str, list[float]]:
    """Seconds by name of edit. The placeholder kind of one edit makes the rules accept its port."""
    heard: list[Change] = []
    document = DiagramDocument(large_diagram(), lambda kind: None)
    known = DiagramDocument(document.diagram, ports_of)
    known.subscribe(heard.append)
    document.subscribe(heard.append)
    return {
        name: seconds_per_edit(document if "connect to the node" in name else known, edit)
        for name, edit in the_edits(random.Random(1)).items()
    }


def main() -> None:
    print(f"One edit on {NODES:,} nodes and {WIRES:,} wires, milliseconds ({ROUNDS} rounds, budget {BUDGET * 1e3:g})")
    for name, times in measure().items():
        ordered = sorted(times)
        median, high = statistics.median(ordered), ordered[int(len(ordered) * 0.99)]
        print(f"  {name:36} median {median * 1e3:6.3f}   99th percentile {high * 1e3:6.3f}")


if __name__ == "__main__":
    main()
