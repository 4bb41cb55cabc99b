"""May this wire go there? The structural rules say at once; the rest a trial compilation of the diagram with the wire says.

A wire is refused only for what it itself brings about: shapes that do not fit, or a loop. What was wrong before, and what
another step will mend (a loss of another size, say), is no reason to refuse.
"""

from dataclasses import dataclass

from core.catalogue.ports import ports_of
from core.compiler.compile import Compilation, compile_diagram
from core.compiler.data_spec import data_spec_for
from core.compiler.diagnostics import Diagnostic, Fix
from core.diagram import edits
from core.diagram.change import Change
from core.diagram.diagram import Diagram
from core.diagram.records import Endpoint, Wire
from core.diagram.rules import can_connect
from core.errors import NeuroloomError
from desktop.document_bridge import DocumentBridge

LATER = frozenset({"output-size"})
"""Codes of findings about a wire that are mended at its ends, not by leaving it out."""
LOOP = "loop"


@dataclass(frozen=True, slots=True)
class Trial:
    """The change that the wire would be, with ``reason`` why it may not ("" where it may) and what would mend it."""

    change: Change | None
    reason: str = ""
    fixes: tuple[Fix, ...] = ()

    @property
    def fits(self) -> bool:
        """Whether the wire may go there."""
        return self.change is not None and not self.reason


def try_wire(bridge: DocumentBridge, source: Endpoint, target: Endpoint, moved: str | None = None) -> Trial:
    """Try a wire, or the wire ``moved`` with its ends put there."""
    diagram = bridge.diagram
    around = diagram if moved is None else diagram.apply(edits.disconnect(diagram, [moved]))
    replaced = _replaced_wires(around, target)
    without = around.apply(edits.disconnect(around, replaced)) if replaced else around
    problem = can_connect(without, source, target, ports_of)
    if problem:
        return Trial(None, problem)
    try:
        change = _change(diagram, source, target, moved, replaced)
    except NeuroloomError as error:
        return Trial(None, str(error))
    return judged(bridge, change)


def judged(bridge: DocumentBridge, change: Change) -> Trial:
    """Try a change that adds or moves wires by compiling the diagram with it."""
    try:
        after = bridge.diagram.apply(change)
    except NeuroloomError as error:
        return Trial(None, str(error))
    dataset = bridge.dataset
    compilation = compile_diagram(after, None if dataset is None else data_spec_for(after, dataset))
    blame = _brought_about(change, bridge.compilation, compilation)
    if not blame:
        return Trial(change)
    return Trial(change, blame[0].message, blame[0].fixes)


def fitting_ports(bridge: DocumentBridge, start: Endpoint, output: bool, moved: str | None = None) -> set[Endpoint]:
    """All ports that the structural rules allow at the other end of a wire from (``output``) or to ``start``."""
    diagram = bridge.diagram
    around = diagram if moved is None else diagram.apply(edits.disconnect(diagram, [moved]))
    found: set[Endpoint] = set()
    for node in diagram.nodes.values():
        known = ports_of(node.kind)
        if known is None or node.id == start[0]:
            continue
        for port in known[0] if output else known[1]:
            end = (node.id, port.name)
            source, target = (start, end) if output else (end, start)
            taken = not port.many if output else True
            if taken and output and _replaced_wires(around, target):
                found.add(end)  # it would replace the wire that is there
            elif can_connect(around, source, target, ports_of) is None:
                found.add(end)
    return found


def _replaced_wires(diagram: Diagram, target: Endpoint) -> list[str]:
    """The wire that must give way at an input port that takes only one."""
    known = ports_of(diagram.nodes[target[0]].kind) if target[0] in diagram.nodes else None
    if known is None or any(port.many for port in known[0] if port.name == target[1]):
        return []
    return [wire.id for wire in diagram.incoming(target[0]) if wire.target == target]


def _change(diagram: Diagram, source: Endpoint, target: Endpoint, moved: str | None, replaced: list[str]) -> Change:
    if moved is None:
        return edits.connect(diagram, source, target, replacing=replaced)
    cut = edits.disconnect(diagram, replaced)
    return cut.then(edits.reattach(diagram.apply(cut), moved, source=source, target=target))


def _brought_about(change: Change, before: Compilation, after: Compilation) -> list[Diagnostic]:
    """What a compilation says against the wires that a change adds or moves: a mere warning where nothing is trained yet."""
    records = [*change.added, *(update.after for update in change.updated)]
    wires = {record.id for record in records if isinstance(record, Wire)}
    known = {(item.code, item.nodes, item.message) for item in before.diagnostics}
    return [
        item
        for item in after.diagnostics
        if item.code not in LATER
        and (item.code == LOOP or wires.intersection(item.wires))
        and (item.code, item.nodes, item.message) not in known
    ]
