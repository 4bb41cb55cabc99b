"""How the cost of a step grows: with the batch, the width, the time steps and the number of neurons."""

import statistics
from collections.abc import Callable
from dataclasses import replace
from time import perf_counter
from typing import Any

from core.compiler.compile import compile_diagram
from core.errors import NeuroloomError
from tests.benchmarks.peers.ours import neuroloom, spec_of
from tests.benchmarks.workloads import Workload, complete, rows, sequences, thinned

BATCHES = (1, 4, 16, 64, 256, 1024)
WIDTHS = (8, 32, 128, 512, 2048)
TIMES = (8, 16, 32, 64, 128, 256, 512)
NEURONS = (50, 100, 200, 400, 800, 1600, 3200)
RANK = 50


def batches(size: int) -> Workload:
    """A small perceptron on batches of ``size``."""
    data = rows(64, 10, size, 4, classes=True)
    return Workload("batch", str(size), "mlp", data, 40, (64, 128, 64, 10), hidden="relu", output="softmax")


def widths(size: int) -> Workload:
    """One hidden layer of ``size`` units."""
    return Workload("hidden", str(size), "mlp", rows(64, 10, 32, 4, classes=True), 40, (64, size, 10), output="softmax")


def times(size: int) -> Workload:
    """A recurrent network over ``size`` time steps."""
    return Workload("time", str(size), "rnn", sequences(size, 8, 32, 2), 10, (8, 32))


def neurons(size: int) -> Workload:
    """``size`` hand-wired neurons in ranks of 50, 3 wires of 10 present."""
    sizes = (16, *(RANK,) * (size // RANK))
    return Workload(
        "neurons", str(size), "neurons", rows(16, RANK, 32, 2, classes=False), 20, masks=thinned(sizes, 0.3)
    )


SCALES: dict[str, tuple[Callable[[int], Workload], tuple[int, ...]]] = {
    "batch": (batches, BATCHES),
    "hidden units": (widths, WIDTHS),
    "time steps": (times, TIMES),
    "neurons": (neurons, NEURONS),
}


def tables(rounds: int) -> dict[str, Any]:
    """Microseconds per step for every size, and how it grew against the size; printed as it comes."""
    found: dict[str, Any] = {}
    for name, (make, sizes) in SCALES.items():
        print(f"\nsteps by {name}")
        row = {size: _step_time(make(size), rounds) for size in sizes}
        first = sizes[0]
        for size, time in row.items():
            print(
                f"    {size:6} {time:12.1f} us a step {time / size:10.3f} us each, {time / row[first] / (size / first):6.2f} of linear"
            )
        found[name] = row
    print(f"\nhand-wired 2-8-8-1 against the same as layers: {hand_wired(rounds):.2f}")
    return found


def hand_wired(rounds: int) -> float:
    """The time of a step of hand-wired neurons as a multiple of the time of the same network drawn as layers."""
    layers = Workload("layers", "", "mlp", rows(2, 1, 10, 50, classes=False), 2000, (2, 8, 8, 1), output="tanh")
    wired = replace(layers, form="neurons", sizes=(), masks=complete(layers.sizes))
    runs = [neuroloom(workload, workload.data()) for workload in (wired, layers)]
    pairs = [[_timed(run, layers.steps) for run in runs] for _ in range(rounds)]
    return statistics.median(ours / theirs for ours, theirs in pairs)


def macs_of_step(workload: Workload) -> int:
    """Multiply-adds of a training step: forward, and twice as many backward (less the gradient by the data, which nobody needs)."""
    data = workload.data()
    compilation = compile_diagram(workload.diagram(), spec_of(workload, data))
    assert compilation.plan is not None
    forward = compilation.macs
    first = next(iter(compilation.node_macs.values()), 0)
    return (3 * forward - first) * data.batch


def _step_time(workload: Workload, rounds: int) -> float:
    try:
        run = neuroloom(workload, workload.data())
    except NeuroloomError as error:
        print(f"    {workload.title:>6} refused: {error}")
        return float("nan")
    _timed(run, 2)
    return statistics.median(_timed(run, workload.steps) for _ in range(rounds)) * 1e6


def _timed(run: Callable[[int], None], steps: int) -> float:
    begun = perf_counter()
    run(steps)
    return (perf_counter() - begun) / steps
