"""What an update is made of: calls without arguments, on arrays that stay the same."""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.floating[Any]]
Call: TypeAlias = Callable[[], object]

LARGEST_NUMBER = 3e38
"""Just below infinity in float32: the most that a setting may be."""
