"""The network as a textbook writes it down: clear NumPy, new arrays at every step, one operation per neuron where neurons are drawn."""

from collections.abc import Callable
from itertools import cycle, pairwise

import numpy as np

from tests.benchmarks.workloads import RATE, Data, Workload


def textbook(workload: Workload, data: Data) -> Callable[[int], None] | None:
    """Only for perceptrons with plain gradient descent, and for hand-wired neurons."""
    if workload.optimizer != "sgd" or workload.form not in ("mlp", "neurons"):
        return None
    step = _layers(workload) if workload.form == "mlp" else _neurons(workload)
    batches = cycle(list(zip(data.inputs, data.targets)))

    def run(count: int) -> None:
        for _, (inputs, targets) in zip(range(count), batches):
            step(inputs, targets)

    return run


def _layers(workload: Workload) -> Callable[[np.ndarray, np.ndarray], float]:
    generator = np.random.default_rng(0)
    weights = [
        generator.standard_normal((a, b)).astype(np.float32) / np.sqrt(a, dtype=np.float32)
        for a, b in pairwise(workload.sizes)
    ]
    biases = [np.zeros(units, np.float32) for units in workload.sizes[1:]]
    rate, softmax, tanh = np.float32(RATE), workload.output == "softmax", workload.hidden == "tanh"

    def step(inputs: np.ndarray, targets: np.ndarray) -> float:
        values = [inputs]
        for layer, (weight, bias) in enumerate(zip(weights, biases)):
            total = values[-1] @ weight + bias
            last = layer == len(weights) - 1
            values.append(total if last and softmax else np.tanh(total) if tanh else np.maximum(total, 0))
        if softmax:
            powers = np.exp(values[-1] - values[-1].max(1, keepdims=True))
            shares = powers / powers.sum(1, keepdims=True)
            loss = -float(np.log(shares[targets > 0]).mean())
            delta = (shares - targets) / len(inputs)
        else:
            error = values[-1] - targets
            loss = float((error**2).mean())
            delta = 2 * error / error.size * (1 - values[-1] ** 2)
        for layer in range(len(weights) - 1, -1, -1):
            gradient, bias_gradient = values[layer].T @ delta, delta.sum(0)
            if layer:
                slope = 1 - values[layer] ** 2 if tanh else values[layer] > 0
                delta = (delta @ weights[layer].T) * slope
            weights[layer] -= rate * gradient
            biases[layer] -= rate * bias_gradient
        return loss

    return step


def _neurons(workload: Workload) -> Callable[[np.ndarray, np.ndarray], float]:
    """Each neuron gathers its inputs, sums them up and sends its error back by itself."""
    generator = np.random.default_rng(0)
    sources = [[np.flatnonzero(row) for row in mask] for mask in workload.masks]
    weights = [[generator.standard_normal(len(wires)).astype(np.float32) / 4 for wires in rank] for rank in sources]
    biases = [np.zeros(len(rank), np.float32) for rank in sources]
    rate = np.float32(RATE)

    def step(inputs: np.ndarray, targets: np.ndarray) -> float:
        values = [inputs.T]
        for rank, wires in enumerate(sources):
            before = values[-1]
            values.append(
                np.array([np.tanh(weights[rank][j] @ before[wires[j]] + biases[rank][j]) for j in range(len(wires))])
            )
        error = values[-1] - targets.T
        deltas = 2 * error / np.float32(error.size)
        for rank in range(len(sources) - 1, -1, -1):
            before, after = values[rank], values[rank + 1]
            upstream = np.zeros_like(before)
            for j, wires in enumerate(sources[rank]):
                delta = deltas[j] * (1 - after[j] ** 2)
                upstream[wires] += np.outer(weights[rank][j], delta)
                weights[rank][j] -= rate * (before[wires] @ delta)
                biases[rank][j] -= rate * delta.sum()
            deltas = upstream
        return float((error**2).mean())

    return step
