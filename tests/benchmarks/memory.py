"""How much memory a step of training takes at its peak, against the sum of the arrays that it needs."""

import gc
import tracemalloc
from typing import Any

import numpy as np

from tests.benchmarks.peers.ours import stepper_for
from tests.benchmarks.workloads import Workload


def table(workloads: list[Workload]) -> dict[str, Any]:
    """Peak and lasting bytes of making a stepper and taking steps, and what a step adds; printed as it comes."""
    print("\nmemory: peak while a network is made and trained, what lasts, what a step allocates on the way")
    found = {}
    for workload in workloads:
        found[workload.name] = row = measure(workload)
        print(
            f"    {workload.name:44} peak {_mib(row['peak'])}, lasting {_mib(row['lasting'])} "
            f"({row['peak'] / row['lasting']:.2f} x), a step {row['step'] / 1024:.1f} KiB"
        )
    return found


def measure(workload: Workload) -> dict[str, int]:
    """Bytes, with the data of the workload itself left out."""
    data = workload.data()
    gc.collect()
    tracemalloc.start()
    try:
        stepper = stepper_for(workload, data)
        with np.errstate(all="ignore"):
            stepper.run(lambda: False, float("inf"), 2)
            gc.collect()
            lasting, peak = tracemalloc.get_traced_memory()
            tracemalloc.reset_peak()
            stepper.run(lambda: False, float("inf"), 4)
            step = tracemalloc.get_traced_memory()[1] - lasting
    finally:
        tracemalloc.stop()
    return {"peak": peak, "lasting": lasting, "step": max(0, step)}


def _mib(count: int) -> str:
    return f"{count / 2**20:8.2f} MiB"
