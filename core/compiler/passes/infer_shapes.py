"""Infer shapes: the sample shape at every output port, as far as the diagram is complete."""

from collections.abc import Callable, Mapping
from numbers import Integral

from core.capacity import MAX_PARAMETERS
from core.catalogue.kind import NodeKind, ShapeError, SourceKind
from core.catalogue.registry import remedies_for
from core.catalogue.shapes import in_words
from core.compiler.data_spec import DataSpec
from core.compiler.diagnostics import Fix
from core.compiler.draft import Draft
from core.compiler.fixes import clear_fix, insert_fix, settings_fix
from core.compiler.plan import size
from core.ops.op import Shape


def infer_shapes(draft: Draft) -> None:
    """Fill ``shapes``, and ``readable`` with the nodes whose inputs fit."""
    if draft.data is None:
        draft.error("no-data", "There is no data to learn from yet: choose a dataset.")
        return
    for node in draft.order:
        if node not in draft.settings:
            continue
        kind = draft.kinds[node]
        if isinstance(kind, SourceKind):
            _read_source(draft, draft.data, node, kind)
            continue
        shapes = _input_shapes(draft, node)
        if shapes is None:
            continue
        try:
            found = kind.infer_shape(draft.settings[node], shapes)
        except ShapeError as error:
            _report(draft, node, error)
            continue
        _write_down(draft, node, found)


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
        _write_down(draft, node, {kind.outputs[0].name: data.inputs[node]})


def _write_down(draft: Draft, node: str, found: Mapping[str, Shape]) -> None:
    """Keep the shapes at the outputs of a node, unless one is so large that no machine could hold it."""
    if max((size(shape) for shape in found.values()), default=0) > MAX_PARAMETERS:
        # Without the number: joined again and again, shapes grow beyond what Python agrees to write out.
        message = f"{draft.name(node)} puts out more than {MAX_PARAMETERS:,} values for every sample, which no network here can hold."
        _finding(draft, node)("too-large", message, node)
        return
    draft.readable.add(node)
    draft.shapes.update({(node, port): shape for port, shape in found.items()})


def _input_shapes(draft: Draft, node: str) -> dict[str, tuple[Shape, ...]] | None:
    """The shapes of the wires at each input port; None where one of them is missing or not known."""
    shapes = {}
    for port in draft.kinds[node].inputs:
        wires = draft.wires.get((node, port.name), [])
        known = all(wire.source in draft.shapes for wire in wires)
        if not known or not (wires or port.optional):
            return None
        shapes[port.name] = tuple(draft.shapes[wire.source] for wire in wires)
    return shapes


def _report(draft: Draft, node: str, error: ShapeError) -> None:
    fixes = [fix for kind in remedies_for(error.remedy or "") if (fix := _inserted(draft, node, kind))]
    fixes += [settings_fix(draft.diagram, title, (node,), values) for title, values in error.settings.items()]
    wires = tuple(wire.id for wire in draft.into(node))
    _finding(draft, node)(error.code, str(error), node, fixes=tuple(fixes), wires=wires)


def _finding(draft: Draft, node: str) -> Callable[..., None]:
    """An error where a loss needs the node, else a warning."""
    return draft.error if node in draft.needed else draft.warn


def _inserted(draft: Draft, node: str, kind: NodeKind) -> Fix | None:
    """The kind put into every wire whose shape it changes; None if it changes none."""
    wires = [
        wire
        for wire in draft.into(node)
        if draft.reshaped(kind, {}, draft.shapes[wire.source]) not in (None, draft.shapes[wire.source])
    ]
    return insert_fix(draft.diagram, wires, kind) if wires else None
