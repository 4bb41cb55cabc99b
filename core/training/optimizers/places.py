"""Which numbers of the flat parameter vector belong to which parameter of which node, and at what rate they learn."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.compiler.plan import PlannedBlock, size
from core.ops.op import ParameterBlock, ParameterView

Vector = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Place:
    """A parameter: ``view`` cuts it out of the array of its ``block``."""

    block: PlannedBlock
    view: ParameterView

    @property
    def name(self) -> str:
        """``node/parameter``."""
        return f"{self.block.node}/{self.view.name}"

    def of(self, vector: Vector) -> Vector:
        """This parameter's part of a vector, with its shape."""
        block = self.block.block
        start = self.block.offset
        return self.view.cut(vector[start : start + size(block.shape)].reshape(block.shape))


class Places:
    """The parameters of a vector of ``size`` numbers, in order; what is told of each is an array with one number for each."""

    def __init__(self, blocks: tuple[PlannedBlock, ...], size: int) -> None:
        self.size = size
        self._all = tuple(Place(block, view) for block in blocks for view in block.block.views)

    @classmethod
    def whole(cls, size: int) -> "Places":
        """All numbers as one parameter, for who has no plan."""
        view = ParameterView("weight", (slice(None),), "zeros", 1, 1)
        return cls((PlannedBlock("all", ParameterBlock((size,), (view,)), 0),), size)

    def __len__(self) -> int:
        return len(self._all)

    def __iter__(self) -> Iterator[Place]:
        return iter(self._all)

    def rates(self) -> NDArray[np.float64]:
        """By what the moves of each are multiplied as the plan has it; 0 for what no optimizer moves."""
        return np.array([place.block.rate if place.block.block.trained else 0.0 for place in self._all])

    def changed_rates(self, rates: NDArray[np.float64], nodes: Mapping[str, float]) -> NDArray[np.float64]:
        """The same rates with those of these nodes in their place; what no optimizer moves stays at 0."""
        return np.array(
            [
                nodes.get(place.block.node, rate) if place.block.block.trained else 0.0
                for place, rate in zip(self._all, rates.tolist())
            ]
        )

    def spread(self, numbers: NDArray[Any], rest: float) -> Vector:
        """A vector that holds for each number of a parameter what is told of the parameter; ``rest`` for what is nobody's."""
        vector = np.full(self.size, rest, numbers.dtype)
        for place, number in zip(self._all, numbers):
            place.of(vector)[...] = number
        return vector

    def regularized(self) -> NDArray[np.bool_]:
        """Whether decay and penalties work on each."""
        return np.array([place.view.regularized for place in self._all], bool)

    def units(self, moving: NDArray[np.bool_]) -> NDArray[np.intp]:
        """A vector that says which unit each weight leads into: the first axis of a weight array counts its units.

        -1 for what is not regularized, does not move, or is nobody's.
        """
        numbers = np.full(self.size, -1)
        count = 0
        for place, moves in zip(self._all, moving):
            if place.view.regularized and moves:
                part = place.of(numbers)
                part[...] = count + np.arange(len(part)).reshape(-1, *(1 for _ in part.shape[1:]))
                count += len(part)
        return numbers
