"""PyTorch in eager mode with its own modules and optimizers."""

import importlib
import importlib.util
from collections.abc import Callable
from itertools import cycle, pairwise
from typing import Any

import numpy as np

from tests.benchmarks.workloads import RATE, Data, Workload


def pytorch(workload: Workload, data: Data) -> Callable[[int], None] | None:
    """zero_grad, forward, loss, backward, step, and the loss as a number."""
    if not importlib.util.find_spec("torch"):
        return None
    torch = importlib.import_module("torch")
    torch.set_num_threads(1)
    network = NETWORKS[workload.form](torch, workload, data)
    criterion = torch.nn.CrossEntropyLoss() if workload.output == "softmax" else torch.nn.MSELoss()
    kind = torch.optim.SGD if workload.optimizer == "sgd" else torch.optim.Adam
    optimizer = kind(network.parameters(), lr=RATE)
    inputs = np.moveaxis(data.inputs, -1, 2) if workload.form == "cnn" else data.inputs
    pairs = cycle(list(zip(torch.tensor(np.ascontiguousarray(inputs)), torch.tensor(data.targets))))

    def run(count: int) -> None:
        for _, (samples, targets) in zip(range(count), pairs):
            optimizer.zero_grad()
            loss = criterion(network(samples), targets)
            loss.backward()
            optimizer.step()
            loss.item()

    return run


def _perceptron(torch: Any, sizes: tuple[int, ...], hidden: str, output: str) -> list[Any]:
    functions = {"tanh": torch.nn.Tanh, "relu": torch.nn.ReLU}
    modules: list[Any] = []
    for layer, (fan_in, units) in enumerate(pairwise(sizes), 2):
        modules.append(torch.nn.Linear(fan_in, units))
        function = functions.get(output if layer == len(sizes) else hidden)
        modules += [function()] if function else []
    return modules


def _mlp(torch: Any, workload: Workload, data: Data) -> Any:
    return torch.nn.Sequential(*_perceptron(torch, workload.sizes, workload.hidden, workload.output))


def _cnn(torch: Any, workload: Workload, data: Data) -> Any:
    side, channels = data.inputs.shape[2], 1
    modules: list[Any] = []
    for out_channels, kernel, padding, pool in workload.convolutions:
        modules += [torch.nn.Conv2d(channels, out_channels, kernel, padding=padding), torch.nn.ReLU()]
        side, channels = side + 2 * padding - kernel + 1, out_channels
        if pool:
            modules.append(torch.nn.MaxPool2d(2))
            side //= 2
    sizes = (channels * side * side, *workload.sizes)
    return torch.nn.Sequential(
        *modules, torch.nn.Flatten(), *_perceptron(torch, sizes, workload.hidden, workload.output)
    )


def _recurrent(torch: Any, workload: Workload, data: Data) -> Any:
    kind = torch.nn.RNN if workload.form == "rnn" else torch.nn.LSTM

    class LastStep(torch.nn.Module):  # type: ignore[name-defined,misc]
        def __init__(self) -> None:
            super().__init__()
            self.memory = kind(*workload.sizes, batch_first=True)
            self.answer = torch.nn.Linear(workload.sizes[1], 1)

        def forward(self, samples: Any) -> Any:
            return self.answer(self.memory(samples)[0][:, -1])

    return LastStep()


def _neurons(torch: Any, workload: Workload, data: Data) -> Any:
    """Dense layers whose weights are multiplied by a mask."""

    class Masked(torch.nn.Linear):  # type: ignore[name-defined,misc]
        def __init__(self, mask: np.ndarray) -> None:
            super().__init__(mask.shape[1], mask.shape[0])
            self.mask = torch.tensor(mask.astype(np.float32))

        def forward(self, samples: Any) -> Any:
            return torch.tanh(torch.nn.functional.linear(samples, self.weight * self.mask, self.bias))

    return torch.nn.Sequential(*(Masked(mask) for mask in workload.masks))


NETWORKS: dict[str, Callable[[Any, Workload, Data], Any]] = {
    "mlp": _mlp,
    "cnn": _cnn,
    "rnn": _recurrent,
    "lstm": _recurrent,
    "neurons": _neurons,
}
