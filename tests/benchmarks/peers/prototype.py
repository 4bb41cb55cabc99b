"""The hand-written reference that the engine was designed after, where its folder is at hand.

It is a laboratory's code and no part of this project: the environment variable ``NEUROLOOM_PROTOTYPES`` says where it lies.
"""

import importlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks.workloads import RATE, Data, Workload

FOLDER = "NEUROLOOM_PROTOTYPES"


def prototype(workload: Workload, data: Data) -> Callable[[int], None] | None:
    """The prototype's own step function."""
    folder = os.environ.get(FOLDER, "")
    if not folder or not Path(folder).is_dir():
        return None
    if folder not in sys.path:
        sys.path.append(folder)
    step = STEPS[workload.form](workload, data)

    def run(count: int) -> None:
        with np.errstate(all="ignore"):
            for _ in range(count):
                step()

    return run


def _mlp(workload: Workload, data: Data) -> Callable[[], Any]:
    module = importlib.import_module("np_mlp")
    loss = "ce" if workload.output == "softmax" else "mse_tanh"
    sizes = workload.sizes or (data.inputs.shape[-1], *(len(mask) for mask in workload.masks))
    masks = [mask.astype(np.float32) for mask in workload.masks] or None
    step: Callable[[], Any] = module.MLP(
        list(sizes), workload.hidden, loss, data.inputs, data.targets, workload.optimizer, RATE, masks
    ).step
    return step


def _cnn(workload: Workload, data: Data) -> Callable[[], Any]:
    """Of its two ways to convolve, the one that was found best for such a layer: block-wise where a large picture is pooled."""
    module = importlib.import_module("np_conv")
    large = data.inputs.shape[2] > 8
    method = ["blk" if pool and large else "chwn" for *_, pool in workload.convolutions]
    inputs = np.ascontiguousarray(np.moveaxis(data.inputs, -1, 2))
    step: Callable[[], Any] = module.ConvNet(
        list(workload.convolutions), list(workload.sizes), inputs, data.targets, method, workload.optimizer, RATE
    ).step
    return step


def _recurrent(workload: Workload, data: Data) -> Callable[[], Any]:
    module = importlib.import_module("np_lstm_fm")
    kind = module.RNNF if workload.form == "rnn" else module.LSTMF
    step: Callable[[], Any] = kind(data.inputs, data.targets, workload.sizes[1], RATE).step
    return step


STEPS: dict[str, Callable[[Workload, Data], Callable[[], Any]]] = {
    "mlp": _mlp,
    "neurons": _mlp,
    "cnn": _cnn,
    "rnn": _recurrent,
    "lstm": _recurrent,
}
