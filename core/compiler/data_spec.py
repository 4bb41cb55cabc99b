"""DataSpec: what the data will look like at each input and each loss of a diagram, without the data."""

from dataclasses import dataclass, field

from core.catalogue.hyperparameters import parse
from core.catalogue.kind import LossKind, SourceKind, Task
from core.catalogue.registry import find_kind
from core.datasets.dataset import Dataset
from core.diagram.diagram import Diagram
from core.diagram.records import Node
from core.errors import HyperparameterError, NeuroloomError
from core.ops.layout import PICTURE
from core.ops.op import Shape


@dataclass(frozen=True, slots=True)
class DataSpec:
    """Sample shapes by node id: of the arrays that arrive at the input nodes, and of the targets of the loss nodes.

    ``columns`` tells which columns of the dataset an input node takes where it does not take all; ``problems`` are sentences
    about input nodes that name a column which the data does not have; ``samples`` is how many there are, where that is known.
    """

    inputs: dict[str, Shape] = field(default_factory=dict)
    targets: dict[str, Shape] = field(default_factory=dict)
    columns: dict[str, tuple[int, ...]] = field(default_factory=dict)
    task: Task | None = None
    class_names: tuple[str, ...] = ()
    dataset_title: str = "the data"
    problems: dict[str, str] = field(default_factory=dict)
    samples: int | None = None


def data_spec_for(diagram: Diagram, dataset: Dataset) -> DataSpec:
    """The DataSpec of a dataset for the input and loss nodes of a diagram, which are found by their roles."""
    inputs: dict[str, Shape] = {}
    targets: dict[str, Shape] = {}
    columns: dict[str, tuple[int, ...]] = {}
    problems: dict[str, str] = {}
    for node in diagram.nodes.values():
        kind = find_kind(node.kind)
        if isinstance(kind, LossKind):
            if kind.has_target:
                targets[node.id] = dataset.input_shape if _compares_inputs(kind, node) else dataset.target_shape
        elif isinstance(kind, SourceKind):
            inputs[node.id] = dataset.input_shape
            try:
                taken = _columns(kind.columns(parse(kind, node.hyperparameters)), dataset)
            except NeuroloomError as error:
                problems[node.id] = str(error)
                continue
            if taken:
                columns[node.id] = taken
                inputs[node.id] = (*dataset.input_shape[:-1], len(taken))
    return DataSpec(
        inputs, targets, columns, Task(dataset.task), dataset.class_names, dataset.title, problems, len(dataset)
    )


def _columns(names: tuple[str, ...], dataset: Dataset) -> tuple[int, ...]:
    """The indexes of columns given by name or by number from 1. Raises NeuroloomError for one that is not there."""
    if names and len(dataset.input_shape) == PICTURE:
        raise NeuroloomError(f"{dataset.title} has no columns to choose from: its samples are pictures.")
    return tuple(_column(name, dataset) for name in names)


def _column(name: str, dataset: Dataset) -> int:
    names = dataset.column_names
    if name in names:
        return names.index(name)
    number = int(name) if name.isascii() and name.isdigit() and len(name) < 10 else 0
    if 1 <= number <= dataset.input_shape[-1]:
        return number - 1
    known = ", ".join(names)
    raise NeuroloomError(f"{dataset.title} has no column {name!r}; it has: {known}.")


def _compares_inputs(kind: LossKind, node: Node) -> bool:
    """Whether a loss node compares with the samples themselves; where its settings are faulty, resolve reports that."""
    try:
        return kind.compares_inputs(parse(kind, node.hyperparameters))
    except HyperparameterError:
        return False
