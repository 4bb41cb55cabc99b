"""What an LSTM remembers and a simple recurrent network forgets, over ten seeds; and how far back the gradients of both reach.

``python -m tests.experiments.memory [reber] [adding] [--seeds N]`` prints a table for each task (Hochreiter and Schmidhuber, Long
short-term memory, 1997, experiments 1 and 4). Both networks have the same data, steps, rate and clipping, and about as many
parameters. Every seed draws its own data and weights, and is judged on sequences that were never trained on.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.compiler.compile import compile_diagram
from core.compiler.data_spec import data_spec_for
from core.datasets.dataset import Dataset
from core.datasets.memory import adding
from core.datasets.reber import draw_strings, embedded_reber, encode
from core.diagram.diagram import Diagram
from core.diagram.records import ClippingChoice, Node, OptimizerChoice, TrainingSettings
from core.inspection.time_gradients import TimeGradients
from core.model.model import Model
from core.training.trainer import Trainer

Array = NDArray[np.floating[Any]]

SEEDS = 10
UNSEEN = 256
UNSEEN_SEED = 10_000
"""Added to the seed of a run for the sequences that it is judged on."""
WHEN = ("untrained", "trained")


@dataclass(frozen=True)
class Task:
    """``cells`` are the recurrent layers to compare, with their hyperparameters, and ``output`` says what they put out.

    ``judge`` gives the figure of a network on unseen sequences; ``probe`` the inputs and targets whose gradient is looked at.
    """

    title: str
    figure: str
    draw: Callable[[int], Dataset]
    cells: dict[str, dict[str, Any]]
    output: str
    answer: dict[str, Any]
    loss: str
    learning_rate: float
    steps: int
    judge: Callable[[Model, Dataset, int], float]
    solved: Callable[[float], bool]
    probe: Callable[[Dataset, int], tuple[Array, Array]]


@dataclass(frozen=True)
class Run:
    """``norms`` is ``|dL/dx_t|`` for each step of the probe sequences, before training and after it."""

    figure: float
    solved: bool
    seconds: float
    parameters: int
    norms: tuple[Array, Array]


def diagram(task: Task, cell: str) -> Diagram:
    """Input, one recurrent layer, one dense layer, loss."""
    nodes = [
        Node(id="x", kind="input"),
        Node(id="memory", kind=cell, hyperparameters={**task.cells[cell], "output": task.output}),
        Node(id="y", kind="dense", hyperparameters=task.answer),
        Node(id="loss", kind=task.loss),
    ]
    return Diagram.build(nodes, [("x", "memory"), ("memory", "y"), ("y", "loss")])


def run(task: Task, cell: str, seed: int, steps: int | None = None) -> Run:
    """Train one network from one seed and judge it."""
    data, drawn = task.draw(seed), diagram(task, cell)
    plan = compile_diagram(drawn, data_spec_for(drawn, data)).plan
    assert plan is not None
    model = Model(plan, seed=seed)
    gradients = TimeGradients(model)
    inputs, targets = task.probe(data, seed)

    def norms() -> Array:
        return gradients.measure(model.vector, {"x": inputs}, {"loss": targets})["x"]

    before = norms()
    settings = TrainingSettings(
        optimizer=OptimizerChoice(key="adam", learning_rate=task.learning_rate),
        clipping=ClippingChoice(norm=1.0),
        batch_size=32,
        epochs=10_000,
        seed=seed,
        validation_fraction=0.0,
    )
    started = perf_counter()
    for _ in Trainer(model, data, settings, max_steps=steps or task.steps).events():
        pass
    seconds = perf_counter() - started
    figure = task.judge(model, data, seed)
    return Run(figure, task.solved(figure), seconds, plan.num_parameters, (before, norms()))


# ---------------------------------------------------------------- adding problem


LENGTH = 100


def _adding_error(model: Model, data: Dataset, seed: int) -> float:
    unseen = adding(1000, data.input_shape[0], UNSEEN_SEED + seed)
    return float(np.square(model.forward({"x": unseen.inputs}, ("y",))["y"] - unseen.targets).mean())


def _adding_probe(data: Dataset, seed: int) -> tuple[Array, Array]:
    unseen = adding(64, data.input_shape[0], UNSEEN_SEED + seed)
    return unseen.inputs, unseen.targets


# ---------------------------------------------------------------- embedded Reber grammar


LONGEST = 40
PROBED = 20
"""The gradient is looked at for strings of this many symbols."""


def strings_in(data: Dataset) -> set[str]:
    """The strings that a dataset of the grammar was made of."""
    letters = np.array(data.class_names)
    shown, asked = data.inputs.argmax(axis=2), data.targets.any(axis=2).sum(axis=1)
    return {"".join(letters[row[:steps]]) + "E" for row, steps in zip(shown, asked)}


def _share_legal(model: Model, data: Dataset, seed: int) -> float:
    """The share of unseen strings at every step of which the likeliest next symbol is a legal one."""
    random = np.random.default_rng(UNSEEN_SEED + seed)
    inputs, targets = encode(draw_strings(UNSEEN, LONGEST, random, unlike=strings_in(data)), LONGEST)
    chosen = model.forward({"x": inputs}, ("y",))["y"].argmax(axis=2)
    legal = np.take_along_axis(targets, chosen[..., None], axis=2)[..., 0] > 0
    return float((legal | ~targets.any(axis=2)).all(axis=1).mean())


def _reber_probe(data: Dataset, seed: int) -> tuple[Array, Array]:
    """Strings of one length, of which only the last symbol but one is asked for: the one that the second symbol decides."""
    random = np.random.default_rng(UNSEEN_SEED + seed)
    strings = [text for text in draw_strings(1000, LONGEST, random) if len(text) == PROBED]
    inputs, targets = encode(strings, LONGEST)
    only = np.zeros_like(targets)
    only[:, PROBED - 3] = targets[:, PROBED - 3]
    return inputs, only


TASKS = {
    "reber": Task(
        title=f"Embedded Reber grammar, strings of up to {LONGEST} symbols",
        figure="legal strings",
        draw=lambda seed: embedded_reber(1000, LONGEST, seed),
        cells={"lstm": {"units": 16, "forget_bias": 2.0}, "rnn": {"units": 35}},
        output="every",
        answer={"units": 7, "activation": "softmax"},
        loss="categorical_cross_entropy",
        learning_rate=0.01,
        steps=10_000,
        judge=_share_legal,
        solved=lambda share: share == 1.0,
        probe=_reber_probe,
    ),
    "adding": Task(
        title=f"Adding problem, length {LENGTH}",
        figure="mean squared error",
        draw=lambda seed: adding(10_000, LENGTH, seed),
        cells={"lstm": {"units": 32}, "rnn": {"units": 64}},
        output="last",
        answer={"units": 1},
        loss="mean_squared_error",
        learning_rate=0.01,
        steps=3000,
        judge=_adding_error,
        solved=lambda error: error < 0.02,
        probe=_adding_probe,
    ),
}


def compare(task: Task, seeds: int) -> dict[str, list[Run]]:
    """Run both networks from every seed, and print a line for each."""
    print(f"{task.title}: {task.figure} on unseen sequences, {task.steps:,} steps")
    runs: dict[str, list[Run]] = {cell: [] for cell in task.cells}
    for seed in range(seeds):
        for cell, found in runs.items():
            found.append(run(task, cell, seed))
        figures = (
            f"{cell} {found[-1].figure:9.5f} {'solved' if found[-1].solved else '':6}" for cell, found in runs.items()
        )
        times = ", ".join(f"{found[-1].seconds:.1f} s" for found in runs.values())
        print(f"  seed {seed}:  {'   '.join(figures)}   ({times})", flush=True)
    for cell, found in runs.items():
        solved = sum(each.solved for each in found)
        print(
            f"  {cell}: {task.cells[cell]['units']} units, {found[0].parameters:,} parameters, solved {solved} of {seeds}"
        )
    _print_norms(runs)
    return runs


def _print_norms(runs: dict[str, list[Run]]) -> None:
    """The gradient by how long before the question a step was, as a share of that at the step of the question."""
    columns = {f"{cell} {when}": decay(found, index) for cell, found in runs.items() for index, when in enumerate(WHEN)}
    print(
        "  gradient by the input so many steps before the question, beside that by the input at the question (median of the seeds)"
    )
    print("    steps before  " + "  ".join(f"{name:>14}" for name in columns))
    reach = len(next(iter(columns.values())))
    for back in sorted({0, 1, 2, 5, 10, 20, 50, reach - 1} & set(range(reach))):
        print(f"    {back:12}  " + "  ".join(f"{shares[back]:14.1e}" for shares in columns.values()))
    print()


def decay(runs: list[Run], index: int) -> Array:
    """``|dL/dx_(T-k)| / |dL/dx_T|`` for k = 0, 1 ..., where T is the last step with a gradient; the median of the runs."""
    shares = []
    for each in runs:
        norms = each.norms[index]
        last = int(np.flatnonzero(norms)[-1])
        shares.append(norms[last::-1] / norms[last])
    middle: Array = np.median(shares, axis=0)
    return middle


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tasks", nargs="*", metavar="TASK", help=f"{' or '.join(TASKS)}; all where none is named")
    parser.add_argument("--seeds", type=int, default=SEEDS)
    arguments = parser.parse_args()
    unknown = [key for key in arguments.tasks if key not in TASKS]
    if unknown:
        parser.error(f"there is no task {unknown[0]!r}")
    for key in arguments.tasks or TASKS:
        compare(TASKS[key], arguments.seeds)


if __name__ == "__main__":
    main()
