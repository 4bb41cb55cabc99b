"""The compiler: a list of small passes from a Diagram to a Plan, which never raises for a diagram, however odd."""

from collections.abc import Callable
from dataclasses import dataclass, field

from core.compiler.data_spec import DataSpec
from core.compiler.diagnostics import Diagnostic, Severity
from core.compiler.draft import Draft
from core.compiler.passes.advise import advise
from core.compiler.passes.allocate import allocate
from core.compiler.passes.check_outputs import check_outputs
from core.compiler.passes.check_size import check_size
from core.compiler.passes.fuse_convolutions import fuse_convolutions
from core.compiler.passes.fuse_neurons import fuse_neurons
from core.compiler.passes.infer_shapes import infer_shapes
from core.compiler.passes.lower import lower
from core.compiler.passes.order import order
from core.compiler.passes.reach import reach
from core.compiler.passes.resolve import resolve
from core.compiler.passes.unroll_time import check_loops, unroll_time
from core.compiler.plan import Plan
from core.diagram.diagram import Diagram
from core.diagram.records import Endpoint
from core.ops.op import Shape

PASSES: tuple[Callable[[Draft], None], ...] = (
    resolve,
    order,
    reach,
    infer_shapes,
    check_outputs,
    lower,
    check_loops,
    check_size,
    advise,
    allocate,
    unroll_time,
    fuse_neurons,
    fuse_convolutions,
)
"""In this order; each reads what the ones before it left in the draft."""


@dataclass(frozen=True, slots=True)
class Compilation:
    """What the compiler has to say about a diagram.

    ``plan`` is None while there are errors. ``shapes`` holds the sample shape at every output port that could be worked out,
    also where an error lies further on; ``node_parameters`` and ``node_macs`` count what each node trains and multiplies for a sample,
    for the nodes that do; ``node_memory`` estimates the bytes that each takes in training.
    """

    plan: Plan | None
    diagnostics: tuple[Diagnostic, ...] = ()
    shapes: dict[Endpoint, Shape] = field(default_factory=dict)
    node_parameters: dict[str, int] = field(default_factory=dict)
    node_macs: dict[str, int] = field(default_factory=dict)
    node_memory: dict[str, int] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether the diagram can be trained."""
        return self.plan is not None

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """What keeps the diagram from training."""
        return tuple(item for item in self.diagnostics if item.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """What will disappoint."""
        return tuple(item for item in self.diagnostics if item.severity is Severity.WARNING)

    @property
    def parameter_count(self) -> int:
        """How many numbers training can change."""
        return sum(self.node_parameters.values())

    @property
    def macs(self) -> int:
        """Multiply-adds of one forward pass per sample."""
        return sum(self.node_macs.values())

    @property
    def memory(self) -> int:
        """The bytes that training will take, as far as that can be told beforehand."""
        return sum(self.node_memory.values())


def compile_diagram(diagram: Diagram, data: DataSpec | None) -> Compilation:
    """The Plan of a diagram for data of this form, or the Diagnostics that say what is missing; never raises."""
    draft = Draft(diagram, data)
    for run in PASSES:
        run(draft)
    parameters, macs = (
        {node: count for node, count in found.items() if count} for found in (draft.parameters, draft.macs)
    )
    return Compilation(draft.plan, tuple(draft.diagnostics), draft.shapes, parameters, macs, dict(draft.memory))
