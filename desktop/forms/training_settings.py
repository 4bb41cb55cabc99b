"""The numbers that training can be told, each declared once for all the forms that offer it."""

from dataclasses import dataclass
from typing import Any

import msgspec

from core.compiler.plan import Plan
from core.datasets.registry import dataset_keys
from core.diagram.records import DatasetChoice, TrainingSettings
from core.training.metrics import judged_by, metric_name
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
        "rho",
        NumberRange("Rho", minimum=0, maximum=1, exclusive_maximum=True),
        "How long the size of the gradient is remembered.",
    ),
    Setting(
        "epsilon",
        NumberRange("Epsilon", minimum=0, exclusive_minimum=True, maximum=1, ladder=True),
        "A small number that keeps the rule from dividing by zero.",
    ),
    Setting(
        "weight_decay",
        NumberRange("Weight decay", minimum=0, maximum=100, ladder=True),
        "The share of every weight, times the learning rate, that each step takes away; biases keep theirs.",
    ),
    Setting(
        "history",
        NumberRange("History", whole=True, minimum=1, maximum=100),
        "How many of its last steps the rule guesses the curvature from.",
    ),
)
SCHEDULE = (
    Setting(
        "factor",
        NumberRange("Factor", minimum=0, exclusive_minimum=True, maximum=1),
        "What the learning rate is multiplied by, again and again.",
    ),
    Setting(
        "every",
        NumberRange("Epochs apart", whole=True, minimum=1, maximum=10_000_000),
        "After how many epochs the factor has come in once.",
    ),
    Setting(
        "final",
        NumberRange("Final share", minimum=0, maximum=1),
        "The share of the learning rate that is left at the end of the run.",
    ),
    Setting(
        "warmup",
        NumberRange("Warm-up epochs", minimum=0, maximum=1_000_000),
        "Over how many epochs the learning rate rises to its full size; 0 begins with all of it.",
    ),
)
REGULARIZATION = (
    Setting(
        "l1",
        NumberRange("L1", minimum=0, maximum=1000, ladder=True),
        "Pulls every weight towards 0 with the same strength, so that many become 0; 0 switches it off.",
    ),
    Setting(
        "l2",
        NumberRange("L2", minimum=0, maximum=1000, ladder=True),
        "Pulls every weight towards 0, large ones harder; 0 switches it off.",
    ),
    Setting(
        "max_norm",
        NumberRange("Max-norm", minimum=0, maximum=1_000_000),
        "The longest that the weights into one unit may be together; 0 switches it off.",
    ),
)
CLIPPING = (
    Setting(
        "norm",
        NumberRange("Longest gradient", minimum=0, maximum=1_000_000),
        "A gradient that is longer, over all weights together, is shortened to this; 0 switches it off.",
    ),
    Setting(
        "value",
        NumberRange("Largest slope", minimum=0, maximum=1_000_000),
        "Every number of the gradient that is larger is cut down to this; 0 switches it off.",
    ),
)
EARLY_STOPPING = (
    Setting(
        "patience",
        NumberRange("Patience", whole=True, minimum=1, maximum=10_000_000),
        "How many epochs the validation loss may go without becoming better before the run ends.",
    ),
    Setting(
        "min_improvement",
        NumberRange("Least improvement", minimum=0, maximum=1_000_000, ladder=True),
        "By how much more than this the validation loss must fall to count as better.",
    ),
)


LOSS_METRIC = "validation_loss"


def metrics_of(key: str, plan: Plan | None = None) -> tuple[str, ...]:
    """The metrics that a run on this data can stop at: the one that its answers are measured by, and the loss.

    Without a plan, as if the network were asked for the targets of the data.
    """
    task = {info.key: info.task for info in dataset_keys()}.get(key, "classes")
    measured = "r2" if task == "regression" else "accuracy"
    if plan is not None:
        measured = metric_name(judged_by(plan), task)
    return tuple(dict.fromkeys((measured, LOSS_METRIC)))


def data_fields(training: TrainingSettings, choice: DatasetChoice) -> dict[str, Any]:
    """What changes in the settings with the data: a target that other data is not measured by becomes one that it is."""
    target = training.target
    if target is not None and target.metric not in metrics_of(choice.key):
        target = msgspec.structs.replace(target, metric=metrics_of(choice.key)[0])
    return {"dataset": choice, "target": target}
