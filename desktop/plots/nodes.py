"""What the plots call a node, and how deep it lies in the network."""

from core.compiler.plan import Plan
from core.diagram.diagram import Diagram


def node_label(diagram: Diagram, node_id: str) -> str:
    """The title that the user gave, else the id."""
    node = diagram.nodes.get(node_id)
    return node_id if node is None or not node.title else node.title


def depths(plan: Plan) -> dict[str, int]:
    """Node -> number of nodes on the longest way to it from an input; inputs are at 0."""
    by_slot = {binding.slot: 0 for binding in plan.inputs}
    node_of = {slot.index: slot.node for slot in plan.slots}
    for step in plan.steps:
        known = [by_slot.get(slot, 0) + (node_of[slot] != step.node) for slot in step.inputs if slot < len(plan.slots)]
        by_slot[step.output] = max(known, default=0)
    return {node: by_slot.get(slot, 0) for node, slot in plan.outputs.items()}


def ranks(plan: Plan, nodes: list[str]) -> dict[str, int]:
    """Node -> its place in depth among ``nodes`` alone, counted from 0 without gaps."""
    depth = depths(plan)
    levels = sorted({depth.get(node, 0) for node in nodes})
    return {node: levels.index(depth.get(node, 0)) for node in nodes}
