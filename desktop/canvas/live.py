"""From a Snapshot to what each node and each wire of the canvas shows of it.

Which parameter belongs to which wire depends on the diagram alone, so it is worked out once per compilation and then
only looked up, many times a second.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from core.catalogue import registry
from core.catalogue.kind import LossKind, SourceKind
from core.diagram.diagram import Diagram
from core.inspection.snapshot import Snapshot
from core.inspection.weighted_sum import weighted_sum
from desktop.canvas.activation_curve import is_share
from desktop.canvas.node_look import Body, NodeLook
from desktop.canvas.node_values import NO_VALUES, FloatArray, NodeValues

if TYPE_CHECKING:
    from core.compiler.compile import Compilation
    from core.datasets.dataset import Dataset

WeightPlaces = Mapping[str, tuple[str, int, int]]
"""Wire id -> (parameter name, first column, number of columns), for the wires that carry weights of a single unit."""

ROBUST = 95.0
"""Percentile of the sizes of all weights that counts as full width."""


def weight_places(diagram: Diagram, compilation: "Compilation") -> dict[str, tuple[str, int, int]]:
    """Where the weights of each wire stand: the columns of ``weight (1, fan_in)`` follow the order of the wires."""
    places: dict[str, tuple[str, int, int]] = {}
    for node in diagram.nodes.values():
        kind = registry.find_kind(node.kind)
        if kind is None:
            continue
        weighted = [port.name for port in kind.inputs if port.weighted]
        column = 0
        for wire in diagram.incoming(node.id):
            shape = compilation.shapes.get(wire.source)
            if wire.target[1] not in weighted or shape is None:
                continue
            size = int(np.prod(shape))
            places[wire.id] = (f"{node.id}/weight", column, size)
            column += size
    return places


def weights_of_wires(places: WeightPlaces, parameters: Mapping[str, FloatArray]) -> dict[str, list[float]]:
    """The weights of each wire into a single unit, as far as these parameters have them."""
    found: dict[str, list[float]] = {}
    rows: dict[str, list[float]] = {}
    for wire, (name, column, size) in places.items():
        row = rows.get(name)
        if row is None:
            values = parameters.get(name)
            # A layer of several units has no one weight for a wire.
            row = rows[name] = np.asarray(values[0], float).tolist() if values is not None and len(values) == 1 else []
        if column + size <= len(row):
            found[wire] = row[column : column + size]
    return found


def full_width(weights: Mapping[str, list[float]]) -> float:
    """The size of a weight that is drawn at full width: a high percentile, so that one giant does not thin the rest."""
    sizes = np.abs(np.array([weight for row in weights.values() for weight in row], float))
    sizes = sizes[np.isfinite(sizes)]
    return max(float(np.percentile(sizes, ROBUST)) if len(sizes) else 1.0, 1e-6)


def values_of_node(
    node: str, look: NodeLook, diagram: Diagram, snapshot: Snapshot, dataset: "Dataset | None", numbers: bool
) -> NodeValues:
    """What one node shows of a snapshot; ``numbers`` asks for figures beside circles and squares."""
    if look.kind is None:
        return NO_VALUES
    loss = snapshot.losses.get(node, snapshot.loss)
    figure = loss if isinstance(look.kind, LossKind) and np.isfinite(loss) else None
    state = _state(node, look, diagram, snapshot) if numbers or look.body is Body.CURVE else None
    return NodeValues(
        output=snapshot.activations.get(node),
        response=_response(node, snapshot) if look.body is Body.RESPONSE else None,
        state=state,
        figure=figure,
        notes=_sample_notes(look, snapshot, dataset),
        numbers=numbers,
        share=is_share(look.curve),
    )


def _response(node: str, snapshot: Snapshot) -> "FloatArray | None":
    """What a node of one unit answers over the plane of two inputs, or over the time steps of the sample."""
    output = snapshot.activations.get(node)
    if node not in snapshot.responses and output is not None and output.ndim == 2:
        return output[:, :1].T
    return snapshot.responses.get(node)


def _state(node: str, look: NodeLook, diagram: Diagram, snapshot: Snapshot) -> float | None:
    """What goes into the activation of a node of one unit: its weighted sum, or the one value on its wire."""
    sources = [snapshot.activations.get(wire.source[0]) for wire in diagram.incoming(node)]
    values = [value for value in sources if value is not None]
    if look.body is Body.CURVE:
        return float(values[0].reshape(-1)[0]) if len(values) == 1 and values[0].size == 1 else None
    return weighted_sum(node, snapshot.parameters, values)


def _sample_notes(look: NodeLook, snapshot: Snapshot, dataset: "Dataset | None") -> tuple[str, str]:
    """ "sample 42" and "label 3" for the card of a source."""
    if not isinstance(look.kind, SourceKind) or not snapshot.activations:
        return "", ""
    target = snapshot.sample_target
    label = ""
    if dataset is not None and dataset.class_names and target is not None and target.size == len(dataset.class_names):
        label = f"label {dataset.class_names[int(np.argmax(target))]}"
    return f"sample {snapshot.sample + 1}", label
