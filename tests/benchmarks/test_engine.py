"""The engine benchmark still runs, and its contestants of ours learn."""

from dataclasses import replace

import numpy as np
import pytest

from core.model.model import Model
from tests.benchmarks import contestants, engine


@pytest.mark.parametrize("workload", engine.WORKLOADS[:5], ids=lambda workload: workload.name)
def test_our_contestants_run_every_small_workload(
    workload: contestants.Workload, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "CONTESTANTS", {"neuroloom": contestants.neuroloom, "by hand": contestants.by_hand})
    times = engine.measure(replace(workload, steps=16), rounds=1)
    assert set(times) == ({"neuroloom", "by hand"} if workload.optimizer == "sgd" else {"neuroloom"})
    assert all(time > 0 for time in times.values())


@pytest.mark.parametrize("workload", engine.WORKLOADS[:3], ids=lambda workload: workload.name)
def test_the_benchmarked_network_learns(workload: contestants.Workload, monkeypatch: pytest.MonkeyPatch) -> None:
    models: list[Model] = []
    monkeypatch.setattr(contestants, "Model", lambda plan: models.append(Model(plan)) or models[-1])
    batches = contestants.make_batches(workload)
    run = contestants.neuroloom(workload, batches)
    inputs = {"x": np.concatenate(batches.inputs)}
    targets = {"loss": np.concatenate(batches.targets)}
    before = models[0].loss_and_gradients(inputs, targets)[0]
    run(3000)
    assert models[0].loss_and_gradients(inputs, targets)[0] < before


def test_a_missed_ratio_is_marked() -> None:
    workload = engine.WORKLOADS[0]
    assert engine.cell(workload, "pytorch", 100.0, 10.0) == "100.0 (10.00 / 15 MISSED)"
    assert engine.cell(workload, "pytorch", 200.0, 10.0) == "200.0 (20.00 / 15)"
    assert engine.cell(workload, "neuroloom", 10.0, 10.0) == "10.0"
    assert "NumPy" in engine.versions()
