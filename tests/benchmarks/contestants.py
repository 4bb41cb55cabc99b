"""The contestants of the engine benchmark: the same network and the same batches, each in its own best idiom."""

import importlib
import importlib.util
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from importlib import metadata
from itertools import cycle, pairwise
from typing import Any, TypeAlias

import numpy as np

from core.compiler.plan import Plan
from core.diagram.records import OptimizerChoice
from core.model.model import Model
from core.ops.activations import Relu, Softmax, Tanh
from core.ops.losses import CategoricalCrossEntropyFromLogits, MeanSquaredError
from core.training.optimizers import Optimizer
from tests.plans import PlanBuilder

Steps: TypeAlias = Callable[[int], None]
RATE = 0.01
BATCHES = 16


@dataclass(frozen=True)
class Workload:
    """A multilayer perceptron, and how it is trained; ``steps`` are taken between two looks at the clock.

    ``must`` holds, by contestant, how many times faster than it we have to be.
    """

    name: str
    sizes: tuple[int, ...]
    hidden: str
    output: str
    batch: int
    optimizer: str
    steps: int
    must: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Batches:
    """``inputs[k]`` is (batch, features), ``targets[k]`` (batch, outputs)."""

    inputs: np.ndarray
    targets: np.ndarray


def make_batches(workload: Workload) -> Batches:
    """Random inputs; targets are one-hot for softmax, else signs."""
    generator = np.random.default_rng(0)
    inputs = generator.standard_normal((BATCHES, workload.batch, workload.sizes[0])).astype(np.float32)
    outputs = workload.sizes[-1]
    if workload.output == "softmax":
        targets = np.eye(outputs, dtype=np.float32)[generator.integers(0, outputs, (BATCHES, workload.batch))]
    else:
        targets = np.sign(generator.standard_normal((BATCHES, workload.batch, outputs))).astype(np.float32)
    return Batches(inputs, targets)


def versions() -> dict[str, str]:
    """The versions of the peers that are installed."""
    found = {}
    for distribution in ("torch", "scikit-learn"):
        with suppress(metadata.PackageNotFoundError):
            found[distribution] = metadata.version(distribution)
    return found


def perceptron(workload: Workload) -> Plan:
    """The plan of a multilayer perceptron, as the compiler makes it."""
    activations = {"tanh": Tanh(), "relu": Relu()}
    build = PlanBuilder()
    value = logits = build.input("x", (workload.sizes[0],))
    for layer, units in enumerate(workload.sizes[1:], 1):
        last = layer == len(workload.sizes) - 1
        node = "y" if last else f"h{layer}"
        logits = build.linear(node, value, units)
        value = build.apply(
            Softmax() if last and workload.output == "softmax" else activations[workload.hidden], node, logits
        )
    if workload.output == "softmax":
        build.loss("loss", CategoricalCrossEntropyFromLogits(), logits, value)
    else:
        build.loss("loss", MeanSquaredError(), value)
    return build.plan()


def neuroloom(workload: Workload, batches: Batches) -> Steps:
    """A bound step and an optimizer, as the trainer runs them."""
    model = Model(perceptron(workload))
    optimizer = Optimizer(
        OptimizerChoice(key=workload.optimizer, learning_rate=RATE), model.vector, model.gradient_vector
    )
    step = model.bound(workload.batch)
    programs = cycle(
        [
            (
                partial(np.copyto, step.inputs["x"], np.ascontiguousarray(inputs.T)),
                partial(np.copyto, step.targets["loss"], np.ascontiguousarray(targets.T)),
                *step.forward_calls,
                *step.backward_calls,
                *optimizer.calls,
            )
            for inputs, targets in zip(batches.inputs, batches.targets)
        ]
    )

    def run(count: int) -> None:
        with np.errstate(all="ignore"):
            for _, program in zip(range(count), programs):
                for call in program:
                    call()
                float(step.loss)

    return run


