"""Infer shapes: the sample shape at every output port, as far as the diagram is complete."""

from core.catalogue.kind import LossKind, ShapeError, SourceKind
from core.compiler.draft import Draft
from core.ops.op import Shape


def infer_shapes(draft: Draft) -> None:
    """Fill ``shapes``."""
    for node in draft.order:
        if node not in draft.settings:
            continue
        kind = draft.kinds[node]
        if isinstance(kind, SourceKind):
            if draft.data is None or node not in draft.data.inputs:
                draft.error("no-data", f"There is no data for {draft.name(node)}.", node)
            else:
                draft.shapes[node, kind.outputs[0].name] = draft.data.inputs[node]
            continue
        shapes = input_shapes(draft, node)
        if shapes is None:
            continue
        try:
            found = kind.infer_shape(draft.settings[node], shapes)
        except ShapeError as error:
            draft.error(error.code, str(error), node)
            continue
        draft.shapes.update({(node, port): shape for port, shape in found.items()})
        if isinstance(kind, LossKind):
            check_target(draft, node, shapes["input"][0])


def input_shapes(draft: Draft, node: str) -> dict[str, tuple[Shape, ...]] | None:
    """The shapes of the wires at each input port; None where one of them is missing or not known."""
    shapes = {}
    for port in draft.kinds[node].inputs:
        wires = draft.wires.get((node, port.name), [])
        if not wires:
            draft.error("missing-input", f"Nothing is connected to {draft.name(node)}.", node)
            return None
        if not all(wire.source in draft.shapes for wire in wires):
            return None
        shapes[port.name] = tuple(draft.shapes[wire.source] for wire in wires)
    return shapes


def check_target(draft: Draft, node: str, shape: Shape) -> None:
    """Report a prediction that cannot be compared with its target."""
    if draft.data is None or node not in draft.data.targets:
        draft.error("no-data", f"There are no targets for {draft.name(node)}.", node)
    elif draft.data.targets[node] != shape:
        draft.error("output-size", f"{draft.name(node)} wants {draft.data.targets[node]} and gets {shape}.", node)
