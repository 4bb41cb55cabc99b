"""What can be read of a node from the diagram, its compilation and a snapshot: weights by wire, inputs, weighted sums.

Pure functions on arrays that were copied out of the model; the numbers are the network's own, after scaling of the data.
"""

from dataclasses import dataclass

import numpy as np

from core.catalogue.activation import ActivationKind
from core.catalogue.kind import NodeKind
from core.compiler.compile import Compilation
from core.datasets.dataset import Dataset
from core.diagram.diagram import Diagram
from core.diagram.records import Wire
from core.inspection.snapshot import FloatArray, Snapshot
from desktop.inspector.names import node_title


@dataclass(frozen=True, slots=True)
class Term:
    """One weight of a neuron: where its input comes from, the weight, and the input of the probe sample (NaN if unknown)."""

    source: str
    weight: float
    value: float
    wire: str


@dataclass(frozen=True, slots=True)
class Sums:
    """Weighted sums before the activation: ``sample`` is (units,), ``batch`` is (units, samples) or None."""

    sample: FloatArray
    batch: FloatArray | None


def weighted_wires(kind: NodeKind | None, diagram: Diagram, node: str) -> tuple[Wire, ...]:
    """The wires of a node whose every wire carries weights of its own, in the order of the weights; else none."""
    if kind is None:
        return ()
    ports = {port.name for port in kind.inputs if port.many and port.weighted}
    return tuple(wire for wire in diagram.incoming(node) if wire.target[1] in ports)


def terms(
    kind: NodeKind | None,
    diagram: Diagram,
    compilation: Compilation,
    snapshot: Snapshot,
    node: str,
    dataset: Dataset | None = None,
) -> tuple[Term, ...]:
    """The weights of a node wire by wire; empty where shapes and weights do not (yet) belong together."""
    weight = snapshot.parameters.get(f"{node}/weight")
    wires = weighted_wires(kind, diagram, node)
    if weight is None or not wires or weight.shape[0] != 1:
        return ()
    found: list[Term] = []
    at = 0
    for wire in wires:
        shape = compilation.shapes.get(wire.source)
        if shape is None:
            return ()
        count = int(np.prod(shape))
        values = _flat(snapshot.activations.get(wire.source[0]), count)
        names = _value_names(diagram, compilation, wire.source[0], count, dataset)
        part = weight[0, at : at + count]
        if len(part) != count:
            return ()
        found += [Term(name, float(w), float(x), wire.id) for name, w, x in zip(names, part, values, strict=True)]
        at += count
    return tuple(found) if at == weight.shape[1] else ()


def bias(snapshot: Snapshot, node: str) -> float | None:
    """The bias of a node that has exactly one."""
    values = snapshot.parameters.get(f"{node}/bias")
    return float(values.reshape(-1)[0]) if values is not None and values.size == 1 else None


def wire_weights(
    diagram: Diagram, compilation: Compilation, snapshot: Snapshot, kind: NodeKind | None, wire: Wire
) -> FloatArray:
    """The weights that a wire carries, (units, values); empty where it carries none."""
    nothing: FloatArray = np.zeros((0, 0))
    weight = snapshot.parameters.get(f"{wire.target[0]}/weight")
    weighted = kind is not None and any(port.weighted and port.name == wire.target[1] for port in kind.inputs)
    if weight is None or weight.ndim != 2 or not weighted:
        return nothing
    at = 0
    for other in diagram.incoming(wire.target[0]):
        shape = compilation.shapes.get(other.source)
        if shape is None:
            return nothing
        count = int(np.prod(shape))
        if other.id == wire.id:
            part = weight[:, at : at + count]
            return part if part.shape[1] == count else nothing
        at += count
    return nothing


def sums(kind: NodeKind | None, diagram: Diagram, snapshot: Snapshot, node: str) -> Sums | None:
    """What goes into the activation of a node, for the probe sample and the probe batch; None where it is not known."""
    wires = diagram.incoming(node)
    samples = [snapshot.activations.get(wire.source[0]) for wire in wires]
    if not wires or any(values is None for values in samples):
        return None
    inputs = np.concatenate([np.asarray(values, float).reshape(-1) for values in samples])
    batches = [snapshot.batch_activations.get(wire.source[0]) for wire in wires]
    batch = (
        None if any(values is None for values in batches) else np.concatenate([np.asarray(b, float) for b in batches])
    )
    if isinstance(kind, ActivationKind):
        return Sums(inputs, batch)
    weight = snapshot.parameters.get(f"{node}/weight")
    if weight is None or weight.ndim != 2 or weight.shape[1] != len(inputs):
        return None
    offset = snapshot.parameters.get(f"{node}/bias", np.zeros(weight.shape[0]))
    fits = batch is not None and batch.shape[0] == len(inputs)
    return Sums(weight @ inputs + offset, weight @ batch + offset[:, None] if batch is not None and fits else None)


def _flat(values: FloatArray | None, count: int) -> FloatArray:
    if values is None or values.size != count:
        return np.full(count, np.nan)
    return values.reshape(-1)


def _value_names(
    diagram: Diagram, compilation: Compilation, node: str, count: int, dataset: Dataset | None
) -> list[str]:
    """What the values of a node are called: columns of the data by their names, else the node's title, numbered."""
    title = node_title(diagram.nodes[node])
    if count == 1:
        return [title]
    plan = compilation.plan
    binding = None if plan is None else next((item for item in plan.inputs if item.node == node), None)
    if binding is not None and dataset is not None:
        columns = range(count) if binding.columns is None else binding.columns
        names = dataset.column_names
        if all(column < len(names) for column in columns):
            return [names[column] for column in columns]
    return [f"{title} {number}" for number in range(1, count + 1)]
