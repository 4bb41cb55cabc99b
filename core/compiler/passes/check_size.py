"""Check size: whether the network fits what a project file and a desk computer hold, before anything is allocated."""

from core.compiler.draft import Draft
from core.compiler.plan import size

MAX_PARAMETERS = 50_000_000
"""The most that a project file takes; in float32 that is 200 MB, and four times as much while Adam trains it."""


def check_size(draft: Draft) -> None:
    """Report a network with more parameters than a project can hold, and the node that has most of them."""
    counts: dict[str, int] = {}
    for step in draft.steps:
        for block in step.blocks:
            counts[step.node] = counts.get(step.node, 0) + size(block.shape)
    total = sum(counts.values())
    if total > MAX_PARAMETERS:
        largest = max(counts, key=lambda node: counts[node])
        message = (
            f"The network has {total:,} parameters, and a project holds {MAX_PARAMETERS:,}: "
            f"{draft.name(largest)} alone has {counts[largest]:,}."
        )
        draft.error("too-large", message, largest)
