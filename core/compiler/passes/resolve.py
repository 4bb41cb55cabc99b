"""Resolve: which kind each node is, with which settings, and which wires end where a kind says they may."""

from core.catalogue.hyperparameters import parse
from core.catalogue.registry import find_kind
from core.compiler.draft import Draft
from core.errors import HyperparameterError


def resolve(draft: Draft) -> None:
    """Fill ``kinds``, ``settings`` and ``wires``."""
    for node in draft.diagram.nodes.values():
        kind = find_kind(node.kind)
        if kind is None:
            draft.error("unknown-kind", f"This version does not know the kind {node.kind!r}.", node.id)
            continue
        draft.kinds[node.id] = kind
        try:
            draft.settings[node.id] = parse(kind, node.hyperparameters)
        except HyperparameterError as error:
            draft.error("bad-hyperparameter", str(error), node.id)
    for node_id, kind in draft.kinds.items():
        for wire in draft.diagram.incoming(node_id):
            source = draft.kinds.get(wire.source[0])
            starts = source is not None and any(port.name == wire.source[1] for port in source.outputs)
            if starts and any(port.name == wire.target[1] for port in kind.inputs):
                draft.wires.setdefault(wire.target, []).append(wire)
