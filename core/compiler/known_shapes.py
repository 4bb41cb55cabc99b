"""What the compiler does with a shape that it has worked out, and what it says where shapes do not fit."""

from collections.abc import Callable, Iterable, Mapping

from core.capacity import MAX_PARAMETERS
from core.catalogue.kind import NodeKind, ShapeError
from core.catalogue.registry import remedies_for
from core.compiler.diagnostics import Fix
from core.compiler.draft import Draft
from core.compiler.fixes import insert_fix, settings_fix
from core.compiler.plan import size
from core.diagram.records import Wire
from core.ops.op import Shape


def write_down(draft: Draft, node: str, found: Mapping[str, Shape]) -> None:
    """Keep the shapes at the outputs of a node, unless one is so large that no machine could hold it."""
    if is_too_large(draft, node, found):
        return
    draft.readable.add(node)
    draft.shapes.update({(node, port): shape for port, shape in found.items()})


def is_too_large(draft: Draft, node: str, found: Mapping[str, Shape]) -> bool:
    """Whether a node puts out more than any machine could hold, which is then reported."""
    if max((size(shape) for shape in found.values()), default=0) <= MAX_PARAMETERS:
        return False
    # Without the number: joined again and again, shapes grow beyond what Python agrees to write out.
    message = f"{draft.name(node)} puts out more than {MAX_PARAMETERS:,} values for every sample, which no network here can hold."
    finding(draft, node)("too-large", message, node)
    return True


def report_misfit(draft: Draft, node: str, error: ShapeError, wires: Iterable[Wire]) -> None:
    """Say what a node cannot read; where a kind mends that, it is offered in those of ``wires`` whose shape it changes."""
    fixes = [fix for kind in remedies_for(error.remedy or "") if (fix := _inserted(draft, wires, kind))]
    fixes += [settings_fix(draft.diagram, title, (node,), values) for title, values in error.settings.items()]
    into = tuple(wire.id for wire in draft.into(node))
    finding(draft, node)(error.code, str(error), node, fixes=tuple(fixes), wires=into)


def finding(draft: Draft, node: str) -> Callable[..., None]:
    """An error where a loss needs the node, else a warning."""
    return draft.error if node in draft.needed else draft.warn


def _inserted(draft: Draft, wires: Iterable[Wire], kind: NodeKind) -> Fix | None:
    """The kind put into every wire whose shape it changes; None if it changes none."""
    changed = [
        wire
        for wire in wires
        if draft.reshaped(kind, {}, draft.shapes[wire.source]) not in (None, draft.shapes[wire.source])
    ]
    return insert_fix(draft.diagram, changed, kind) if changed else None
