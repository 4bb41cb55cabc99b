"""How large a project file may be; looked at before anything of that size is allocated.

What the records of a diagram may hold is said in ``core.diagram.limits``.
"""

from core.capacity import MAX_PARAMETERS, TRAINING_BYTES_PER_PARAMETER, room_for_training

MAX_FILE_BYTES = 256 * 1024**2
MAX_HEADER_BYTES = 8 * 1024**2
"""The header of a ``.nloom`` file: the diagram as JSON and the table of tensors."""
MAX_JSON_BYTES = 64 * 1024**2
"""A ``.nloom.json`` file."""
MAX_JSON_CONTAINERS = 1_000_000
MAX_JSON_VALUES = 4_000_000
MAX_EXTRAS_BYTES = 256 * 1024


def parameters_problem(count: int) -> str | None:
    """A sentence on a number of parameters that this machine should not try to train, or None."""
    if count > MAX_PARAMETERS:
        return f"The project has {count:,} parameters; at most {MAX_PARAMETERS:,} are allowed."
    needed, room = count * TRAINING_BYTES_PER_PARAMETER, room_for_training()
    if room is not None and needed > room:
        return f"Training {count:,} parameters takes {needed:,} bytes, more than a quarter of this machine's memory."
    return None
