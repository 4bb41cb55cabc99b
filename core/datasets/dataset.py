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

    ``task`` is "regression", "binary" (targets (n, 1), or (n, time, 1), of 0 and 1) or "classes" (targets one-hot (n, classes)).
    ``inputs`` is (n, features), (n, time, features) or (n, height, width, channels). Classes at every step of a sequence are
    (n, time, classes): a row of zeros asks nothing at its step, and where several classes are equally right they share the 1.
    ``validate_on_training`` is for complete tables such as XOR or the ten digits, where nothing can be held out. ``drawing`` is "segments" where the seven features are the segments of one
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

        if self.task != "regression" and self.targets.ndim not in (2, 3):
            raise DatasetError(
                f"{self.title}: the targets have the shape {self.targets.shape}; for classes it must be (samples, classes), "
                "or (samples, steps, classes)."
            )

    def __len__(self) -> int:
        return len(self.inputs)

    @property
    def input_shape(self) -> tuple[int, ...]:
        """Shape of one sample."""
        return tuple(self.inputs.shape[1:])

    @property
    def column_names(self) -> tuple[str, ...]:
        """What one input can be called when a node takes only some: every feature, and of a sequence those of one step."""
        if len(self.input_shape) != 2:
            return self.feature_names
        return tuple(name.removesuffix(step_name("", 1)) for name in self.feature_names[: self.input_shape[1]])

    @property
    def class_numbers(self) -> NDArray[np.intp]:
        """The class of every sample, by its number: from one column by 0.5, from several by the largest value.

        A sequence with a class at every step counts by the last step, of several classes by the last that asks for one.
        """
        targets = self.targets if self.targets.ndim == 2 else _last_asked(self.targets)
        if targets.shape[1] == 1:
            return (targets[:, 0] > 0.5).astype(np.intp)
        numbers: NDArray[np.intp] = np.argmax(targets, axis=1)
        return numbers

    @property
    def target_shape(self) -> tuple[int, ...]:
        """Shape of one target."""
        return tuple(self.targets.shape[1:])


def step_name(name: str, step: int) -> str:
    """What the value of a sequence is called at a step, from 1: "mark at step 3"."""
    return f"{name} at step {step}"


def _last_asked(targets: FloatArray) -> FloatArray:
    """(n, time, classes) -> (n, classes): the last row that is not all zeros; (n, time, 1) -> (n, 1): the last row."""
    asked: NDArray[np.bool_] = np.any(targets, axis=2) | (targets.shape[2] == 1)
    last = targets.shape[1] - 1 - np.argmax(asked[:, ::-1], axis=1)
    rows: FloatArray = targets[np.arange(len(targets)), last]
    return rows
