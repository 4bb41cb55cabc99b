"""How large a project file may be; looked at before anything of that size is allocated.

What the records of a diagram may hold is said in ``core.diagram.limits``.
"""

from core.storage.memory import total_memory

MAX_FILE_BYTES = 256 * 1024**2
MAX_HEADER_BYTES = 8 * 1024**2
"""The header of a ``.nloom`` file: the diagram as JSON and the table of tensors."""
MAX_JSON_BYTES = 64 * 1024**2
"""A ``.nloom.json`` file."""
MAX_JSON_CONTAINERS = 1_000_000
MAX_JSON_VALUES = 4_000_000
MAX_EXTRAS_BYTES = 256 * 1024
MAX_PARAMETERS = 50_000_000
TRAINING_BYTES_PER_PARAMETER = 16
"""float32 parameter, gradient, and the two moments of Adam."""


def parameters_problem(count: int) -> str | None:
    """A sentence on a number of parameters that this machine should not try to train, or None."""
    if count > MAX_PARAMETERS:
        return f"The project has {count:,} parameters; at most {MAX_PARAMETERS:,} are allowed."
    needed, memory = count * TRAINING_BYTES_PER_PARAMETER, total_memory()
    if memory is not None and needed > memory // 4:
        return f"Training {count:,} parameters takes {needed:,} bytes, more than a quarter of this machine's memory."
    return None
