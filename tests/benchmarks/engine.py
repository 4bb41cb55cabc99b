"""How fast a training step is, beside its peers: ``python -m tests.benchmarks.engine [W1 ...] [--peers torch,sklearn,jax,prototype,textbook]``.

A step is: the next batch, forward, loss, backward, update. All contestants run interleaved in one process on one BLAS thread; a figure is
the median over the rounds, a ratio the median of the ratios within each round, and only ratios mean anything. ``--scaling`` and ``--memory`` print
how cost and memory grow, ``--json FILE`` writes everything down.
"""

import argparse
import json
import os
import statistics
from pathlib import Path
from time import perf_counter
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

from tests.benchmarks import memory, roofline, scaling
from tests.benchmarks.peers import OURS, PEERS, Steps
from tests.benchmarks.workloads import WORKLOADS, Data, Goal, Workload

OURSELVES = "neuroloom"
ROUND_SECONDS = 0.4
"""About so long a contestant runs between two looks at the clock, where the workload does not end it before."""


def measure(workload: Workload, data: Data, peers: list[str], rounds: int) -> dict[str, list[float]]:
    """Microseconds per step, round by round, of ours and of every peer that is installed and can do this workload."""
    entered = {OURSELVES: OURS(workload, data)} | {name: PEERS[name](workload, data) for name in peers}
    runs = {name: run for name, run in entered.items() if run is not None}
    steps = {name: _steps(run, workload) for name, run in runs.items()}
    found: dict[str, list[float]] = {name: [] for name in runs}
    for number in range(rounds):
        # Every other round in the opposite order, so that nobody always comes after the same neighbour.
        for name in list(runs)[:: 1 if number % 2 else -1]:
            begun = perf_counter()
            runs[name](steps[name])
            found[name].append((perf_counter() - begun) / steps[name] * 1e6)
    return found


def _steps(run: Steps, workload: Workload) -> int:
    """Warm up; the slow take fewer steps at a time, whole epochs at least where one is short."""
    run(max(2, workload.steps // 8))
    begun = perf_counter()
    run(max(2, workload.steps // 8))
    seconds = (perf_counter() - begun) / max(2, workload.steps // 8)
    return max(2, min(workload.steps, round(ROUND_SECONDS / seconds)))


def compare(workload: Workload, times: dict[str, list[float]]) -> dict[str, Any]:
    """The medians, and beside each peer how many times slower than ours it is and has to be."""
    ours = times[OURSELVES]
    rows = {}
    for name, values in times.items():
        goal = workload.goals.get(name)
        ratio = statistics.median(other / own for other, own in zip(values, ours))
        rows[name] = {"microseconds": statistics.median(values), "ratio": ratio} | _verdict(goal, ratio)
    return rows


def _verdict(goal: Goal | None, ratio: float) -> dict[str, Any]:
    if goal is None:
        return {}
    verdict = "aim" if ratio >= goal.aim else "must" if ratio >= goal.must else "MISSED"
    return {"must": goal.must, "aim": goal.aim, "reached": verdict}


def line(workload: Workload, rows: dict[str, Any], floor: float) -> list[str]:
    """The rows of one workload as text; ``floor`` is the measured speed of a matrix product in GFLOP/s."""
    ours = rows[OURSELVES]["microseconds"]
    rate = 2 * scaling.macs_of_step(workload) / ours / 1e3
    lines = [f"{workload.name:44} {ours:10.1f} us a step {rate:8.1f} GFLOP/s = {rate / floor:4.0%} of a matrix product"]
    for name, row in rows.items():
        if name != OURSELVES:
            goal = f"(must {row['must']:g}, aim {row['aim']:g}: {row['reached']})" if "must" in row else ""
            lines.append(f"    {name:12} {row['microseconds']:10.1f} us {row['ratio']:8.2f} x ours {goal}")
    return lines


def chosen(keys: list[str]) -> list[Workload]:
    """The workloads with these keys; all for none."""
    return [workload for workload in WORKLOADS if not keys or workload.key in keys]


def main(arguments: list[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workloads", nargs="*", help="W1 ... W9; all when none is named")
    parser.add_argument("--peers", default=",".join(PEERS), help=f"of {', '.join(PEERS)}")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--scaling", action="store_true", help="how cost grows with batch, width, time and neurons")
    parser.add_argument("--memory", action="store_true", help="peak memory against the sum of the buffers")
    parser.add_argument("--json", type=Path, help="write everything to this file")
    options = parser.parse_args(arguments)
    peers = [name for name in options.peers.split(",") if name]
    unknown = set(peers) - set(PEERS)
    if unknown:
        parser.error(f"there is no peer {', '.join(sorted(unknown))}; choose of {', '.join(PEERS)}")
    report: dict[str, Any] = {"versions": roofline.versions(), "gflops": roofline.gemm_gflops(), "workloads": {}}
    print(report["versions"])
    print(f"A matrix product of 512 x 512 reaches {report['gflops']:.0f} GFLOP/s in float32.\n")
    for workload in chosen(options.workloads):
        rows = compare(workload, measure(workload, workload.data(), peers, options.rounds))
        report["workloads"][workload.name] = rows
        print("\n".join(line(workload, rows, report["gflops"])), flush=True)
    if options.scaling:
        report["scaling"] = scaling.tables(options.rounds)
    if options.memory:
        report["memory"] = memory.table(chosen(options.workloads))
    if options.json:
        options.json.write_text(json.dumps(report, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
