"""Neuroloom itself: a diagram through the compiler, stepped as the trainer steps it, epochs and shuffling included."""

import math
from collections.abc import Callable

import numpy as np

from core.compiler.compile import compile_diagram
from core.datasets.dataset import Dataset, Scaling
from core.diagram.records import OptimizerChoice
from core.model.model import Model
from core.training.batching import part
from core.training.optimizers import Optimizer
from core.training.stepping import Stepper
from tests.benchmarks.workloads import RATE, Data, Workload


def neuroloom(workload: Workload, data: Data) -> Callable[[int], None]:
    """Steps of the trainer's own loop."""
    stepper = stepper_for(workload, data)

    def run(count: int) -> None:
        last = stepper.step + count
        with np.errstate(all="ignore"):
            while stepper.step < last:
                stepper.run(_never, math.inf, last)

    return run


def stepper_for(workload: Workload, data: Data) -> Stepper:
    """A model of the workload's diagram, with its data and its optimizer, ready to step."""
    compilation = compile_diagram(workload.diagram(), spec_of(workload, data))
    assert compilation.plan is not None, [finding.message for finding in compilation.errors]
    model = Model(compilation.plan)
    learned = part(model.plan, dataset_of(data), np.arange(len(data.flat_inputs)), model.vector.dtype)
    settings = OptimizerChoice(key=workload.optimizer, learning_rate=RATE)
    optimizer = Optimizer(settings, model.vector, model.gradient_vector)
    return Stepper(model, learned, optimizer, data.batch, seed=0)


def spec_of(workload: Workload, data: Data):
    """The form of the data at the inputs; neurons read one column each."""
    spec = workload.spec(data)
    if workload.form != "neurons":
        return spec
    columns = range(data.inputs.shape[-1])
    spec.inputs.clear()
    spec.inputs.update({f"x{index}": (1,) for index in columns})
    spec.columns.update({f"x{index}": (index,) for index in columns})
    return spec


def dataset_of(data: Data) -> Dataset:
    """The data as a dataset."""
    unit = Scaling(np.zeros(()), np.ones(()))
    inputs, targets = data.flat_inputs, data.flat_targets
    names = [
        tuple(f"{letter}{index}" for index in range(array.shape[-1]))
        for letter, array in (("x", inputs), ("t", targets))
    ]
    return Dataset("random", "Random numbers", "regression", inputs, targets, *names, unit, unit)


def _never() -> bool:
    return False
