"""Infer shapes: the sample shape at every output port, as far as the diagram is complete.

In a loop every shape depends on itself. There the wires from outside tell the first shapes, which are carried around until they
agree.
"""

from numbers import Integral

from core.catalogue.kind import ShapeError, SourceKind
from core.catalogue.shapes import in_words
from core.compiler.data_spec import DataSpec
from core.compiler.draft import Draft
from core.compiler.fixes import clear_fix
from core.compiler.known_shapes import report_misfit, write_down
from core.compiler.loop_shapes import infer_loop
from core.ops.op import Shape


def infer_shapes(draft: Draft) -> None:
    """Fill ``shapes``, and ``readable`` with the nodes whose inputs fit."""
    if draft.data is None:
        draft.error("no-data", "There is no data to learn from yet: choose a dataset.")
        return
    loops = {loop[0]: loop for loop in draft.loops}
    in_loops = {node for loop in draft.loops for node in loop}
    for node in draft.order:
        kind = draft.kinds[node]
        if node in loops:
            infer_loop(draft, loops[node])
        elif node not in draft.settings or node in in_loops:
            continue
        elif isinstance(kind, SourceKind):
            _read_source(draft, draft.data, node, kind)
        elif (shapes := _input_shapes(draft, node)) is not None:
            try:
                found = kind.infer_shape(draft.settings[node], shapes)
            except ShapeError as error:
                report_misfit(draft, node, error, draft.into(node))
            else:
                write_down(draft, node, found)


def _read_source(draft: Draft, data: DataSpec, node: str, kind: SourceKind) -> None:
    if node in data.problems:
        fix = clear_fix(draft.diagram, node, "Take all columns")
        draft.error("bad-column", data.problems[node], node, fixes=(fix,))
    elif node not in data.inputs:
        draft.error("no-data", f"There is no data for {draft.name(node)}: choose a dataset.", node)
    elif not data.inputs[node]:
        message = f"The samples for {draft.name(node)} are single numbers without an axis: give them the shape (samples, columns)."
        draft.error("bad-data", message, node)
    elif not all(isinstance(length, Integral) and length > 0 for length in data.inputs[node]):
        message = (
            f"The samples for {draft.name(node)} have the shape {in_words(data.inputs[node])}, "
            "and every number in it must be a whole number from 1."
        )
        draft.error("bad-data", message, node)
    else:
        write_down(draft, node, {kind.outputs[0].name: data.inputs[node]})


def _input_shapes(draft: Draft, node: str) -> dict[str, tuple[Shape, ...]] | None:
    """The shapes of the wires at each input port; None where one of them is missing or not known."""
    shapes: dict[str, tuple[Shape, ...]] = {}
    for port in draft.kinds[node].inputs:
        wires = draft.wires.get((node, port.name), ())
        found = [draft.shapes.get(wire.source) for wire in wires]
        known = tuple(shape for shape in found if shape is not None)
        if len(known) < len(found) or not (found or port.optional):
            return None
        shapes[port.name] = known
    return shapes
