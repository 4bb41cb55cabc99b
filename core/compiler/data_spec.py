"""DataSpec: what the data will look like at each input and each loss of a diagram, without the data."""

from dataclasses import dataclass, field

from core.catalogue.kind import Task
from core.ops.op import Shape


@dataclass(frozen=True, slots=True)
class DataSpec:
    """Sample shapes by node id: of the arrays that arrive at the input nodes, and of the targets of the loss nodes.

    ``columns`` tells which columns of the dataset an input node takes where it does not take all; ``problems`` are sentences
    about input nodes that name a column which the data does not have.
    """

    inputs: dict[str, Shape] = field(default_factory=dict)
    targets: dict[str, Shape] = field(default_factory=dict)
    columns: dict[str, tuple[int, ...]] = field(default_factory=dict)
    task: Task | None = None
    class_names: tuple[str, ...] = ()
    dataset_title: str = "the data"
    problems: dict[str, str] = field(default_factory=dict)
