"""The nine workloads of the engine benchmark: which network, which data, and how much faster than each peer we have to be.

A network is a diagram as a person would draw it, and goes through the compiler like any other. Data are random numbers of the
right form, for only time is measured.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np

from core.compiler.data_spec import DataSpec
from core.diagram.diagram import Diagram
from core.diagram.records import Endpoint, Node

RATE = 0.01


@dataclass(frozen=True)
class Goal:
    """Steps per second of ours, as a multiple of the peer's: ``must`` is demanded, ``aim`` is hoped for."""

    must: float
    aim: float


@dataclass(frozen=True)
class Data:
    """``inputs[k]`` is batch ``k``, batch first and channels last; so is ``targets[k]``."""

    inputs: np.ndarray
    targets: np.ndarray

    @property
    def batch(self) -> int:
        """Samples in a batch."""
        return int(self.inputs.shape[1])

    @property
    def flat_inputs(self) -> np.ndarray:
        """All samples, one after the other."""
        return self.inputs.reshape(-1, *self.inputs.shape[2:])

    @property
    def flat_targets(self) -> np.ndarray:
        """All targets, one after the other."""
        return self.targets.reshape(-1, *self.targets.shape[2:])


@dataclass(frozen=True)
class Workload:
    """A network and how it is trained; ``steps`` are taken between two looks at the clock.

    ``form`` says what peers have to build: "mlp" (``sizes``), "cnn" (``convolutions``: channels, kernel, padding, pool; then ``sizes`` dense),
    "rnn", "lstm" (``sizes``: features, hidden) or "neurons" (``masks``: which wires there are, rank by rank).
    """

    key: str
    title: str
    form: str
    data: Callable[[], Data]
    steps: int
    sizes: tuple[int, ...] = ()
    convolutions: tuple[tuple[int, int, int, bool], ...] = ()
    masks: tuple[np.ndarray, ...] = ()
    hidden: str = "tanh"
    output: str = "linear"
    optimizer: str = "sgd"
    goals: dict[str, Goal] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What a table shows."""
        return f"{self.key} {self.title}, {'Adam' if self.optimizer == 'adam' else 'SGD'}"

    def diagram(self) -> Diagram:
        """The network as it is drawn."""
        return BUILDERS[self.form](self)

    def spec(self, data: Data) -> DataSpec:
        """The form of the data."""
        return DataSpec({"x": data.inputs.shape[2:]}, {"loss": data.targets.shape[2:]})


def rows(features: int, outputs: int, batch: int, count: int, *, classes: bool) -> Callable[[], Data]:
    """Rows of normal numbers; targets are one-hot, or signs."""

    def make() -> Data:
        generator = np.random.default_rng(0)
        inputs = generator.standard_normal((count, batch, features))
        return _data(inputs, _answers(generator, (count, batch, outputs), classes))

    return make


def pictures(side: int, batch: int, count: int) -> Callable[[], Data]:
    """Grey pictures of ten classes."""

    def make() -> Data:
        generator = np.random.default_rng(0)
        return _data(generator.random((count, batch, side, side, 1)), _answers(generator, (count, batch, 10), True))

    return make


def sequences(time: int, features: int, batch: int, count: int) -> Callable[[], Data]:
    """Sequences of normal numbers with one number as the answer."""

    def make() -> Data:
        generator = np.random.default_rng(0)
        return _data(
            generator.standard_normal((count, batch, time, features)), generator.standard_normal((count, batch, 1))
        )

    return make


def _answers(generator: np.random.Generator, shape: tuple[int, ...], classes: bool) -> np.ndarray:
    if classes:
        return np.eye(shape[-1])[generator.integers(0, shape[-1], shape[:-1])]
    return np.sign(generator.standard_normal(shape))


def _data(inputs: np.ndarray, targets: np.ndarray) -> Data:
    return Data(inputs.astype(np.float32), targets.astype(np.float32))


class _Drawing:
    """A chain of nodes."""

    def __init__(self) -> None:
        self.nodes: list[Node] = [Node(id="x", kind="input")]
        self.wires: list[tuple[Endpoint | str, Endpoint | str]] = []
        self.last = "x"

    def then(self, key: str, kind: str, **hyperparameters: Any) -> None:
        self.nodes.append(Node(id=key, kind=kind, hyperparameters=hyperparameters))
        self.wires.append((self.last, key))
        self.last = key

    def diagram(self) -> Diagram:
        return Diagram.build(self.nodes, self.wires)


def _loss(drawing: _Drawing, output: str) -> Diagram:
    drawing.then("loss", "categorical_cross_entropy" if output == "softmax" else "mean_squared_error")
    return drawing.diagram()


def _dense(drawing: _Drawing, sizes: tuple[int, ...], hidden: str, output: str) -> Diagram:
    for layer, units in enumerate(sizes, 1):
        drawing.then(f"dense{layer}", "dense", units=units, activation=output if layer == len(sizes) else hidden)
    return _loss(drawing, output)


def _mlp(workload: Workload) -> Diagram:
    return _dense(_Drawing(), workload.sizes[1:], workload.hidden, workload.output)


def _cnn(workload: Workload) -> Diagram:
    drawing = _Drawing()
    for layer, (channels, kernel, padding, pool) in enumerate(workload.convolutions, 1):
        drawing.then(
            f"convolution{layer}",
            "convolution_2d",
            channels=channels,
            kernel_height=kernel,
            kernel_width=kernel,
            padding="number",
            padding_size=padding,
            activation=workload.hidden,
        )
        if pool:
            drawing.then(f"pool{layer}", "max_pool")
    drawing.then("row", "flatten")
    return _dense(drawing, workload.sizes, workload.hidden, workload.output)


def _recurrent(workload: Workload) -> Diagram:
    drawing = _Drawing()
    drawing.then("memory", workload.form, units=workload.sizes[1])
    drawing.then("y", "dense", units=1, activation="linear")
    return _loss(drawing, workload.output)


def _neurons(workload: Workload) -> Diagram:
    """Every neuron a node, every weight a wire; the inputs one by one."""
    nodes = [
        Node(id=f"x{index}", kind="input", hyperparameters={"columns": str(index + 1)})
        for index in range(workload.masks[0].shape[1])
    ]
    wires: list[tuple[Endpoint | str, Endpoint | str]] = []
    before = [node.id for node in nodes]
    for rank, mask in enumerate(workload.masks):
        names = [f"n{rank}_{index}" for index in range(len(mask))]
        nodes += [Node(id=name, kind="neuron", hyperparameters={"activation": workload.hidden}) for name in names]
        for name, row in zip(names, mask):
            wires += [(before[source], name) for source in np.flatnonzero(row)]
        before = names
    nodes.append(Node(id="y", kind="concatenate"))
    nodes.append(Node(id="loss", kind="mean_squared_error"))
    wires += [(name, "y") for name in before] + [("y", "loss")]
    return Diagram.build(nodes, wires)


BUILDERS: dict[str, Callable[[Workload], Diagram]] = {
    "mlp": _mlp,
    "cnn": _cnn,
    "rnn": _recurrent,
    "lstm": _recurrent,
    "neurons": _neurons,
}


def complete(sizes: tuple[int, ...]) -> tuple[np.ndarray, ...]:
    """The masks of a network in which every neuron reads the whole rank before it."""
    return tuple(np.ones((units, fan_in), bool) for fan_in, units in pairwise(sizes))


def thinned(sizes: tuple[int, ...], share: float, seed: int = 9) -> tuple[np.ndarray, ...]:
    """Masks in which each wire is there with this probability, and every neuron has at least one."""
    generator = np.random.default_rng(seed)
    masks = []
    for fan_in, units in pairwise(sizes):
        mask = generator.random((units, fan_in)) < share
        mask[~mask.any(1), 0] = True
        masks.append(mask)
    return tuple(masks)


def _goals(**peers: tuple[float, float]) -> dict[str, Goal]:
    return {"prototype": Goal(0.85, 0.97)} | {name: Goal(*goal) for name, goal in peers.items()}


WORKLOADS = (
    Workload("W1", "MLP 2-8-8-1 tanh, batch 10", "mlp", rows(2, 1, 10, 50, classes=False), 2000, (2, 8, 8, 1), output="tanh",
             goals=_goals(torch=(15, 22), sklearn=(6, 11), playground=(2.0, 2.6))),
    Workload("W1", "MLP 2-8-8-1 tanh, batch 10", "mlp", rows(2, 1, 10, 50, classes=False), 2000, (2, 8, 8, 1), output="tanh",
             optimizer="adam", goals=_goals(torch=(18, 26), sklearn=(6, 11))),
    Workload("W2", "7-4-10 softmax, batch 10", "mlp", rows(7, 10, 10, 100, classes=True), 2000, (7, 4, 10), output="softmax",
             goals=_goals(torch=(12, 19), sklearn=(7, 9.5))),
    Workload("W3", "MLP 64-128-64-10 ReLU, batch 32", "mlp", rows(64, 10, 32, 56, classes=True), 448, (64, 128, 64, 10), hidden="relu",
             output="softmax", goals=_goals(torch=(4, 6), sklearn=(3.3, 4.5))),
    Workload("W3", "MLP 64-128-64-10 ReLU, batch 32", "mlp", rows(64, 10, 32, 56, classes=True), 448, (64, 128, 64, 10), hidden="relu",
             output="softmax", optimizer="adam", goals=_goals(torch=(4.5, 7), sklearn=(3.3, 4.5))),
    Workload("W4", "MLP 784-512-256-10 ReLU, batch 128", "mlp", rows(784, 10, 128, 8, classes=True), 16, (784, 512, 256, 10), hidden="relu",
             output="softmax", optimizer="adam", goals=_goals(torch=(1.35, 1.7), sklearn=(1.3, 1.6))),
    Workload("W5", "CNN 8x8, batch 32", "cnn", pictures(8, 32, 56), 112, (10,), ((16, 3, 1, True), (32, 3, 1, False)), hidden="relu",
             output="softmax", goals=_goals(torch=(2.4, 3.3), convnetjs=(50, 65))),
    Workload("W6", "LeNet-5 28x28, batch 64", "cnn", pictures(28, 64, 8), 16, (120, 84, 10), ((6, 5, 2, True), (16, 5, 0, True)), hidden="relu",
             output="softmax", goals=_goals(torch=(1.4, 2.0), convnetjs=(45, 80))),
    Workload("W7", "tanh RNN, 50 steps, 8 -> 32, batch 32", "rnn", sequences(50, 8, 32, 4), 120, (8, 32), goals=_goals(torch=(5.5, 8), jax=(1.4, 1.75))),
    Workload("W8", "LSTM, 50 steps, 8 -> 64, batch 32", "lstm", sequences(50, 8, 32, 4), 16, (8, 64), goals=_goals(torch=(0.6, 1.0), jax=(0.85, 1.1))),
    Workload("W9", "200 hand-wired neurons, batch 32", "neurons", rows(16, 50, 32, 50, classes=False), 800, masks=thinned((16, 50, 50, 50, 50), 0.3),
             goals=_goals(torch=(6.5, 9), playground=(45, 70), textbook=(40, 55))),
)  # fmt: skip
