"""How fast a training step is, beside PyTorch, scikit-learn and hand-written NumPy: ``python -m tests.benchmarks.engine``.

A step is: copy a batch in, forward, loss, backward, update. All contestants run interleaved in one process on one BLAS thread,
and a figure is the median over the rounds; only the ratios within one run mean anything.
"""

import argparse
import os
import platform
import statistics
from collections.abc import Callable
from time import perf_counter

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from tests.benchmarks import contestants
from tests.benchmarks.contestants import Workload


def must(pytorch: float, scikit_learn: float) -> dict[str, float]:
    """What is asked of us, by contestant."""
    return {"pytorch": pytorch, "scikit-learn": scikit_learn, "by hand": 0.85}


WORKLOADS = (
    Workload(
        "W1 2-8-8-1 tanh, batch 10, SGD",
        (2, 8, 8, 1),
        "tanh",
        "tanh",
        10,
        "sgd",
        2000,
        must(pytorch=15, scikit_learn=6),
    ),
    Workload(
        "W1 2-8-8-1 tanh, batch 10, Adam",
        (2, 8, 8, 1),
        "tanh",
        "tanh",
        10,
        "adam",
        2000,
        must(pytorch=18, scikit_learn=6),
    ),
    Workload(
        "W2 7-4-10 softmax, batch 10, SGD",
        (7, 4, 10),
        "tanh",
        "softmax",
        10,
        "sgd",
        2000,
        must(pytorch=12, scikit_learn=7),
    ),
    Workload(
        "W3 64-128-64-10 ReLU, batch 32, SGD",
        (64, 128, 64, 10),
        "relu",
        "softmax",
        32,
        "sgd",
        480,
        must(pytorch=4, scikit_learn=3.3),
    ),
    Workload(
        "W3 64-128-64-10 ReLU, batch 32, Adam",
        (64, 128, 64, 10),
        "relu",
        "softmax",
        32,
        "adam",
        480,
        must(pytorch=4.5, scikit_learn=3.3),
    ),
    Workload(
        "W4 784-512-256-10 ReLU, batch 128, Adam",
        (784, 512, 256, 10),
        "relu",
        "softmax",
        128,
        "adam",
        16,
        must(pytorch=1.35, scikit_learn=1.3),
    ),
)

WIDTH = 27

CONTESTANTS: dict[str, Callable[[Workload, contestants.Batches], contestants.Steps | None]] = {
    "neuroloom": contestants.neuroloom,
    "by hand": contestants.by_hand,
    "pytorch": contestants.pytorch,
    "scikit-learn": contestants.scikit_learn,
}


def measure(workload: Workload, rounds: int) -> dict[str, float]:
    """Microseconds per step of every contestant that is installed and can do this workload."""
    batches = contestants.make_batches(workload)
    entered = {name: start(workload, batches) for name, start in CONTESTANTS.items()}
    runs = {name: run for name, run in entered.items() if run is not None}
    for run in runs.values():
        run(max(2, workload.steps // 10))
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            start_time = perf_counter()
            run(workload.steps)
            seconds[name].append((perf_counter() - start_time) / workload.steps)
    return {name: statistics.median(values) * 1e6 for name, values in seconds.items()}


def versions() -> str:
    """What the figures were taken with."""
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    packages = ", ".join(f"{name} {version}" for name, version in contestants.versions().items())
    return (
        f"Python {platform.python_version()}, NumPy {np.__version__}, {packages}\n"
        f"BLAS: {blas['name']} {blas['version']}, {blas.get('openblas configuration', 'unknown kernel')}, "
        f"threads {os.environ['OPENBLAS_NUM_THREADS']}, OPENBLAS_CORETYPE {os.environ.get('OPENBLAS_CORETYPE', 'automatic')}"
    )


def cell(workload: Workload, name: str, time: float, ours: float) -> str:
    """The figure of one contestant, and beside it how many times slower than ours it is, and has to be."""
    if name not in workload.must:
        return f"{time:.1f}"
    ratio, wanted = time / ours, workload.must[name]
    return f"{time:.1f} ({ratio:.2f} / {wanted:g}{' MISSED' if ratio < wanted else ''})"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", default="", help="workloads whose name contains this")
    arguments = parser.parse_args()
    print(versions())
    print(f"{'microseconds per step (times ours / must)':42}" + "".join(f"{name:>{WIDTH}}" for name in CONTESTANTS))
    for workload in WORKLOADS:
        if arguments.only not in workload.name:
            continue
        times = measure(workload, arguments.rounds)
        ours = times["neuroloom"]
        cells = (cell(workload, name, times[name], ours) if name in times else "-" for name in CONTESTANTS)
        print(f"{workload.name:42}" + "".join(f"{text:>{WIDTH}}" for text in cells), flush=True)


if __name__ == "__main__":
    main()
