"""The engine benchmark still runs, what it times really learns, and a goal that is missed is marked."""

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.benchmarks import engine, memory, scaling
from tests.benchmarks.peers import PEERS
from tests.benchmarks.peers.ours import stepper_for
from tests.benchmarks.workloads import WORKLOADS, Goal, Workload, complete, thinned

SMALL = [workload for workload in WORKLOADS if workload.key in ("W1", "W2", "W3", "W9")]


def few_steps(workload: Workload) -> Workload:
    return replace(workload, steps=8)


@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda workload: workload.name)
def test_every_workload_compiles_and_learns(workload: Workload) -> None:
    data = workload.data()
    stepper = stepper_for(workload, data)
    inputs: dict[str, np.ndarray] = {"x": data.flat_inputs}
    if workload.form == "neurons":
        inputs = {f"x{index}": data.flat_inputs[:, index : index + 1] for index in range(data.inputs.shape[-1])}
    before = stepper.model.losses(inputs, {"loss": data.flat_targets})["loss"]
    count = 200 if workload in SMALL else 8
    with np.errstate(all="ignore"):
        while stepper.step < count:
            assert stepper.run(lambda: False, math.inf, count).sound
    assert stepper.is_finite
    assert stepper.model.losses(inputs, {"loss": data.flat_targets})["loss"] < before


@pytest.mark.parametrize("workload", SMALL, ids=lambda workload: workload.name)
def test_every_peer_that_is_there_takes_steps(workload: Workload) -> None:
    """Those that are always there are the textbook, for networks it has, and scikit-learn, which the tests need anyway."""
    data = workload.data()
    runs = {name: run for name, start in PEERS.items() if (run := start(few_steps(workload), data))}
    assert ("textbook" in runs) == (workload.optimizer == "sgd")
    assert ("sklearn" in runs) == (workload.form == "mlp")
    for run in runs.values():
        run(2)


def test_measuring_gives_a_time_for_everyone_in_every_round() -> None:
    workload = few_steps(WORKLOADS[0])
    times = engine.measure(workload, workload.data(), ["textbook"], rounds=3)
    assert set(times) == {engine.OURSELVES, "textbook"}
    assert all(len(values) == 3 and min(values) > 0 for values in times.values())


@pytest.mark.parametrize(("peer", "verdict"), [(10.0, "MISSED"), (25.0, "must"), (40.0, "aim")])
def test_a_goal_is_judged(peer: float, verdict: str) -> None:
    workload = replace(WORKLOADS[0], goals={"torch": Goal(2, 3)})
    rows = engine.compare(workload, {engine.OURSELVES: [10.0, 10.0], "torch": [peer, peer]})
    assert rows["torch"]["ratio"] == peer / 10
    assert rows["torch"]["reached"] == verdict
    assert verdict in "\n".join(engine.line(workload, rows, floor=100.0))


def test_a_peer_without_a_goal_is_only_shown() -> None:
    rows = engine.compare(WORKLOADS[0], {engine.OURSELVES: [1.0], "textbook": [2.0]})
    assert rows["textbook"] == {"microseconds": 2.0, "ratio": 2.0}


def test_the_command_writes_its_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "report.json"
    engine.main(["W1", "--peers", "textbook", "--rounds", "1", "--json", str(file)])
    report = json.loads(file.read_text(encoding="utf-8"))
    assert list(report["workloads"]) == [workload.name for workload in engine.chosen(["W1"])]
    assert "NumPy" in capsys.readouterr().out


def test_an_unknown_peer_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        engine.main(["--peers", "abacus"])
    assert "there is no peer abacus" in capsys.readouterr().err


def test_masks_leave_no_neuron_without_a_wire() -> None:
    masks = thinned((16, 50, 50), 0.02)
    assert [mask.shape for mask in masks] == [(50, 16), (50, 50)]
    assert all(mask.any(1).all() for mask in masks)
    assert all(mask.all() for mask in complete((3, 2)))


def test_scales_and_memory_can_be_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    small = {"neurons": (scaling.neurons, (50, 100)), "batch": (scaling.batches, (1, 4))}
    monkeypatch.setattr(scaling, "SCALES", small)
    found = scaling.tables(rounds=1)
    assert set(found) == set(small)
    assert all(time > 0 for row in found.values() for time in row.values())
    sizes = memory.measure(WORKLOADS[0])
    assert 0 < sizes["lasting"] <= sizes["peak"]
