"""The shapes in a loop, where each depends on itself: carried around, from the wires that come from outside, until they agree."""

from collections.abc import Sequence

from core.catalogue.kind import ShapeError
from core.compiler.draft import Draft
from core.compiler.known_shapes import finding, is_too_large, report_misfit
from core.diagram.records import Endpoint, Wire
from core.ops.op import Shape


def infer_loop(draft: Draft, loop: tuple[str, ...]) -> None:
    """Write down the shapes at the outputs of all nodes of a loop, if they fit; else say why not."""
    members = set(loop)
    outside = [wire for node in loop for wire in draft.into(node) if wire.source[0] not in members]
    if not outside:
        report_no_data(draft, loop)
        return
    if any(node not in draft.settings for node in loop) or any(wire.source not in draft.shapes for wire in outside):
        return
    carried = _Carried(draft, loop)
    carried.carry()
    if not carried.settled:
        _report_growth(draft, loop)
    elif carried.misfits:
        for node, error in carried.misfits.items():
            report_misfit(draft, node, error, outside)
    elif carried.complete and not any(is_too_large(draft, node, carried.outputs(node)) for node in loop):
        draft.readable.update(loop)
        draft.shapes.update(carried.known)


def report_no_data(draft: Draft, loop: Sequence[str]) -> None:
    """Say that a loop has nothing to run on."""
    names = ", ".join(draft.name(node) for node in loop)
    message = (
        f"Nothing comes into the loop of {names} from outside, so it has no data to run on: connect an input to it."
    )
    finding(draft, loop[0])("loop-without-data", message, *loop)


def _report_growth(draft: Draft, loop: tuple[str, ...]) -> None:
    names = ", ".join(draft.name(node) for node in loop)
    message = (
        f"The number of values in the loop of {names} never settles, for it changes each time around: "
        "put a layer with a fixed number of units into it."
    )
    finding(draft, loop[0])("growing-loop", message, *loop)


class _Carried:
    """What is known so far of the shapes in a loop, and what does not fit.

    Where a node has a wire of unknown shape it is judged by the others alone; where a port has no other, the shape of another port is
    taken for it. That is a guess, which the last round confirms or not, for then all wires are known.
    """

    def __init__(self, draft: Draft, loop: tuple[str, ...]) -> None:
        self.known: dict[Endpoint, Shape] = {}
        self.misfits: dict[str, ShapeError] = {}
        self.settled = False
        self._draft = draft
        self._loop = loop
        self._guessing = False
        self._judged: dict[str, dict[str, tuple[Shape, ...]]] = {}

    def carry(self) -> None:
        """Go around until nothing changes; a sound loop needs a round for each Delay in a row, and one to confirm."""
        for _ in range(2 * len(self._loop) + 4):
            if self._go_around():
                continue
            if self._guessing or self.complete:
                self.settled = True
                return
            self._guessing = True

    @property
    def complete(self) -> bool:
        """Whether the shape at every output is known."""
        return all(self.outputs(node) for node in self._loop)

    def outputs(self, node: str) -> dict[str, Shape]:
        """The shapes at the outputs of a node of the loop, by port."""
        ports = (port.name for port in self._draft.kinds[node].outputs)
        return {port: self.known[node, port] for port in ports if (node, port) in self.known}

    def _go_around(self) -> bool:
        """Infer every node once; whether that changed any shape."""
        before = dict(self.known)
        misfits, self.misfits = self.misfits, {}
        for node in self._loop:
            shapes = self._inputs(node)
            if shapes is None or (node not in misfits and shapes == self._judged.get(node)):
                continue
            self._judged[node] = shapes
            try:
                found = self._draft.kinds[node].infer_shape(self._draft.settings[node], shapes)
            except ShapeError as error:
                self.misfits[node] = error
            else:
                self.known.update({(node, port): shape for port, shape in found.items()})
        return self.known != before

    def _inputs(self, node: str) -> dict[str, tuple[Shape, ...]] | None:
        """The shapes at the input ports of a node as far as they are known; None where that is not enough."""
        ports = self._draft.kinds[node].inputs
        wires = {port.name: self._draft.wires.get((node, port.name), []) for port in ports}
        if any(not wires[port.name] and not port.optional for port in ports):
            return None
        shapes = {name: tuple(shape for wire in ends if (shape := self._shape(wire))) for name, ends in wires.items()}
        unknown = [name for name, found in shapes.items() if wires[name] and not found]
        some = next((found[:1] for found in shapes.values() if found), ())
        if unknown and not (self._guessing and some):
            return None
        return {**shapes, **dict.fromkeys(unknown, some)}

    def _shape(self, wire: Wire) -> Shape | None:
        return self.known.get(wire.source) or self._draft.shapes.get(wire.source)