def by_hand(workload: Workload, batches: Batches) -> Steps | None:
    """The same network in straight-line NumPy with preallocated arrays and no framework; only with plain gradient descent."""
    if workload.optimizer != "sgd":
        return None
    layers = [_Layer(*pair, workload.batch) for pair in pairwise(workload.sizes)]
    columns = [
        (np.vstack([inputs.T, np.ones_like(inputs[:, :1]).T]), np.ascontiguousarray(targets.T))
        for inputs, targets in zip(batches.inputs, batches.targets)
    ]
    rate, zero, one = (np.array(value, np.float32) for value in (RATE, 0, 1))
    softmax, tanh = workload.output == "softmax", workload.hidden == "tanh"

    def step(inputs: np.ndarray, targets: np.ndarray) -> float:
        source = inputs
        for layer in layers:
            layer.weight.dot(source, layer.output)
            if layer is not layers[-1] or not softmax:
                np.tanh(layer.output, layer.output) if tanh else np.maximum(layer.output, zero, out=layer.output)
            source = layer.extended
        last = layers[-1]
        if softmax:
            np.subtract(last.output, last.output.max(0), last.delta)
            np.exp(last.delta, last.delta)
            np.divide(last.delta, last.delta.sum(0), last.delta)
            loss = -float(np.log(last.delta[targets > 0]).mean())
            np.subtract(last.delta, targets, last.delta)
            np.multiply(last.delta, 1 / workload.batch, last.delta)
        else:
            np.subtract(last.output, targets, last.delta)
            loss = float(np.vdot(last.delta, last.delta)) / last.delta.size
            np.multiply(last.delta, 2 / last.delta.size, last.delta)
        for index in range(len(layers) - 1, -1, -1):
            layer = layers[index]
            if layer is not last or not softmax:
                if tanh:
                    np.multiply(layer.output, layer.output, layer.scratch)
                    np.subtract(one, layer.scratch, layer.scratch)
                else:
                    np.greater(layer.output, zero, layer.scratch)
                np.multiply(layer.delta, layer.scratch, layer.delta)
            layer.delta.dot((layers[index - 1].extended if index else inputs).T, layer.gradient)
            if index:
                layer.weight[:, :-1].T.dot(layer.delta, layers[index - 1].delta)
            np.multiply(layer.gradient, rate, layer.gradient)
            np.subtract(layer.weight, layer.gradient, layer.weight)
        return loss

    endless = cycle(columns)

    def run(count: int) -> None:
        for _, (inputs, targets) in zip(range(count), endless):
            step(inputs, targets)

    return run


class _Layer:
    """The arrays of one layer of ``by_hand``."""

    def __init__(self, fan_in: int, units: int, batch: int) -> None:
        generator = np.random.default_rng(fan_in)
        self.weight = (generator.standard_normal((units, fan_in + 1)) / np.sqrt(fan_in)).astype(np.float32)
        self.gradient = np.empty_like(self.weight)
        self.extended = np.ones((units + 1, batch), np.float32)
        self.output = self.extended[:-1]
        self.delta, self.scratch = np.empty_like(self.output), np.empty_like(self.output)


def pytorch(workload: Workload, batches: Batches) -> Steps | None:
    """PyTorch eager with its own modules and optimizers."""
    if not importlib.util.find_spec("torch"):
        return None
    torch = importlib.import_module("torch")
    torch.set_num_threads(1)
    activation = torch.nn.Tanh if workload.hidden == "tanh" else torch.nn.ReLU
    modules: list[Any] = []
    for fan_in, units in pairwise(workload.sizes):
        modules += [torch.nn.Linear(fan_in, units), activation()]
    if workload.output == "softmax":
        modules.pop()
    network = torch.nn.Sequential(*modules)
    criterion = torch.nn.CrossEntropyLoss() if workload.output == "softmax" else torch.nn.MSELoss()
    kind = torch.optim.SGD if workload.optimizer == "sgd" else torch.optim.Adam
    optimizer = kind(network.parameters(), lr=RATE)
    pairs = cycle(list(zip(torch.tensor(batches.inputs), torch.tensor(batches.targets))))

    def run(count: int) -> None:
        for _, (inputs, targets) in zip(range(count), pairs):
            optimizer.zero_grad()
            loss = criterion(network(inputs), targets)
            loss.backward()
            optimizer.step()
            loss.item()

    return run


def scikit_learn(workload: Workload, batches: Batches) -> Steps | None:
    """scikit-learn's MLP, which has no batch loop to itself: one call of ``fit`` runs over enough batches."""
    if not importlib.util.find_spec("sklearn"):
        return None
    network = importlib.import_module("sklearn.neural_network")
    exceptions = importlib.import_module("sklearn.exceptions")
    softmax = workload.output == "softmax"
    kind = network.MLPClassifier if softmax else network.MLPRegressor
    inputs = batches.inputs.reshape(-1, workload.sizes[0])
    flat = batches.targets.reshape(-1, workload.sizes[-1])
    targets = flat.argmax(1) if softmax else flat.ravel()

    def run(count: int) -> None:
        learner = kind(
            hidden_layer_sizes=workload.sizes[1:-1],
            activation=workload.hidden,
            solver=workload.optimizer,
            batch_size=workload.batch,
            learning_rate_init=RATE,
            alpha=0.0,
            momentum=0.0,
            nesterovs_momentum=False,
            max_iter=max(1, count // BATCHES),
            tol=0.0,
            n_iter_no_change=10**9,
            shuffle=False,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", exceptions.ConvergenceWarning)
            learner.fit(inputs, targets)

    return run
