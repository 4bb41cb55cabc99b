"""Two engines that run in browsers, run here by Node: ConvNetJS and the engine of TensorFlow Playground.

Neither is part of this project. ``NEUROLOOM_JAVASCRIPT`` names a folder with ``node_modules/convnetjs`` (from npm) and ``nn.js`` (Playground's
``src/nn.ts``, compiled to CommonJS).
"""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.benchmarks.workloads import RATE, Data, Workload

FOLDER = "NEUROLOOM_JAVASCRIPT"
RUNNER = Path(__file__).with_name("runner.js")


def convnetjs(workload: Workload, data: Data) -> Callable[[int], None] | None:
    """ConvNetJS, which learns picture by picture and updates once a batch."""
    if workload.form != "cnn" or not _has("node_modules/convnetjs"):
        return None
    side = data.inputs.shape[2]
    layers: list[dict[str, Any]] = [{"type": "input", "out_sx": side, "out_sy": side, "out_depth": 1}]
    for channels, kernel, padding, pool in workload.convolutions:
        layers.append(
            {"type": "conv", "sx": kernel, "filters": channels, "stride": 1, "pad": padding, "activation": "relu"}
        )
        layers += [{"type": "pool", "sx": 2, "stride": 2}] if pool else []
    layers += [{"type": "fc", "num_neurons": units, "activation": "relu"} for units in workload.sizes[:-1]]
    layers.append({"type": "softmax", "num_classes": workload.sizes[-1]})
    pictures = data.flat_inputs.reshape(len(data.flat_inputs), -1).tolist()
    classes = data.flat_targets.argmax(1).tolist()
    return _started("convnetjs", data.batch, {"layers": layers, "inputs": pictures, "targets": classes})


def playground(workload: Workload, data: Data) -> Callable[[int], None] | None:
    """TensorFlow Playground's objects of nodes and links; masks take links away."""
    fits = workload.form == "neurons" or (workload.form == "mlp" and workload.sizes[-1] == 1)
    if not fits or workload.optimizer != "sgd" or not _has("nn.js"):
        return None
    shape = list(workload.sizes) or [data.inputs.shape[-1], *(len(mask) for mask in workload.masks)]
    masks = [mask.astype(int).tolist() for mask in workload.masks]
    samples = {"inputs": data.flat_inputs.tolist(), "targets": data.flat_targets.tolist()}
    return _started("playground", data.batch, {"shape": shape, "masks": masks, **samples})


def _has(name: str) -> bool:
    folder = os.environ.get(FOLDER, "")
    return bool(folder) and (Path(folder) / name).exists() and shutil.which("node") is not None


def _started(peer: str, batch: int, task: dict[str, Any]) -> Callable[[int], None]:
    """A Node process that has read its task, and takes so many steps for each line that it is sent."""
    process = subprocess.Popen(
        ["node", str(RUNNER), os.environ[FOLDER]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    )
    assert process.stdin is not None
    assert process.stdout is not None
    sent, received = process.stdin, process.stdout
    sent.write(json.dumps({"peer": peer, "batch": batch, "rate": RATE, **task}) + "\n")
    if received.readline().strip() != "ready":
        raise RuntimeError(f"{peer} did not start under Node; see its message above.")

    def run(count: int) -> None:
        sent.write(f"{count}\n")
        received.readline()

    return run
