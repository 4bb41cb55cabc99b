"""Dataset: arrays ready for training, and the names, units and scaling that turn them back into what a person reads."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import DatasetError

FloatArray = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class Scaling:
    """``scaled = (value - offset) / scale`` per column; offset and scale have the shape of one sample, or are 0-d."""

    offset: FloatArray
    scale: FloatArray

    def apply(self, values: FloatArray) -> FloatArray:
        """From the user's units to what the network sees."""
        return (values - self.offset) / self.scale

    def undo(self, values: FloatArray) -> FloatArray:
        """From what the network sees to the user's units."""
        return values * self.scale + self.offset


@dataclass(frozen=True, slots=True)
class Dataset:
    """Samples with their targets, batch first, scaled for the network, float32.

    ``task`` is "regression", "binary" (targets (n, 1) of 0 and 1) or "classes" (targets one-hot (n, classes)).
    ``inputs`` is (n, features) or (n, height, width, channels). ``validate_on_training`` is for complete tables such as XOR or
    the ten digits, where nothing can be held out. ``drawing`` is "segments" where the seven features are the segments of one
    digit of a calculator and a sample is best shown as that, and empty where it is to be shown as numbers.
    """

    key: str
    title: str
    task: str
    inputs: FloatArray
    targets: FloatArray
    feature_names: tuple[str, ...]
    target_names: tuple[str, ...]
    input_scaling: Scaling
    target_scaling: Scaling
    feature_units: tuple[str, ...] = ()
    target_units: tuple[str, ...] = ()
    class_names: tuple[str, ...] = ()
    validate_on_training: bool = False
    source: str = ""
    drawing: str = ""

    def __post_init__(self) -> None:
        if len(self.inputs) != len(self.targets) or not len(self.inputs):
            raise DatasetError(
                f"{self.title}: {len(self.inputs)} samples with {len(self.targets)} targets; both must be equal and not 0."
            )

        if self.task != "regression" and self.targets.ndim != 2:
            raise DatasetError(
                f"{self.title}: the targets have the shape {self.targets.shape}; for classes it must be (samples, classes)."
            )

    def __len__(self) -> int:
        return len(self.inputs)

    @property
    def input_shape(self) -> tuple[int, ...]:
        """Shape of one sample."""
        return tuple(self.inputs.shape[1:])

    @property
    def class_numbers(self) -> NDArray[np.intp]:
        """The class of every sample, by its number: from one column by 0.5, from several by the largest value."""
        if self.targets.shape[1] == 1:
            return (self.targets[:, 0] > 0.5).astype(np.intp)
        numbers: NDArray[np.intp] = np.argmax(self.targets, axis=1)
        return numbers

    @property
    def target_shape(self) -> tuple[int, ...]:
        """Shape of one target."""
        return tuple(self.targets.shape[1:])
