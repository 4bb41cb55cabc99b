"""Ranks: how neurons that were wired by hand lie in the array that they share.

The pool holds the rows of the sources first, then rank after rank, each group with a row of ones below it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from core.ops.op import Op


@dataclass(frozen=True, slots=True)
class RankedNeuron:
    """A neuron: the rows of the pool that its wires read, in their order, and what its weighted sum goes through (None: nothing)."""

    reads: tuple[int, ...]
    bias: bool = True
    activation: Op | None = None


@dataclass(frozen=True, slots=True)
class Rank:
    """Neurons that do not read each other: they are rows ``start`` to ``stop`` of the pool and read rows ``low`` to ``high``.

    ``ones`` is the row among these that the biases meet. ``whole`` tells that every neuron reads all these rows in their order.
    """

    neurons: tuple[RankedNeuron, ...]
    start: int
    low: int
    high: int
    ones: int
    whole: bool

    @property
    def stop(self) -> int:
        """The row after its last neuron, which is a row of ones."""
        return self.start + len(self.neurons)

    @property
    def is_linear(self) -> bool:
        """Whether nothing bends any of its weighted sums."""
        return not any(neuron.activation for neuron in self.neurons)

    @property
    def cells(self) -> int:
        """How many numbers its dense matrix has."""
        return len(self.neurons) * (self.high - self.low)

    def runs(self) -> Iterator[tuple[Op | None, int, int]]:
        """(activation, first row, row after the last) for the neurons side by side that share one."""
        start = self.start
        for activation, group in groupby(neuron.activation for neuron in self.neurons):
            stop = start + sum(1 for _ in group)
            yield activation, start, stop
            start = stop
