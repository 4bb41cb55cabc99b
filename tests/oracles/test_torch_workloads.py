"""The nine workloads of the engine benchmark beside PyTorch: from the same weights, 200 steps follow the same curve."""

from collections.abc import Callable
from itertools import cycle, islice
from typing import Any

import numpy as np
import pytest

from core.compiler.compile import compile_diagram
from core.diagram.records import OptimizerChoice
from core.model.model import Model
from core.training.optimizers import Optimizer
from tests.benchmarks.peers.ours import spec_of
from tests.benchmarks.peers.pytorch import NETWORKS
from tests.benchmarks.workloads import RATE, WORKLOADS, Data, Workload

torch = pytest.importorskip("torch", reason="PyTorch, the oracle, is not installed")

torch.set_num_threads(1)

pytestmark = pytest.mark.oracle

STEPS = 200
GATES = ("input_gate", "forget_gate", "candidate", "output_gate")
"""In the order in which PyTorch stacks them."""


def copy(place: Any, values: np.ndarray) -> None:
    with torch.no_grad():
        place.copy_(torch.tensor(np.array(values)))


def copy_layers(module: Any, model: Model) -> None:
    """Dense and convolution layers, in the order in which both have them."""
    layers = [layer for layer in module if hasattr(layer, "weight")]
    nodes = dict.fromkeys(name.partition("/")[0] for name in model.parameters)
    channels = 0
    for layer, node in zip(layers, nodes, strict=True):
        weight = model.parameters[f"{node}/weight"]
        if channels and weight.ndim == 2:
            # PyTorch lays a picture out channel by channel, we lay it out place by place.
            weight = weight.reshape(len(weight), -1, channels).swapaxes(1, 2).reshape(weight.shape)
        channels = len(weight) if weight.ndim > 2 else 0
        copy(layer.weight, weight)
        copy(layer.bias, model.parameters[f"{node}/bias"])


def copy_memory(module: Any, model: Model) -> None:
    """The recurrent layer, whose second bias stays 0, and the answer."""
    gates = [f"memory/{gate}." for gate in GATES] if isinstance(module.memory, torch.nn.LSTM) else ["memory/"]
    stacks = {"weight_ih_l0": "input_weight", "weight_hh_l0": "recurrent_weight", "bias_ih_l0": "bias"}
    for theirs, ours in stacks.items():
        copy(getattr(module.memory, theirs), np.concatenate([model.parameters[gate + ours] for gate in gates]))
    copy(module.memory.bias_hh_l0, np.zeros(module.memory.bias_hh_l0.shape))
    module.memory.bias_hh_l0.requires_grad = False
    copy(module.answer.weight, model.parameters["y/weight"])
    copy(module.answer.bias, model.parameters["y/bias"])


def copy_neurons(module: Any, model: Model) -> None:
    """The weights of every neuron, each to the place of its wire."""
    for rank, layer in enumerate(module):
        mask, weight = layer.mask.numpy() > 0, np.zeros(layer.weight.shape)
        for index, row in enumerate(mask):
            weight[index, row] = model.parameters[f"n{rank}_{index}/weight"][0]
        copy(layer.weight, weight)
        copy(layer.bias, [model.parameters[f"n{rank}_{index}/bias"][0] for index in range(len(mask))])
        layer.mask = layer.mask.double()


COPIES: dict[str, Callable[[Any, Model], None]] = {
    "mlp": copy_layers,
    "cnn": copy_layers,
    "rnn": copy_memory,
    "lstm": copy_memory,
    "neurons": copy_neurons,
}


def our_curve(workload: Workload, model: Model, data: Data) -> list[float]:
    optimizer = Optimizer(
        OptimizerChoice(key=workload.optimizer, learning_rate=RATE), model.vector, model.gradient_vector
    )
    curve = []
    for samples, targets in islice(cycle(zip(data.inputs, data.targets)), STEPS):
        inputs: dict[str, np.ndarray] = {"x": samples}
        if workload.form == "neurons":
            inputs = {f"x{index}": samples[:, index : index + 1] for index in range(samples.shape[1])}
        curve.append(model.loss_and_gradients(inputs, {"loss": targets}, training=True)[0])
        with np.errstate(all="ignore"):
            for call in optimizer.calls:
                call()
    return curve


def their_curve(workload: Workload, module: Any, data: Data) -> list[float]:
    kind = torch.optim.SGD if workload.optimizer == "sgd" else torch.optim.Adam
    optimizer = kind([value for value in module.parameters() if value.requires_grad], lr=RATE)
    criterion = torch.nn.CrossEntropyLoss() if workload.output == "softmax" else torch.nn.MSELoss()
    inputs = np.ascontiguousarray(np.moveaxis(data.inputs, -1, 2)) if workload.form == "cnn" else data.inputs
    curve = []
    for samples, targets in islice(cycle(zip(inputs.astype(float), data.targets.astype(float))), STEPS):
        optimizer.zero_grad()
        loss = criterion(module(torch.tensor(samples)), torch.tensor(targets))
        loss.backward()
        optimizer.step()
        curve.append(loss.item())
    return curve


@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda workload: workload.name)
def test_two_hundred_steps_follow_the_same_curve(workload: Workload) -> None:
    data = workload.data()
    plan = compile_diagram(workload.diagram(), spec_of(workload, data)).plan
    assert plan is not None
    model = Model(plan, seed=3, dtype="float64")
    module = NETWORKS[workload.form](torch, workload, data).double()
    COPIES[workload.form](module, model)
    ours, theirs = our_curve(workload, model, data), their_curve(workload, module, data)
    assert ours[-1] != ours[0]
    np.testing.assert_allclose(ours, theirs, rtol=1e-8, atol=1e-10)
