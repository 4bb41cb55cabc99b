"""The records that a diagram consists of: frozen, comparable, and ready for JSON.

A record never changes. An edit makes a new one and says so in a Change, so that every earlier state of a diagram stays
valid for whoever still holds it: the undo history, a training run, a save in progress. A record can be part of no cycle, so
the many of them are kept out of the garbage collector (``gc=False``).
"""

from typing import Any, Literal, TypeAlias

import msgspec

Position: TypeAlias = tuple[float, float]
"""Canvas coordinates: x to the right, y down, in pixels at 100 %."""

Endpoint: TypeAlias = tuple[str, str]
"""(node id, port name)."""

Table = Literal["nodes", "wires", "notes", "frames", "training"]


class Node(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One thing on the canvas; ``kind`` is a key of the catalogue, or of a kind that this version does not know.

    ``position`` is the middle of its picture.
    """

    id: str
    kind: str
    title: str = ""
    position: Position = (0.0, 0.0)
    hyperparameters: dict[str, Any] = {}


class Wire(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Carries an array from an output port to an input port; ``order`` sorts the wires that share an input port."""

    id: str
    source: Endpoint
    target: Endpoint
    order: int = 0


class Note(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A text on the canvas, with an arrow to ``target`` (a node id) where one is given."""

    id: str
    text: str = ""
    position: Position = (0.0, 0.0)
    size: Position = (220.0, 60.0)
    target: str | None = None


class Frame(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A titled rectangle behind the nodes that it carries."""

    id: str
    title: str = ""
    position: Position = (0.0, 0.0)
    size: Position = (320.0, 240.0)
    nodes: tuple[str, ...] = ()


class DatasetChoice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which data to train on: a key of ``core.datasets`` and the options of its generator."""

    key: str = "circle"
    options: dict[str, Any] = {}


class OptimizerChoice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which update rule to use; a field that the rule does not have is ignored by it."""

    key: str = "adam"
    learning_rate: float = 0.01
    momentum: float = 0.9
    beta1: float = 0.9
    beta2: float = 0.999
    rho: float = 0.9
    epsilon: float = 1e-8
    weight_decay: float = 0.01
    history: int = 10


class ScheduleChoice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the learning rate changes over a run; a field that the schedule does not read is ignored by it.

    ``every`` and ``warmup`` count epochs; ``factor`` multiplies the rate; ``final`` is the share of the rate that is left at the end.
    """

    key: str = "constant"
    factor: float = 0.5
    every: int = 50
    final: float = 0.0
    warmup: float = 0.0


class RegularizationChoice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Penalties on large weights, and the longest that the weights into one unit may become; 0 switches each off."""

    l1: float = 0.0
    l2: float = 0.0
    max_norm: float = 0.0


class ClippingChoice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The largest number of a gradient, and the largest length of the whole; 0 switches each off."""

    value: float = 0.0
    norm: float = 0.0


class EarlyStoppingChoice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Stop once the validation loss has not fallen by more than ``min_improvement`` for ``patience`` epochs.

    With ``restore_best`` the run ends with the parameters of its best epoch.
    """

    patience: int = 20
    min_improvement: float = 0.0
    restore_best: bool = True


class TargetChoice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Stop the run once ``metric`` ("validation_loss", "accuracy", "r2") has reached ``value``."""

    metric: str = "accuracy"
    value: float = 1.0


class TrainingSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the diagram is to be trained; one such record belongs to every diagram."""

    dataset: DatasetChoice = DatasetChoice()
    optimizer: OptimizerChoice = OptimizerChoice()
    batch_size: int = 32
    epochs: int = 200
    seed: int = 0
    validation_fraction: float = 0.2
    target: TargetChoice | None = None
    schedule: ScheduleChoice = ScheduleChoice()
    regularization: RegularizationChoice = RegularizationChoice()
    clipping: ClippingChoice = ClippingChoice()
    early_stopping: EarlyStoppingChoice | None = None


Record: TypeAlias = Node | Wire | Note | Frame | TrainingSettings

TABLES: dict[type[Record], Table] = {
    Node: "nodes",
    Wire: "wires",
    Note: "notes",
    Frame: "frames",
    TrainingSettings: "training",
}


def address(record: Record) -> tuple[Table, str]:
    """Where a record lives in a diagram: its table and its id ("" for the one TrainingSettings)."""
    return TABLES[type(record)], "" if isinstance(record, TrainingSettings) else record.id
