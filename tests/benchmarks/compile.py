"""How long an edit waits for the compiler: ``python -m tests.benchmarks.compile`` prints a line for each diagram."""

import gc
import itertools
import statistics
from time import perf_counter

from core.catalogue.kind import Task
from core.compiler.compile import compile_diagram
from core.compiler.data_spec import DataSpec
from core.diagram.diagram import Diagram
from core.diagram.records import Node

PROMISE = 20.0
"""Milliseconds for 200 nodes."""


def neurons(ranks: int, width: int) -> tuple[Diagram, DataSpec]:
    """Hand-wired neurons: every one reads the whole rank before it."""
    nodes, wires = [Node(id="x", kind="input"), Node(id="loss", kind="mean_squared_error")], []
    before = ["x"]
    for rank in range(ranks):
        names = [f"r{rank}n{index}" for index in range(width)]
        nodes += [Node(id=name, kind="neuron", hyperparameters={"activation": "tanh"}) for name in names]
        wires += [(source, name) for name in names for source in before]
        before = names
    wires.append((before[0], "loss"))
    return Diagram.build(nodes, wires), DataSpec({"x": (2,)}, {"loss": (1,)}, task=Task.REGRESSION)


def layers(count: int, units: int = 8) -> tuple[Diagram, DataSpec]:
    """A stack of dense layers."""
    nodes = [Node(id="x", kind="input"), Node(id="loss", kind="mean_squared_error")]
    names = [f"h{index}" for index in range(count)]
    nodes += [Node(id=name, kind="dense", hyperparameters={"units": units, "activation": "relu"}) for name in names]
    chain = ["x", *names, "loss"]
    return Diagram.build(nodes, list(itertools.pairwise(chain))), DataSpec({"x": (2,)}, {"loss": (units,)})


def drawn_loop(count: int) -> tuple[Diagram, DataSpec]:
    """Neurons in a circle through a Delay, all of which read the input."""
    names = [f"h{index}" for index in range(count)]
    nodes = [Node(id=name, kind="neuron", hyperparameters={"activation": "tanh"}) for name in names]
    nodes += [Node(id="x", kind="input"), Node(id="d", kind="delay"), Node(id="loss", kind="mean_squared_error")]
    circle = list(itertools.pairwise([*names, "d", names[0]]))
    return Diagram.build(nodes, [*(("x", name) for name in names), *circle, (names[-1], "loss")]), DataSpec(
        {"x": (20, 2)}, {"loss": (20, 1)}
    )


def broken(count: int) -> tuple[Diagram, DataSpec]:
    """Nodes that nobody has wired yet: each has an error, with fixes."""
    nodes = [Node(id=f"n{index}", kind="dense", position=(index * 10.0, 0.0)) for index in range(count)]
    return Diagram.build(nodes), DataSpec()


def measure(diagram: Diagram, spec: DataSpec, rounds: int = 15) -> tuple[float, float]:
    """The best and the median time of a compilation in milliseconds, without the garbage collector, which the window runs when it is idle."""
    times = []
    gc.disable()
    for _ in range(rounds):
        start = perf_counter()
        compile_diagram(diagram, spec)
        times.append((perf_counter() - start) * 1e3)
        gc.collect()
    gc.enable()
    return min(times), statistics.median(times)


def main() -> None:
    """Measure and print."""
    cases = {
        "198 layers in a row": layers(198),
        "200 neurons, 10 ranks of 20 (3,640 wires)": neurons(10, 20),
        "200 neurons, 2 ranks of 100 (10,100 wires)": neurons(2, 100),
        "197 neurons in a loop": drawn_loop(197),
        "200 layers without wires": broken(200),
        "2,000 layers in a row": layers(2000),
    }
    for title, (diagram, spec) in cases.items():
        count = len(diagram.nodes)
        best, median = measure(diagram, spec)
        print(
            f"compile: {title:44} {count:5} nodes {len(diagram.wires):6} wires {best:7.1f} ms best {median:7.1f} ms median"
        )
    print(f"promised: {PROMISE:.0f} ms for 200 nodes")


if __name__ == "__main__":
    main()
