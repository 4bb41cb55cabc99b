"""Small networks and settings for the tests of training; made from Plans, for training knows no diagrams."""

import numpy as np

from core.datasets.dataset import Dataset, Scaling
from core.diagram.records import OptimizerChoice, TrainingSettings
from core.model.model import Model
from core.ops.activations import Sigmoid, Softmax, Tanh
from core.ops.losses import BinaryCrossEntropyFromLogits, CategoricalCrossEntropyFromLogits, MeanSquaredError
from core.ops.op import LossOp
from core.ops.structure import Dropout
from tests.plans import PlanBuilder


def network(
    data: Dataset, hidden: tuple[int, ...] = (8,), *, dropout: float = 0.0, seed: int = 0, dtype: str = "float32"
) -> Model:
    """Layers of tanh units with an output and a loss that suit the task of the data."""
    builder = PlanBuilder()
    value = builder.input("x", data.input_shape)
    for number, units in enumerate(hidden, start=1):
        value = builder.linear(f"h{number}", value, units)
        value = builder.apply(Tanh(), f"h{number}", value)
        if dropout:
            value = builder.apply(Dropout(dropout), f"d{number}", value)
    value = builder.linear("y", value, data.target_shape[0])
    if data.task == "regression":
        builder.loss("loss", MeanSquaredError(), value)
    else:
        op: LossOp = BinaryCrossEntropyFromLogits() if data.task == "binary" else CategoricalCrossEntropyFromLogits()
        answer = builder.apply(Sigmoid() if data.task == "binary" else Softmax(), "y", value)
        builder.loss("loss", op, value, answer)
    return Model(builder.plan(), seed=seed, dtype=dtype)


def settings(
    optimizer: str = "adam", rate: float = 0.02, batch: int = 16, epochs: int = 20, **fields: object
) -> TrainingSettings:
    """Settings of a short run."""
    choice = OptimizerChoice(key=optimizer, learning_rate=rate)
    return TrainingSettings(optimizer=choice, batch_size=batch, epochs=epochs, **fields)  # type: ignore[arg-type]


def rows(inputs: list[list[float]], targets: list[list[float]], task: str = "regression") -> Dataset:
    """A dataset of a few rows."""
    scaling = Scaling(np.zeros(()), np.ones(()))
    return Dataset(
        key="rows",
        title="Rows",
        task=task,
        inputs=np.array(inputs, np.float32),
        targets=np.array(targets, np.float32),
        feature_names=tuple(f"x{number}" for number in range(1, len(inputs[0]) + 1)),
        target_names=tuple(f"y{number}" for number in range(1, len(targets[0]) + 1)),
        input_scaling=scaling,
        target_scaling=scaling,
    )
