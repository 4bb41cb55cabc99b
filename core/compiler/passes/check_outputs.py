"""Check outputs: whether what reaches a loss can be compared with its targets, value by value."""

from collections.abc import Iterator, Mapping
from typing import Any

from core.catalogue.hyperparameters import HyperparameterField, fields
from core.catalogue.kind import NodeKind, Task
from core.catalogue.registry import remedies_for
from core.catalogue.shapes import counted, stack
from core.compiler.data_spec import DataSpec
from core.compiler.diagnostics import Fix
from core.compiler.draft import Draft
from core.compiler.fixes import insert_fix, settings_fix
from core.diagram.records import Wire
from core.ops.op import Shape


def check_outputs(draft: Draft) -> None:
    """Report every loss whose prediction and target differ in shape."""
    if draft.data is None:
        return
    for node, kind in draft.loss_nodes():
        if node not in draft.readable or not kind.has_target:
            continue
        if node not in draft.data.targets:
            draft.error("no-data", f"There are no targets for {draft.name(node)}: choose a dataset.", node)
            continue
        wire = draft.prediction_wire(node)
        target = draft.data.targets[node]
        if draft.shapes[wire.source] != target:
            _report(draft, draft.data, node, wire)


def _report(draft: Draft, data: DataSpec, node: str, wire: Wire) -> None:
    received, target = draft.shapes[wire.source], data.targets[node]
    wanted = _wanted(data, target)
    is_row = len(received) == 1 and len(target) == 1
    gets = counted(received[0], "value") if is_row else stack(received)
    message = f"{draft.name(node)} gets {gets} to compare, and {wanted}."
    if target and received[:-1] == target[:-1]:
        fixes = tuple(_resizing(draft, wire, target))
    else:
        fixes = tuple(_choosing(draft, wire, target)) or tuple(_reshaping(draft, wire, target))
    draft.error("output-size", message, wire.source[0], node, fixes=fixes, wires=(wire.id,))


def _wanted(data: DataSpec, target: Shape) -> str:
    title = data.dataset_title
    if data.task is Task.CLASSES and len(target) == 1:
        return f"{title} has {counted(target[0], 'class', 'classes')}"
    if len(target) == 1:
        return f"each target of {title} is {counted(target[0], 'value')}"
    return f"each target of {title} is {stack(target)}"


def _resizing(draft: Draft, wire: Wire, target: Shape) -> Iterator[Fix]:
    """Set the number that decides the last number of the output's shape; where no node has one, or others read it too, insert a kind that has."""
    size = target[-1]
    node: str | None = wire.source[0]
    while node is not None and len(draft.diagram.outgoing(node)) == 1:
        kind, values = draft.kinds[node], draft.diagram.nodes[node].hyperparameters
        fields_that_size = _sizing(draft, kind, values, _shape_into(draft, node), target)
        for field in fields_that_size:
            yield settings_fix(draft.diagram, f"Set {field.title.lower()} to {size}", (node,), {field.name: size})
        if fields_that_size:
            return
        node = _kept_from(draft, node)
    for kind in remedies_for("output-size"):
        for field in _sizing(draft, kind, {}, draft.shapes[wire.source], target):
            yield insert_fix(draft.diagram, (wire,), kind, {field.name: size}, _counted(size, field.title.lower()))


def _sizing(
    draft: Draft, kind: NodeKind, values: Mapping[str, Any], shape: Shape | None, target: Shape
) -> list[HyperparameterField]:
    """The whole-number hyperparameters that can make a value of the shape ``target`` come out of this kind, as its last number."""
    if shape is None:
        return []
    numbers = [field for field in fields(type(kind)) if field.kind == "int"]
    return [field for field in numbers if draft.reshaped(kind, {**values, field.name: target[-1]}, shape) == target]


def _shape_into(draft: Draft, node: str) -> Shape | None:
    """The shape of the one wire that ends at a node; None where there are more, or none."""
    wires = list(draft.into(node))
    return draft.shapes[wires[0].source] if len(wires) == 1 else None


def _kept_from(draft: Draft, node: str) -> str | None:
    """The node that a node has its shape from, if it is one that keeps shapes."""
    wires = list(draft.into(node))
    kept = len(wires) == 1 and draft.shapes[wires[0].source] in [
        draft.shapes[node, port.name] for port in draft.kinds[node].outputs
    ]
    return wires[0].source[0] if kept else None


def _choosing(draft: Draft, wire: Wire, target: Shape) -> Iterator[Fix]:
    """Choose otherwise in a node that the output comes from, as every step instead of the last, where that gives the axes that are wanted."""
    node, after = wire.source[0], list[str]()
    while (shape := _shape_into(draft, node)) is not None and len(draft.diagram.outgoing(node)) == 1:
        kind, values = draft.kinds[node], draft.diagram.nodes[node].hyperparameters
        for field in fields(type(kind)):
            for choice in field.choices:
                reached = draft.reshaped(kind, {**values, field.name: choice}, shape)
                for later in after:
                    reached = _through(draft, later, reached)
                if reached is not None and reached[:-1] == target[:-1]:
                    title = f"Set {field.title.lower()} of {draft.name(node)} to {choice}"
                    yield settings_fix(draft.diagram, title, (node,), {field.name: choice})
        after.insert(0, node)
        node = next(iter(draft.into(node))).source[0]


def _through(draft: Draft, node: str, shape: Shape | None) -> Shape | None:
    """What a node as it is would make of this shape."""
    values = draft.diagram.nodes[node].hyperparameters
    return None if shape is None else draft.reshaped(draft.kinds[node], values, shape)


def _reshaping(draft: Draft, wire: Wire, target: Shape) -> Iterator[Fix]:
    """Lay the values out as the target is; of a row the number may still be another one."""
    for kind in (*remedies_for("needs-row"), *remedies_for("needs-picture")):
        shape = draft.reshaped(kind, {}, draft.shapes[wire.source])
        if shape == target or (shape is not None and len(shape) == len(target) == 1):
            yield insert_fix(draft.diagram, (wire,), kind)


def _counted(number: int, things: str) -> str:
    """ "3 units", and "1 unit"."""
    return f"{number} {things.removesuffix('s') if number == 1 else things}"
