"""OutputView: what the output panel asks of each of its views; and how targets and answers become classes and colours."""

from abc import ABC, abstractmethod
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QWidget

from core.datasets.dataset import Dataset
from core.inspection.snapshot import Snapshot
from desktop.theme import Theme


class OutputView(ABC):
    """One way to show what a network answers.

    ``caption`` says in a few words what is seen; ``legend`` holds the texts at the ends of the diverging scale, or None.
    """

    caption = ""
    legend: tuple[str, str] | None = None

    @property
    @abstractmethod
    def widget(self) -> QWidget:
        """What is shown in the panel."""

    @abstractmethod
    def show_output(self, snapshot: Snapshot, dataset: Dataset) -> None:
        """Show this from now on."""

    @abstractmethod
    def restyle(self, theme: Theme) -> None:
        """Take the colours of a theme."""


def class_numbers(values: NDArray[Any], boundary: float = 0.5) -> NDArray[np.intp]:
    """(..., 1) answers, which mean yes above the boundary, or (..., classes) scores -> the numbers of the classes, all in one row."""
    clean = np.nan_to_num(values).reshape(-1, values.shape[-1])
    if clean.shape[-1] == 1:
        return np.asarray(clean[..., 0] > boundary, np.intp)
    return np.asarray(clean.argmax(-1))


def class_name(dataset: Dataset, number: int) -> str:
    """What people call a class."""
    names = dataset.class_names
    return names[number] if number < len(names) else str(number)


def class_colors(theme: Theme, count: int) -> list[str]:
    """A colour for each class; two classes take the two ends of the diverging scale."""
    if count <= 2:
        return [theme.negative, theme.positive]
    return [theme.series[index % len(theme.series)] for index in range(count)]


def with_unit(name: str, unit: str) -> str:
    """ "name (unit)", or the name alone."""
    return f"{name} ({unit})" if unit else name


def first_unit(units: tuple[str, ...]) -> str:
    """The unit of the first column, or "" where none is known."""
    return units[0] if units else ""
