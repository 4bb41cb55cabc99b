"""Check size: whether the network fits what a project file and a desk computer hold, before anything is allocated."""

import math
from collections import Counter

from core.capacity import CHUNK, MAX_PARAMETERS, TRAINING_BYTES_PER_PARAMETER, room_for_training
from core.compiler.draft import Draft
from core.compiler.plan import size

BYTES = 4
"""Of a float32."""
LOOK = 0.5
"""What a value and its op take where nothing is learned, beside what they take in training: no gradients."""


def check_size(draft: Draft) -> None:
    """Fill ``parameters``, ``macs`` and ``memory`` by node, and report a network that no project can hold, or no memory here to train.

    The finding names the node that costs most.
    """
    parameters, macs, memory = draft.parameters, draft.macs, draft.memory
    for step in draft.steps:
        parameters[step.node] += sum(size(block.shape) for block in step.blocks if block.trained)
        macs[step.node] += step.op.macs(*(draft.slots[slot][1] for slot in step.inputs))
    memory.update(_memory(draft))
    if parameters.total() > MAX_PARAMETERS:
        ((largest, count),) = parameters.most_common(1)
        message = (
            f"The network has {parameters.total():,} parameters, and a project holds {MAX_PARAMETERS:,}: "
            f"{draft.name(largest)} alone has {count:,}."
        )
        draft.error("too-large", message, largest)
        return
    room = room_for_training()
    if room is not None and memory.total() > room:
        ((largest, needed),) = memory.most_common(1)
        message = (
            f"Training this network takes about {_in_words(memory.total())} of memory, and {_in_words(room)} is a quarter of "
            f"what this machine has: {draft.name(largest)} alone takes {_in_words(needed)}. "
            "Use fewer units, or smaller batches."
        )
        draft.error("too-large", message, largest)


def _memory(draft: Draft) -> Counter[str]:
    """The bytes that each node takes in training: for its parameters, and for its values over a batch, learned from or looked at.

    In training there is room for each value and its gradient, and for what its op keeps beside them.
    """
    samples = CHUNK if draft.data is None or draft.data.samples is None else draft.data.samples
    batch = min(draft.diagram.training.batch_size, samples)
    arrays = batch + math.ceil(LOOK * min(CHUNK, samples))
    memory = Counter({node: count * TRAINING_BYTES_PER_PARAMETER for node, count in draft.parameters.items()})
    for node, shape in draft.slots:
        memory[node] += 2 * (size(shape) + 1) * arrays * BYTES
    for step in draft.steps:
        memory[step.node] += step.op.scratch_values(*(draft.slots[slot][1] for slot in step.inputs)) * arrays * BYTES
    return memory


def _in_words(count: int) -> str:
    return f"{count / 2**30:,.1f} GiB" if count >= 2**30 else f"{count / 2**20:,.1f} MiB"
