"""Check size: whether the network fits what a project file and a desk computer hold, before anything is allocated."""

from collections import Counter

from core.capacity import CHUNK, MAX_PARAMETERS, TRAINING_BYTES_PER_PARAMETER, room_for_training
from core.compiler.draft import Draft
from core.compiler.plan import size

BYTES = 4
"""Of a float32."""
ARRAYS_TO_LEARN = 4
"""Arrays for each value in a training step: itself, its gradient, and what its op keeps for itself (some keep less, some more)."""
ARRAYS_TO_LOOK = 2
"""The same where nothing is learned."""


def check_size(draft: Draft) -> None:
    """Report a network that no project can hold, or that this machine has no memory to train; with the node that costs most."""
    parameters: Counter[str] = Counter()
    for step in draft.steps:
        parameters[step.node] += sum(size(block.shape) for block in step.blocks)
    if parameters.total() > MAX_PARAMETERS:
        ((largest, count),) = parameters.most_common(1)
        message = (
            f"The network has {parameters.total():,} parameters, and a project holds {MAX_PARAMETERS:,}: "
            f"{draft.name(largest)} alone has {count:,}."
        )
        draft.error("too-large", message, largest)
        return
    memory = _memory(draft, parameters)
    room = room_for_training()
    if room is not None and memory.total() > room:
        ((largest, needed),) = memory.most_common(1)
        message = (
            f"Training this network takes about {_in_words(memory.total())} of memory, and {_in_words(room)} is a quarter of "
            f"what this machine has: {draft.name(largest)} alone takes {_in_words(needed)}. "
            "Use fewer units, or smaller batches."
        )
        draft.error("too-large", message, largest)


def _memory(draft: Draft, parameters: Counter[str]) -> Counter[str]:
    """The bytes that each node takes in training: for its parameters, and for its values over a batch, learned from or looked at."""
    samples = CHUNK if draft.data is None or draft.data.samples is None else draft.data.samples
    batch = min(draft.diagram.training.batch_size, samples)
    arrays = ARRAYS_TO_LEARN * batch + ARRAYS_TO_LOOK * min(CHUNK, samples)
    memory = Counter({node: count * TRAINING_BYTES_PER_PARAMETER for node, count in parameters.items()})
    for node, shape in draft.slots:
        memory[node] += (size(shape) + 1) * arrays * BYTES
    return memory


def _in_words(count: int) -> str:
    return f"{count / 2**30:,.1f} GiB" if count >= 2**30 else f"{count / 2**20:,.1f} MiB"
