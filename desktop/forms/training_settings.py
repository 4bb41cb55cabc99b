"""The numbers that training can be told, each declared once for all the forms that offer it."""

from dataclasses import dataclass
from typing import Any

import msgspec

from core.datasets.registry import dataset_keys
from core.diagram.records import DatasetChoice, TrainingSettings
from desktop.forms.number_field import NumberRange


@dataclass(frozen=True, slots=True)
class Setting:
    """A number of the training settings: its field there, what is allowed, and what it does."""

    name: str
    allowed: NumberRange
    tip: str


RATE = Setting(
    "learning_rate",
    NumberRange("Learning rate", minimum=0, exclusive_minimum=True, maximum=1e6, ladder=True),
    "How far each step goes. A change applies at once, also while training.",
)
BATCH_SIZE = Setting(
    "batch_size",
    NumberRange("Batch size", whole=True, minimum=1, maximum=1_000_000),
    "How many samples one step looks at.",
)
EPOCHS = Setting(
    "epochs",
    NumberRange("Epochs", whole=True, minimum=1, maximum=10_000_000),
    "How often a run goes through all training samples.",
)
COURSE = (
    BATCH_SIZE,
    EPOCHS,
    Setting(
        "validation_fraction",
        NumberRange("Validation share", minimum=0, maximum=0.9),
        "The share of the samples that the network never learns from, from 0 to 0.9.",
    ),
    Setting(
        "seed",
        NumberRange("Seed", whole=True, minimum=0, maximum=2**31 - 1),
        "The same seed gives the same initial weights and the same order of samples.",
    ),
)
FINE = (
    Setting(
        "momentum",
        NumberRange("Momentum", minimum=0, maximum=1, exclusive_maximum=True),
        "How much of the last step is kept in the next one.",
    ),
    Setting(
        "beta1",
        NumberRange("Beta 1", minimum=0, maximum=1, exclusive_maximum=True),
        "How long the direction of the gradient is remembered.",
    ),
    Setting(
        "beta2",
        NumberRange("Beta 2", minimum=0, maximum=1, exclusive_maximum=True),
        "How long the size of the gradient is remembered.",
    ),
    Setting(
        "epsilon",
        NumberRange("Epsilon", minimum=0, exclusive_minimum=True, maximum=1, ladder=True),
        "A small number that keeps the rule from dividing by zero.",
    ),
)


LOSS_METRIC = "validation_loss"


def metrics_of(key: str) -> tuple[str, ...]:
    """The metrics that a run on this data can stop at: the one that the data is measured by, and the loss."""
    tasks = {info.key: info.task for info in dataset_keys()}
    return ("r2" if tasks.get(key) == "regression" else "accuracy"), LOSS_METRIC


def data_fields(training: TrainingSettings, choice: DatasetChoice) -> dict[str, Any]:
    """What changes in the settings with the data: a target that other data is not measured by becomes one that it is."""
    target = training.target
    if target is not None and target.metric not in metrics_of(choice.key):
        target = msgspec.structs.replace(target, metric=metrics_of(choice.key)[0])
    return {"dataset": choice, "target": target}
