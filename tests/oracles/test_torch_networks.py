"""Whole networks beside PyTorch: gradients once, and 200 steps of training from the same weights."""

from typing import Any

import numpy as np
import pytest

from core.diagram.records import OptimizerChoice
from core.model.model import Model
from core.training.optimizers import Optimizer
from tests.oracles.networks import NETWORKS, Network

torch = pytest.importorskip("torch", reason="PyTorch, the oracle, is not installed")

torch.set_num_threads(1)

pytestmark = pytest.mark.oracle

STEPS = 200
OPTIMIZERS = {
    "sgd": lambda parameters: torch.optim.SGD(parameters, lr=0.05),
    "momentum": lambda parameters: torch.optim.SGD(parameters, lr=0.02, momentum=0.9),
    "adam": lambda parameters: torch.optim.Adam(parameters, lr=0.01),
    "nesterov": lambda parameters: torch.optim.SGD(parameters, lr=0.02, momentum=0.9, nesterov=True),
    "rmsprop": lambda parameters: torch.optim.RMSprop(parameters, lr=0.005, alpha=0.9),
    "adagrad": lambda parameters: torch.optim.Adagrad(parameters, lr=0.05, eps=1e-8),
    "rprop": lambda parameters: torch.optim.Rprop(parameters, lr=0.01),
}
CHOICES = {
    "sgd": OptimizerChoice(key="sgd", learning_rate=0.05),
    "momentum": OptimizerChoice(key="momentum", learning_rate=0.02, momentum=0.9),
    "adam": OptimizerChoice(key="adam", learning_rate=0.01),
    "nesterov": OptimizerChoice(key="nesterov", learning_rate=0.02, momentum=0.9),
    "rmsprop": OptimizerChoice(key="rmsprop", learning_rate=0.005, rho=0.9),
    "adagrad": OptimizerChoice(key="adagrad", learning_rate=0.05),
    "rprop": OptimizerChoice(key="rprop", learning_rate=0.01),
}


def name(network: Network) -> str:
    return f"{'-'.join(map(str, network.sizes))}-{network.hidden}-{network.loss}"


@pytest.mark.parametrize(("dtype", "forward", "backward"), [("float64", 1e-12, 1e-10), ("float32", 1e-5, 1e-5)])
@pytest.mark.parametrize("network", NETWORKS, ids=name)
def test_outputs_and_gradients_agree(network: Network, dtype: str, forward: float, backward: float) -> None:
    model = Model(network.plan(), seed=3, dtype=dtype)
    inputs, targets = (array.astype(dtype) for array in network.data(20))
    module, criterion = network.in_torch(torch, model.parameters)
    answer = module(torch.tensor(inputs))
    loss = criterion(answer, torch.tensor(targets))
    loss.backward()
    ours, gradients = model.loss_and_gradients({"x": inputs}, {"loss": targets})
    assert ours == pytest.approx(loss.item(), rel=forward)
    last = f"layer{len(network.sizes) - 1}"
    np.testing.assert_allclose(
        model.forward({"x": inputs}, [last])[last], answer.detach().numpy(), rtol=forward, atol=forward
    )
    layers = [layer for layer in module if isinstance(layer, torch.nn.Linear)]
    for number, layer in enumerate(layers, 1):
        for part, theirs in (("weight", layer.weight), ("bias", layer.bias)):
            np.testing.assert_allclose(
                gradients[f"layer{number}/{part}"], theirs.grad.numpy(), rtol=backward, atol=backward
            )


def our_curve(model: Model, key: str, batches: list[tuple[Any, Any]]) -> list[float]:
    optimizer = Optimizer(CHOICES[key], model.vector, model.gradient_vector)
    curve = []
    for inputs, targets in batches:
        curve.append(model.loss_and_gradients({"x": inputs}, {"loss": targets}, training=True)[0])
        for call in optimizer.calls:
            call()
    return curve


def their_curve(module: Any, criterion: Any, key: str, batches: list[tuple[Any, Any]]) -> list[float]:
    optimizer = OPTIMIZERS[key](module.parameters())
    curve = []
    for inputs, targets in batches:
        optimizer.zero_grad()
        loss = criterion(module(torch.tensor(inputs)), torch.tensor(targets))
        loss.backward()
        optimizer.step()
        curve.append(loss.item())
    return curve


@pytest.mark.parametrize("key", CHOICES)
@pytest.mark.parametrize("network", NETWORKS, ids=name)
def test_two_hundred_steps_follow_the_same_curve(network: Network, key: str) -> None:
    inputs, targets = network.data(50)
    # Batches of 16, 16, 16 and a ragged 2, over and over.
    batches = [(inputs[k : k + 16], targets[k : k + 16]) for k in range(0, 50, 16)] * (STEPS // 4)
    model = Model(network.plan(), seed=3, dtype="float64")
    module, criterion = network.in_torch(torch, model.parameters)
    ours, theirs = our_curve(model, key, batches), their_curve(module, criterion, key, batches)
    assert len(ours) == STEPS
    assert np.mean(ours[-20:]) < np.mean(ours[:20])
    np.testing.assert_allclose(ours, theirs, rtol=1e-8, atol=1e-10)
