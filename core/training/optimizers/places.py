"""Which stretch of the flat parameter vector belongs to which block of which node, and what its parts are called."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.compiler.plan import PlannedBlock
from core.compiler.plan import size as size_of
from core.ops.op import ParameterBlock, ParameterView

Vector = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Places:
    """The blocks of a vector of ``size`` numbers."""

    blocks: tuple[PlannedBlock, ...]
    size: int

    @classmethod
    def whole(cls, size: int) -> "Places":
        """One block of all numbers, for who has no plan."""
        view = ParameterView("weight", (slice(None),), "zeros", 1, 1)
        return cls((PlannedBlock("all", ParameterBlock((size,), (view,)), 0),), size)

    def __len__(self) -> int:
        return len(self.blocks)

    @property
    def slices(self) -> tuple[slice, ...]:
        """The part of the vector that each block takes."""
        return tuple(slice(block.offset, block.offset + size_of(block.block.shape)) for block in self.blocks)

    def rates(self) -> NDArray[np.float64]:
        """By what the moves of each block are multiplied as the plan has it; 0 for what no optimizer moves."""
        return np.array([block.rate if block.block.trained else 0.0 for block in self.blocks])

    def changed_rates(self, rates: NDArray[np.float64], nodes: Mapping[str, float]) -> NDArray[np.float64]:
        """The same rates with those of these nodes in their place; what no optimizer moves stays at 0."""
        return np.array(
            [
                nodes.get(block.node, rate) if block.block.trained else 0.0
                for block, rate in zip(self.blocks, rates.tolist())
            ]
        )

    def spread(self, numbers: NDArray[Any], rest: float = 0) -> Vector:
        """A vector that holds for each parameter the number of its block."""
        vector = np.full(self.size, rest, numbers.dtype)
        for part, number in zip(self.slices, numbers):
            vector[part] = number
        return vector

    def planned_views(self) -> Iterator[tuple[ParameterView, int]]:
        """(declaration, number of its block) for each parameter."""
        for number, block in enumerate(self.blocks):
            yield from ((view, number) for view in block.block.views)

    def names(self) -> Iterator[tuple[str, int]]:
        """(``node/parameter``, number of its block) for each parameter."""
        yield from ((f"{self.blocks[number].node}/{view.name}", number) for view, number in self.planned_views())

    def views(self, vector: Vector) -> Iterator[Vector]:
        """Each parameter's part of a vector, in the order of ``names``, with the shape of the parameter."""
        for block, part in zip(self.blocks, self.slices):
            whole = vector[part].reshape(block.block.shape)
            yield from (view.cut(whole) for view in block.block.views)

    def regularized(self) -> NDArray[np.bool_]:
        """A vector that is True for the parameters that decay and penalties work on."""
        mask = np.zeros(self.size, bool)
        for (view, _), part in zip(self.planned_views(), self.views(mask)):
            part[...] = view.regularized
        return mask

    def units(self, moving: NDArray[np.bool_]) -> NDArray[np.intp]:
        """A vector that says which unit each weight leads into: the first axis of a weight array counts its units.

        -1 for what is not regularized, and for all of a block that does not move.
        """
        numbers = np.full(self.size, -1)
        count = 0
        for (view, block), part in zip(self.planned_views(), self.views(numbers)):
            if view.regularized and moving[block]:
                part[...] = count + np.arange(len(part)).reshape(-1, *(1 for _ in part.shape[1:]))
                count += len(part)
        return numbers
